// A connection to DuckDB: one transaction and at most one live stream at a time.
#pragma once

#include <memory>
#include <span>
#include <string>

#include "duck/error.h"
#include "duck/result.h"
#include "duck/value.h"

struct _duckdb_connection;
struct _duckdb_prepared_statement;

namespace garland::duck {

class Database;
class TaskThreads;

/// A prepared statement. Outlives catalog changes (DuckDB plans again), but not changes of the rows that it reads: what
/// DuckDB knows of a table's values goes into its plan. Must not outlive its connection.
class Prepared {
 public:
  Prepared(Prepared&& other) noexcept;
  Prepared& operator=(Prepared&& other) noexcept;
  ~Prepared();

  /// Runs it with values[n - 1] for $n (numbers that the text does not mention are skipped) and streams the result.
  Result stream(std::span<const Value> values = {});
  /// Runs it to its end; the result is held in memory.
  Result run(std::span<const Value> values = {});

 private:
  friend class Connection;
  Prepared(_duckdb_prepared_statement* handle, TaskThreads* task_threads)
      : handle_(handle), task_threads_(task_threads) {}
  void number_parameters();
  void bind(std::span<const Value> values);
  _duckdb_prepared_statement* handle_;
  TaskThreads* task_threads_;
  std::vector<size_t> numbers_;  // by DuckDB's parameter index: the n of $n
};

/// Used by one thread at a time, except interrupt(). Must not outlive its database.
class Connection {
 public:
  Connection(Connection&& other) noexcept;
  Connection& operator=(Connection&& other) noexcept;
  ~Connection();

  /// One statement (or several, separated by semicolons), run to the end; the last one's rows are held in memory.
  Result query(const std::string& sql);
  Prepared prepare(const std::string& sql);
  /// From any thread: the statement that runs now fails with kInterrupted; without one nothing happens.
  void interrupt();
  _duckdb_connection* handle() const { return handle_; }
  /// Takes over a handle of DuckDB's.
  static Connection adopt(_duckdb_connection* handle) { return Connection(handle, nullptr); }

 private:
  friend class Database;
  Connection(_duckdb_connection* handle, TaskThreads* task_threads) : handle_(handle), task_threads_(task_threads) {}
  _duckdb_connection* handle_;
  TaskThreads* task_threads_;
};

}  // namespace garland::duck
