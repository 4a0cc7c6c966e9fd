// One typed DuckDB value, for binding parameters.
#pragma once

#include <cstddef>
#include <vector>

#include "engine/batch.h"

struct _duckdb_value;

namespace garland::duck {

/// Owns its value. Movable. Not thread-safe.
class Value {
 public:
  /// NULL without a type.
  static Value null();
  /// The value of a batch's cell, in the DuckDB type of the column's type.
  static Value of(const engine::Column& column, size_t row);
  static Value text(std::string_view text);
  static Value bigint(int64_t value);
  /// A LIST of the element's DuckDB type.
  static Value list(const engine::Type& element, const std::vector<Value>& values);

  Value(Value&& other) noexcept;
  Value& operator=(Value&& other) noexcept;
  ~Value();
  _duckdb_value* handle() const { return handle_; }

 private:
  explicit Value(_duckdb_value* handle) : handle_(handle) {}
  _duckdb_value* handle_;
};

}  // namespace garland::duck
