// What the customers of LiveShop say and do beside their orders.
#include <fmt/format.h>

#include "shop/live_shop.h"

namespace garland::shop {

/// Some who got their parcel write a review, some a ticket, some answer a survey.
void LiveShop::send_opinion(const std::string& order, const std::string& tracking_no, bool late) {
  constexpr double kReview = 0.1, kTicket = 0.15, kSurvey = 0.22;  // running sums
  const double mood = random_.uniform();
  if (!sink_ || mood > kSurvey) return;
  const Fields about = database_.ask(R"(
      select o.order_id, o.customer_id, o.email, o.country, p.sku, coalesce(c.phone, '')
      from shop.orders o join shop.order_item i using (order_id) join shop.product p using (product_id)
      left join shop.customer c on c.customer_id = o.customer_id
      where o.order_id = $1 order by i.line_no limit 1)",
                                     {order})[0];
  const std::string_view language = country_of(*about[3]).language;
  const std::optional<int64_t> customer = about[1] ? std::optional(number(about, 1)) : std::nullopt;
  if (mood < kReview) {
    const int rating = static_cast<int>(random_.between(2, 5));
    send(event_of(Review{fmt::format("rv-live-{}", rows_.scan), now_, number(about), customer, *about[4], rating,
                         language, review_text(random_, language, rating >= 4)},
                  now_, defects_));
  } else if (mood < kTicket) {
    send(event_of(Ticket{fmt::format("tk-live-{}", rows_.scan), now_, number(about), *about[2], *about[5], late,
                         ticket_text(random_, language, late), tracking_no},
                  now_, defects_));
  } else {
    Survey survey = draw_survey(random_, late);
    survey.id = fmt::format("sv-live-{}", rows_.scan);
    survey.answered = now_;
    survey.order = number(about);
    survey.email = *about[2];
    send(event_of(survey, now_, defects_));
  }
}

/// The visit that led to the order, and those of others who only looked.
void LiveShop::send_visits(const Order& order) {
  if (!sink_) return;
  int visits = 0;
  const auto send_visit = [&](Instant started, const Order* made) {
    std::vector<std::string> seen;
    for (int64_t i = random_.between(1, 4); i > 0; --i)
      seen.push_back(catalog_.products[random_.pick_weighted(weights_)].sku);
    std::string id = fmt::format("ws-live-{}-{}", order.id, ++visits);
    send(event_of(draw_visit(random_, std::move(id), started, std::move(seen), made), now_, defects_));
  };
  if (random_.chance(kSeenVisits)) send_visit(now_ - Seconds(random_.between(60, 2400)), &order);
  for (int64_t i = random_.poisson(kVisitsPerOrder * kSeenVisits); i > 0; --i) send_visit(now_, nullptr);
}

void LiveShop::send(Event event) {
  if (defects_.is_sent_twice(event.stream, event.id)) events_.push_back(event);
  events_.push_back(std::move(event));
}

}  // namespace garland::shop
