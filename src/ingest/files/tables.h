// The tables that loading files writes: a source's raw table, ops.batches and ops.rejects. What they hold, and that
// they exist.
#pragma once

#include <string>
#include <vector>

#include "base/clock.h"
#include "engine/engine.h"
#include "ingest/files/config.h"
#include "ingest/table.h"

namespace garland::ingest {

/// _source, _position, _batch_id, _loaded_at: the last columns of every raw table.
const std::vector<TableColumn>& provenance_columns();
/// One row a delivery of a file: current is the row of the highest batch_id of a source and path. status: loaded,
/// replaced (both stand for rows of this batch_id), duplicate, refused; `began` marks a raw table's beginning, before
/// which nothing counts.
const std::vector<TableColumn>& batch_columns();
/// One row a refused record, or a part of one longer than VARBYTE holds; line 0: the file as a whole. Card numbers in
/// payloads are masked; a payload with a payload_key is sealed under that key of the vault.
const std::vector<TableColumn>& reject_columns();
/// The header's record of a file with refused records, without which they could not be read again.
const std::vector<TableColumn>& reject_header_columns();
/// What became of rejects: replayed, dropped.
const std::vector<TableColumn>& reject_event_columns();

/// What a batch that is no file says of itself.
struct SourceBatch {
  int64_t id = 0;
  std::string source;  // its name
  std::string target;  // the raw table: schema.table
  std::string status;
  std::string path;  // where its rows came from
  uint64_t rows = 0, rejected = 0;
  int64_t started_us = 0;
};
/// Its row in ops.batches; no load of the session may be open.
void write_batch(engine::Session& session, const SourceBatch& batch, const Clock& clock);

std::vector<TableColumn> raw_columns(const FileSource& source);

/// `schema.table`, quoted where SQL needs it.
std::string raw_table(const FileSource& source);

/// Creates schema ops and its tables where they are missing.
void create_ops_tables(engine::Session& session);

/// True when the raw table exists and has the source's columns; false when there is none. Throws 42804 when it has
/// others; columns that headers have brought are no others unless drift is kQuarantine.
bool check_raw_table(engine::Session& session, const FileSource& source);
void create_raw_table(engine::Session& session, const FileSource& source);

}  // namespace garland::ingest
