#include "compare.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "base/error.h"
#include "engine/text.h"
#include "engine/text_scan.h"
#include "sql/parser.h"

namespace garland::conformance {

namespace {

using engine::trim_blanks;
using engine::TypeId;
using Fields = std::vector<std::string>;

std::string folded(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(), engine::to_lower);
  return result;
}

bool is_null_word(std::string_view text) {
  const std::string word = folded(text);
  return word.empty() || word == "null" || word == "[null]" || word == "(null)" || word == "<null>";
}

bool same_float(const std::string& printed, const std::string& value) {
  char *end_printed, *end_value;
  const double a = std::strtod(printed.c_str(), &end_printed), b = std::strtod(value.c_str(), &end_value);
  if (*end_printed || *end_value || printed.empty()) return false;
  return a == b || std::abs(a - b) <= 1e-14 * std::max(std::abs(a), std::abs(b));
}

/// Numbers by their digits: ".50" is "0.50", "412,214" is "412214"; "0.5" is not "0.50".
std::string digits(std::string_view text) {
  std::string result(text);
  std::erase(result, ',');
  if (result.starts_with(".")) result = "0" + result;
  if (result.starts_with("-.")) result = "-0" + result.substr(1);
  return result;
}

bool same_time(std::string_view printed, std::string_view value, TypeId type) {
  if (type == TypeId::kTimestamp && printed.find(':') != std::string_view::npos)
    return engine::read_timestamp(printed) && engine::read_timestamp(printed) == engine::read_timestamp(value);
  if (type == TypeId::kTimestampTz && printed.find(':') != std::string_view::npos)
    return engine::read_timestamptz(printed) && engine::read_timestamptz(printed) == engine::read_timestamptz(value);
  if (type == TypeId::kTime)
    return engine::read_time(printed) && engine::read_time(printed) == engine::read_time(value);
  if (type == TypeId::kTimeTz)
    return engine::read_timetz(printed) && engine::read_timetz(printed) == engine::read_timetz(value);
  return false;
}

bool same_row(const Fields& printed, const engine::TextRow& row, const std::vector<engine::ResultColumn>& columns) {
  for (size_t i = 0; i < row.size(); ++i) {
    if (!is_same(printed[i], row[i], columns[i].type)) return false;
  }
  return true;
}

class Comparison {
 public:
  Comparison(const Printed& printed, const Answer& answer, const Ordering& ordering)
      : printed_(printed), answer_(answer), ordering_(ordering) {}

  std::optional<std::string> difference(bool keeps_blank_lines) {
    if (auto fault = read_rows(keeps_blank_lines)) return fault;
    if (printed_.count && *printed_.count != answer_.rows.size())
      return fmt::format("{} rows, the guide counts {}", answer_.rows.size(), *printed_.count);
    const bool is_cut = gap_ || (printed_.count && rows_.size() < *printed_.count);
    if (!is_cut && rows_.size() != answer_.rows.size() && !is_unprinted_blank())
      return fmt::format("{} rows, the guide prints {}", answer_.rows.size(), rows_.size());
    if (rows_.size() > answer_.rows.size()) return "fewer rows than printed";
    return ordering_.is_ordered ? in_order(is_cut) : in_any_order();
  }

 private:
  std::optional<std::string> read_rows(bool keeps_blank_lines) {
    for (size_t i = 0; i < printed_.lines.size(); ++i) {
      if (printed_.gap == i) gap_ = rows_.size();
      if (!keeps_blank_lines && trim_blanks(printed_.lines[i]).empty()) continue;
      auto fields = fields_of(printed_, printed_.lines[i], answer_.columns.size());
      if (!fields) return fmt::format("not {} columns: {}", answer_.columns.size(), printed_.lines[i]);
      rows_.push_back(std::move(*fields));
    }
    if (printed_.gap == printed_.lines.size()) gap_ = rows_.size();
    return std::nullopt;
  }

  /// One row with nothing to see in it leaves no trace.
  bool is_unprinted_blank() const {
    return rows_.empty() && answer_.rows.size() == 1 &&
           same_row(Fields(answer_.columns.size()), answer_.rows[0], answer_.columns);
  }

  bool fits(size_t printed, size_t row) const { return same_row(rows_[printed], answer_.rows[row], answer_.columns); }

  std::optional<std::string> in_order(bool is_cut) const {
    const size_t before = gap_.value_or(rows_.size()), left_out = answer_.rows.size() - rows_.size();
    for (size_t i = 0; i < rows_.size(); ++i) {
      if (fits(i, i < before ? i : i + left_out)) continue;
      if (!is_cut && !ordering_.keys.empty() && same_keys()) return in_any_order();
      return fmt::format("row {} differs", i + 1);
    }
    return std::nullopt;
  }

  bool same_keys() const {
    for (size_t row = 0; row < rows_.size(); ++row) {
      for (const size_t key : ordering_.keys) {
        if (!is_same(rows_[row][key], answer_.rows[row][key], answer_.columns[key].type)) return false;
      }
    }
    return true;
  }

  std::optional<std::string> in_any_order() const {
    std::vector<bool> is_taken(answer_.rows.size());
    for (size_t i = 0; i < rows_.size(); ++i) {
      size_t row = 0;
      while (row < is_taken.size() && (is_taken[row] || !fits(i, row))) ++row;
      if (row == is_taken.size()) return fmt::format("printed row {} is not in the answer", i + 1);
      is_taken[row] = true;
    }
    return std::nullopt;
  }

  const Printed& printed_;
  const Answer& answer_;
  const Ordering& ordering_;
  std::vector<Fields> rows_;
  std::optional<size_t> gap_;  // in rows
};

std::optional<size_t> key_of(const sql::Expr& expr, const std::vector<engine::ResultColumn>& columns) {
  if (const auto* number = std::get_if<sql::NumberLiteral>(&expr.node)) {
    const size_t ordinal = std::strtoul(number->text.c_str(), nullptr, 10);
    if (ordinal >= 1 && ordinal <= columns.size()) return ordinal - 1;
  }
  const auto* column = std::get_if<sql::ColumnRef>(&expr.node);
  if (!column) return std::nullopt;
  for (size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].name == column->parts.back().text) return i;
  }
  return std::nullopt;
}

std::optional<std::string> notice_difference(const Printed& printed, const Answer& answer) {
  for (const std::string& wanted : printed.notices) {
    const bool is_there = std::ranges::any_of(answer.notices, [&](const std::string& notice) {
      return folded(notice).starts_with(folded(wanted)) || folded(wanted).starts_with(folded(notice));
    });
    if (!is_there) return "a notice is missing";
  }
  return std::nullopt;
}

}  // namespace

Ordering ordering_of(std::string_view text, const std::vector<engine::ResultColumn>& columns) {
  Ordering ordering;
  try {
    const sql::Statement statement = sql::parse_statement(text);
    const auto* query = std::get_if<sql::Query>(&statement.node);
    if (!query || query->order_by.empty()) return ordering;
    ordering.is_ordered = true;
    for (const sql::OrderItem& item : query->order_by) {
      const auto key = key_of(item.expr, columns);
      if (!key) return {true, {}};
      ordering.keys.push_back(*key);
    }
  } catch (const Error&) {  // what does not parse has no answer to compare
  }
  return ordering;
}

bool is_same(std::string_view text, const std::optional<std::string>& value, const engine::Type& type) {
  const std::string_view printed = trim_blanks(text);
  if (!value) return is_null_word(printed);
  const std::string trimmed(trim_blanks(*value));
  if (printed == trimmed) return true;
  if (type.id == TypeId::kBoolean) return !printed.empty() && engine::read_boolean(printed) == (trimmed == "t");
  if (type.is_float()) return same_float(digits(printed), trimmed);
  if (type.is_numeric()) return digits(printed) == trimmed;
  return same_time(printed, trimmed, type.id);
}

std::optional<std::string> difference(const Printed& printed, const Answer& answer, const Ordering& ordering) {
  if (printed.kind == Printed::Kind::kNothing) return std::nullopt;
  if (printed.kind == Printed::Kind::kNotices) return notice_difference(printed, answer);
  if (answer.columns.empty()) return "no rows, the guide prints some";
  auto fault = Comparison(printed, answer, ordering).difference(false);
  if (fault && !Comparison(printed, answer, ordering).difference(true)) return std::nullopt;
  return fault;
}

std::string other_names(const Printed& printed, const Answer& answer) {
  if (printed.header.empty()) return "";
  const auto names = fields_of(printed, printed.header, answer.columns.size());
  if (!names) return printed.header;
  for (size_t i = 0; i < names->size(); ++i) {
    if (folded((*names)[i]) != folded(answer.columns[i].name)) return printed.header;
  }
  return "";
}

}  // namespace garland::conformance
