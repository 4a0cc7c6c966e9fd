#include "endpoint/data_api/records.h"

#include <cmath>

#include "engine/text.h"

namespace garland::endpoint {

using engine::TypeId;

namespace {

bool is_finite(const engine::Column& column, size_t row) {
  return column.type.id == TypeId::kReal ? std::isfinite(column.values<float>()[row])
                                         : std::isfinite(column.values<double>()[row]);
}

void append_field(std::string& out, const engine::Column& column, size_t row) {
  if (column.is_null(row)) {
    out += R"({"isNull":true})";
    return;
  }
  std::string text;
  engine::append_text(text, column, row);
  switch (column.type.id) {
    case TypeId::kBoolean:
      out += text == "t" ? R"({"booleanValue":true})" : R"({"booleanValue":false})";
      return;
    case TypeId::kSmallint:
    case TypeId::kInteger:
    case TypeId::kBigint:
      out += R"({"longValue":)" + text + "}";
      return;
    case TypeId::kReal:
    case TypeId::kDouble:
      // AWS's JSON protocols have NaN and the infinities as strings.
      out += R"({"doubleValue":)" + (is_finite(column, row) ? text : "\"" + text + "\"") + "}";
      return;
    default:
      out += R"({"stringValue":)" + nlohmann::json(text).dump() + "}";
  }
}

int precision_of(const engine::Type& type) {
  switch (type.id) {
    case TypeId::kSmallint:
      return 5;
    case TypeId::kInteger:
      return 10;
    case TypeId::kBigint:
      return 19;
    case TypeId::kReal:
      return 8;
    case TypeId::kDouble:
      return 17;
    case TypeId::kDecimal:
      return type.precision;
    default:
      return type.length;
  }
}

}  // namespace

void append_json_record(std::string& out, const engine::Batch& batch, size_t row) {
  out += '[';
  for (size_t i = 0; i < batch.columns.size(); ++i) {
    if (i > 0) out += ',';
    append_field(out, batch.columns[i], row);
  }
  out += ']';
}

void append_csv_record(std::string& out, const engine::Batch& batch, size_t row) {
  for (size_t i = 0; i < batch.columns.size(); ++i) {
    if (i > 0) out += ',';
    if (batch.columns[i].is_null(row)) continue;
    std::string text;
    engine::append_text(text, batch.columns[i], row);
    if (!text.empty() && text.find_first_of(",\"\r\n") == std::string::npos) {
      out += text;
      continue;
    }
    out += '"';
    for (const char c : text) out.append(c == '"' ? "\"\"" : std::string(1, c));
    out += '"';
  }
  out += "\r\n";
}

nlohmann::json column_metadata(const engine::ResultColumn& column) {
  const engine::Type& type = column.type;
  const bool number = type.is_numeric();
  const engine::ColumnOrigin none;
  const engine::ColumnOrigin& origin = column.origin ? *column.origin : none;
  return {{"name", column.name},
          {"label", column.name},
          {"typeName", engine::typname(type)},
          {"nullable", origin.not_null ? 0 : 1},
          {"precision", precision_of(type)},
          {"scale", type.scale},
          {"length", type.length},
          {"isSigned", number},
          {"isCurrency", false},
          {"isCaseSensitive", type.is_string()},
          {"schemaName", origin.schema},
          {"tableName", origin.table},
          {"columnDefault", ""}};
}

}  // namespace garland::endpoint
