#include "ingest/postgres/row_image.h"

#include <cstring>

namespace garland::ingest::postgres {
namespace {

constexpr int32_t kNullLength = -1;
constexpr int32_t kUnchangedLength = -2;

bool is_string(const engine::Type& type) {
  return type.is_string() || type.id == engine::TypeId::kSuper || type.id == engine::TypeId::kVarbyte;
}

template <class T>
void set_fixed(engine::BatchBuilder& out, size_t column, std::string_view bytes) {
  T value;
  std::memcpy(&value, bytes.data(), sizeof value);
  out.set<T>(column, value);
}

}  // namespace

Field field_of(const engine::Column& column, size_t row) {
  if (column.is_null(row)) return {};
  if (is_string(column.type)) return {FieldState::kValue, column.values<std::string_view>()[row]};
  const size_t width = engine::value_width(column.type);
  return {FieldState::kValue, {static_cast<const char*>(column.data) + row * width, width}};
}

void RowImage::add(const Field& field) {
  int32_t length = static_cast<int32_t>(field.bytes.size());
  if (field.state == FieldState::kNull) length = kNullLength;
  if (field.state == FieldState::kUnchanged) length = kUnchangedLength;
  bytes_.append(reinterpret_cast<const char*>(&length), sizeof length);
  if (length > 0) bytes_.append(field.bytes);
}

void RowImage::add(const engine::Column& column, size_t row) { add(field_of(column, row)); }

std::vector<Field> RowImage::fields() const {
  std::vector<Field> fields;
  for (size_t at = 0; at < bytes_.size();) {
    int32_t length = 0;
    std::memcpy(&length, bytes_.data() + at, sizeof length);
    at += sizeof length;
    if (length == kNullLength) {
      fields.push_back({});
    } else if (length == kUnchangedLength) {
      fields.push_back({FieldState::kUnchanged, {}});
    } else {
      fields.push_back({FieldState::kValue, std::string_view(bytes_).substr(at, static_cast<size_t>(length))});
      at += static_cast<size_t>(length);
    }
  }
  return fields;
}

void set_field(engine::BatchBuilder& out, size_t column, const engine::Type& type, const Field& field) {
  if (field.state != FieldState::kValue) return out.set_null(column);
  if (is_string(type)) return out.set_string(column, field.bytes);
  switch (field.bytes.size()) {
    case 1:
      return set_fixed<uint8_t>(out, column, field.bytes);
    case 2:
      return set_fixed<int16_t>(out, column, field.bytes);
    case 4:
      return set_fixed<int32_t>(out, column, field.bytes);
    case 8:
      return set_fixed<int64_t>(out, column, field.bytes);
    default:
      return set_fixed<engine::int128>(out, column, field.bytes);
  }
}

}  // namespace garland::ingest::postgres
