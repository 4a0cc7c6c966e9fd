// What customers write: the words, by language, and the form in which reviews and tickets are sent.
#pragma once

#include <optional>
#include <string>

#include "shop/calendar.h"
#include "shop/random.h"

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
/// One JSON object, the body of an event.
std::string json_of(const Review& review);
std::string json_of(const Ticket& ticket);

}  // namespace garland::shop
