#include "ingest/events/webhook_tables.h"

#include "ingest/files/tables.h"

namespace garland::ingest::events {
namespace {

using engine::Type;
using engine::TypeId;

constexpr const char* kTable = "ops.event_requests";
constexpr Type kBig = Type::of(TypeId::kBigint);

}  // namespace

const std::vector<TableColumn>& event_request_columns() {
  static const std::vector<TableColumn> kColumns = {{"source", Type::varchar(kMaxIdentifierBytes), true},
                                                    {"request_key", Type::varchar(128), true},
                                                    {"body_hash", Type::varchar(64), true},  // SHA-256
                                                    {"batch_id", kBig, true},
                                                    {"accepted", kBig, true},
                                                    {"rejected", kBig, true},
                                                    {"received_at", Type::of(TypeId::kTimestamp), true}};
  return kColumns;
}

void provide_tables(engine::Session& session, const WebhookSource& source) {
  create_ops_tables(session);
  create_table(session, kTable, event_request_columns());
  provide_raw_table(session, source.table);
}

void read_requests(engine::Session& session, const std::string& source, int64_t from_us,
                   const std::function<void(RequestRow)>& row) {
  const auto statement = session.prepare(
      "select request_key, body_hash, batch_id, accepted, rejected, received_at from ops.event_requests "
      "where source = $1 and received_at >= $2 order by received_at",
      std::vector<Type>{Type::varchar(kMaxIdentifierBytes), Type::of(TypeId::kTimestamp)});
  const engine::ParameterValue values[] = {source, moment_text(from_us)};
  const auto cursor = statement->execute(values);
  while (const engine::Batch* batch = cursor->fetch()) {
    const auto number = [&](size_t column, size_t at) { return batch->columns[column].values<int64_t>()[at]; };
    const auto text = [&](size_t column, size_t at) {
      return std::string(batch->columns[column].values<std::string_view>()[at]);
    };
    for (size_t i = 0; i < batch->rows; ++i) {
      row({text(0, i), text(1, i), number(2, i), static_cast<uint64_t>(number(3, i)),
           static_cast<uint64_t>(number(4, i)), number(5, i)});
    }
  }
}

void write_requests(engine::Session& session, const std::string& source, const std::vector<RequestRow>& requests) {
  std::deque<engine::BatchBuilder> rows;
  for (const RequestRow& request : requests) {
    engine::BatchBuilder& row = open_batch(rows, event_request_columns());
    row.set_string(0, source);
    row.set_string(1, request.key);
    row.set_string(2, request.body_hash);
    row.set<int64_t>(3, request.batch_id);
    row.set<int64_t>(4, static_cast<int64_t>(request.accepted));
    row.set<int64_t>(5, static_cast<int64_t>(request.rejected));
    row.set<int64_t>(6, request.received_us);
    row.end_row();
  }
  load_rows(session, kTable, event_request_columns(), rows);
}

std::vector<semantics::Relation> webhook_relations(const std::vector<WebhookSource>& sources) {
  std::vector<semantics::Relation> relations;
  for (const WebhookSource& source : sources) {
    relations.push_back(as_relation(source.table.schema, source.table.table, raw_columns(source.table)));
  }
  if (!sources.empty()) relations.push_back(as_relation("ops", "event_requests", event_request_columns()));
  return relations;
}

}  // namespace garland::ingest::events
