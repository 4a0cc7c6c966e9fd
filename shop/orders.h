// An order: what was bought at which price, and its fate (payments, parcels, refunds), which is drawn when it is placed
// and written as far as it has come.
#pragma once

#include "shop/customers.h"
#include "shop/demand.h"
#include "shop/stock.h"

namespace garland::shop {

struct OrderLine {
  int64_t id;
  size_t product;
  int quantity;
  size_t location;  // where it is picked
  Money unit_price, discount;
  const Promotion* promotion;  // null: none
  int vat_per_mille;
  Money amount() const { return unit_price * quantity - discount; }
};

struct Payment {
  int64_t id;
  std::string_view method;
  Money amount, fee;
  Instant created;
  std::optional<Instant> captured;
  bool failed = false;
  int64_t gift_card = 0;  // 0: none
};

struct Parcel {
  int64_t id;
  size_t location, service;  // service: index into kServices
  Day promised;
  Instant shipped;
  std::optional<Instant> delivered;
  std::vector<size_t> lines;
};

struct Refund {
  struct Item {
    size_t line;
    int quantity;
    Money amount;
    bool back_in_stock;
  };
  int64_t id;
  std::string_view kind, reason;
  Money amount;
  Instant at;
  std::vector<Item> items;
};

struct GiftCard {  // sold by a line
  int64_t id;
  size_t line;
};
std::string gift_card_code(int64_t gift_card);
inline constexpr Days kGiftCardLife{3 * 365};

struct Order {
  int64_t id;
  Buyer buyer;
  std::string_view channel, source;
  Day day;
  Instant placed;
  std::vector<OrderLine> lines;
  std::optional<std::string> gift_message;
  Money goods, discount, shipping, total, vat;
  bool is_test = false;

  // Its fate; all of it may lie after the end of the history.
  std::optional<Instant> cancelled, paid;
  std::vector<Payment> payments;
  std::vector<GiftCard> gift_cards;
  std::vector<Parcel> parcels;
  std::vector<Refund> refunds;

  Currency currency() const { return buyer.person.country->currency; }
};

struct Service {
  std::string_view carrier, name, zone;
  int transit_days, cost_cents;
};
inline constexpr Service kServices[] = {
    {"Postbote", "standard", "domestic", 2, 410}, {"Schlitten", "express", "domestic", 1, 790},
    {"Postbote", "standard", "eu", 4, 980},       {"Schlitten", "express", "eu", 2, 1690},
    {"Postbote", "standard", "abroad", 6, 1450},  {"Schlitten", "express", "abroad", 3, 2390}};
/// The last day on which a parcel of that service still arrives by 24 December.
Day last_ship_day(const Service& service, int season);
std::string tracking_number(const Service& service, int64_t parcel);

/// What was asked for and from where it can come.
struct ServedWish {
  Wish wish;
  size_t location;
};
/// Prices the lines and adds them up; draws channel, source and gift message. `first_line` numbers the lines.
Order make_order(const Catalog& catalog, Random& random, int64_t id, int64_t first_line, Buyer buyer, Day day,
                 Instant placed, const std::vector<ServedWish>& served);

/// The first moment that no line and no parcel is waited for is "delivered", and so on: the status as of `until`.
std::string_view status_at(const Order& order, Instant until);

/// What is added to a payment's number for the row of one that was reported twice.
inline constexpr int64_t kTwinNumber = 500'000'000;

/// Counters for rows that are numbered when they are written.
struct RowNumbers {
  int64_t scan = 0, gift_card_entry = 0;
};
/// Writes the order with everything that has happened to it by `until`.
void write_order(Tables& tables, const Catalog& catalog, Defects& defects, RowNumbers& numbers, const Order& order,
                 Instant until);

}  // namespace garland::shop
