// Bulk append of batches to one table: the fastest way in.
#pragma once

#include <memory>
#include <span>
#include <string>

#include "duck/connection.h"
#include "engine/batch.h"

namespace garland::duck {

/// Appends in the connection's transaction (which must be open: without one every flush would commit). Used by the
/// connection's thread; between the first append and flush() nothing else may run on the connection. Many rows are
/// written by another thread while the caller makes the next ones, a few by flush(). What was not flushed when it is
/// destroyed is lost.
class Appender {
 public:
  /// `types`: the types of the batches' columns, one for each column of the table in its order. Knows the table only
  /// from the first append on.
  Appender(Connection& connection, const std::string& catalog, const std::string& table,
           std::span<const engine::Type> types);
  Appender(Appender&&) noexcept;
  ~Appender();

  /// At most kBatchRows rows. Strings must be UTF-8 (VARBYTE excepted): DuckDB does not check them again. May wait for
  /// DuckDB; Connection::interrupt() ends that with kInterrupted.
  void append(const engine::Batch& batch);
  void flush();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace garland::duck
