#include "shop/defects.h"

#include <fmt/format.h>

#include <algorithm>

namespace garland::shop {

void Defects::note(std::string_view kind, std::string_view table, std::string_view column, int64_t key,
                   std::string_view what) {
  ledger_.defect(kind, "database", table, fmt::format("{}={}", column, key), what);
}

void Defects::note_line(std::string_view kind, std::string_view folder, const std::string& file, size_t line) {
  ledger_.defect(kind, "files", folder, fmt::format("{}:{}", file, line));
}

void Defects::note_event(std::string_view kind, std::string_view stream, const std::string& event) {
  ledger_.defect(kind, "events", stream, "event_id=" + event);
}

std::string Defects::email(int64_t customer, std::string good) {
  if (!strikes(0.005)) return good;
  const size_t at = good.find('@');
  std::string bad;
  switch (random_.between(0, 3)) {
    case 0:
      bad = good.substr(0, at) + ".at." + good.substr(at + 1);
      break;
    case 1:
      bad = good.substr(0, at) + "@@" + good.substr(at + 1);
      break;
    case 2:
      bad = good.substr(0, at + 1);
      break;
    default:
      bad = "none";
  }
  note("bad_email", "customer", "customer_id", customer);
  return bad;
}

std::optional<Day> Defects::birth_date(int64_t customer, std::optional<Day> good) {
  if (!strikes(0.004)) return good;
  note("impossible_birth_date", "customer", "customer_id", customer);
  return strikes(0.5) ? day_of(2091, 4, 17) : day_of(1066, 10, 14);
}

bool Defects::can_be_duplicated(const std::string& email) {
  return email[0] >= 'a' && std::count(email.begin(), email.end(), '@') == 1 && email.back() != '@';
}

std::string Defects::duplicate_email(int64_t customer, int64_t of, std::string email) {
  note("duplicate_customer", "customer", "customer_id", customer, fmt::format("of customer_id={}", of));
  switch (random_.between(0, 2)) {
    case 0:
      return " " + email;
    case 1:
      for (char& c : email) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
      return email;
    default:
      email[0] = static_cast<char>(email[0] - 32);
      return email + " ";
  }
}

Decimal Defects::weight(int product, int grams) {
  if (grams == 0 || grams >= 10'000 || !strikes(0.02)) return {static_cast<int64_t>(grams) * 1000, 3};
  note("weight_in_kg", "product", "product_id", product);
  return {grams, 3};
}

Day Defects::promised_day(int64_t purchase_order, Day good) {
  if (!strikes(0.01)) return good;
  note("impossible_promised_day", "purchase_order", "purchase_order_id", purchase_order);
  return good + Days(365 * 180);
}

int Defects::ordered_pieces(int64_t purchase_order, int line, int pieces, int case_size) {
  if (case_size == 1 || pieces % case_size != 0 || !strikes(0.005)) return pieces;
  ledger_.defect("ordered_in_cases", "database", "purchase_order_line",
                 fmt::format("purchase_order_id={},line_no={}", purchase_order, line),
                 fmt::format("{} pieces", pieces));
  return pieces / case_size;
}

std::string_view Defects::order_status(int64_t order, std::string_view good) {
  if (good != "delivered" || !strikes(0.0015)) return good;
  note("cancelled_but_delivered", "orders", "order_id", order);
  return "cancelled";
}

std::string_view Defects::payment_state(int64_t payment, std::string_view good) {
  if (good != "captured" || !strikes(0.001)) return good;
  note("captured_but_failed", "payment", "payment_id", payment);
  return "failed";
}

std::optional<Instant> Defects::delivered(int64_t shipment, Instant shipped, std::optional<Instant> good) {
  if (!good || !strikes(0.0015)) return good;
  note("delivered_before_shipped", "shipment", "shipment_id", shipment);
  return shipped - std::chrono::hours(random_.between(30, 3000));
}

bool Defects::is_reported_twice(int64_t twin) {
  if (!strikes(0.002)) return false;
  note("duplicate_payment", "payment", "payment_id", twin);
  return true;
}

int64_t Defects::payment_order(int64_t payment, int64_t good) {
  if (!strikes(0.0008)) return good;
  note("orphan_payment", "payment", "payment_id", payment, fmt::format("of order_id={}", good));
  return good + 900'000'000;
}

std::string Defects::tracking_no(int64_t scan, const std::string& good) {
  if (!strikes(0.0004)) return good;
  note("orphan_scan", "carrier_scan", "scan_id", scan);
  return "XX" + good.substr(2);
}

std::string Defects::file_sku(std::string_view kind, const std::string& file, size_t line, std::string good) {
  if (!strikes(0.0004)) return good;
  note_line("unknown_sku", kind, file, line);
  return "ZZZ-" + good.substr(4);
}

std::string Defects::file_quantity(std::string_view kind, const std::string& file, size_t line, int good) {
  std::string text = fmt::format("{}", good);
  if (!strikes(0.0003)) return text;
  note_line("quantity_is_no_number", kind, file, line);
  return text + "O";
}

bool Defects::is_in_cases(const std::string& file, size_t line, int case_size) {
  if (case_size == 1 || !strikes(0.003)) return false;
  note_line("counted_in_cases", "counts", file, line);
  return true;
}

bool Defects::is_line_twice(const std::string& file, size_t line) {
  if (!strikes(0.0005)) return false;
  note_line("line_twice", "movements", file, line);
  return true;
}

bool Defects::is_sent_twice(std::string_view stream, const std::string& event) {
  if (!strikes(0.004)) return false;
  note_event("event_sent_twice", stream, event);
  return true;
}

int Defects::rating(const std::string& event, int good, int highest) {
  if (!strikes(0.008)) return good;
  note_event("impossible_rating", "reviews", event);
  return highest + 5;
}

Instant Defects::event_time(std::string_view stream, const std::string& event, Instant good) {
  if (!strikes(0.001)) return good;
  note_event("impossible_time", stream, event);
  return Instant(std::chrono::seconds(0));
}

std::string Defects::event_sku(const std::string& event, std::string good) {
  if (!strikes(0.003)) return good;
  note_event("orphan_review", "reviews", event);
  return "ZZZ-" + good.substr(4);
}

/// The card numbers are those that card schemes publish for tests.
std::string Defects::ticket_text(const std::string& event, std::string good) {
  if (!strikes(0.01)) return good;
  constexpr const char* kTestCards[] = {"4111 1111 1111 1111", "5555-5555-5555-4444", "378282246310005"};
  note_event("card_number_in_text", "tickets", event);
  return fmt::format("{} My card is {}, please check.", good, random_.pick(kTestCards));
}

}  // namespace garland::shop
