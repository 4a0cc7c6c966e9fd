// A filled shop at work: each step is one thing that a customer, a member of staff or a carrier does, in one
// transaction. What is there is read from the database, so that it can be stopped and started at any time; with the
// history it shares how baskets, prices, people, opinions and defects look.
#pragma once

#include <filesystem>

#include "shop/live_days.h"
#include "shop/opinions.h"
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

/// From here to the connection's end the shop and what it drops are this program's. Returns the seed of the run, which
/// depends on the last order: a second run goes on, it does not repeat. Throws kUndefinedTable when the shop is not
/// filled, kObjectInUse when another program drives it.
uint64_t enter_shop(Database& database, uint64_t seed);

class LiveShop {
 public:
  /// Reads the catalog and where the numbers stand; throws kUndefinedTable when there is nothing to sell. `files`:
  /// where the warehouse system and marketing drop theirs; empty: nowhere. `sink` may be null. Defects are planted when
  /// the ledger is written. `seed`: of the run. Keeps references to all but the folder.
  LiveShop(Database& database, const std::filesystem::path& files, EventSink* sink, Ledger& ledger, uint64_t seed);

  /// The shop's clock: where the last one stopped, or the midnight after a day whose files are dropped.
  Instant now() const { return now_; }
  /// Takes the step that chance chooses, at that moment; days that ended before it are closed first. Where there is
  /// nothing to ship, to pay and so on, somebody orders. Events and the ledger are written after the commit.
  Step step(Instant now);
  /// Drops the files that wait for their hour; also called after a step that failed.
  void finish() { days_.finish(); }

 private:
  struct Numbers {
    int64_t customer, address, order, item, payment, parcel, refund, request, purchase_order, receipt, gift_card;
  };
  Step take_one();
  bool take(Step step);
  void read_products();
  void read_prices();
  void read_numbers();
  Instant last_change();
  std::vector<Wish> draw_basket();
  Buyer draw_buyer();
  std::optional<Buyer> some_buyer();
  Buyer with_address_of_another(Buyer buyer);
  void enter(Tables& tables, const Buyer& buyer);
  std::vector<ServedWish> reserve(const std::vector<Wish>& basket);
  void tell_the_truth(const std::vector<Wish>& basket, const std::vector<ServedWish>& served);
  bool order();
  bool test_order();
  void write(const Order& order);
  void draw_payments(Order& order);
  void pay_by_gift_card(Order& order, Money& left);
  void issue_gift_cards(const std::string& order);
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
  void write_some_in_cases(const std::string& purchase_order);
  void scan(const std::string& tracking_no, std::string_view code, std::string_view place);
  void send_opinion(const std::string& order, const std::string& tracking_no, bool late);
  void send_visits(const Order& order);
  void send(Event event);
  std::optional<int64_t> some_customer();

  Database& database_;
  EventSink* sink_;
  Ledger& ledger_;
  Parameters parameters_;
  Defects defects_;
  Random random_;
  Catalog catalog_;
  std::vector<double> weights_;  // of the products: what sold of late
  std::vector<Event> events_;    // of this step
  LiveDays days_;
  Numbers last_{};
  RowNumbers rows_;
  Instant now_;
};

}  // namespace garland::shop
