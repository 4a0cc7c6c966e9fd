// engine::Load over a table of the warehouse.
#pragma once

#include "embedded/session.h"
#include "embedded/table_writer.h"

namespace garland::embedded {

/// Outside a block it is a transaction of its own. The session runs nothing else until it ends. Inside a block, giving
/// it up (destruction without finish()) fails the block's transaction: DuckDB has no savepoints.
class TableLoad : public engine::Load {
 public:
  /// The session's transaction has started and holds the table's lock. Throws 42703, 42701.
  TableLoad(SqlSession& session, const semantics::Relation& table, const std::vector<std::string>& columns);
  ~TableLoad() override;

  void append(const engine::Batch& batch) override;
  uint64_t finish() override;

 private:
  void require_open() const;

  SqlSession& session_;
  uint64_t transaction_;  // its number: the load cannot outlive it
  std::unique_ptr<TableWriter> writer_;
  uint64_t rows_ = 0;
};

}  // namespace garland::embedded
