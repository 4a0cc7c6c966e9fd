// Cursors of the embedded engine.
#pragma once

#include <exception>
#include <memory>
#include <optional>

#include "duck/connection.h"
#include "embedded/context.h"
#include "embedded/spool.h"
#include "engine/engine.h"

namespace garland::embedded {

class SqlSession;

/// A query's rows: from DuckDB's stream while nothing else runs, then from a spool.
class QueryCursor : public engine::Cursor {
 public:
  /// `prepared` is kept as long as the stream.
  QueryCursor(SqlSession& session, PlanPtr plan, std::shared_ptr<duck::Prepared> prepared, duck::Result result);
  ~QueryCursor() override;

  const std::vector<engine::ResultColumn>& columns() const override { return plan_->columns; }
  const engine::Batch* fetch() override;
  std::string command_tag() const override { return "SELECT"; }
  uint64_t row_count() const override { return rows_; }

  /// For the session: the stream's next rows; errors are DuckError.
  const engine::Batch* next_of_stream() { return result_->fetch(); }
  /// The rest goes into the spool. An error is kept for the next fetch() and thrown too.
  void drain();
  /// The stream is over: the session let go of this cursor.
  void detach();
  void keep_error(std::exception_ptr error) { error_ = std::move(error); }

 private:
  SqlSession& session_;
  PlanPtr plan_;
  std::shared_ptr<duck::Prepared> prepared_;
  std::optional<duck::Result> result_;
  bool live_ = true;
  bool spooled_ = false;
  Spool spool_;
  std::exception_ptr error_;
  uint64_t rows_ = 0;
};

/// The outcome of a statement that is complete, with rows that are already there (SHOW) or none.
class FinishedCursor : public engine::Cursor {
 public:
  explicit FinishedCursor(Outcome outcome) : outcome_(std::move(outcome)) {}
  FinishedCursor(Outcome outcome, std::vector<engine::ResultColumn> columns, engine::BatchBuilder rows)
      : outcome_(std::move(outcome)), columns_(std::move(columns)), rows_(std::move(rows)) {}

  const std::vector<engine::ResultColumn>& columns() const override { return columns_; }
  const engine::Batch* fetch() override;
  std::string command_tag() const override { return outcome_.tag; }
  uint64_t row_count() const override { return outcome_.rows; }

 private:
  Outcome outcome_;
  std::vector<engine::ResultColumn> columns_;
  std::optional<engine::BatchBuilder> rows_;
};

}  // namespace garland::embedded
