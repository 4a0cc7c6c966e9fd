// Rows of one captured table that a COPY at the source gives, on their way into a table of the warehouse.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ingest/postgres/applier.h"
#include "ingest/postgres/source_copy.h"
#include "ingest/postgres/table_writer.h"

namespace garland::ingest::postgres {

/// Lives inside the session's open transaction; rejects and originals go to `batch`, which must outlive it. In memory
/// are one batch of rows (engine::kBatchRows) and what RejectWriter and OriginalWriter hold.
class RangeCopy {
 public:
  /// `table`: of the source, with the warehouse's table as its target. `position`: of the source's snapshot.
  RangeCopy(const CaptureContext& context, engine::Session& session, const SourceTable& table, Lsn position,
            const BatchContext& batch);

  /// `sql`: of copy_sql(). `progress` gets rows since the last call, now and then; what it throws ends the copy. Gives
  /// the number of rows.
  uint64_t run(SourceConnection& data, const std::string& sql, const std::function<void(uint64_t)>& progress);

  TableWriter& writer() { return writer_; }

 private:
  void add(const Tuple& tuple);
  void make_room();
  void write();
  void set_keys();

  engine::Session& session_;
  const PostgresSource& source_;
  const SourceTable& table_;
  const BatchContext& batch_;
  ChangePlace place_;
  const std::string position_;
  TableWriter writer_;
  DecodedRows rows_;
  std::vector<std::string> names_;
  std::optional<RowKey> row_key_;  // of rows without a key
  std::unique_ptr<engine::Load> load_;
  uint64_t written_ = 0;

  engine::Batch out_;  // the decoded columns and those below, the same in every row but for the keys
  std::vector<engine::Column> own_;
  std::vector<std::string> key_texts_;
  std::vector<std::string_view> keys_, sources_, positions_;
  std::vector<uint8_t> stale_;
  std::vector<int64_t> batch_ids_, loaded_ats_;
};

}  // namespace garland::ingest::postgres
