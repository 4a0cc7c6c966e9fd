// Rows that DuckDB returns, as engine batches.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "engine/batch.h"

namespace garland::duck {

/// A stream of rows. Reads ahead at most one chunk. A second statement on the same connection ends it: fetch() then
/// throws. Used by one thread at a time; must not outlive its connection.
class Result {
 public:
  Result(Result&&) noexcept;
  Result& operator=(Result&&) noexcept;
  ~Result();

  size_t column_count() const;
  /// The columns' types by DuckDB's own description; VARCHAR without a length for text, kUnknown for types that
  /// Redshift lacks.
  const std::vector<engine::Type>& types() const;
  /// Says which types the batches shall have. Integers and decimals are widened or, checked, narrowed; text types, and
  /// types of one physical form, are taken as they are. Throws DuckError when a column cannot be given as asked. Call
  /// it before the first fetch.
  void expect(std::span<const engine::Type> types);
  /// The next rows, borrowed until the next call, or nullptr at the end. Throws DuckError, also for a closed stream.
  const engine::Batch* fetch();
  /// The batch that fetch() gave last stays valid, with its pointer, until the next hold() or destruction.
  void hold();
  /// Rows changed by INSERT, UPDATE or DELETE.
  uint64_t rows_changed();

 private:
  friend class Connection;
  friend class Prepared;
  struct State;
  explicit Result(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace garland::duck
