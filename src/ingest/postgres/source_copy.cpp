#include "ingest/postgres/source_copy.h"

#include <fmt/format.h>

#include "ingest/postgres/wire_reader.h"

namespace garland::ingest::postgres {
namespace {

// PostgreSQL documentation, COPY, "Binary Format": signature, flags, length of the header's extension.
constexpr std::string_view kSignature("PGCOPY\n\377\r\n\0", 11);

/// Making a slot waits for all transactions that are running.
constexpr int kSlotMs = 3'600'000;
constexpr size_t kSlotNameBytes = 63;

void read_header(WireReader& reader) {
  if (reader.bytes(static_cast<int64_t>(kSignature.size())) != kSignature) throw reader.malformed("no signature");
  reader.number<uint32_t>();
  const auto extension = reader.number<int32_t>();
  reader.bytes(extension);
}

void read_row(WireReader& reader, int count, Tuple& row) {
  row.clear();
  for (int i = 0; i < count; ++i) {
    const auto length = reader.number<int32_t>();
    row.push_back(length == -1 ? Value{} : Value{ValueKind::kBinary, reader.bytes(length)});
  }
  reader.finish();
}

}  // namespace

ExportedSnapshot create_slot(SourceConnection& replication, const std::string& slot, SlotKind kind) {
  const auto rows =
      replication.query(fmt::format("CREATE_REPLICATION_SLOT {} {}LOGICAL pgoutput (SNAPSHOT 'export')",
                                    replication.identifier(slot), kind == SlotKind::kTemporary ? "TEMPORARY " : ""),
                        {}, kSlotMs);
  return {read_lsn(rows.at(0).at(1).value_or("")).value_or(0), rows.at(0).at(2).value_or("")};
}

std::string passing_slot(const PostgresSource& source, std::string_view suffix) {
  return source.slot.substr(0, kSlotNameBytes - suffix.size()) + std::string(suffix);
}

std::unique_ptr<SourceConnection> connect_to(const PostgresSource& source, const ExportedSnapshot& snapshot) {
  auto data = std::make_unique<SourceConnection>(source, SourceConnection::Use::kQueries);
  data->query("SET statement_timeout = 0");
  data->query("SET idle_in_transaction_session_timeout = 0");
  data->query("SET row_security = off");  // an error, rather than some of the rows
  data->query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
  data->query("SET TRANSACTION SNAPSHOT " + data->literal(snapshot.name));
  return data;
}

std::string source_name(const SourceConnection& data, const SourceTable& table) {
  return fmt::format("{}{}.{}", table.partitioned ? "" : "ONLY ", data.identifier(table.configured.schema),
                     data.identifier(table.configured.name));
}

std::string copy_sql(const SourceConnection& data, const SourceTable& table, const std::string& condition) {
  std::string columns;
  for (const CatalogColumn& column : table.columns) {
    columns += (columns.empty() ? "" : ", ") + data.identifier(column.name);
  }
  return fmt::format("COPY (SELECT {} FROM {} WHERE {}) TO STDOUT (FORMAT binary)", columns, source_name(data, table),
                     condition);
}

Relation relation_of(const SourceTable& table) {
  Relation relation;
  relation.id = table.oid;
  relation.schema = table.configured.schema;
  relation.name = table.configured.name;
  relation.replica_identity = table.keyless ? 'f' : 'd';
  for (const CatalogColumn& column : table.columns) {
    relation.columns.push_back({column.key, column.name, column.type, column.typmod});
  }
  return relation;
}

SourceTable evolving(SourceTable table) {
  table.configured.drift = Drift::kEvolve;
  return table;
}

CopyReader::CopyReader(SourceConnection& connection, const std::string& sql) : connection_(connection) {
  connection.begin_copy(sql);
}

const Tuple* CopyReader::next() {
  while (true) {
    char* bytes = nullptr;
    const int size = PQgetCopyData(connection_.get(), &bytes, 1);
    bytes_.reset(bytes);
    if (size < 0) {
      finish(size);
      return nullptr;
    }
    if (size == 0) {
      if (connection_.wait(SourceConnection::kSilenceMs)) continue;
      throw Error(kConnectionFailure, "the source has been silent for half a minute");
    }
    WireReader reader({bytes, static_cast<size_t>(size)}, "COPY row");
    if (first_) read_header(reader);
    first_ = false;
    if (reader.rest().empty()) continue;
    const auto count = reader.number<int16_t>();
    if (count < 0) continue;  // the end of the rows
    read_row(reader, count, row_);
    return &row_;
  }
}

void CopyReader::finish(int size) {
  const Result result(PQgetResult(connection_.get()));
  if (size == -2 || PQresultStatus(result.get()) != PGRES_COMMAND_OK) throw connection_.error_of(result.get());
  while (const Result rest{PQgetResult(connection_.get())}) {
  }
}

}  // namespace garland::ingest::postgres
