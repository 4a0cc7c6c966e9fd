// What becomes of an order: it may be cancelled, is paid (also by gift card), leaves in one or more parcels, and some
// of it comes back. Everything is drawn at once; what it does to the stock happens on its day.
#pragma once

#include "shop/orders.h"

namespace garland::shop {

class Fates {
 public:
  /// Keeps references to all.
  Fates(const Parameters& parameters, const Catalog& catalog, Stock& stock);

  /// Draws cancellation, payments, parcels and refunds of an order whose lines are reserved, and notes its stock
  /// movements.
  void draw(Order& order);
  /// Parcels leave, cancelled goods become free, returned goods come back.
  void evening(Day day);

 private:
  enum class Act : uint8_t { kRelease, kShip, kTakeBack };
  struct Task {
    Act act;
    size_t location;
    std::vector<Pick> picks;
    Instant at;
    int64_t reference;
  };
  struct OpenCard {
    int64_t id;
    Currency currency;
    Money left;
    Instant issued;
  };
  bool draw_cancellation(Order& order);
  void draw_parcels(Order& order);
  void draw_parcel(Order& order, size_t location, std::vector<size_t> lines, int extra_days);
  void draw_payments(Order& order);
  void pay_by_gift_card(Order& order, Money& left);
  void draw_refunds(Order& order);
  void draw_return(Order& order, const Parcel& parcel);
  std::vector<Pick> picks_of_lines(const Order& order, const std::vector<size_t>& lines) const;
  void schedule(Task task);

  const Parameters& parameters_;
  const Catalog& catalog_;
  Stock& stock_;
  Random random_;
  std::vector<std::vector<Task>> tasks_;  // by day of the history
  std::vector<OpenCard> open_cards_;
  int64_t payments_ = 0, gift_cards_ = 0, parcels_ = 0, refunds_ = 0;
};

}  // namespace garland::shop
