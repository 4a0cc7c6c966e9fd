// Redshift's functions, operators, aggregates and casts as DuckDB SQL: what translate.cpp prints for BoundCall,
// BoundCast, BoundAggregate, BoundWindow and BoundConstant. Where DuckDB's own functions differ, the SQL calls
// functions of ours (g_…, native code), which install_functions() makes known to a database.
//
// Every argument's SQL must have exactly the DuckDB type of its Redshift type (duck_type()); every emitted text has
// exactly the DuckDB type of its result and is a closed operand (a call, a CAST or parenthesised), so it can stand
// anywhere. An argument's text may appear more than once in the result only when it is short (a column, a parameter, a
// literal).
//
// Errors: 0A000 for what cannot be emitted (a format that is not constant, a date part that makes no sense for the
// type).
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/sqlstate.h"
#include "duck/aggregate.h"
#include "duck/function.h"
#include "engine/type.h"
#include "semantics/bound.h"

namespace garland::embedded {

struct Argument {
  std::string_view sql;
  engine::Type type;
  /// The operand is a BoundConstant; `text` is its value, or null for NULL.
  bool is_constant = false;
  const std::string* text = nullptr;
  /// Strings: may end in blanks, so comparisons must trim it.
  bool trailing_blanks = false;
};

/// A scalar function or operator by its canonical name (BoundCall::function).
void emit_call(std::string& out, std::string_view function, std::span<const Argument> arguments,
               const engine::Type& result);

/// An aggregate, also as a window function, or a function that only windows give.
struct AggregateCall {
  std::string_view function;
  std::span<const Argument> arguments;
  bool distinct = false;
  bool approximate = false;
  bool ignore_nulls = false;
  /// LISTAGG, PERCENTILE_*: the WITHIN GROUP list as DuckDB text without the keywords: `r1.c2 ASC NULLS LAST`; empty:
  /// none.
  std::string_view within_group;
  /// PERCENTILE_*: the first WITHIN GROUP expression, and its direction.
  std::optional<Argument> ordered;
  bool descending = false;
  /// ` OVER (…)`, complete; empty: a plain aggregate. It may be printed more than once.
  std::string_view over;
};
void emit_aggregate(std::string& out, const AggregateCall& call, const engine::Type& result);

/// From the operand's type to `to`. An explicit cast cuts strings to the type's bytes; an assignment refuses longer
/// ones (22001) unless only blanks are lost; an implicit cast leaves lengths alone. DECIMAL to a smaller scale:
/// explicit casts of values cut digits, all others round (guide page c_Supported_data_types: "results of explicit casts
/// of values selected from tables are not rounded").
void emit_cast(std::string& out, const Argument& operand, const engine::Type& to, semantics::CastContext context);

/// A constant of the bound tree with its type. Throws 22P02, 22007 or 22003 when the text is no value of the type.
void emit_constant(std::string& out, const std::optional<std::string>& text, const engine::Type& type);

/// Raises an error when it is evaluated; NULL of the type `type` to DuckDB.
void emit_raise(std::string& out, SqlState state, std::string_view message, const engine::Type& type);

/// The functions that emitted SQL calls, overloads together.
std::vector<std::vector<duck::ScalarFunction>> native_functions();
std::vector<duck::AggregateFunction> native_aggregates();
/// Makes them known to all connections of the database; once, when it is opened.
void install_functions(duck::Connection& connection);

}  // namespace garland::embedded
