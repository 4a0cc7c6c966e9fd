#include "ingest/events/kafka.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <mutex>
#include <set>

#include "base/log.h"
#include "engine/text.h"
#include "ingest/events/event_writer.h"
#include "ingest/events/kafka_client.h"
#include "ingest/events/kafka_tables.h"
#include "ingest/postgres/patience.h"
#include "ingest/sensitive/cards.h"
#include "net/digest.h"
#include "records/json_path.h"

namespace garland::ingest::events {
namespace {

constexpr uint64_t kBatchMessages = 50'000;
constexpr uint64_t kBatchBytes = 32u << 20;
constexpr int64_t kNsPerSecond = 1'000'000'000;
constexpr int64_t kBatchNs = kNsPerSecond;      // a message waits no longer for its commit
constexpr int64_t kLookNs = 60 * kNsPerSecond;  // for partitions that were added

/// Two consumers of one source would both begin where the warehouse stands.
class SoleConsumer {
 public:
  explicit SoleConsumer(const KafkaSource& source) : name_(source.name()) {
    const std::lock_guard lock(mutex());
    if (names().insert(name_).second) return;
    throw Error(kObjectInUse, fmt::format("source \"{}\" is being consumed by another command of this server", name_))
        .hint("its messages arrive by themselves");
  }
  ~SoleConsumer() {
    const std::lock_guard lock(mutex());
    names().erase(name_);
  }
  SoleConsumer(const SoleConsumer&) = delete;
  SoleConsumer& operator=(const SoleConsumer&) = delete;

 private:
  static std::mutex& mutex() {
    static std::mutex made;
    return made;
  }
  static std::set<std::string>& names() {
    static std::set<std::string> made;
    return made;
  }
  const std::string name_;
};

/// The key's and the headers' own text.
std::string text_of(std::string_view bytes, bool sensitive) {
  const bool text = engine::is_utf8(bytes) && bytes.find('\0') == std::string_view::npos;
  std::string shown = text ? std::string(bytes) : "\\x" + net::hex(bytes);
  mask_cards(shown);
  if (sensitive) mask_emails(shown);
  return shown;
}

std::string headers_json(const KafkaMessage& message, bool sensitive) {
  std::map<std::string, std::string> members;  // of several with one name the last
  for (const auto& [name, value] : message.headers) members[text_of(name, sensitive)] = text_of(value, sensitive);
  std::string json = "{";
  for (const auto& [name, value] : members) {
    if (json.size() > 1) json += ',';
    records::append_json_string(json, name);
    json += ':';
    records::append_json_string(json, value);
  }
  return json + "}";
}

class Consumption {
 public:
  Consumption(engine::Session& session, const KafkaSource& source, Vault* vault, const Clock& clock, ConsumeUntil until,
              const std::function<void(const KafkaProgress&)>& progress, const std::atomic<bool>& stop)
      : session_(session),
        source_(source),
        clock_(clock),
        until_(until),
        progress_(progress),
        stop_(stop),
        sole_(source),
        sensitive_(holds_sensitive(column_plans(source.table))),
        begun_ns_(clock.steady_ns()),
        writer_(provided(session, source), source.table, vault, clock),
        client_(source) {
    report_.source = source.name();
  }

  KafkaReport run() {
    begin_reading();
    while (!stop_ && !(until_ == ConsumeUntil::kCaughtUp && has_all())) step();
    commit();
    report_.stopped = until_ == ConsumeUntil::kCaughtUp && !has_all();
    report_.seconds = static_cast<double>(clock_.steady_ns() - begun_ns_) / kNsPerSecond;
    return std::move(report_);
  }

 private:
  static engine::Session& provided(engine::Session& session, const KafkaSource& source) {
    provide_tables(session, source);
    return session;
  }

  /// Brokers that are away are waited for.
  void begin_reading() {
    postgres::Patience patience(
        clock_, until_ == ConsumeUntil::kCaughtUp ? std::optional(source_.retry_s) : std::nullopt, stop_);
    while (!stop_) {
      try {
        return try_to_begin();
      } catch (const Error& error) {
        patience.pause(error);
      }
    }
  }

  void try_to_begin() {
    const TopicOffsets known = read_offsets(session_, source_.name());
    TopicOffsets from, fresh;
    for (const TopicPartition& partition : client_.partitions()) {
      const KafkaClient::Range range = client_.range_of(partition);
      const auto at = known.find(partition);
      if (at == known.end()) fresh[partition] = source_.start == KafkaStart::kLatest ? range.end : range.first;
      from[partition] = at == known.end() ? fresh[partition] : next_after(partition, at->second, range);
      target_.emplace(partition, range.end);
    }
    if (!fresh.empty()) {  // from now on they are known, also without a message
      moved_ = std::move(fresh);
      writer_.begin();
      commit();
    }
    next_ = from;
    client_.assign(from);
    looked_ns_ = clock_.steady_ns();
  }

  int64_t next_after(const TopicPartition& partition, int64_t next, const KafkaClient::Range& range) {
    if (next > range.end) {
      throw Error(kObjectNotInPrerequisiteState,
                  fmt::format("source \"{}\": {} ends at offset {}, the warehouse has it up to {}: the topic was made "
                              "anew, or its brokers lost messages",
                              source_.name(), partition.text(), range.end, next))
          .in(source_.table.place)
          .hint(fmt::format("to read it from the start: delete from ops.topic_offsets where source = '{}' and topic = "
                            "'{}'",
                            source_.name(), partition.topic));
    }
    if (next >= range.first) return next;
    report_.lost += static_cast<uint64_t>(range.first - next);
    report_.notices.push_back(
        fmt::format("{}: offsets {} to {} had expired before they were read (retention); it goes "
                    "on at {}",
                    partition.text(), next, range.first - 1, range.first));
    spdlog::warn("source \"{}\": {}", source_.name(), report_.notices.back());
    return range.first;
  }

  /// Nothing is waited for that was there when this began.
  bool has_all() const {
    return !target_.empty() && std::ranges::all_of(target_, [&](const auto& each) {
      const auto at = next_.find(each.first);
      return ended_.contains(each.first) || (at != next_.end() && at->second >= each.second);
    });
  }

  void step() {
    const KafkaClient::Handlers handlers{
        [&](const KafkaMessage& message) { take(message); },
        [&](const TopicPartition& partition, int64_t offset) {
          next_[partition] = std::max(next_[partition], offset);  // past what is no message: marks of transactions
          ended_.insert(partition);
        }};
    const KafkaClient::Read read = client_.read(handlers);
    const int64_t now = clock_.steady_ns();
    const bool old = writer_.is_open() && now - batch_begun_ns_ >= kBatchNs;
    const bool full = batch_messages_ >= kBatchMessages || batch_bytes_ >= kBatchBytes;
    if (read != KafkaClient::Read::kGood || old || full) commit();
    if (read == KafkaClient::Read::kLost || now - looked_ns_ >= kLookNs) begin_reading();
    if (now - shown_ns_ >= kNsPerSecond) show();
    give_up_when_down(now);
  }

  void give_up_when_down(int64_t now) {
    const auto since = client_.down_since(now);
    if (!since || until_ != ConsumeUntil::kCaughtUp || now - *since < source_.retry_s * kNsPerSecond) return;
    throw Error(kConnectionFailure,
                fmt::format("source \"{}\": no broker has answered for {} s", source_.name(), source_.retry_s))
        .in(source_.table.place)
        .hint(fmt::format("are the brokers up? {}", source_.brokers));
  }

  void take(const KafkaMessage& message) {
    const TopicPartition partition{std::string(message.topic), message.partition};
    if (message.offset < next_[partition]) return;  // fetched before the partition was assigned anew
    if (!writer_.is_open()) {
      writer_.begin();
      batch_begun_ns_ = clock_.steady_ns();
    }
    const std::string position = fmt::format("{}/{}/{}", message.topic, message.partition, message.offset);
    const std::string key = message.key ? text_of(*message.key, sensitive_) : "";
    if (key.size() > static_cast<size_t>(kMaxVarcharBytes)) {
      writer_.refuse({"_key", kStringDataRightTruncation, "the message's key is too long for a column"},
                     message.payload.value_or(""), position, 1);
    } else {
      const EventWriter::SetOwn set_own = [&](engine::BatchBuilder& row) {
        if (message.key) row.set_string(0, key);
        if (!message.headers.empty()) {
          const auto super = engine::Type::of(engine::TypeId::kSuper);
          static_cast<void>(engine::read_field(headers_json(message, sensitive_), super, row, 1));
        }
        if (message.sent_us) row.set<int64_t>(2, *message.sent_us);
        row.set<uint8_t>(3, !message.payload.has_value());
      };
      message.payload ? static_cast<void>(writer_.add(*message.payload, position, 1, set_own))
                      : writer_.add_empty(position, set_own);
    }
    next_[partition] = moved_[partition] = message.offset + 1;
    ended_.erase(partition);
    ++batch_messages_;
    batch_bytes_ += message.payload.value_or("").size() + key.size();
  }

  void commit() {
    if (!writer_.is_open()) return;
    const EventCounts counts = writer_.counts();
    writer_.close_loads();
    write_offsets(session_, source_.name(), moved_, writer_.batch_id(), clock_.now_us());
    writer_.commit(fmt::format("{}", fmt::join(source_.topics, ", ")));
    client_.tell(moved_);
    report_.messages += std::exchange(batch_messages_, 0);
    report_.rows += counts.rows;
    report_.rejected += counts.rejected;
    ++report_.batches;
    batch_bytes_ = 0;
    moved_.clear();
    show();
  }

  void show() {
    shown_ns_ = clock_.steady_ns();
    KafkaProgress shown;
    shown.messages = report_.messages;
    for (const auto& [partition, offset] : next_) {
      const auto target = target_.find(partition);
      if (target != target_.end() && target->second > offset) {
        shown.behind += static_cast<uint64_t>(target->second - offset);
      }
    }
    if (progress_) progress_(shown);
  }

  engine::Session& session_;
  const KafkaSource& source_;
  const Clock& clock_;
  const ConsumeUntil until_;
  const std::function<void(const KafkaProgress&)>& progress_;
  const std::atomic<bool>& stop_;
  const SoleConsumer sole_;
  const bool sensitive_;
  const int64_t begun_ns_;
  EventWriter writer_;
  KafkaClient client_;
  KafkaReport report_;
  TopicOffsets target_;             // where partitions ended when they were first seen
  TopicOffsets next_;               // to be read
  TopicOffsets moved_;              // of those, what the open batch changed
  std::set<TopicPartition> ended_;  // read to the end, as it was
  uint64_t batch_messages_ = 0, batch_bytes_ = 0;
  int64_t batch_begun_ns_ = 0, looked_ns_ = 0, shown_ns_ = 0;
};

}  // namespace

KafkaReport consume(engine::Session& session, const KafkaSource& source, Vault* vault, const Clock& clock,
                    ConsumeUntil until, const std::function<void(const KafkaProgress&)>& progress,
                    const std::atomic<bool>& stop) {
  return Consumption(session, source, vault, clock, until, progress, stop).run();
}

}  // namespace garland::ingest::events
