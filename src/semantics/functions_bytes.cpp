// VARBYTE, hash functions and JSON kept as text: guide pages r_VARBYTE_type, r_FROM_HEX, r_TO_HEX, r_TO_VARBYTE,
// r_FROM_VARBYTE, r_GETBIT, hash-functions, json-functions.
#include <algorithm>

#include "semantics/function_table.h"

namespace garland::semantics {
namespace {

using engine::TypeId;
constexpr auto kInteger = rule::fixed<TypeId::kInteger>;
constexpr auto kBigint = rule::fixed<TypeId::kBigint>;
constexpr auto kBoolean = rule::fixed<TypeId::kBoolean>;
constexpr auto kLongText = rule::text<kMaxVarcharBytes>;

Type joined_bytes(const TypedCall& call) {
  return Type::varbyte(std::min(call.types[0].length + call.types[1].length, kMaxVarbyteBytes));
}

/// No text gives more bytes than it has itself.
Type bytes_of_text(const TypedCall& call) { return Type::varbyte(std::max(call.types[0].length, 1)); }

constexpr Overload kBytes[] = {
    {"length", "byte_length", "v", kInteger},
    {"len", "byte_length", "v", kInteger},
    {"octet_length", "byte_length", "v", kInteger},
    {"substring", "byte_substring", "vi[i", rule::first},
    {"substr", "byte_substring", "vi[i", rule::first},
    {"concat", "||", "vv", joined_bytes},
    {"to_hex", "byte_hex", "v", kLongText},
    {"from_hex", "", "s", bytes_of_text},
    {"to_varbyte", "", "ss", bytes_of_text},
    {"from_varbyte", "", "vs", kLongText},
    {"getbit", "", "vi", kInteger},
    {"octetindex", "", "ss", kInteger},

    {"farmfingerprint64", "", "s", kBigint},
    {"farmfingerprint64", "", "v", kBigint},
    {"murmur3_32_hash", "", "a[i", kInteger},
    {"checksum", "", "i", kInteger},
    {"checksum", "", "m", kInteger},

    {"is_valid_json", "", "s", kBoolean},
    {"is_valid_json_array", "", "s", kBoolean},
    {"json_array_length", "", "s[b", kInteger},
    {"json_extract_array_element_text", "", "si[b", kLongText},
    {"json_extract_path_text", "", "ss", kLongText},
    {"json_extract_path_text", "", "sss", kLongText},
    {"json_extract_path_text", "", "ssss", kLongText},
    {"json_extract_path_text", "", "sssss", kLongText},
    {"json_extract_path_text", "", "ssssss", kLongText},
    {"json_extract_path_text", "", "ssb", kLongText},
    {"json_extract_path_text", "", "sssb", kLongText},
    {"json_extract_path_text", "", "ssssb", kLongText},
    {"json_extract_path_text", "", "sssssb", kLongText},
    {"json_extract_path_text", "", "ssssssb", kLongText},
};

}  // namespace

std::span<const Overload> byte_functions() { return kBytes; }

}  // namespace garland::semantics
