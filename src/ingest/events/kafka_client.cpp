#include "ingest/events/kafka_client.h"

#include <fmt/format.h>
#include <librdkafka/rdkafka.h>

#include <array>

#include "base/log.h"

namespace garland::ingest::events {
namespace {

constexpr int kAnswerMs = 10'000;  // a broker's, to a question
constexpr int kReadMs = 100;       // how long a read gathers messages
constexpr size_t kReadCount = 5'000;
constexpr size_t kErrorBytes = 512;

using Topics = std::unique_ptr<rd_kafka_topic_partition_list_t, decltype(&rd_kafka_topic_partition_list_destroy)>;

SqlState state_of(rd_kafka_resp_err_t code) {
  switch (code) {
    case RD_KAFKA_RESP_ERR__AUTHENTICATION:
    case RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED:
      return kInvalidPassword;
    case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED:
      return kInsufficientPrivilege;
    case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
    case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
    case RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION:
      return kObjectNotInPrerequisiteState;
    default:
      return kConnectionFailure;
  }
}

Error error_of(const KafkaSource& source, rd_kafka_resp_err_t code, const std::string& about) {
  Error error(state_of(code), fmt::format("source \"{}\": {}: {}", source.name(), about, rd_kafka_err2str(code)));
  error.in(source.table.place);
  if (error.state() == kInvalidPassword) return std::move(error.hint("check user, password and mechanism"));
  if (error.state() == kInsufficientPrivilege) {
    return std::move(
        error.hint(fmt::format("let the user read and describe the topic, and read the group {}", source.group)));
  }
  if (error.state() == kConnectionFailure)
    return std::move(error.hint(fmt::format("are the brokers up? {}", source.brokers)));
  return error;
}

/// Never with the setting's value, which may be a secret.
void set(const KafkaSource& source, rd_kafka_conf_t* settings, const char* name, const std::string& value) {
  std::array<char, kErrorBytes> ignored{};
  if (rd_kafka_conf_set(settings, name, value.c_str(), ignored.data(), ignored.size()) == RD_KAFKA_CONF_OK) return;
  throw Error(kConfigFileError, fmt::format("source \"{}\": librdkafka does not take its {}", source.name(), name))
      .in(source.table.place);
}

void set_security(const KafkaSource& source, rd_kafka_conf_t* settings) {
  set(source, settings, "security.protocol", source.security);
  if (!source.ca_file.empty()) set(source, settings, "ssl.ca.location", source.ca_file.string());
  if (!source.certificate_file.empty()) {
    set(source, settings, "ssl.certificate.location", source.certificate_file.string());
  }
  if (!source.key_file.empty()) set(source, settings, "ssl.key.location", source.key_file.string());
  if (source.mechanism.empty()) return;
  set(source, settings, "sasl.mechanisms", source.mechanism);
  set(source, settings, "sasl.username", source.user);
  set(source, settings, "sasl.password", read_secret(*source.password));
}

void set_reading(const KafkaSource& source, rd_kafka_conf_t* settings) {
  set(source, settings, "bootstrap.servers", source.brokers);
  set(source, settings, "group.id", source.group);
  set(source, settings, "client.id", "garland");
  set(source, settings, "enable.auto.commit", "false");
  set(source, settings, "enable.auto.offset.store", "false");
  set(source, settings, "auto.offset.reset", "error");  // what is lost must be said
  set(source, settings, "enable.partition.eof", "true");
  set(source, settings, "isolation.level", "read_committed");
  set(source, settings, "allow.auto.create.topics", "false");
  set(source, settings, "queued.max.messages.kbytes", "16384");  // of a partition
  set(source, settings, "reconnect.backoff.max.ms", "5000");
}

Topics list_of(const TopicOffsets& offsets) {
  Topics list(rd_kafka_topic_partition_list_new(static_cast<int>(offsets.size())),
              rd_kafka_topic_partition_list_destroy);
  for (const auto& [partition, offset] : offsets) {
    rd_kafka_topic_partition_list_add(list.get(), partition.topic.c_str(), partition.number)->offset = offset;
  }
  return list;
}

std::string_view bytes_of(const void* data, size_t size) { return {static_cast<const char*>(data), size}; }

KafkaMessage message_of(const rd_kafka_message_t& from) {
  KafkaMessage message;
  message.topic = rd_kafka_topic_name(from.rkt);
  message.partition = from.partition;
  message.offset = from.offset;
  if (from.key) message.key = bytes_of(from.key, from.key_len);
  if (from.payload) message.payload = bytes_of(from.payload, from.len);
  rd_kafka_timestamp_type_t kind = RD_KAFKA_TIMESTAMP_NOT_AVAILABLE;
  const int64_t sent_ms = rd_kafka_message_timestamp(&from, &kind);
  if (kind != RD_KAFKA_TIMESTAMP_NOT_AVAILABLE && sent_ms >= 0) message.sent_us = sent_ms * 1000;
  rd_kafka_headers_t* headers = nullptr;
  if (rd_kafka_message_headers(&from, &headers) != RD_KAFKA_RESP_ERR_NO_ERROR) return message;
  const char* name = nullptr;
  const void* value = nullptr;
  size_t size = 0;
  for (size_t i = 0; rd_kafka_header_get_all(headers, i, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR; ++i) {
    message.headers.emplace_back(name, value ? bytes_of(value, size) : std::string_view());
  }
  return message;
}

}  // namespace

struct KafkaClient::State {
  explicit State(const KafkaSource& each) : source(each) {}
  ~State() {
    for (size_t i = taken; i < count; ++i) rd_kafka_message_destroy(messages[i]);
    if (queue) rd_kafka_queue_destroy(queue);
    // Without leaving a group that was never joined.
    if (kafka) rd_kafka_destroy_flags(kafka, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  /// Called by read(), on its thread.
  static void on_error(rd_kafka_t*, int code, const char*, void* opaque) {
    auto& state = *static_cast<State*>(opaque);
    const auto error = static_cast<rd_kafka_resp_err_t>(code);
    if (error == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN) state.down = true;
    const SqlState kind = state_of(error);
    if (kind == kInvalidPassword || kind == kInsufficientPrivilege) state.refused = error;
  }
  static void on_log(const rd_kafka_t*, int, const char* facility, const char* text) {
    spdlog::debug("librdkafka: {} {}", facility, text);
  }

  /// What the brokers said of the login says more than that none answers.
  rd_kafka_resp_err_t refusal_or(rd_kafka_resp_err_t code) {
    if (rd_kafka_message_t* message = rd_kafka_consumer_poll(kafka, 0)) rd_kafka_message_destroy(message);
    return refused.value_or(code);
  }

  const KafkaSource& source;
  rd_kafka_t* kafka = nullptr;
  rd_kafka_queue_t* queue = nullptr;
  std::vector<rd_kafka_message_t*> messages = std::vector<rd_kafka_message_t*>(kReadCount);
  size_t count = 0, taken = 0;  // of messages: read, and handled
  bool down = false;
  std::optional<int64_t> down_since_ns;
  std::optional<rd_kafka_resp_err_t> refused;
};

KafkaClient::KafkaClient(const KafkaSource& source) : state_(std::make_unique<State>(source)) {
  std::unique_ptr<rd_kafka_conf_t, decltype(&rd_kafka_conf_destroy)> settings(rd_kafka_conf_new(),
                                                                              rd_kafka_conf_destroy);
  set_reading(source, settings.get());
  set_security(source, settings.get());
  rd_kafka_conf_set_opaque(settings.get(), state_.get());
  rd_kafka_conf_set_error_cb(settings.get(), State::on_error);
  rd_kafka_conf_set_log_cb(settings.get(), State::on_log);
  std::array<char, kErrorBytes> why{};
  state_->kafka = rd_kafka_new(RD_KAFKA_CONSUMER, settings.get(), why.data(), why.size());
  if (!state_->kafka) {
    throw Error(kConfigFileError, fmt::format("source \"{}\": {}", source.name(), why.data())).in(source.table.place);
  }
  static_cast<void>(settings.release());  // the client's now
  rd_kafka_poll_set_consumer(state_->kafka);
  state_->queue = rd_kafka_queue_get_consumer(state_->kafka);
}

KafkaClient::~KafkaClient() = default;

std::vector<TopicPartition> KafkaClient::partitions() {
  std::vector<TopicPartition> found;
  for (const std::string& topic : state_->source.topics) {
    const std::unique_ptr<rd_kafka_topic_t, decltype(&rd_kafka_topic_destroy)> handle(
        rd_kafka_topic_new(state_->kafka, topic.c_str(), nullptr), rd_kafka_topic_destroy);
    const rd_kafka_metadata_t* metadata = nullptr;
    auto code = rd_kafka_metadata(state_->kafka, 0, handle.get(), &metadata, kAnswerMs);
    const std::unique_ptr<const rd_kafka_metadata_t, decltype(&rd_kafka_metadata_destroy)> owned(
        metadata, rd_kafka_metadata_destroy);
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR) code = metadata->topics[0].err;
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) code = state_->refusal_or(code);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) throw error_of(state_->source, code, "topic " + topic);
    for (int i = 0; i < metadata->topics[0].partition_cnt; ++i) {
      found.push_back({topic, metadata->topics[0].partitions[i].id});
    }
  }
  return found;
}

KafkaClient::Range KafkaClient::range_of(const TopicPartition& partition) {
  Range range;
  const auto code = rd_kafka_query_watermark_offsets(state_->kafka, partition.topic.c_str(), partition.number,
                                                     &range.first, &range.end, kAnswerMs);
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) throw error_of(state_->source, code, partition.text());
  return range;
}

void KafkaClient::assign(const TopicOffsets& from) {
  const auto code = rd_kafka_assign(state_->kafka, list_of(from).get());
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) throw error_of(state_->source, code, "its partitions");
}

KafkaClient::Read KafkaClient::read(const Handlers& handlers) {
  State& state = *state_;
  const ssize_t count = rd_kafka_consume_batch_queue(state.queue, kReadMs, state.messages.data(), kReadCount);
  state.count = count > 0 ? static_cast<size_t>(count) : 0;
  Read read = state.count > 0 ? Read::kGood : Read::kNothing;
  for (state.taken = 0; state.taken < state.count;) {
    const std::unique_ptr<rd_kafka_message_t, decltype(&rd_kafka_message_destroy)> message(
        state.messages[state.taken++], rd_kafka_message_destroy);
    switch (message->err) {
      case RD_KAFKA_RESP_ERR_NO_ERROR:
        state.down = false;
        if (read != Read::kLost) handlers.message(message_of(*message));
        break;
      case RD_KAFKA_RESP_ERR__PARTITION_EOF:
        state.down = false;
        if (read != Read::kLost) handlers.end({rd_kafka_topic_name(message->rkt), message->partition}, message->offset);
        break;
      case RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET:
      case RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE:
        read = Read::kLost;
        break;
      default:
        if (state_of(message->err) != kConnectionFailure) throw error_of(state.source, message->err, "its messages");
    }
  }
  if (state.refused) throw error_of(state.source, *state.refused, "its brokers");
  return read;
}

std::optional<int64_t> KafkaClient::down_since(int64_t now_ns) {
  if (!state_->down) {
    state_->down_since_ns.reset();
  } else if (!state_->down_since_ns) {
    state_->down_since_ns = now_ns;
  }
  return state_->down_since_ns;
}

void KafkaClient::tell(const TopicOffsets& next) {
  static_cast<void>(rd_kafka_commit(state_->kafka, list_of(next).get(), 1));  // if it fails, the next one says more
}

}  // namespace garland::ingest::events
