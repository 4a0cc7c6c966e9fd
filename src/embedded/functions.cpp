#include "embedded/functions.h"

#include <fmt/format.h>

#include <charconv>
#include <map>

#include "base/error.h"
#include "embedded/functions_emit.h"

namespace garland::embedded {

std::vector<std::vector<duck::ScalarFunction>> native_function_families();

namespace {

/// A call that one text covers: `$n` is the n-th argument, `#n` the same guarded. `cast`: DuckDB's result has another
/// type, so a CAST goes around.
struct Template {
  std::string_view name;
  size_t arguments;
  std::string_view text;
  bool cast = false;
};

constexpr Template kTemplates[] = {
    // strings
    {"lower", 1, "lower($1)"},
    {"upper", 1, "upper($1)"},
    {"initcap", 1, "g_initcap($1)"},
    {"length", 1, "length($1)", true},
    {"octet_length", 1, "strlen($1)", true},
    {"btrim", 1, "trim($1, ' ')"},
    {"btrim", 2, "trim($1, $2)"},
    {"ltrim", 1, "ltrim($1, ' ')"},
    {"ltrim", 2, "ltrim($1, $2)"},
    {"rtrim", 1, "rtrim($1, ' ')"},
    {"rtrim", 2, "rtrim($1, $2)"},
    {"lpad", 2, "g_lpad($1, $2, ' ')"},
    {"lpad", 3, "g_lpad($1, $2, $3)"},
    {"rpad", 2, "g_rpad($1, $2, ' ')"},
    {"rpad", 3, "g_rpad($1, $2, $3)"},
    {"left", 2, "left($1, $2)"},
    {"right", 2, "right($1, $2)"},
    {"position", 2, "strpos($2, $1)", true},
    {"strpos", 2, "strpos($1, $2)", true},
    {"translate", 3, "translate($1, $2, $3)"},
    {"reverse", 1, "reverse($1)"},
    {"repeat", 2, "g_repeat($1, #2)"},
    {"chr", 1, "g_chr(#1)"},
    {"ascii", 1, "ascii($1)", true},
    {"octetindex", 2, "g_octet_index($1, $2)"},
    {"sha2", 2, "g_sha2($1, $2)"},
    {"md5", 1, "md5($1)"},
    {"sha1", 1, "sha1($1)"},
    {"crc32", 1, "g_crc32($1)"},
    {"quote_ident", 1, "g_quote_ident($1)"},
    {"quote_literal", 1, "g_quote_literal($1)"},
    {"soundex", 1, "g_soundex($1)"},
    {"difference", 2, "g_difference($1, $2)"},
    {"bttext_pattern_cmp", 2, "g_compare($1, $2)"},
    {"strtol", 2, "g_strtol(#1, $2)"},
    // numbers
    {"sqrt", 1, "sqrt($1)"},
    {"cbrt", 1, "cbrt($1)"},
    {"exp", 1, "g_finite(exp(#1), $1)"},
    {"ln", 1, "ln($1)"},
    {"log", 1, "log10($1)"},
    {"power", 2, "g_power(#1, #2)"},
    {"pi", 0, "pi()"},
    {"degrees", 1, "degrees($1)"},
    {"radians", 1, "radians($1)"},
    {"sin", 1, "sin($1)"},
    {"cos", 1, "cos($1)"},
    {"tan", 1, "tan($1)"},
    {"cot", 1, "g_fdiv(CAST(1 AS DOUBLE), tan(#1))"},
    {"asin", 1, "asin($1)"},
    {"acos", 1, "acos($1)"},
    {"atan", 1, "atan($1)"},
    {"atan2", 2, "atan2($1, $2)"},
    {"random", 0, "random()"},
    // CONNECT BY: a circle in the data would go on for ever.
    {"next_level", 1,
     "CASE WHEN $1 < 10000 THEN $1 + CAST(1 AS INTEGER) ELSE "
     "CAST(error('54000:CONNECT BY is deeper than 10000 levels') AS INTEGER) END"},
    // dates
    {"date_part_year", 1, "year($1)", true},
    {"add_months", 2, "g_add_months_last($1, CAST($2 AS BIGINT))"},
    {"last_day", 1, "last_day($1)"},
    {"next_day", 2, "g_next_day(CAST($1 AS DATE), #2)"},
    {"months_between", 2, "g_months_between($1, $2)"},
    {"trunc_date", 1, "$1", true},
    {"compare_values", 2, "g_compare($1, $2)"},
    {"interval_cmp", 2, "g_compare($1, $2)"},
    // the session
    {"slice_num", 0, "CAST(0 AS INTEGER)"},
    // sketches
    {"hll_cardinality", 1, "g_hll_cardinality($1)"},
    {"hll_combine_sketches", 2, "g_hll_combine($1, $2)"},
    // conditions
    {"nvl2", 3, "CASE WHEN $1 IS NOT NULL THEN $2 ELSE $3 END", true},
};

const Template* find_template(std::string_view name, size_t arguments) {
  static const auto kIndex = [] {
    std::map<std::pair<std::string_view, size_t>, const Template*> index;
    for (const Template& entry : kTemplates) index.emplace(std::pair(entry.name, entry.arguments), &entry);
    return index;
  }();
  const auto found = kIndex.find({name, arguments});
  return found == kIndex.end() ? nullptr : found->second;
}

void emit_nullif(const Emission& e) {
  e.out += fmt::format("CASE WHEN {} = {} THEN NULL ELSE {} END", compared_sql(e.arguments[0]),
                       compared_sql(e.arguments[1]), e.sql(0));
}

/// DECODE takes NULL as equal to NULL.
void emit_decode(const Emission& e) {
  e.out += "CASE";
  const std::string operand = compared_sql(e.arguments[0]);
  size_t i = 1;
  for (; i + 1 < e.count(); i += 2) {
    const bool never_null = e.arguments[i].is_constant && e.arguments[i].text;
    e.out += fmt::format(" WHEN {} {} {} THEN {}", operand, never_null ? "=" : "IS NOT DISTINCT FROM",
                         compared_sql(e.arguments[i]), e.sql(i + 1));
  }
  if (i < e.count()) e.out += fmt::format(" ELSE {}", e.sql(i));
  e.out += " END";
}

bool emit_condition(const Emission& e) {
  const std::string_view name = e.function;
  if (name == "coalesce" || name == "greatest" || name == "least") {
    e.call(name);
  } else if (name == "nullif" || name == "decode") {
    std::string text;
    const Emission inner{text, e.function, e.arguments, e.result};
    name == "nullif" ? emit_nullif(inner) : emit_decode(inner);
    e.out += cast_sql(text, e.result);
  } else {
    return false;
  }
  return true;
}

}  // namespace

std::string cast_sql(std::string_view sql, const Type& type) {
  return fmt::format("CAST({} AS {})", sql, duck_type(type));
}

std::string quoted_sql(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\0') throw Error(kCharacterNotInRepertoire, "a text must not contain the character with code 0");
    out += c;
    if (c == '\'') out += c;
  }
  return out + "'";
}

std::string guarded_sql(const Argument& argument) {
  if (argument.is_constant) return std::string(argument.sql);
  switch (argument.type.id) {
    case TypeId::kChar:
    case TypeId::kVarchar:
    case TypeId::kVarbyte:
    case TypeId::kSuper:
    case TypeId::kUnknown:
      return fmt::format("repeat({}, CAST(1 AS BIGINT))", argument.sql);
    case TypeId::kSmallint:
      return fmt::format("CAST(CAST({} AS INTEGER) AS SMALLINT)", argument.sql);
    case TypeId::kInteger:
      return fmt::format("CAST(CAST({} AS BIGINT) AS INTEGER)", argument.sql);
    case TypeId::kBigint:
      return fmt::format("CAST(CAST({} AS HUGEINT) AS BIGINT)", argument.sql);
    case TypeId::kDecimal:
      return fmt::format("({} - CAST(0 AS DECIMAL(1,0)))", argument.sql);
    case TypeId::kReal:
    case TypeId::kDouble:
      return fmt::format("({} - CAST(0 AS {}))", argument.sql, duck_type(argument.type));
    default:
      return std::string(argument.sql);
  }
}

std::string compared_sql(const Argument& argument) {
  if (argument.type.case_insensitive) return fmt::format("lower(rtrim({}, ' '))", argument.sql);
  if (argument.type.id == TypeId::kSuper) return fmt::format("g_super_key({})", argument.sql);
  if (!argument.type.is_string() || !argument.trailing_blanks) return std::string(argument.sql);
  return fmt::format("rtrim({}, ' ')", argument.sql);
}

const std::string& Emission::constant(size_t index, std::string_view what) const {
  if (!arguments[index].is_constant || !arguments[index].text) refuse(what);
  return *arguments[index].text;
}

std::optional<int64_t> Emission::integer(size_t index) const {
  const Argument& argument = arguments[index];
  if (!argument.is_constant || !argument.text) return std::nullopt;
  int64_t value = 0;
  const char* end = argument.text->data() + argument.text->size();
  const auto [stop, error] = std::from_chars(argument.text->data(), end, value);
  return error == std::errc() && stop == end ? std::optional(value) : std::nullopt;
}

void Emission::call(std::string_view name) const {
  out += name;
  out += '(';
  for (size_t i = 0; i < arguments.size(); ++i) {
    if (i > 0) out += ", ";
    out += arguments[i].sql;
  }
  out += ')';
}

void Emission::expand(std::string_view text) const {
  for (size_t i = 0; i < text.size(); ++i) {
    const bool plain = text[i] == '$', guarded = text[i] == '#';
    if (!plain && !guarded) {
      out += text[i];
      continue;
    }
    const Argument& argument = arguments[static_cast<size_t>(text[++i] - '1')];
    out += plain ? std::string(argument.sql) : guarded_sql(argument);
  }
}

void Emission::guarded_call(std::string_view name, size_t index) const {
  out += name;
  for (size_t i = 0; i < arguments.size(); ++i) {
    out += i == 0 ? "(" : ", ";
    out += i == index ? guarded_sql(arguments[i]) : std::string(arguments[i].sql);
  }
  out += ')';
}

void Emission::cast_template(std::string_view text) const {
  out += "CAST(";
  expand(text);
  out += " AS " + duck_type(result) + ")";
}

void Emission::refuse(std::string_view what) const {
  throw Error(kFeatureNotSupported, fmt::format("{} in function {} is not supported yet", what, function));
}

void emit_call(std::string& out, std::string_view function, std::span<const Argument> arguments, const Type& result) {
  const Emission emission{out, function, arguments, result};
  if (emit_super_function(emission)) return;
  if (const Template* entry = find_template(function, arguments.size())) {
    entry->cast ? emission.cast_template(entry->text) : emission.expand(entry->text);
    return;
  }
  const bool done = emit_operator(emission) || emit_condition(emission) || emit_number_function(emission) ||
                    emit_text_function(emission) || emit_date_function(emission);
  if (!done) throw Error(kFeatureNotSupported, fmt::format("function {} is not supported yet", function));
}

void emit_raise(std::string& out, SqlState state, std::string_view message, const Type& type) {
  out += cast_sql("error(" + quoted_sql(std::string(state.text()) + ":" + std::string(message)) + ")", type);
}

std::vector<std::vector<duck::ScalarFunction>> native_functions() { return native_function_families(); }

void install_functions(duck::Connection& connection) {
  for (const auto& overloads : native_functions()) duck::register_functions(connection, overloads);
  for (const duck::AggregateFunction& aggregate : native_aggregates()) duck::register_aggregate(connection, aggregate);
}

}  // namespace garland::embedded
