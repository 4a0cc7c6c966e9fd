// What tells a table's rows apart: their key's values, or all of their values where the table has no key.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/batch.h"

namespace garland::ingest::postgres {

/// Whether its values are texts or bytes, std::string_view in a batch.
bool is_text(const engine::Type& type);

/// The value's bytes: its physical type's (engine/batch.h), or the text's. Nothing for NULL.
std::optional<std::string_view> value_bytes(const engine::Column& column, size_t row);

/// Appends a value, NULL too, in such a way that the bytes of two rows are equal just where all their values are.
void append_value(std::string& bytes, const engine::Column& column, size_t row);

class RowKey {
 public:
  /// `names` of the columns; `key`: the numbers of the key's, none where there is no key.
  RowKey(std::vector<std::string> names, std::vector<size_t> key) : names_(std::move(names)), key_(std::move(key)) {}

  bool keyless() const { return key_.empty(); }
  /// Equal for equal rows, exactly; without a key a hash. `columns`: as many as names, or more.
  std::string of(std::span<const engine::Column> columns, size_t row) const;

 private:
  std::vector<std::string> names_;
  std::vector<size_t> key_;
};

}  // namespace garland::ingest::postgres
