// Patterns, regular expressions and the string functions that look at constants. Guide pages
// pattern-matching-conditions, r_patternmatching_condition_like, REGEXP_SUBSTR, REGEXP_REPLACE, REGEXP_COUNT,
// REGEXP_INSTR, SPLIT_PART, r_SUBSTRING, SHA2.
#include <fmt/format.h>

#include "base/error.h"
#include "embedded/functions_emit.h"

namespace garland::embedded {
namespace {

// The dot matches a newline, as in POSIX.
constexpr std::string_view kPlainOptions = "s", kFoldOptions = "si";

void emit_like(const Emission& e) {
  const std::string_view keyword = e.function == "like" ? "LIKE" : "ILIKE";
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

/// The options of a REGEXP function's last argument: 'c' (default), 'i', 'p' (Perl's forms, which are understood
/// anyway), 'e'.
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
    else if (c != 'c' && c != 'p')
      e.refuse(fmt::format("the regular expression option '{}'", c));
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

/// The first occurrence only: its place is the length of what lies before it.
void emit_regexp_instr(const Emission& e) {
  for (size_t i = 2; i < e.count() && i < 5; ++i) {
    if (e.integer(i) != (i == 4 ? 0 : 1)) e.refuse("a position, occurrence or option other than the default");
  }
  const std::string options = regex_options(e, 5).options;
  const std::string pattern = "(?:" + e.constant(1, "a pattern that is not constant") + ")";
  const std::string quoted_pattern = quoted_sql(pattern), prefix = quoted_sql("^(.*?)" + pattern);
  e.out += cast_sql(fmt::format("CASE WHEN regexp_matches({0}, {1}, '{3}') THEN length(regexp_extract({0}, {2}, 1, "
                                "'{3}')) + 1 WHEN {0} IS NOT NULL THEN 0 END",
                                e.sql(0), quoted_pattern, prefix, options),
                    e.result);
}

bool emit_regex(const Emission& e) {
  if (e.function == "regexp_substr") return emit_regexp_substr(e), true;
  if (e.function == "regexp_replace") return emit_regexp_replace(e), true;
  if (e.function == "regexp_instr") return emit_regexp_instr(e), true;
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
  if (!part) e.refuse("a part number that is not constant");
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

void emit_sha2(const Emission& e) {
  const std::string& bits = e.constant(1, "a digest size that is not constant");
  if (bits != "256" && bits != "0") e.refuse("a digest size other than 256 bits");
  e.expand("sha256($1)");
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

}  // namespace

bool emit_text_function(const Emission& e) {
  if (emit_match(e) || emit_regex(e)) return true;
  if (e.function == "substring") return emit_substring(e), true;
  if (e.function == "split_part") return emit_split_part(e), true;
  if (e.function == "replace") return emit_replace(e), true;
  if (e.function == "fnv_hash") return emit_fnv_hash(e), true;
  if (e.function == "sha2") return emit_sha2(e), true;
  if (e.function == "to_hex") {
    e.expand(e.type(0).id == TypeId::kInteger ? "lower(to_hex(CAST($1 AS BIGINT) & CAST(4294967295 AS BIGINT)))"
                                              : "lower(to_hex($1))");
    return true;
  }
  return false;
}

}  // namespace garland::embedded
