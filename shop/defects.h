// What goes wrong in a real shop's data, planted on purpose: each function takes what is true and gives what is
// written. All rates stand in defects.cpp; every defect goes into the truth ledger with its key.
#pragma once

#include <optional>
#include <string>

#include "shop/database.h"
#include "shop/ledger.h"

namespace garland::shop {

class Defects {
 public:
  /// Keeps a reference to the ledger. `planted` false: what is true is written.
  Defects(const Parameters& parameters, Ledger& ledger, bool planted = true)
      : random_(parameters.seed, "defects"), ledger_(ledger), planted_(planted) {}

  // Customers.
  std::string email(int64_t customer, std::string good);
  std::optional<Day> birth_date(int64_t customer, std::optional<Day> good);
  /// Is the new customer somebody who is registered already? duplicate_email() then writes their address in another
  /// way.
  bool is_duplicate_customer() { return strikes(0.006); }
  std::string duplicate_email(int64_t customer, int64_t of, std::string email);
  /// Neither a defect itself nor written in another way.
  static bool can_be_duplicated(const std::string& email);

  // Products and purchasing.
  Decimal weight(int product, int grams);
  Day promised_day(int64_t purchase_order, Day good);
  /// Cases where pieces are meant.
  int ordered_pieces(int64_t purchase_order, int line, int pieces, int case_size);

  // Orders.
  bool is_test_order() { return strikes(0.0015); }
  void test_order(int64_t order) { note("test_order", "orders", "order_id", order); }
  std::string_view order_status(int64_t order, std::string_view good);
  std::string_view payment_state(int64_t payment, std::string_view good);
  std::optional<Instant> delivered(int64_t shipment, Instant shipped, std::optional<Instant> good);
  /// The provider reports a payment twice; `twin` is the second row's key.
  bool is_reported_twice(int64_t twin);
  /// The order that a payment names, or one that never was.
  int64_t payment_order(int64_t payment, int64_t good);
  /// The parcel that a scan names, or one that never was.
  std::string tracking_no(int64_t scan, const std::string& good);

  // Files of the warehouse system; `place` is file:line.
  std::string file_sku(std::string_view kind, const std::string& file, size_t line, std::string good);
  std::string file_quantity(std::string_view kind, const std::string& file, size_t line, int good);
  /// A count in cases instead of pieces.
  bool is_in_cases(const std::string& file, size_t line, int case_size);
  bool is_line_twice(const std::string& file, size_t line);

  // Events.
  bool is_sent_twice(std::string_view stream, const std::string& event);
  int rating(const std::string& event, int good, int highest);
  Instant event_time(std::string_view stream, const std::string& event, Instant good);
  std::string event_sku(const std::string& event, std::string good);
  std::string ticket_text(const std::string& event, std::string good);

 private:
  bool strikes(double rate) { return planted_ && random_.chance(rate); }
  void note(std::string_view kind, std::string_view table, std::string_view column, int64_t key,
            std::string_view what = "");
  void note_line(std::string_view kind, std::string_view folder, const std::string& file, size_t line);
  void note_event(std::string_view kind, std::string_view stream, const std::string& event);

  Random random_;
  Ledger& ledger_;
  bool planted_;
};

}  // namespace garland::shop
