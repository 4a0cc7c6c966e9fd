#include "semantics/ordinal.h"

#include <string>

#include "base/error.h"

namespace garland::semantics {

const sql::Name* bare_name(const sql::Expr& expr) {
  const auto* column = std::get_if<sql::ColumnRef>(&expr.node);
  return column && column->parts.size() == 1 ? &column->parts[0] : nullptr;
}

std::optional<int32_t> ordinal(const sql::Expr& expr, size_t outputs, std::string_view clause) {
  if (std::holds_alternative<sql::StringLiteral>(expr.node)) {
    throw Error(kSyntaxError, "non-integer constant in " + std::string(clause)).at(expr.span.begin);
  }
  const auto* number = std::get_if<sql::NumberLiteral>(&expr.node);
  if (!number) return std::nullopt;
  if (number->text.find_first_not_of("0123456789") != std::string::npos) {
    throw Error(kSyntaxError, "non-integer constant in " + std::string(clause)).at(expr.span.begin);
  }
  const size_t position = number->text.size() > 6 ? 0 : std::stoul(number->text);
  if (position < 1 || position > outputs) {
    throw Error(kInvalidColumnReference, std::string(clause) + " position " + number->text + " is not in select list")
        .at(expr.span.begin);
  }
  return static_cast<int32_t>(position - 1);
}

}  // namespace garland::semantics
