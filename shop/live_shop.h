// A filled shop at work: each step is one thing that a customer, a member of staff or a carrier does, in one
// transaction. What is there is read from the database; nothing is shared with the history but how baskets, prices and
// people look. No defects.
#pragma once

#include "shop/events.h"
#include "shop/orders.h"

namespace garland::shop {

/// The kinds of steps, in the order of their names below.
enum class Step : uint8_t {
  kOrder,
  kPay,
  kShip,
  kDeliver,
  kCancel,
  kMove,
  kPrice,
  kCategory,
  kRefund,
  kRestock,
  kReceive,
  kAskToBeForgotten,
  kForget
};
inline constexpr std::string_view kStepNames[] = {
    "orders",     "payments", "shipments",       "deliveries", "cancellations",    "moves",   "prices",
    "categories", "refunds",  "purchase_orders", "receipts",   "erasure_requests", "erasures"};
inline constexpr double kStepShares[] = {0.46,  0.07,  0.17,  0.15,  0.02,  0.025, 0.02,
                                         0.006, 0.015, 0.006, 0.018, 0.006, 0.006};

class LiveShop {
 public:
  /// Reads the catalog and where the numbers stand. Throws kUndefinedTable when the shop is not filled, kObjectInUse
  /// when another program drives it. `sink` may be null. Keeps references to both.
  LiveShop(Database& database, EventSink* sink, uint64_t seed);

  /// The shop's clock: where the last one stopped.
  Instant now() const { return now_; }
  /// Takes the step that chance chooses, at that moment. Where there is nothing to ship, to pay and so on, somebody
  /// orders.
  Step step(Instant now);

 private:
  struct Numbers {
    int64_t customer, address, order, item, payment, parcel, refund, request, purchase_order, receipt;
  };
  bool take(Step step);
  void read_catalog();
  void read_numbers();
  std::vector<Wish> draw_basket();
  Buyer draw_buyer();
  std::vector<ServedWish> reserve(const std::vector<Wish>& basket);
  bool order();
  bool pay();
  bool ship();
  bool deliver();
  bool cancel();
  bool move_house();
  bool change_price();
  bool change_category();
  bool refund();
  bool restock();
  bool receive();
  bool ask_to_be_forgotten();
  bool forget();
  void send_opinion(int64_t order, const std::string& tracking_no);
  std::optional<int64_t> some_customer();

  Database& database_;
  EventSink* sink_;
  Parameters parameters_;
  Ledger no_ledger_;
  Defects no_defects_;
  Random random_;
  Catalog catalog_;
  std::vector<double> weights_;  // of the products: what sold of late
  Numbers last_{};
  RowNumbers rows_;
  Instant now_;
};

}  // namespace garland::shop
