// How calls are printed: shared by functions_*.cpp and casts.cpp. Internal to embedded/.
#pragma once

#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

#include "embedded/functions.h"
#include "embedded/translate.h"

namespace garland::embedded {

using engine::Type;
using engine::TypeId;

/// One call being printed.
struct Emission {
  std::string& out;
  std::string_view function;
  std::span<const Argument> arguments;
  const Type& result;

  std::string_view sql(size_t index) const { return arguments[index].sql; }
  const Type& type(size_t index) const { return arguments[index].type; }
  size_t count() const { return arguments.size(); }
  /// The argument's constant text; throws 0A000 naming `what` when it is not constant.
  const std::string& constant(size_t index, std::string_view what) const;
  /// The argument's constant integer, or nothing.
  std::optional<int64_t> integer(size_t index) const;
  /// `name(argument, …)` of all arguments.
  void call(std::string_view name) const;
  /// The same for a function of ours that may raise because of the argument `index`.
  void guarded_call(std::string_view name, size_t index) const;
  /// `CAST(<text> AS result)`, where `$1` … in the text are the arguments, `#1` … guarded ones.
  void cast_template(std::string_view text) const;
  /// The text with its `$1` … and `#1` … replaced.
  void expand(std::string_view text) const;
  [[noreturn]] void refuse(std::string_view what) const;
};

std::string cast_sql(std::string_view sql, const Type& type);
/// A string literal.
std::string quoted_sql(std::string_view text);
/// A string operand as it compares: without trailing blanks where it may have some.
std::string compared_sql(const Argument& argument);
/// The argument of a function of ours that may raise, worth exactly the argument. DuckDB believes that our functions
/// never fail: it runs them over whole dictionaries, also over values of rows that a filter took away, and moves
/// filters that call them. It does neither when an operand can fail, so one operand passes through an operation of
/// DuckDB's own that could. Constants need nothing.
std::string guarded_sql(const Argument& argument);
inline bool is_short(std::string_view sql) { return sql.size() <= 64; }

// The families; each returns false when the function is not its own.
bool emit_operator(const Emission& emission);
bool emit_number_function(const Emission& emission);
bool emit_text_function(const Emission& emission);
bool emit_date_function(const Emission& emission);
/// VARBYTE, JSON as text, hashes.
bool emit_byte_function(const Emission& emission);
/// Also every operator that has a SUPER operand: to be asked first.
bool emit_super_function(const Emission& emission);

/// A SUPER as a value of `to`, strings of any length; `strict`: what cannot be cast raises 22P02, else it is NULL.
std::string super_cast_sql(const Argument& operand, const Type& to, bool strict);
std::string cast_to_super_sql(const Argument& operand);

}  // namespace garland::embedded
