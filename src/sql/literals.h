// The values that tokens stand for, and their way back to text.
#pragma once

#include <string>
#include <string_view>

#include "sql/lexer.h"
#include "sql/parser.h"

namespace garland::sql {

/// What a backslash before a character without a meaning does: Redshift drops it ('\q' is q); COPY's own strings keep
/// it, so that null as '\N' means what its guide page says (copy-parameters-data-conversion).
enum class UnknownEscape { kDrop, kKeep };

/// The value of a string token: quotes doubled, backslash escapes \b \f \n \r \t \ooo (and \xhh in E'…'), strings
/// joined across lines, dollar quotes as they are. Throws 22021 if the value is not UTF-8, or holds a zero byte and
/// `unknown` is kDrop.
std::string string_value(std::string_view source, const Token& token, UnknownEscape unknown = UnknownEscape::kDrop);

/// The identifier that a word or a quoted name stands for: ASCII letters folded to lower case also in quotes, cut to
/// kMaxIdentifierBytes at a character's border (guide page r_names).
/// Names in quotes keep their case where `names` says so.
std::string identifier_value(std::string_view source, const Token& token, QuotedNames names = QuotedNames::kFold);
std::string fold_identifier(std::string_view name);

/// Offset of the first byte that is not part of a valid UTF-8 character (no surrogates, no overlong forms), npos if all
/// are.
size_t find_invalid_utf8(std::string_view text);

/// True if the name can stand without quotes.
bool is_plain_identifier(std::string_view name);

}  // namespace garland::sql
