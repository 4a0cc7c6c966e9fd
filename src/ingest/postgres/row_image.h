// A row's values packed one after the other, so that rows can be kept by the hundred thousand: each value as the bytes
// of its column's physical type (engine/batch.h), or NULL, or "as before" for a large value that a change left out.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/batch.h"

namespace garland::ingest::postgres {

enum class FieldState : uint8_t { kNull, kUnchanged, kValue };

/// Points into the image it was read from.
struct Field {
  FieldState state = FieldState::kNull;
  std::string_view bytes;
};

class RowImage {
 public:
  RowImage() = default;
  /// Of another image's text().
  explicit RowImage(std::string text) : bytes_(std::move(text)) {}
  void add(const Field& field);
  /// The row's value of a batch's column.
  void add(const engine::Column& column, size_t row);
  /// Its bytes: equal for equal rows.
  const std::string& text() const { return bytes_; }
  /// The fields in their order; valid as long as the image is unchanged.
  std::vector<Field> fields() const;

 private:
  std::string bytes_;
};

/// The same for one value.
Field field_of(const engine::Column& column, size_t row);

/// Sets a column of the row being built; NULL for what is no value.
void set_field(engine::BatchBuilder& out, size_t column, const engine::Type& type, const Field& field);

}  // namespace garland::ingest::postgres
