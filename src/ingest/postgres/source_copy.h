// Whole tables of a source as they were at one position of its log: the snapshot that the making of a replication slot
// exports, and COPY under it.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "ingest/postgres/connection.h"
#include "ingest/postgres/messages.h"
#include "ingest/postgres/source_table.h"

namespace garland::ingest::postgres {

struct ExportedSnapshot {
  Lsn position = 0;  // it has what was committed before this
  std::string name;
};

enum class SlotKind {
  kLasting,
  kTemporary,  // gone with the connection
};

/// Makes a slot, which waits for all transactions that are running. The snapshot lives until the connection is used for
/// something else.
ExportedSnapshot create_slot(SourceConnection& replication, const std::string& slot, SlotKind kind);

/// The name of a temporary slot beside the source's own.
std::string passing_slot(const PostgresSource& source, std::string_view suffix);

/// A connection that sees the source as the snapshot does.
std::unique_ptr<SourceConnection> connect_to(const PostgresSource& source, const ExportedSnapshot& snapshot);

/// The table in a statement for the source. A partitioned table is read through its root; one that others inherit from,
/// alone.
std::string source_name(const SourceConnection& data, const SourceTable& table);

/// The rows of a table for which `condition` holds, its columns in their order.
std::string copy_sql(const SourceConnection& data, const SourceTable& table, const std::string& condition = "true");

/// The columns that the stream will send, as its first message would name them.
Relation relation_of(const SourceTable& table);

/// A whole table takes the columns as they are, whatever the stream may do to them later.
SourceTable evolving(SourceTable table);

/// The rows of one COPY in binary format, a CopyData message each. The connection must outlive it.
class CopyReader {
 public:
  CopyReader(SourceConnection& connection, const std::string& sql);

  /// The next row, valid until the next call; nullptr at the end. Throws 08006 when the source has been silent for too
  /// long, and what the source says.
  const Tuple* next();

 private:
  struct FreeBytes {
    void operator()(char* bytes) const { PQfreemem(bytes); }
  };
  void finish(int size);

  SourceConnection& connection_;
  std::unique_ptr<char, FreeBytes> bytes_;
  Tuple row_;
  bool first_ = true;
};

}  // namespace garland::ingest::postgres
