// Patterns, regular expressions and the string functions that look at constants. Guide pages
// pattern-matching-conditions, r_patternmatching_condition_like, REGEXP_SUBSTR, REGEXP_REPLACE, REGEXP_COUNT,
// REGEXP_INSTR, SPLIT_PART, r_SUBSTRING, SHA2.
#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "embedded/functions_emit.h"

namespace garland::embedded {
namespace {

// The dot matches a newline, as in POSIX.
constexpr std::string_view kPlainOptions = "s", kFoldOptions = "si";

void emit_like(const Emission& e) {
  const bool folds = e.function == "ilike" || e.type(0).case_insensitive;
  const std::string_view keyword = folds ? "ILIKE" : "LIKE";
  const Argument& pattern = e.arguments[1];
  std::string escape = e.count() > 2 ? std::string(e.sql(2)) : "'\\'";
  const bool plain =
      e.count() == 2 && pattern.is_constant && pattern.text && pattern.text->find('\\') == std::string::npos;
  // Without an escape DuckDB turns simple patterns into prefix, suffix and substring searches.
  e.out += plain ? fmt::format("({} {} {})", e.sql(0), keyword, pattern.sql)
                 : fmt::format("({} {} {} ESCAPE {})", e.sql(0), keyword, pattern.sql, escape);
}

bool emit_match(const Emission& e) {
  if (e.function == "like" || e.function == "ilike") return emit_like(e), true;
  if (e.function == "similar") {
    e.out +=
        fmt::format("regexp_full_match({}, g_similar({}, {}))", e.sql(0), e.sql(1), e.count() > 2 ? e.sql(2) : "'\\'");
    return true;
  }
  if (e.function == "regex" || e.function == "regex_i") {
    e.out += fmt::format("regexp_matches({}, {}, '{}')", e.sql(0), e.sql(1),
                         e.function == "regex" ? kPlainOptions : kFoldOptions);
    return true;
  }
  return false;
}

/// The options of a REGEXP function's last argument: 'c' (default), 'i', 'e'.
struct RegexOptions {
  std::string options{kPlainOptions};
  bool group = false;
};

RegexOptions regex_options(const Emission& e, size_t index) {
  RegexOptions result;
  if (index >= e.count()) return result;
  for (const char c : e.constant(index, "a regular expression's options that are not constant")) {
    if (c == 'i')
      result.options = kFoldOptions;
    else if (c == 'e')
      result.group = true;
    else if (c != 'c')
      throw Error(kInvalidParameterValue, fmt::format("invalid option of a regular expression: '{}'", c));
  }
  return result;
}

/// The text from a REGEXP function's position argument on.
std::string searched(const Emission& e, size_t index) {
  if (index >= e.count() || e.integer(index) == 1) return std::string(e.sql(0));
  return fmt::format("g_substring({}, {})", e.sql(0), e.sql(index));
}

std::string all_matches(const Emission& e, size_t position, size_t options) {
  const RegexOptions parsed = regex_options(e, options);
  return fmt::format("regexp_extract_all({}, {}, {}, '{}')", searched(e, position), e.sql(1), parsed.group ? 1 : 0,
                     parsed.options);
}

void emit_regexp_substr(const Emission& e) {
  const bool first = e.count() < 4 || e.integer(3) == 1;
  if (first) {
    const RegexOptions options = regex_options(e, 4);
    e.out += fmt::format("regexp_extract({}, {}, {}, '{}')", searched(e, 2), e.sql(1), options.group ? 1 : 0,
                         options.options);
    return;
  }
  e.out += fmt::format("coalesce(list_extract({}, {}), CASE WHEN {} IS NOT NULL THEN '' END)", all_matches(e, 2, 4),
                       e.sql(3), e.sql(0));
}

/// Redshift's `$1` is RE2's `\1`; a backslash before anything else stands for that character.
std::string regex_replacement(const std::string& text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool digit_follows = i + 1 < text.size() && text[i + 1] >= '0' && text[i + 1] <= '9';
    if ((text[i] == '$' || text[i] == '\\') && digit_follows) {
      out += '\\';
    } else if (text[i] == '\\') {
      out += i + 1 < text.size() && text[i + 1] != '\\' ? "" : "\\\\";
      if (i + 1 < text.size() && text[i + 1] == '\\') ++i;
    } else {
      out += text[i];
    }
  }
  return out;
}

void emit_regexp_replace(const Emission& e) {
  const std::string replacement =
      e.count() > 2 ? quoted_sql(regex_replacement(e.constant(2, "a replacement that is not constant"))) : "''";
  const std::string options = regex_options(e, 4).options + "g";
  if (e.count() < 4 || e.integer(3) == 1) {
    e.out += fmt::format("regexp_replace({}, {}, {}, '{}')", e.sql(0), e.sql(1), replacement, options);
    return;
  }
  e.out += fmt::format(
      "(g_substring({0}, CAST(1 AS INTEGER), {1} - CAST(1 AS INTEGER)) || regexp_replace(g_substring({0}, {1}), {2}, "
      "{3}, '{4}'))",
      e.sql(0), e.sql(3), e.sql(1), replacement, options);
}

/// An optional argument, or what stands for it.
std::string argument_or(const Emission& e, size_t index, std::string_view otherwise) {
  return std::string(index < e.count() ? e.sql(index) : otherwise);
}

/// Perl's dialect goes to an engine of ours; so does REGEXP_INSTR, and an option that is not constant.
bool needs_perl(const Emission& e, size_t options) {
  if (e.function == "regexp_instr") return true;
  if (e.function == "regexp_substr" && e.count() > 3 && e.integer(3).value_or(0) < 1) return true;
  if (options >= e.count()) return false;
  const Argument& argument = e.arguments[options];
  return !argument.is_constant || (argument.text && argument.text->find('p') != std::string::npos);
}

void emit_perl(const Emission& e, size_t options) {
  constexpr std::string_view kOne = "CAST(1 AS INTEGER)", kZero = "CAST(0 AS INTEGER)";
  const std::string text = guarded_sql(e.arguments[0]), last = argument_or(e, options, "''");
  if (e.function == "regexp_count") {
    e.out += fmt::format("g_regex_count({}, {}, {}, {})", text, e.sql(1), argument_or(e, 2, kOne), last);
  } else if (e.function == "regexp_replace") {
    e.out += fmt::format("g_regex_replace({}, {}, {}, {}, {})", text, e.sql(1), argument_or(e, 2, "''"),
                         argument_or(e, 3, kOne), last);
  } else if (e.function == "regexp_substr") {
    e.out += fmt::format("g_regex_substr({}, {}, {}, {}, {})", text, e.sql(1), argument_or(e, 2, kOne),
                         argument_or(e, 3, kOne), last);
  } else {
    e.out += fmt::format("g_regex_instr({}, {}, {}, {}, {}, {})", text, e.sql(1), argument_or(e, 2, kOne),
                         argument_or(e, 3, kOne), argument_or(e, 4, kZero), last);
  }
}

bool emit_regex(const Emission& e) {
  if (!e.function.starts_with("regexp_")) return false;
  const size_t options = e.function == "regexp_count" ? 3 : e.function == "regexp_instr" ? 5 : 4;
  if (needs_perl(e, options)) return emit_perl(e, options), true;
  if (e.function == "regexp_substr") return emit_regexp_substr(e), true;
  if (e.function == "regexp_replace") return emit_regexp_replace(e), true;
  if (e.function == "regexp_count") return e.out += cast_sql("len(" + all_matches(e, 2, 3) + ")", e.result), true;
  return false;
}

void emit_substring(const Emission& e) {
  const std::optional<int64_t> start = e.integer(1), length = e.count() > 2 ? e.integer(2) : std::optional<int64_t>(0);
  // DuckDB counts a negative start from the end, so only plain ones go there.
  if (start && *start >= 1 && length && *length >= 0) return e.call("substring");
  e.guarded_call("g_substring", e.count() - 1);
}

void emit_split_part(const Emission& e) {
  const std::optional<int64_t> part = e.integer(2);
  if (!part) return e.guarded_call("g_split_part", 2);
  if (*part < 1) throw Error(kInvalidParameterValue, "field position must be greater than zero");
  if (e.arguments[1].is_constant && e.arguments[1].text && e.arguments[1].text->empty()) {
    e.out += *part == 1 ? std::string(e.sql(0)) : fmt::format("CASE WHEN {} IS NOT NULL THEN '' END", e.sql(0));
    return;
  }
  e.call("split_part");
}

void emit_replace(const Emission& e) {
  const bool searches = e.arguments[1].is_constant && e.arguments[1].text && !e.arguments[1].text->empty();
  if (searches) return e.call("replace");
  e.expand("CASE WHEN $2 = '' THEN $1 ELSE replace($1, $2, $3) END");
}

/// CHAR counts with its padding; types whose bytes Redshift does not document are refused.
void emit_fnv_hash(const Emission& e) {
  const Type& type = e.type(0);
  const bool known = type.is_integer() || type.is_float() || type.is_string() || type.id == TypeId::kBoolean ||
                     type.id == TypeId::kVarbyte;
  if (!known) e.refuse("a value of type " + engine::to_string(type));
  if (type.id == TypeId::kChar) {
    e.out += fmt::format("g_fnv(g_rpad({}, CAST({} AS INTEGER), ' '){}{})", e.sql(0), type.length,
                         e.count() > 1 ? ", " : "", e.count() > 1 ? e.sql(1) : "");
  } else {
    e.call("g_fnv");
  }
}

/// Collations other than the default are not kept by values yet.
void emit_collate(const Emission& e) {
  const std::string& name = e.constant(1, "a collation that is not constant");
  std::string lower(name);
  std::ranges::transform(lower, lower.begin(), [](unsigned char c) { return std::tolower(c); });
  if (lower == "case_insensitive" || lower == "ci") e.refuse("the collation case_insensitive");
  if (lower != "case_sensitive" && lower != "cs") {
    throw Error(kInvalidParameterValue, fmt::format("collation \"{}\" does not exist", name));
  }
  e.out += e.sql(0);
}

}  // namespace

bool emit_text_function(const Emission& e) {
  if (emit_byte_function(e)) return true;
  if (e.function == "collate") return emit_collate(e), true;
  if (emit_match(e) || emit_regex(e)) return true;
  if (e.function == "substring") return emit_substring(e), true;
  if (e.function == "split_part") return emit_split_part(e), true;
  if (e.function == "replace") return emit_replace(e), true;
  if (e.function == "fnv_hash") return emit_fnv_hash(e), true;
  if (e.function == "to_hex") {
    e.expand(e.type(0).id == TypeId::kInteger ? "lower(to_hex(CAST($1 AS BIGINT) & CAST(4294967295 AS BIGINT)))"
                                              : "lower(to_hex($1))");
    return true;
  }
  return false;
}

}  // namespace garland::embedded
