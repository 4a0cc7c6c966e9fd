#include "shop/feedback.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "shop/opinions.h"

namespace garland::shop {
namespace {

using Json = nlohmann::ordered_json;

constexpr double kReviewShare = 0.05, kSurveyShare = 0.07, kTicketShare = 0.03, kLateTicketShare = 0.18;
constexpr double kSeenVisits = 0.35;     // of visits, those whose visitor agreed to be counted
constexpr double kVisitsPerOrder = 2.6;  // visits without an order, of those that are seen

template <class T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

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
  if (random_.chance(kSeenVisits)) visit(order.placed - Seconds(random_.between(60, 2400)), &order.buyer, &order);
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
  Review review{id,          at,     order.id, order.buyer.customer,
                product.sku, rating, language, review_text(random_, language, rating >= 4)};
  review.written = defects_.event_time("reviews", id, at);
  review.sku = defects_.event_sku(id, review.sku);
  review.rating = defects_.rating(id, rating, 5);
  schedule({"reviews", id, at, json_of(review)});
}

void Feedback::survey(const Order& order, const Parcel& parcel, bool late) {
  const bool nps = random_.chance(0.5);
  const double mood = late ? -2.2 : 0;
  const int score = nps ? static_cast<int>(std::clamp(std::lround(8.3 + mood + 1.9 * random_.normal()), 0L, 10L))
                        : static_cast<int>(std::clamp(std::lround(4.3 + mood / 2 + 0.9 * random_.normal()), 1L, 5L));
  const Instant at = *parcel.delivered + Days(3) + Seconds(random_.between(0, 200000));
  if (at >= until_) return;
  const std::string id = next_id("sv");
  const Json body{{"event_id", id},
                  {"answered_at", iso_text_of(defects_.event_time("surveys", id, at))},
                  {"survey", nps ? "nps" : "csat"},
                  {"order_id", order.id},
                  {"email", order.buyer.person.email},
                  {"score", score}};
  schedule({"surveys", id, at, body.dump()});
}

void Feedback::ticket(const Order& order, const Parcel& parcel, bool late) {
  const Instant at = parcel.shipped + Days(late ? 7 : 4) + Seconds(random_.between(0, 300000));
  if (at >= until_) return;
  const std::string id = next_id("tk");
  const Person& person = order.buyer.person;
  Ticket ticket{id,
                at,
                order.id,
                person.email,
                person.phone,
                late,
                ticket_text(random_, person.country->language, late),
                tracking_number(kServices[parcel.service], parcel.id)};
  ticket.opened = defects_.event_time("tickets", id, at);
  ticket.text = defects_.ticket_text(id, ticket.text);
  schedule({"tickets", id, at, json_of(ticket)});
}

void Feedback::visit(Instant at, const Buyer* buyer, const Order* order) {
  constexpr const char* kDevices[] = {"phone", "phone", "phone", "desktop", "desktop", "tablet"};
  constexpr const char* kSearches[] = {
      "christbaumkugeln", "advent calendar", "lichterkette außen", "krippe", "stollen", "led kerzen", "lego"};
  constexpr std::string_view kSources[] = {"organic", "paid_search", "social", "email", "direct", "affiliate"};
  constexpr const char* kStages[] = {"browse", "browse", "browse", "browse",  "browse",
                                     "browse", "cart",   "cart",   "checkout"};
  const std::string id = next_id("ws");
  Json seen = Json::array();
  for (int64_t i = random_.between(1, 4); i > 0; --i) {
    for (const Wish& wish : demand_.draw_basket(random_)) {
      seen.push_back(catalog_.products[wish.product].sku);
      break;
    }
  }
  Json searches = Json::array();
  if (random_.chance(0.3)) {
    const std::string query = random_.pick(kSearches);
    searches.push_back({{"query", query}, {"results", query == "lego" ? 0 : random_.between(1, 60)}});
  }
  const Json body{{"event_id", id},
                  {"started_at", iso_text_of(defects_.event_time("sessions", id, at))},
                  {"visitor", fmt::format("v{:x}", random_.next() >> 24)},
                  {"customer_id", buyer ? or_null(buyer->customer) : Json(nullptr)},
                  {"device", random_.pick(kDevices)},
                  {"source", order ? order->source : random_.pick(kSources)},
                  {"seconds", random_.between(4, 1500)},
                  {"products_seen", std::move(seen)},
                  {"searches", std::move(searches)},
                  {"stage", order ? "ordered" : random_.pick(kStages)},
                  {"order_id", order ? Json(order->id) : Json(nullptr)}};
  schedule({"sessions", id, order ? order->placed : at, body.dump()});  // sent when it ends
}

void Feedback::schedule(Event event) {
  const int64_t day = (day_at(event.at) - parameters_.begin()).count();
  if (defects_.is_sent_twice(event.stream, event.id)) due_[static_cast<size_t>(day)].push_back(event);
  due_[static_cast<size_t>(day)].push_back(std::move(event));
}

void Feedback::evening(Day day) {
  for (int64_t i = random_.poisson(demand_.orders(day) * kVisitsPerOrder * kSeenVisits); i > 0; --i) {
    visit(moment(day, order_second(random_)), nullptr, nullptr);
  }
  std::vector<Event>& events = due_[static_cast<size_t>((day - parameters_.begin()).count())];
  std::stable_sort(events.begin(), events.end(), [](const Event& a, const Event& b) { return a.at < b.at; });
  for (const Event& event : events) sink_.send(event);
  std::vector<Event>().swap(events);
}

}  // namespace garland::shop
