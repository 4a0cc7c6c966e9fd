// A small language for testing emission: an expression is its DuckDB text and its Redshift type, built through the real
// function table, so that a test reads like the SQL it stands for. Values are folded by DuckDB or read from a table;
// both ways are tested.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "duck/database.h"
#include "embedded/functions.h"
#include "embedded/translate.h"
#include "engine/text.h"
#include "semantics/functions.h"

namespace garland::embedded::testing {

using engine::Type;
using engine::TypeId;
using semantics::CastContext;

inline const Type kBoolean = Type::of(TypeId::kBoolean), kSmallint = Type::of(TypeId::kSmallint),
                  kInteger = Type::of(TypeId::kInteger);
inline const Type kBigint = Type::of(TypeId::kBigint), kReal = Type::of(TypeId::kReal),
                  kDouble = Type::of(TypeId::kDouble);
inline const Type kDate = Type::of(TypeId::kDate), kTime = Type::of(TypeId::kTime),
                  kTimestamp = Type::of(TypeId::kTimestamp);
inline const Type kTimestampTz = Type::of(TypeId::kTimestampTz), kText = Type::varchar(256);
inline const Type kMonths = Type::of(TypeId::kIntervalYearToMonth), kDays = Type::of(TypeId::kIntervalDayToSecond);

struct Expression {
  std::string sql;
  Type type;
  bool is_constant = false;
  std::optional<std::string> text;
  bool trailing_blanks = false;

  Argument argument() const { return {sql, type, is_constant, text ? &*text : nullptr, trailing_blanks}; }
};
using Expressions = std::vector<Expression>;

/// A constant.
inline Expression constant(std::string text, Type type) {
  Expression result{{}, type, true, text, false};
  emit_constant(result.sql, text, type);
  return result;
}
/// A value that is no constant to the emission.
inline Expression value(std::string text, Type type) {
  Expression result = constant(std::move(text), type);
  result.is_constant = false;
  result.text.reset();
  return result;
}
inline Expression null(Type type) {
  Expression result{{}, type, true, std::nullopt, false};
  emit_constant(result.sql, std::nullopt, type);
  return result;
}
inline Expression literal(std::string text) { return constant(std::move(text), Type{}); }
inline Expression integer(int64_t number) { return constant(std::to_string(number), kInteger); }
inline Expression text(std::string words) { return constant(std::move(words), kText); }
inline Expression blank_text(std::string words) {
  Expression result = value(std::move(words), kText);
  result.trailing_blanks = true;
  return result;
}
inline Expression decimal(std::string digits, int precision, int scale) {
  return value(std::move(digits), Type::decimal(precision, scale));
}
/// A column of a test's table.
inline Expression column(std::string name, Type type) { return {std::move(name), type, false, {}, true}; }

inline Expression cast(const Expression& operand, Type type, CastContext context = CastContext::kExplicit) {
  if (operand.is_constant && operand.text && operand.type.id == TypeId::kUnknown) {
    Expression result = constant(*operand.text, type);
    if (!type.is_string()) return result;
  }
  Expression result{{}, type, operand.is_constant && !operand.text, {}, operand.trailing_blanks};
  emit_cast(result.sql, operand.argument(), type, context);
  return result;
}

inline Expression call(const semantics::FunctionMatch& match, const Expressions& operands) {
  Expressions converted;
  for (size_t i = 0; i < operands.size(); ++i) {
    const bool same = operands[i].type == match.argument_types[i];
    converted.push_back(same ? operands[i] : cast(operands[i], match.argument_types[i], CastContext::kImplicit));
    // A literal stays a constant in its new type, as resolution does it.
    if (!same && operands[i].is_constant && operands[i].text)
      converted.back().is_constant = true, converted.back().text = operands[i].text;
  }
  std::vector<Argument> arguments;
  for (const Expression& operand : converted) arguments.push_back(operand.argument());
  Expression result{{}, match.result, false, {}, true};
  emit_call(result.sql, match.canonical, arguments, match.result);
  return result;
}

inline std::vector<Type> types_of(const Expressions& operands) {
  std::vector<Type> types;
  for (const Expression& operand : operands) types.push_back(operand.type);
  return types;
}

inline semantics::FunctionMatch match(std::string_view name, const Expressions& operands) {
  std::vector<const std::string*> constants;
  for (const Expression& operand : operands) constants.push_back(operand.text ? &*operand.text : nullptr);
  return semantics::match_function(name, types_of(operands), constants);
}

/// A function call.
inline Expression fn(std::string_view name, const Expressions& operands) {
  return call(match(name, operands), operands);
}
/// An operator.
inline Expression op(std::string_view name, const Expressions& operands) {
  return call(semantics::match_operator(name, types_of(operands)), operands);
}

/// DuckDB with our functions.
class Engine {
 public:
  Engine() : connection_(database_.connect()) { install_functions(connection_); }
  duck::Connection& connection() { return connection_; }

  /// The rows of a query of one column, as a client sees them, separated by " | "; NULL is "null"; an error is "22012
  /// message".
  std::string rows(const std::string& sql, const Type& type) {
    try {
      duck::Result result = connection_.query(sql);
      if (!same_type(result.types()[0], type)) {
        return "DuckDB's type is " + engine::to_string(result.types()[0]) + ", not " + engine::to_string(type) + ": " +
               sql;
      }
      result.expect(std::vector<Type>{type});
      std::string out;
      while (const engine::Batch* batch = result.fetch()) {
        for (size_t row = 0; row < batch->rows; ++row) {
          if (!out.empty()) out += " | ";
          if (batch->columns[0].is_null(row))
            out += "null";
          else
            engine::append_text(out, batch->columns[0], row);
        }
      }
      return out;
    } catch (const duck::DuckError& error) {
      const Error translated = translate_error(error.text());
      if (translated.state() == kInternalError) return error.text() + " IN " + sql;
      return std::string(translated.state().text()) + " " + translated.message();
    }
  }

  /// The expression's value, or what it raises. Every expression must have exactly its DuckDB type.
  std::string operator()(const Expression& expression) { return rows("SELECT " + expression.sql, expression.type); }

 private:
  static bool same_type(const Type& duck, const Type& wanted) {
    if (duck.id == TypeId::kVarchar) return wanted.is_string() || wanted.id == TypeId::kSuper;
    if (duck.id == TypeId::kVarbyte) return wanted.id == TypeId::kVarbyte;
    if (duck.is_interval()) return wanted.is_interval();
    if (duck.id == TypeId::kDecimal) return wanted.id == TypeId::kDecimal && duck.scale == wanted.scale;
    return duck == wanted;
  }

  duck::Database database_{duck::DatabaseOptions{.threads = 1, .memory_limit_bytes = 0, .temp_folder = {}}};
  duck::Connection connection_;
};

/// One engine for all tests of a program.
inline Engine& engine_under_test() {
  static Engine engine;
  return engine;
}

/// What the expression gives; an error of emission shows as one of execution would.
template <class F>
std::string result_of(F build) {
  try {
    return engine_under_test()(build());
  } catch (const Error& error) {
    return std::string(error.state().text()) + " " + error.message();
  }
}

}  // namespace garland::embedded::testing

/// EXPECT_EQ over an expression and its text form.
#define EXPECT_VALUE(expression, expected) EXPECT_EQ(result_of([&] { return expression; }), expected)
