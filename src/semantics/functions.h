// Redshift's own functions, aggregates and window functions: the only names a call can reach. Result types and argument
// conversions by the documented rules; a function that exists in Redshift but not here is refused by name (0A000), an
// unknown one is 42883.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "semantics/types.h"

namespace garland::semantics {

enum class FunctionKind { kScalar, kAggregate, kWindow };

struct FunctionMatch {
  FunctionKind kind;
  std::string canonical;  // the name bound trees use: "nvl" → "coalesce", "len" → "length", "||" stays
  std::vector<Type>
      argument_types;  // what each argument is converted to (implicit casts); same length as the call's arguments
  Type result;
  bool leader_only = false;   // CURRENT_SCHEMA, HAS_*_PRIVILEGE, VERSION, NOW …: fails over user tables
  bool compute_only = false;  // LISTAGG, MEDIAN, …: fails without a table
  /// Not a deterministic function of its arguments: its value comes with execution, under this name (see
  /// BoundStatement::session_values): "getdate", "sysdate", "current_user", "current_date" …
  std::string session_value;
};

/// Looks up a call by lower-case name and argument types. `arguments` may hold constants' values where a rule needs
/// them (date parts, DECODE, ROUND's scale); nullptr entries are not constant. Throws 42883 "function foo(integer) does
/// not exist" with a hint that names near ones.
FunctionMatch match_function(std::string_view name, std::span<const Type> types,
                             std::span<const std::string* const> constants);

/// The same for operators ("+", "||", "=", "like", "neg", "not" …), including date arithmetic (date + integer,
/// timestamp - interval …). Throws 42883 "operator does not exist: …".
FunctionMatch match_operator(std::string_view op, std::span<const Type> types);

bool is_aggregate(std::string_view name);
/// Functions only a window gives (row_number, rank, lag …).
bool is_window_function(std::string_view name);
/// Reads the wall clock or is otherwise not a function of data (getdate, sysdate, current_date, now, timeofday, random
/// …).
bool reads_clock(std::string_view name);
/// The position (0-based) of the argument that is a date part written as a bare word (dateadd, datediff, date_part,
/// date_trunc takes text), or -1.
int date_part_argument(std::string_view name);
/// Canonical date part ("day", "month", "dow", "epoch" …) for any documented spelling or abbreviation; nothing for
/// unknown ones. Guide page r_Dateparts_for_datetime_functions.
std::optional<std::string> canonical_date_part(std::string_view spelling);

}  // namespace garland::semantics
