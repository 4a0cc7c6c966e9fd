// A reader of topics: librdkafka (its INTRODUCTION.md and CONFIGURATION.md), as little of it as is needed. The only
// file that includes it is kafka_client.cpp.
//
// Partitions are assigned by us, not by the group: one process owns the warehouse, so there is nobody to share them
// with, and no rebalance can take a partition away or give it twice. The group's offsets in Kafka are written for
// people and their tools to look at, and never read.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "ingest/events/kafka_source.h"
#include "ingest/events/kafka_tables.h"

namespace garland::ingest::events {

/// Borrowed while it is handled.
struct KafkaMessage {
  std::string_view topic;
  int32_t partition = 0;
  int64_t offset = 0;
  std::optional<std::string_view> key, payload;  // no payload: a tombstone
  std::optional<int64_t> sent_us;                // the message's timestamp
  std::vector<std::pair<std::string_view, std::string_view>> headers;
};

/// Used by one thread.
class KafkaClient {
 public:
  /// Does not wait for a broker. Throws F0000 for settings that librdkafka refuses, what read_secret() throws.
  explicit KafkaClient(const KafkaSource& source);
  ~KafkaClient();
  KafkaClient(const KafkaClient&) = delete;
  KafkaClient& operator=(const KafkaClient&) = delete;

  /// Those that the source's topics have now. Throws 08006 when no broker answers, 28P01 and 42501 for rights, 55000
  /// for a topic that is not there.
  std::vector<TopicPartition> partitions();
  struct Range {
    int64_t first = 0, end = 0;  // offsets that are there: from first, before end
  };
  Range range_of(const TopicPartition& partition);

  /// Reads these partitions from these offsets on; none before.
  void assign(const TopicOffsets& from);

  struct Handlers {
    std::function<void(const KafkaMessage&)> message;
    std::function<void(const TopicPartition&, int64_t offset)> end;  // of a partition, for now
  };
  enum class Read { kGood, kNothing, kLost /* a partition's offset is not there any more: assign() anew */ };
  /// Waits a moment for messages and handles some thousands at most. Throws what the brokers refuse; that they are away
  /// stands in down_since().
  Read read(const Handlers& handlers);
  /// Steady nanoseconds; nothing while a broker is there.
  std::optional<int64_t> down_since(int64_t now_ns);

  /// Tells Kafka how far the warehouse is. Does not wait.
  void tell(const TopicOffsets& next);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace garland::ingest::events
