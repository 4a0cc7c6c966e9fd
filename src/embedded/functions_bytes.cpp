// VARBYTE, hashes and JSON kept as text. Guide pages r_VARBYTE_OPERATORS, r_TO_HEX, r_FROM_HEX, r_TO_VARBYTE,
// r_FROM_VARBYTE, r_GETBIT, MURMUR3_32_HASH, r_CHECKSUM, json-functions.
#include <fmt/format.h>

#include <map>

#include "embedded/functions_emit.h"

namespace garland::embedded {
namespace {

/// Functions whose first argument may make them raise.
const std::map<std::string_view, std::string_view>& raising_functions() {
  static const std::map<std::string_view, std::string_view> kNames{
      {"from_hex", "g_from_hex"},
      {"to_varbyte", "g_to_varbyte"},
      {"from_varbyte", "g_from_varbyte"},
      {"getbit", "g_getbit"},
      {"bytes_and", "g_bytes_and"},
      {"bytes_or", "g_bytes_or"},
      {"bytes_xor", "g_bytes_xor"},
      {"farmfingerprint64", "g_farm_fingerprint"},
      {"is_valid_json", "g_json_is_object"},
      {"is_valid_json_array", "g_json_is_array"},
      {"bytes_not", "g_bytes_not"},
      {"byte_hex", "g_bytes_hex"},
  };
  return kNames;
}

void emit_byte_substring(const Emission& e) { e.guarded_call("g_byte_substring", 0); }

/// The text, whatever else, and whether NULL stands for invalid JSON; `plain`: arguments without that flag.
void emit_json(const Emission& e, std::string_view name, bool has_flag) {
  e.out += fmt::format("{}({}", name, guarded_sql(e.arguments[0]));
  for (size_t i = 1; i < e.count(); ++i) e.out.append(", ").append(e.sql(i));
  e.out += has_flag ? ")" : ", false)";
}

/// Integers count as BIGINT, so that a value hashes alike in every width.
void emit_murmur(const Emission& e) {
  const Type& type = e.type(0);
  const std::string seed(e.count() > 1 ? e.sql(1) : "CAST(0 AS INTEGER)");
  if (type.is_integer()) {
    e.out += fmt::format("g_murmur(CAST({} AS BIGINT), {})", e.sql(0), seed);
  } else if (type.id == TypeId::kDecimal) {
    e.out += fmt::format("g_murmur_decimal({}, {})", e.sql(0), seed);
  } else if (type.id == TypeId::kChar) {
    e.out += fmt::format("g_murmur(g_rpad({}, CAST({} AS INTEGER), ' '), {})", e.sql(0), type.length, seed);
  } else if (type.is_string() || type.is_float() || type.id == TypeId::kVarbyte || type.id == TypeId::kBoolean ||
             (type.is_datetime() && type.id != TypeId::kTimeTz)) {
    e.out += fmt::format("g_murmur({}, {})", e.sql(0), seed);
  } else {
    e.refuse("a value of type " + engine::to_string(type));
  }
}

}  // namespace

bool emit_byte_function(const Emission& e) {
  if (const auto found = raising_functions().find(e.function); found != raising_functions().end()) {
    e.guarded_call(found->second, 0);
    return true;
  }
  if (e.function == "byte_length") return e.cast_template("octet_length($1)"), true;
  if (e.function == "byte_substring") return emit_byte_substring(e), true;
  if (e.function == "murmur3_32_hash") return emit_murmur(e), true;
  if (e.function == "checksum") return e.call("g_checksum"), true;
  const bool has_flag = e.count() > 1 && e.type(e.count() - 1).id == TypeId::kBoolean;
  if (e.function == "json_extract_path_text") return emit_json(e, "g_json_path", has_flag), true;
  if (e.function == "json_extract_array_element_text") return emit_json(e, "g_json_element", has_flag), true;
  if (e.function == "json_array_length") return emit_json(e, "g_json_length", has_flag), true;
  return false;
}

}  // namespace garland::embedded
