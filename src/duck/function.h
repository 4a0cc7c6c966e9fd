// Scalar functions of our own inside DuckDB.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "duck/connection.h"
#include "engine/batch.h"

namespace garland::duck {

/// Where a function puts its results; every row must be set.
class ResultWriter {
 public:
  /// T is the physical type of the function's result (engine/batch.h).
  template <class T>
  void set(size_t row, T value) {
    static_cast<T*>(data_)[row] = value;
  }
  /// The text is copied; it must be UTF-8 unless the result is VARBYTE.
  void set_string(size_t row, std::string_view value);
  void set_null(size_t row);
  /// The row's elements, copied; for functions whose result is a list of strings. Rows in order.
  void set_list(size_t row, std::span<const std::string> elements);

 private:
  friend struct FunctionCall;
  friend struct AggregateCall;
  ResultWriter(void* vector, void* data) : vector_(vector), data_(data) {}
  void* vector_;
  void* data_;
  bool has_nulls_ = false;
  size_t list_elements_ = 0;
};

struct ScalarFunction {
  std::string name;
  /// A decimal type stands for exactly that precision and scale. VARCHAR's length means nothing here. kUnknown takes
  /// any type, without a cast: the batch's column has the type of the call.
  std::vector<engine::Type> arguments;
  engine::Type result;
  /// The result is a LIST of `result`, which is VARCHAR then; NULL arguments give NULL.
  bool lists = false;
  /// Gets the arguments of up to kBatchRows rows. Called by many threads at once. What it throws (std::exception) fails
  /// the statement with what() as DuckDB's error text.
  std::function<void(const engine::Batch& arguments, ResultWriter& out)> call;
  /// When false a NULL argument gives NULL and such rows' results are ignored (the call still sees them: check is_null
  /// where a garbage value could raise). When true the call handles NULLs.
  bool sees_nulls = false;
  /// When true it is called for every row, never folded or called once for equal arguments.
  bool is_volatile = false;
};

/// Makes the function known to all connections of the database. Functions of one name and different arguments are
/// overloads, which must be registered by one call.
void register_functions(Connection& connection, const std::vector<ScalarFunction>& overloads);

}  // namespace garland::duck
