#include "shop/feedback.h"

#include <fmt/format.h>

#include <algorithm>

#include "shop/opinions.h"

namespace garland::shop {
namespace {

constexpr double kReviewShare = 0.05, kSurveyShare = 0.07, kTicketShare = 0.03, kLateTicketShare = 0.18;

}  // namespace

Feedback::Feedback(const Parameters& parameters, const Catalog& catalog, const Demand& demand, Defects& defects,
                   EventSink& sink)
    : parameters_(parameters),
      catalog_(catalog),
      demand_(demand),
      defects_(defects),
      sink_(sink),
      random_(parameters.seed, "feedback"),
      until_(moment(parameters.end + Days(1), 0)),
      due_(static_cast<size_t>(parameters.days())) {}

std::string Feedback::next_id(std::string_view prefix) { return fmt::format("{}-{}", prefix, ++numbers_); }

void Feedback::after_order(const Order& order) {
  if (random_.chance(kSeenVisits)) visit(order.placed - Seconds(random_.between(60, 2400)), &order);
  for (const Parcel& parcel : order.parcels) {
    const bool late = !parcel.delivered || day_at(*parcel.delivered) > parcel.promised;
    if (random_.chance(late ? kLateTicketShare : kTicketShare)) ticket(order, parcel, late);
    if (!parcel.delivered) continue;
    if (random_.chance(kSurveyShare)) survey(order, parcel, late);
    for (const size_t line : parcel.lines) {
      if (random_.chance(kReviewShare)) review(order, parcel, order.lines[line]);
    }
  }
}

void Feedback::review(const Order& order, const Parcel& parcel, const OrderLine& line) {
  const Product& product = catalog_.products[line.product];
  // Each product has a quality of its own, which its key decides.
  const double quality = 3.4 + 1.5 * static_cast<double>(fnv1a(product.sku) % 1000) / 1000;
  const int rating = static_cast<int>(std::clamp(std::lround(quality + random_.normal()), 1L, 5L));
  const Instant at = *parcel.delivered + Days(random_.between(1, 30)) + Seconds(random_.between(0, 50000));
  if (at >= until_) return;
  const std::string id = next_id("rv");
  const std::string_view language = order.buyer.person.country->language;
  schedule(event_of(Review{id, at, order.id, order.buyer.customer, product.sku, rating, language,
                           review_text(random_, language, rating >= 4)},
                    at, defects_));
}

void Feedback::survey(const Order& order, const Parcel& parcel, bool late) {
  Survey survey = draw_survey(random_, late);
  survey.answered = *parcel.delivered + Days(3) + Seconds(random_.between(0, 200000));
  if (survey.answered >= until_) return;
  survey.id = next_id("sv");
  survey.order = order.id;
  survey.email = order.buyer.person.email;
  schedule(event_of(survey, survey.answered, defects_));
}

void Feedback::ticket(const Order& order, const Parcel& parcel, bool late) {
  const Instant at = parcel.shipped + Days(late ? 7 : 4) + Seconds(random_.between(0, 300000));
  if (at >= until_) return;
  const std::string id = next_id("tk");
  const Person& person = order.buyer.person;
  schedule(event_of(
      Ticket{id, at, order.id, person.email, person.phone, late, ticket_text(random_, person.country->language, late),
             tracking_number(kServices[parcel.service], parcel.id)},
      at, defects_));
}

void Feedback::visit(Instant at, const Order* order) {
  std::string id = next_id("ws");
  std::vector<std::string> seen;
  for (int64_t i = random_.between(1, 4); i > 0; --i) {
    seen.push_back(catalog_.products[demand_.draw_basket(random_)[0].product].sku);
  }
  const Visit visit = draw_visit(random_, std::move(id), at, std::move(seen), order);
  schedule(event_of(visit, order ? order->placed : at, defects_));  // sent when it ends
}

void Feedback::schedule(Event event) {
  const int64_t day = (day_at(event.at) - parameters_.begin()).count();
  if (defects_.is_sent_twice(event.stream, event.id)) due_[static_cast<size_t>(day)].push_back(event);
  due_[static_cast<size_t>(day)].push_back(std::move(event));
}

void Feedback::evening(Day day) {
  for (int64_t i = random_.poisson(demand_.orders(day) * kVisitsPerOrder * kSeenVisits); i > 0; --i) {
    visit(moment(day, order_second(random_)), nullptr);
  }
  std::vector<Event>& events = due_[static_cast<size_t>((day - parameters_.begin()).count())];
  std::stable_sort(events.begin(), events.end(), [](const Event& a, const Event& b) { return a.at < b.at; });
  for (const Event& event : events) sink_.send(event);
  std::vector<Event>().swap(events);
}

}  // namespace garland::shop
