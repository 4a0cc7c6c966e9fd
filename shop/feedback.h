// Makes the events of customers: what they say of an order depends on how it went, sessions on how many want to buy.
#pragma once

#include "shop/events.h"
#include "shop/orders.h"

namespace garland::shop {

class Feedback {
 public:
  /// Keeps references to all.
  Feedback(const Parameters& parameters, const Catalog& catalog, const Demand& demand, Defects& defects,
           EventSink& sink);

  /// What the customer will say of the order, if anything, and the visit that led to it.
  void after_order(const Order& order);
  /// Visits of the day that led to no order; then everything of the day is sent, in the order of its time.
  void evening(Day day);

 private:
  std::string next_id(std::string_view prefix);
  void review(const Order& order, const Parcel& parcel, const OrderLine& line);
  void survey(const Order& order, const Parcel& parcel, bool late);
  void ticket(const Order& order, const Parcel& parcel, bool late);
  void visit(Instant at, const Order* order);
  void schedule(Event event);

  const Parameters& parameters_;
  const Catalog& catalog_;
  const Demand& demand_;
  Defects& defects_;
  EventSink& sink_;
  Random random_;
  Instant until_;  // what would be said later is not made: its defects would be in the ledger and nowhere else
  std::vector<std::vector<Event>> due_;  // by day of the history
  int64_t numbers_ = 0;
};

}  // namespace garland::shop
