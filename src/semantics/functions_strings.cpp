// Guide page String_functions_header, and the pages of its functions.
#include <algorithm>

#include "semantics/function_table.h"

namespace garland::semantics {
namespace {

using engine::TypeId;
constexpr auto kInteger = rule::fixed<TypeId::kInteger>;
constexpr auto kBigint = rule::fixed<TypeId::kBigint>;
constexpr auto kLongText = rule::text<kMaxVarcharBytes>;

/// As long as the operand, never CHAR: the value is no longer padded.
Type same_length(const TypedCall& call) { return Type::varchar(call.types[0].length); }

Type joined(const TypedCall& call) {
  int64_t length = 0;
  for (const Type& type : call.types) length += type.length;
  return Type::varchar(static_cast<int32_t>(std::min<int64_t>(length, kMaxVarcharBytes)));
}

/// LPAD, RPAD: a character takes up to 4 bytes.
Type padded(const TypedCall& call) {
  const std::optional<int64_t> characters = call.integer(1);
  if (!characters) return Type::varchar(kMaxVarcharBytes);
  return Type::varchar(static_cast<int32_t>(std::clamp<int64_t>(*characters * 4, 1, kMaxVarcharBytes)));
}

Type repeated(const TypedCall& call) {
  const std::optional<int64_t> times = call.integer(1);
  if (!times) return Type::varchar(kMaxVarcharBytes);
  const int64_t bounded = std::clamp<int64_t>(*times, 0, kMaxVarcharBytes);
  return Type::varchar(static_cast<int32_t>(std::clamp<int64_t>(call.types[0].length * bounded, 1, kMaxVarcharBytes)));
}

Type quoted(const TypedCall& call) { return Type::varchar(std::min(call.types[0].length * 2 + 3, kMaxVarcharBytes)); }

Type same_string(const TypedCall& call) { return call.types[0]; }

constexpr Overload kStrings[] = {
    {"lower", "", "s", same_string},
    {"upper", "", "s", same_string},
    {"initcap", "", "s", same_string},
    {"length", "", "s", kInteger},
    {"len", "length", "s", kInteger},
    {"char_length", "length", "s", kInteger},
    {"character_length", "length", "s", kInteger},
    {"textlen", "length", "s", kInteger},
    {"octet_length", "", "s", kInteger},
    {"trim", "btrim", "s[s", same_length},
    {"btrim", "", "s[s", same_length},
    {"ltrim", "", "s[s", same_length},
    {"rtrim", "", "s[s", same_length},
    {"lpad", "", "si[s", padded},
    {"rpad", "", "si[s", padded},
    {"left", "", "si", same_length},
    {"right", "", "si", same_length},
    {"substring", "", "si[i", same_length},
    {"substr", "substring", "si[i", same_length},
    {"position", "position", "ss", kInteger},
    {"charindex", "position", "ss", kInteger},
    {"strpos", "", "ss", kInteger},
    {"replace", "", "sss", kLongText},
    {"translate", "", "sss", kLongText},
    {"split_part", "", "ssi", same_length},
    {"concat", "||", "ss", joined},
    {"reverse", "", "s", same_length},
    {"repeat", "", "si", repeated},
    {"replicate", "repeat", "si", repeated},
    {"chr", "", "i", rule::text<4>},
    {"ascii", "", "s", kInteger},
    {"md5", "", "s", rule::text<32>},
    {"sha", "sha1", "s", rule::text<40>},
    {"sha1", "", "s", rule::text<40>},
    {"func_sha1", "sha1", "s", rule::text<40>},
    {"sha2", "", "si", rule::text<128>},
    {"crc32", "", "s", rule::text<8>},
    {"quote_ident", "", "s", quoted},
    {"quote_literal", "", "s", quoted},
    {"regexp_replace", "", "ss[sis", kLongText},
    {"regexp_substr", "", "ss[iis", same_length},
    {"regexp_count", "", "ss[is", kInteger},
    {"regexp_instr", "", "ss[iiis", kInteger},
    {"to_hex", "", "i", rule::text<8>},
    {"to_hex", "", "l", rule::text<16>},
    {"soundex", "", "s", rule::text<4>},
    {"difference", "", "ss", kInteger},
    {"bttext_pattern_cmp", "", "ss", kInteger},
    {"bpcharcmp", "bttext_pattern_cmp", "ss", kInteger},
    {"collate", "", "ss", same_string},
    {"strtol", "", "si", kBigint},
};

}  // namespace

std::span<const Overload> string_functions() { return kStrings; }

}  // namespace garland::semantics
