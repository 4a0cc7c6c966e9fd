#include "duck/parquet.h"

#include <cstdio>

#include "base/limits.h"
#include "duck/files.h"

namespace garland::duck {

using engine::Type;
using engine::TypeId;

namespace {

bool is_integer(const std::string& type) {
  return type.find("INT") != std::string::npos && type.find("INTERVAL") == std::string::npos;
}

}  // namespace

std::vector<ParquetColumn> parquet_columns(Connection& connection, const std::string& file) {
  Result rows = connection.query("SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM read_parquet(" +
                                 quoted_literal(file) + "))");
  std::vector<ParquetColumn> columns;
  while (const engine::Batch* batch = rows.fetch()) {
    for (size_t row = 0; row < batch->rows; ++row) {
      columns.push_back({std::string(batch->columns[0].values<std::string_view>()[row]),
                         std::string(batch->columns[1].values<std::string_view>()[row])});
    }
  }
  return columns;
}

bool is_nested(const std::string& type) {
  return type.ends_with("]") || type.starts_with("STRUCT") || type.starts_with("MAP");
}

bool parquet_fits(const std::string& from, const Type& to) {
  const bool text = from == "VARCHAR" || from == "BLOB" || from == "JSON" || from.starts_with("ENUM");
  switch (to.id) {
    case TypeId::kBoolean:
      return from == "BOOLEAN";
    case TypeId::kSmallint:
    case TypeId::kInteger:
    case TypeId::kBigint:
      return is_integer(from);
    case TypeId::kDecimal:
      return is_integer(from) || from.starts_with("DECIMAL");
    case TypeId::kReal:
    case TypeId::kDouble:
      return from == "FLOAT" || from == "DOUBLE";
    case TypeId::kChar:
    case TypeId::kVarchar:
      return text;
    case TypeId::kDate:
      return from == "DATE";
    case TypeId::kTimestamp:
    case TypeId::kTimestampTz:
      return from.starts_with("TIMESTAMP");
    case TypeId::kTime:
      return from == "TIME";
    case TypeId::kSuper:
      return text || is_nested(from);
    case TypeId::kVarbyte:
      return from == "BLOB";
    default:
      return text;
  }
}

Type type_for_parquet(const std::string& type) {
  if (is_nested(type) || type == "JSON") return Type::of(TypeId::kSuper);
  if (type == "BOOLEAN") return Type::of(TypeId::kBoolean);
  if (type == "TINYINT" || type == "SMALLINT" || type == "UTINYINT") return Type::of(TypeId::kSmallint);
  if (type == "INTEGER" || type == "USMALLINT") return Type::of(TypeId::kInteger);
  if (type == "BIGINT" || type == "UINTEGER") return Type::of(TypeId::kBigint);
  if (type == "UBIGINT") return Type::decimal(20, 0);
  if (type == "FLOAT") return Type::of(TypeId::kReal);
  if (type == "DOUBLE") return Type::of(TypeId::kDouble);
  if (type == "DATE") return Type::of(TypeId::kDate);
  if (type == "TIME") return Type::of(TypeId::kTime);
  if (type == "TIMESTAMP WITH TIME ZONE") return Type::of(TypeId::kTimestampTz);
  if (type.starts_with("TIMESTAMP")) return Type::of(TypeId::kTimestamp);
  if (type == "BLOB") return Type::varbyte(kMaxVarbyteBytes);
  int precision = 0, scale = 0;
  if (std::sscanf(type.c_str(), "DECIMAL(%d,%d)", &precision, &scale) == 2) return Type::decimal(precision, scale);
  return Type::varchar(kMaxVarcharBytes);
}

}  // namespace garland::duck
