// The shop's PostgreSQL over one connection of libpq, and rows on their way into it by COPY.
#pragma once

#include <fmt/format.h>
#include <libpq-fe.h>

#include <concepts>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shop/markets.h"

namespace garland::shop {

/// One row of an answer; NULL is none.
using Fields = std::vector<std::optional<std::string>>;
/// A field that is not NULL, as a whole number or an amount.
int64_t number(const Fields& row, size_t column = 0);
Money money(const Fields& row, size_t column);

/// Used by one thread. Every failure is an Error with the server's SQLSTATE; a lost connection is kConnectionFailure.
class Database {
 public:
  /// `uri`: a connection URI or libpq's key=value text; what it leaves out comes from PGHOST, PGPASSWORD and the like.
  explicit Database(const std::string& uri);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  /// Statements without parameters.
  void run(const std::string& sql);
  /// One statement with its parameters as text ($1, …).
  std::vector<Fields> ask(const std::string& sql, const std::vector<std::string>& parameters = {});
  /// Rows in COPY's text format for a table of the schema `shop`. Returns once they are sent; a row that the server
  /// refuses is raised by the next call.
  void copy(std::string_view table, std::string_view rows);
  /// Waits for the rows of copy().
  void finish_copy();

 private:
  void check(const PGresult* result) const;
  PGconn* connection_;
  std::string copying_;  // the table whose rows are under way
};

/// A number with a fixed count of decimals: {195, 1} is 19.5.
struct Decimal {
  int64_t value;
  int scale;
};

namespace field {
void append(std::string& row, std::string_view text);
void append(std::string& row, Money amount);
void append(std::string& row, Decimal number);
inline void append(std::string& row, Day day) { row += text_of(day); }
inline void append(std::string& row, Instant at) { row += text_of(at); }
inline void append(std::string& row, bool value) { row += value ? 't' : 'f'; }
inline void append(std::string& row, const char* text) { append(row, std::string_view(text)); }
inline void append(std::string& row, const std::string& text) { append(row, std::string_view(text)); }
inline void append(std::string& row, std::nullopt_t) { row += "\\N"; }
template <std::integral T>
  requires(!std::same_as<T, bool>)
void append(std::string& row, T number) {
  const fmt::format_int digits(number);
  row.append(digits.data(), digits.size());
}
template <class T>
void append(std::string& row, const std::optional<T>& value) {
  value ? append(row, *value) : append(row, std::nullopt);
}
}  // namespace field

struct Tables;

/// A number, an amount or a time as a parameter of Database::ask(); texts are passed as they are.
template <class T>
  requires(!std::convertible_to<T, std::string_view>)
std::string parameter(const T& value) {
  std::string text;
  field::append(text, value);
  return text;
}

/// Rows for one table, sent in large pieces.
class Table {
 public:
  Table(Tables& tables, std::string_view name);
  Table(const Table&) = delete;
  Table& operator=(const Table&) = delete;

  /// One value for each column, in the table's order.
  template <class... T>
  void row(const T&... values) {
    (append_field(values), ...);
    rows_.back() = '\n';
    ++count_;
    if (rows_.size() >= kPieceBytes) send();
  }
  void send();
  std::string_view name() const { return name_; }
  int64_t count() const { return count_; }

 private:
  static constexpr size_t kPieceBytes = 1u << 20;
  template <class T>
  void append_field(const T& value) {
    field::append(rows_, value);
    rows_ += '\t';
  }
  Database& database_;
  std::string_view name_;
  std::string rows_;
  int64_t count_ = 0;
};

/// The tables of schema.sql, what is referred to before what refers to it.
struct Tables {
  explicit Tables(Database& into) : database(into) {}
  void send();
  int64_t rows() const;

  Database& database;
  std::vector<Table*> all;
  Table category{*this, "category"};
  Table supplier{*this, "supplier"};
  Table product{*this, "product"};
  Table product_category{*this, "product_category"};
  Table set_component{*this, "set_component"};
  Table price{*this, "price"};
  Table unit_cost{*this, "unit_cost"};
  Table vat_rate{*this, "vat_rate"};
  Table exchange_rate{*this, "exchange_rate"};
  Table promotion{*this, "promotion"};
  Table customer{*this, "customer"};
  Table customer_address{*this, "customer_address"};
  Table erasure_request{*this, "erasure_request"};
  Table orders{*this, "orders"};
  Table order_item{*this, "order_item"};
  Table payment{*this, "payment"};
  Table gift_card{*this, "gift_card"};
  Table gift_card_entry{*this, "gift_card_entry"};
  Table refund{*this, "refund"};
  Table refund_item{*this, "refund_item"};
  Table location{*this, "location"};
  Table stock_level{*this, "stock_level"};
  Table reservation{*this, "reservation"};
  Table purchase_order{*this, "purchase_order"};
  Table purchase_order_line{*this, "purchase_order_line"};
  Table goods_receipt{*this, "goods_receipt"};
  Table goods_receipt_line{*this, "goods_receipt_line"};
  Table carrier_service{*this, "carrier_service"};
  Table carrier_cutoff{*this, "carrier_cutoff"};
  Table shipment{*this, "shipment"};
  Table shipment_item{*this, "shipment_item"};
  Table carrier_scan{*this, "carrier_scan"};
};

}  // namespace garland::shop
