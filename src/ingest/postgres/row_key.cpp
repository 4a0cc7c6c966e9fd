#include "ingest/postgres/row_key.h"

#include "ingest/files/content_hash.h"

namespace garland::ingest::postgres {
namespace {

constexpr int32_t kNullLength = -1;

}  // namespace

bool is_text(const engine::Type& type) {
  return type.is_string() || type.id == engine::TypeId::kSuper || type.id == engine::TypeId::kVarbyte;
}

std::optional<std::string_view> value_bytes(const engine::Column& column, size_t row) {
  if (column.is_null(row)) return std::nullopt;
  if (is_text(column.type)) return column.values<std::string_view>()[row];
  const size_t width = engine::value_width(column.type);
  return std::string_view(static_cast<const char*>(column.data) + row * width, width);
}

void append_value(std::string& bytes, const engine::Column& column, size_t row) {
  const auto value = value_bytes(column, row);
  const int32_t length = value ? static_cast<int32_t>(value->size()) : kNullLength;
  bytes.append(reinterpret_cast<const char*>(&length), sizeof length);
  if (value) bytes.append(*value);
}

std::string RowKey::of(std::span<const engine::Column> columns, size_t row) const {
  std::string text;
  if (!keyless()) {
    for (const size_t number : key_) append_value(text, columns[number], row);
    return text;
  }
  // Without its NULLs, so that a row keeps its hash when the table gets another column.
  for (size_t i = 0; i < names_.size(); ++i) {
    const auto value = value_bytes(columns[i], row);
    if (!value) continue;
    text += names_[i];
    text += '\0';
    text += std::to_string(value->size());
    text += ':';
    text += *value;
  }
  return content_hash(text);
}

}  // namespace garland::ingest::postgres
