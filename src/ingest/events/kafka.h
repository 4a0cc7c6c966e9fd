// Consuming topics: each message is a row of the source's raw table, exactly once, whatever is killed or cut in
// between.
//
// Where a partition is read from stands in ops.topic_offsets, written in the transaction of the rows; Kafka's own
// offsets of the group are told afterwards and never read. A message that is no row of the table goes to ops.rejects,
// one without a value (a tombstone) is a row with _deleted. _position is topic/partition/offset.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "engine/engine.h"
#include "ingest/events/kafka_source.h"
#include "ingest/sensitive/vault.h"

namespace garland::ingest::events {

struct KafkaReport {
  std::string source;
  uint64_t messages = 0, rows = 0, rejected = 0, batches = 0;
  uint64_t lost = 0;  // offsets that Kafka had deleted before they were read
  double seconds = 0;
  bool stopped = false;              // by the stop flag, before it had caught up
  std::vector<std::string> notices;  // what people should know: messages that are lost
};

struct KafkaProgress {
  uint64_t messages = 0;  // in the warehouse
  uint64_t behind = 0;    // of those that were there when this began, the ones to come
};

/// How long to go on.
enum class ConsumeUntil {
  kCaughtUp,  // until the warehouse has what was in the topics when this began
  kStopped,   // until `stop`
};

/// `progress` is called after each batch and about each second, on this thread. `session` must be idle; `vault` may be
/// null where the source has no sensitive columns. `stop` set: what was read is committed, then it returns. Throws what
/// keeps it from going on: 55000 a topic that is not there or was made anew, 55006 another part of this process
/// consumes the source, 28P01 and 42501 its rights, 08006 when no broker answers for longer than retry_s (kStopped: it
/// waits on), 42804 a raw table with other columns.
KafkaReport consume(engine::Session& session, const KafkaSource& source, Vault* vault, const Clock& clock,
                    ConsumeUntil until, const std::function<void(const KafkaProgress&)>& progress,
                    const std::atomic<bool>& stop);

}  // namespace garland::ingest::events
