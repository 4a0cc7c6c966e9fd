#include "semantics/table_rules.h"

#include <algorithm>
#include <array>

#include "semantics/similar.h"

namespace garland::semantics {

using engine::TypeId;

void refuse(SqlState state, std::string message, Span span) { throw Error(state, std::move(message)).at(span.begin); }

namespace {

bool can_be_key(const Type& type) {
  return type.id != TypeId::kSuper && type.id != TypeId::kVarbyte && type.id != TypeId::kHllSketch;
}

/// Guide page c_Compression_encodings.
bool encoding_fits(std::string_view encoding, const Type& type) {
  const bool number = type.is_integer() || type.id == TypeId::kDecimal;
  const bool moment = type.id == TypeId::kDate || type.id == TypeId::kTimestamp || type.id == TypeId::kTimestampTz;
  const bool time = type.id == TypeId::kTime || type.id == TypeId::kTimeTz;
  const bool wide = type.id == TypeId::kInteger || type.id == TypeId::kBigint;
  if (encoding == "raw") return true;
  if (encoding == "az64") return number || moment || time;
  if (encoding == "bytedict") return number || type.is_float() || type.is_string() || moment;
  if (encoding == "delta") return type.id == TypeId::kSmallint || wide || moment || type.id == TypeId::kDecimal;
  if (encoding == "delta32k") return wide || moment || type.id == TypeId::kDecimal;
  if (encoding == "lzo")
    return number || type.is_string() || moment || type.id == TypeId::kSuper || type.id == TypeId::kVarbyte;
  if (encoding == "mostly8") return number;
  if (encoding == "mostly16") return wide || type.id == TypeId::kDecimal;
  if (encoding == "mostly32") return type.id == TypeId::kBigint || type.id == TypeId::kDecimal;
  if (encoding == "text255" || encoding == "text32k") return type.id == TypeId::kVarchar;
  const bool common = number || type.is_float() || type.is_string() || moment || type.id == TypeId::kBoolean;
  if (encoding == "runlength") return common;
  return common || type.id == TypeId::kSuper || type.id == TypeId::kVarbyte;  // zstd
}

ColumnDef* column_of(Relation& table, const sql::Name& name) {
  for (ColumnDef& column : table.columns) {
    if (column.name == name.text) return &column;
  }
  return nullptr;
}

}  // namespace

void check_key(const ColumnDef& column, std::string_view what, Span span) {
  if (can_be_key(column.type)) return;
  refuse(
      kFeatureNotSupported,
      "column \"" + column.name + "\" of type " + engine::to_string(column.type) + " cannot be a " + std::string(what),
      span);
}

void check_encoding(const std::string& encoding, const ColumnDef& column, Span span) {
  constexpr std::array<std::string_view, 13> kEncodings{"raw",     "az64",      "bytedict", "delta",    "delta32k",
                                                        "lzo",     "mostly8",   "mostly16", "mostly32", "text255",
                                                        "text32k", "runlength", "zstd"};
  if (std::ranges::find(kEncodings, encoding) == kEncodings.end()) {
    throw Error(kSyntaxError, "unknown encoding \"" + encoding + "\"")
        .hint(did_you_mean(similar_names(encoding, kEncodings)))
        .at(span.begin);
  }
  if (!encoding_fits(encoding, column.type)) {
    refuse(kInvalidColumnDefinition,
           "encoding " + encoding + " is not supported for column \"" + column.name + "\" of type " +
               engine::to_string(column.type),
           span);
  }
}

ColumnDef& key_column(Relation& table, const sql::Name& name) {
  if (ColumnDef* column = column_of(table, name)) return *column;
  std::vector<std::string_view> names;
  for (const ColumnDef& column : table.columns) names.push_back(column.name);
  throw Error(kUndefinedColumn, "column \"" + name.text + "\" named in key does not exist")
      .hint(did_you_mean(similar_names(name.text, names)))
      .at(name.span.begin);
}

void name_keys(sql::TableAttributes& attributes, const Relation& table) {
  if (!attributes.by_position) return;
  const auto name = [&](sql::Name& key) {
    const size_t number = std::stoul(key.text);
    if (number == 0 || number > table.columns.size())
      refuse(kInvalidColumnReference, "key position " + key.text + " is not in the select list", key.span);
    key.text = table.columns[number - 1].name;
  };
  if (attributes.dist_key) name(*attributes.dist_key);
  for (sql::Name& key : attributes.sort_keys) name(key);
  attributes.by_position = false;
}

}  // namespace garland::semantics
