// What customers say and do beside their orders: the words, by language, what they answer, how they visit, and the
// events in which all that is sent.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "shop/defects.h"
#include "shop/events.h"

namespace garland::shop {

std::string review_text(Random& random, std::string_view language, bool content);
std::string ticket_text(Random& random, std::string_view language, bool about_delivery);

struct Review {
  std::string id;
  Instant written;
  int64_t order;
  std::optional<int64_t> customer;  // none: a guest
  std::string sku;
  int rating;  // 1 to 5
  std::string_view language;
  std::string text;
};
struct Ticket {
  std::string id;
  Instant opened;
  int64_t order;
  std::string email, phone;
  bool about_delivery;
  std::string text, tracking_no;
};
struct Survey {
  std::string_view kind;  // nps: 0 to 10; csat: 1 to 5
  int score;
  std::string id;
  Instant answered;
  int64_t order;
  std::string email;
};
struct Visit {
  struct Search {
    std::string query;
    int64_t results;
  };
  std::string id;
  Instant started;
  std::vector<std::string> seen;  // codes of products
  std::optional<Search> search;
  std::string visitor;
  std::string_view device, source, stage;
  int64_t seconds;
  std::optional<int64_t> customer, order;  // of a visit that led to an order
};

inline constexpr double kSeenVisits = 0.35;     // of visits, those whose visitor agreed to be counted
inline constexpr double kVisitsPerOrder = 2.6;  // visits without an order, of those that are seen

struct Order;
/// Kind and score; who got a parcel late is in a bad mood.
Survey draw_survey(Random& random, bool late);
/// `order`: what the visit led to; null: nothing.
Visit draw_visit(Random& random, std::string id, Instant started, std::vector<std::string> seen, const Order* order);

/// As it is sent at that moment, with the defects that befall it. The body is one JSON object.
Event event_of(Review review, Instant at, Defects& defects);
Event event_of(Survey survey, Instant at, Defects& defects);
Event event_of(Ticket ticket, Instant at, Defects& defects);
Event event_of(Visit visit, Instant at, Defects& defects);

}  // namespace garland::shop
