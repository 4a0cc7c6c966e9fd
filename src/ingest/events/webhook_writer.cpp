#include "ingest/events/webhook_writer.h"

#include <fmt/format.h>

#include "base/log.h"
#include "ingest/events/webhook_receiver.h"
#include "net/digest.h"

namespace garland::ingest::events {
namespace {

constexpr int64_t kRememberedUs = kRememberedDays * 86'400'000'000;
constexpr size_t kShortHash = 16;  // bytes of SHA-256 that tell keys and bodies apart

std::string short_hash(std::string_view text) { return net::sha256(text).substr(0, kShortHash); }

WebhookReply unavailable() {
  WebhookReply reply = refusal(503, "the warehouse cannot take events now", "send the request again with the same key");
  reply.headers.emplace_back("Retry-After", "5");
  return reply;
}

}  // namespace

WebhookWriter::WebhookWriter(engine::Engine& engine, engine::Login login, const WebhookSource& source, Vault* vault,
                             const Clock& clock)
    : engine_(engine), login_(std::move(login)), source_(source), vault_(vault), clock_(clock) {}

WebhookWriter::~WebhookWriter() = default;

void WebhookWriter::prepare() {
  session_ = engine_.open_session(login_);
  provide_tables(*session_, source_);
  taken_.clear();
  in_order_.clear();
  read_requests(*session_, source_.name(), clock_.now_us() - kRememberedUs,
                [&](const RequestRow& row) { remember(row); });
  writer_.emplace(*session_, source_.table, vault_, clock_);
}

void WebhookWriter::remember(const RequestRow& row) {
  std::string key = short_hash(row.key);
  const std::string body = net::from_hex(row.body_hash).value_or("").substr(0, kShortHash);
  if (!taken_.emplace(key, Taken{row.batch_id, row.accepted, row.rejected, body}).second) return;
  in_order_.emplace_back(row.received_us, std::move(key));
}

void WebhookWriter::forget_old() {
  const int64_t from_us = clock_.now_us() - kRememberedUs;
  for (; !in_order_.empty() && in_order_.front().first < from_us; in_order_.pop_front()) {
    taken_.erase(in_order_.front().second);
  }
}

const WebhookWriter::Taken* WebhookWriter::taken_before(const RequestKey& key) const {
  const auto found = taken_.find(short_hash(key.text));
  return found == taken_.end() ? nullptr : &found->second;
}

WebhookReply WebhookWriter::reply_to(const WebhookDelivery& delivery, const Taken& taken, bool again) const {
  if (!net::from_hex(delivery.key.body_hash).value_or("").starts_with(taken.body_hash)) {
    return refusal(409, "this Idempotency-Key came before with another body", "a key names one body for ever");
  }
  WebhookReply reply;
  reply.body = fmt::format(R"({{"source":"{}","batch":{},"accepted":{},"rejected":{}}})"
                           "\n",
                           source_.name(), taken.batch_id, taken.accepted, taken.rejected);
  if (again) reply.headers.emplace_back("Idempotency-Replayed", "true");
  return reply;
}

RequestRow WebhookWriter::add(const WebhookDelivery& delivery, int64_t batch_id) {
  RequestRow row{delivery.key.text, delivery.key.body_hash, batch_id, 0, 0, delivery.received_us};
  uint64_t number = 0;
  for (const std::string_view event : delivery.events) {
    ++number;
    writer_->add(event, fmt::format("{}:{}", row.key, number), number) ? ++row.accepted : ++row.rejected;
  }
  return row;
}

void WebhookWriter::land_together(WebhookGroup& group) {
  if (!writer_) prepare();
  forget_old();
  std::vector<RequestRow> rows;
  std::unordered_map<std::string, WebhookDelivery*> first_of;  // of the group's new keys
  for (const auto& delivery : group) {
    if (taken_before(delivery->key) || !first_of.emplace(delivery->key.text, delivery.get()).second) continue;
    const int64_t batch_id = rows.empty() ? writer_->begin() : rows.front().batch_id;
    rows.push_back(add(*delivery, batch_id));
  }
  if (!rows.empty()) {
    writer_->close_loads();
    write_requests(*session_, source_.name(), rows);
    writer_->commit("/events/" + source_.name());
  }
  for (const RequestRow& row : rows) remember(row);
  for (const auto& delivery : group) {
    const auto first = first_of.find(delivery->key.text);
    const bool again = first == first_of.end() || first->second != delivery.get();
    delivery->answer(reply_to(*delivery, *taken_before(delivery->key), again));
  }
}

/// Once more where ops.event_requests was trimmed meanwhile (upkeep.h), which happens once a day.
void WebhookWriter::land_beside_upkeep(WebhookGroup& group) {
  try {
    land_together(group);
  } catch (const Error& error) {
    if (error.state() != kSerializationFailure) throw;
    writer_.reset();
    land_together(group);
  }
}

bool WebhookWriter::try_to_land(WebhookGroup& group) {
  std::string state, message;
  try {
    land_beside_upkeep(group);
    return true;
  } catch (const Error& error) {
    state = error.state().text();
    message = error.message();
  } catch (const std::exception& error) {  // the end of a thread: memory, mostly
    message = error.what();
  }
  log_event(spdlog::level::err, "events could not be written",
            {{"source", source_.name()},
             {"requests", static_cast<int64_t>(group.size())},
             {"sqlstate", state},
             {"error", message}});
  return false;
}

void WebhookWriter::land(WebhookGroup& group) {
  if (try_to_land(group)) return;
  const bool was_prepared = writer_.has_value();
  writer_.reset();
  session_.reset();
  if (group.size() > 1 && was_prepared) {  // one of them may be what the warehouse does not take
    for (auto& delivery : group) {
      WebhookGroup alone;
      alone.push_back(std::move(delivery));
      land(alone);
    }
    return;
  }
  for (const auto& delivery : group) delivery->answer(unavailable());
}

}  // namespace garland::ingest::events
