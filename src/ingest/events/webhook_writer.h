// Lands groups of requests of one source: one transaction a group, and what is remembered of each request in it.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "engine/engine.h"
#include "ingest/events/event_writer.h"
#include "ingest/events/webhook_request.h"
#include "ingest/events/webhook_source.h"
#include "ingest/events/webhook_tables.h"

namespace garland::ingest::events {

/// A request on its way. `events` are slices of `request.body`.
struct WebhookDelivery {
  WebhookRequest request;
  RequestKey key;
  std::vector<std::string_view> events;
  int64_t received_us = 0;
  std::function<void(WebhookReply)> answer;
};
using WebhookGroup = std::vector<std::unique_ptr<WebhookDelivery>>;

/// Used by one thread.
class WebhookWriter {
 public:
  /// All must outlive it.
  WebhookWriter(engine::Engine& engine, engine::Login login, const WebhookSource& source, Vault* vault,
                const Clock& clock);
  ~WebhookWriter();

  /// Opens a session, makes the tables, reads the keys. Throws what keeps it from that.
  void prepare();
  /// Answers every request of the group: with what became of it once that is durable, or with 503. Throws nothing of
  /// the warehouse's.
  void land(WebhookGroup& group);

 private:
  /// Of a request that was taken.
  struct Taken {
    int64_t batch_id = 0;
    uint64_t accepted = 0, rejected = 0;
    std::string body_hash;  // as bytes
  };
  bool try_to_land(WebhookGroup& group);
  void land_together(WebhookGroup& group);
  void land_beside_upkeep(WebhookGroup& group);
  void remember(const RequestRow& row);
  void forget_old();
  const Taken* taken_before(const RequestKey& key) const;
  RequestRow add(const WebhookDelivery& delivery, int64_t batch_id);
  WebhookReply reply_to(const WebhookDelivery& delivery, const Taken& taken, bool again) const;

  engine::Engine& engine_;
  const engine::Login login_;
  const WebhookSource& source_;
  Vault* const vault_;
  const Clock& clock_;
  std::unique_ptr<engine::Session> session_;
  std::optional<EventWriter> writer_;
  std::unordered_map<std::string, Taken> taken_;          // by key, hashed
  std::deque<std::pair<int64_t, std::string>> in_order_;  // of taken_: when received, and its key
};

}  // namespace garland::ingest::events
