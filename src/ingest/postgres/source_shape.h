// How a captured table lies in the source at this moment: how large it is, and what would tell that it lies otherwise
// later.
#pragma once

#include <cstdint>
#include <string>

#include "ingest/postgres/connection.h"
#include "ingest/postgres/source_table.h"

namespace garland::ingest::postgres {

struct SourceShape {
  /// A hash: of the table's columns, keys, partitions and their files at the source, and of what becomes of its columns
  /// here. Equal before and after, a row that no change in the log names still lies where it lay: only what rewrites
  /// the table moves it, and gives it another file (VACUUM FULL, CLUSTER, TRUNCATE, some ALTER TABLE; PostgreSQL
  /// documentation, pg_relation_filenode).
  std::string hash;
  int64_t pages = 0;       // of the largest partition; of a table without partitions: its own
  int64_t partitions = 1;  // with rows of their own
  /// Its keys find its rows, in files of this server.
  bool can_be_followed = true;
};

/// Keeps the table from being rewritten until the connection's transaction ends (LOCK … IN ACCESS SHARE MODE, as
/// pg_dump does), which waits for those who do now.
void keep_in_place(SourceConnection& connection, const SourceTable& table);

SourceShape read_shape(SourceConnection& connection, const SourceTable& table);

}  // namespace garland::ingest::postgres
