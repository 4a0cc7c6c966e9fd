#include "ingest/events/webhook_receiver.h"

#include <fmt/format.h>

#include <condition_variable>
#include <mutex>
#include <thread>

#include "base/log.h"
#include "ingest/events/webhook_writer.h"

namespace garland::ingest::events {
namespace {

/// What may wait for one source; past it senders are told to come back.
constexpr size_t kMostWaiting = 10'000;
constexpr uint64_t kMostWaitingBytes = 64u << 20;
/// Of one transaction.
constexpr uint64_t kGroupBytes = 16u << 20;
/// HMAC keys shorter than half the hash can be guessed (RFC 2104, section 3, asks for all of it).
constexpr size_t kLeastSecretBytes = 16;

std::vector<std::string> secrets_of(const WebhookSource& source) {
  std::vector<std::string> secrets = {read_secret(source.secret)};
  if (source.previous_secret) secrets.push_back(read_secret(*source.previous_secret));
  for (const std::string& secret : secrets) {
    if (secret.size() >= kLeastSecretBytes) continue;
    throw Error(kInvalidAuthorization, fmt::format("a secret of source \"{}\" is too short", source.name()))
        .in(source.table.place)
        .hint(fmt::format("at least {} characters; openssl rand -hex 32 makes one", kLeastSecretBytes));
  }
  return secrets;
}

}  // namespace

/// Where a source's requests wait for its writer.
class WebhookReceiver::Desk {
 public:
  Desk(engine::Engine& engine, const engine::Login& login, WebhookSource source, Vault* vault, const Clock& clock)
      : source_(std::move(source)),
        secrets_(secrets_of(source_)),
        clock_(clock),
        writer_(engine, login, source_, vault, clock) {
    writer_.prepare();
    thread_ = std::thread([this] { work(); });
  }
  ~Desk() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    changed_.notify_one();
    thread_.join();
  }

  void take(WebhookRequest request, Answer answer);

 private:
  void work();
  WebhookGroup next_group();
  bool enqueue(std::unique_ptr<WebhookDelivery>& delivery);

  const WebhookSource source_;
  const std::vector<std::string> secrets_;
  const Clock& clock_;
  WebhookWriter writer_;  // the thread's
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::unique_ptr<WebhookDelivery>> waiting_;  // this and what follows guarded by mutex_
  uint64_t waiting_bytes_ = 0;
  bool stopping_ = false;
  std::thread thread_;
};

void WebhookReceiver::Desk::take(WebhookRequest request, Answer answer) {
  if (auto refused = check_signature(request, secrets_, clock_.now_us())) {
    log_event(spdlog::level::info, "a request with events was refused",
              {{"source", source_.name()}, {"status", int64_t{401}}});
    return answer(std::move(*refused));
  }
  auto key = key_of(request);
  if (!key) {
    return answer(refusal(400, "the Idempotency-Key is not one that is taken",
                          "up to 128 letters, digits and - _ . : which say nothing of a person"));
  }
  auto delivery = std::make_unique<WebhookDelivery>();
  delivery->request = std::move(request);
  delivery->key = std::move(*key);
  delivery->received_us = clock_.now_us();
  delivery->answer = std::move(answer);
  RequestEvents read = events_of(delivery->request);
  if (read.refused) return delivery->answer(std::move(*read.refused));
  delivery->events = std::move(read.events);
  if (enqueue(delivery)) return changed_.notify_one();
  WebhookReply busy = refusal(429, "more events wait than can be kept", "send the request again in a while");
  busy.headers.emplace_back("Retry-After", "1");
  delivery->answer(std::move(busy));
}

/// False: it stays with the caller.
bool WebhookReceiver::Desk::enqueue(std::unique_ptr<WebhookDelivery>& delivery) {
  const std::lock_guard lock(mutex_);
  const uint64_t bytes = delivery->request.body.size();
  if (waiting_.size() >= kMostWaiting || waiting_bytes_ + bytes > kMostWaitingBytes) return false;
  waiting_bytes_ += bytes;
  waiting_.push_back(std::move(delivery));
  return true;
}

/// What waits now; waits for something itself. Empty: the end.
WebhookGroup WebhookReceiver::Desk::next_group() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return stopping_ || !waiting_.empty(); });
  WebhookGroup group;
  for (uint64_t bytes = 0; !waiting_.empty() && bytes < kGroupBytes; waiting_.pop_front()) {
    bytes += waiting_.front()->request.body.size();
    waiting_bytes_ -= waiting_.front()->request.body.size();
    group.push_back(std::move(waiting_.front()));
  }
  return group;
}

void WebhookReceiver::Desk::work() {
  while (true) {
    WebhookGroup group = next_group();
    if (group.empty()) return;
    writer_.land(group);
  }
}

WebhookReceiver::WebhookReceiver(engine::Engine& engine, const engine::Login& login, std::vector<WebhookSource> sources,
                                 Vault* vault, const Clock& clock) {
  for (WebhookSource& source : sources) {
    std::string name = source.name();
    desks_.emplace(std::move(name), std::make_unique<Desk>(engine, login, std::move(source), vault, clock));
  }
}

WebhookReceiver::~WebhookReceiver() = default;

void WebhookReceiver::take(WebhookRequest request, Answer answer) {
  const auto desk = desks_.find(request.source);
  if (desk == desks_.end()) {
    return answer(refusal(404, "there is no source of events of this name",
                          "POST /events/<name>, where garland.toml has a [[source]] of kind \"events\" with it"));
  }
  if (request.method != "POST") {
    WebhookReply refused = refusal(405, "events are sent with POST", "POST /events/<name>");
    refused.headers.emplace_back("Allow", "POST");
    return answer(std::move(refused));
  }
  desk->second->take(std::move(request), std::move(answer));
}

}  // namespace garland::ingest::events
