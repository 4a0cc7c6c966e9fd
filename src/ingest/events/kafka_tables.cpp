#include "ingest/events/kafka_tables.h"

#include "ingest/files/tables.h"

namespace garland::ingest::events {
namespace {

using engine::Type;
using engine::TypeId;

constexpr const char* kTable = "ops.topic_offsets";
constexpr Type kBig = Type::of(TypeId::kBigint);
constexpr Type kMoment = Type::of(TypeId::kTimestamp);

}  // namespace

const std::vector<TableColumn>& kafka_columns() {
  static const std::vector<TableColumn> kColumns = {{"_key", Type::varchar(kMaxVarcharBytes)},
                                                    {"_headers", Type::of(TypeId::kSuper)},
                                                    {"_sent_at", kMoment},
                                                    {"_deleted", Type::of(TypeId::kBoolean)}};
  return kColumns;
}

const std::vector<TableColumn>& topic_offset_columns() {
  static const std::vector<TableColumn> kColumns = {{"source", Type::varchar(kMaxIdentifierBytes), true},
                                                    {"topic", Type::varchar(249), true},
                                                    {"partition_no", Type::of(TypeId::kInteger), true},
                                                    {"next_offset", kBig, true},
                                                    {"batch_id", kBig, true},
                                                    {"written_at", kMoment, true}};
  return kColumns;
}

void provide_tables(engine::Session& session, const KafkaSource& source) {
  create_ops_tables(session);
  create_table(session, kTable, topic_offset_columns());
  provide_raw_table(session, source.table);
}

TopicOffsets read_offsets(engine::Session& session, const std::string& source) {
  const engine::ParameterValue name = source;
  TopicOffsets next;
  for (const engine::TextRow& row :
       engine::query_text(session,
                          "select o.topic, o.partition_no, o.next_offset from ops.topic_offsets o join "
                          "(select topic, partition_no, max(batch_id) as batch_id from ops.topic_offsets "
                          "where source = $1 group by topic, partition_no) l on l.topic = o.topic and "
                          "l.partition_no = o.partition_no and l.batch_id = o.batch_id where o.source = $1",
                          {&name, 1})) {
    next[{row[0].value_or(""), number_in<int32_t>(row[1])}] = number_in(row[2]);
  }
  return next;
}

void write_offsets(engine::Session& session, const std::string& source, const TopicOffsets& next, int64_t batch_id,
                   int64_t now_us) {
  std::deque<engine::BatchBuilder> rows;
  for (const auto& [partition, offset] : next) {
    engine::BatchBuilder& row = open_batch(rows, topic_offset_columns());
    row.set_string(0, source);
    row.set_string(1, partition.topic);
    row.set<int32_t>(2, partition.number);
    row.set<int64_t>(3, offset);
    row.set<int64_t>(4, batch_id);
    row.set<int64_t>(5, now_us);
    row.end_row();
  }
  load_rows(session, kTable, topic_offset_columns(), rows);
}

std::vector<semantics::Relation> kafka_relations(const std::vector<KafkaSource>& sources) {
  std::vector<semantics::Relation> relations;
  for (const KafkaSource& source : sources) {
    relations.push_back(as_relation(source.table.schema, source.table.table, raw_columns(source.table)));
  }
  if (!sources.empty()) relations.push_back(as_relation("ops", "topic_offsets", topic_offset_columns()));
  return relations;
}

}  // namespace garland::ingest::events
