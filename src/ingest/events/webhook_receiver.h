// Takes requests to POST /events/<source> and answers them once their rows are durable.
//
// Each source has a thread that writes. Requests that come while it commits wait together and share the next
// transaction, so that many small ones cost few commits. A request whose key was taken before is answered as the first
// time and adds nothing; keys are remembered for kRememberedDays.
//
//   200  {"source", "batch", "accepted", "rejected"}: durable. Refused events stand in ops.rejects. A repetition's
//        answer has the header Idempotency-Replayed: true
//   400  no events in it · 401 signature · 404 no such source · 405 not POST · 409 the key came with another body ·
//   415  Content-Type · 429 more waits than can be kept · 503 the warehouse cannot take it now: nothing of it stays, or
//        all of it; sent again with the same key it is there once
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "engine/engine.h"
#include "ingest/events/webhook_request.h"
#include "ingest/events/webhook_source.h"
#include "ingest/sensitive/vault.h"

namespace garland::ingest::events {

/// Senders try again for some days (Stripe and GitHub: three).
inline constexpr int64_t kRememberedDays = 7;

/// Thread-safe.
class WebhookReceiver {
 public:
  /// Makes the sources' tables and reads their secrets. All must outlive it; `vault` may be null where no source has
  /// sensitive columns. Throws 42804 for a raw table with other columns, what read_secret() throws, 28000 for a secret
  /// that is too short.
  WebhookReceiver(engine::Engine& engine, const engine::Login& login, std::vector<WebhookSource> sources, Vault* vault,
                  const Clock& clock);
  /// What waits is landed and answered first.
  ~WebhookReceiver();

  /// Called once, on this thread or another.
  using Answer = std::function<void(WebhookReply)>;
  /// Does not wait for the warehouse.
  void take(WebhookRequest request, Answer answer);

 private:
  class Desk;  // of one source
  std::map<std::string, std::unique_ptr<Desk>, std::less<>> desks_;
};

}  // namespace garland::ingest::events
