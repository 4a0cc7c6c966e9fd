// What the warehouse remembers of topics: ops.topic_offsets, one row for each partition that a batch moved, written in
// the transaction of its rows. Current: the row of the highest batch_id of a source, topic and partition. INSERT-only.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "engine/engine.h"
#include "ingest/events/kafka_source.h"
#include "semantics/catalog.h"

namespace garland::ingest::events {

/// What a message adds to its row: _key and _headers (bytes that are no UTF-8 as \x and hexadecimal digits; card
/// numbers masked, e-mail addresses too where the source has sensitive columns), _sent_at (its timestamp), _deleted (a
/// tombstone: the row has no other values).
const std::vector<TableColumn>& kafka_columns();
const std::vector<TableColumn>& topic_offset_columns();

/// Creates the tables that a source's messages go to where they are missing. Throws 42804 for a raw table with other
/// columns.
void provide_tables(engine::Session& session, const KafkaSource& source);

struct TopicPartition {
  std::string topic;
  int32_t number = 0;
  friend auto operator<=>(const TopicPartition&, const TopicPartition&) = default;
  std::string text() const { return topic + "/" + std::to_string(number); }
};
using TopicOffsets = std::map<TopicPartition, int64_t>;

/// The next offset of each partition that the warehouse has taken messages of.
TopicOffsets read_offsets(engine::Session& session, const std::string& source);
/// Inside a transaction, with no load open.
void write_offsets(engine::Session& session, const std::string& source, const TopicOffsets& next, int64_t batch_id,
                   int64_t now_us);

/// The raw tables of the sources and the state table, for checks without an engine.
std::vector<semantics::Relation> kafka_relations(const std::vector<KafkaSource>& sources);

}  // namespace garland::ingest::events
