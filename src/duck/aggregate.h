// Aggregate functions of our own inside DuckDB.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "duck/connection.h"
#include "duck/function.h"
#include "engine/batch.h"

namespace garland::duck {

/// What one group has gathered. Made when the group's first value comes; used by one thread at a time. It lives outside
/// of DuckDB's own memory: keep it small and bounded.
class Aggregate {
 public:
  virtual ~Aggregate() = default;
  /// One row; NULLs come too.
  virtual void add(const engine::Batch& arguments, size_t row) = 0;
  /// `other` is of the same class; it is not used afterwards.
  virtual void merge(const Aggregate& other) = 0;
  /// Writes the group's result.
  virtual void finish(ResultWriter& out, size_t row) const = 0;
};

/// What `make`, add(), merge() and finish() throw (std::exception) fails the statement with what() as DuckDB's text.
struct AggregateFunction {
  std::string name;
  /// As in ScalarFunction.
  std::vector<engine::Type> arguments;
  engine::Type result;
  std::function<std::unique_ptr<Aggregate>()> make;
};

/// Makes the function known to all connections of the database; its name has one overload.
void register_aggregate(Connection& connection, const AggregateFunction& function);

}  // namespace garland::duck
