// One request to POST /events/<source>: who may send it, what its events are, how it is answered. Knows no socket and
// no warehouse.
//
//   Garland-Signature: t=1764000000,v1=<hexadecimal>   HMAC-SHA-256 with the source's secret, of the seconds since 1970
//                                                      as they stand in t, a period, the Idempotency-Key as it stands
//                                                      in its header (or nothing), a period, and the body. Several v1
//                                                      may stand there; one must fit. t may be five minutes off. (After
//                                                      Stripe's documentation, "Verify webhook signatures manually".)
//   Idempotency-Key: <key>                             optional; without it, the body's SHA-256 is the key
//   Content-Type: application/json                     an array of events, or one event
//                 application/x-ndjson                 an event a line
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace garland::ingest::events {

/// A request is kept in memory as a whole; senders with more make several.
inline constexpr uint64_t kMostRequestBytes = 16u << 20;

struct WebhookRequest {
  std::string method, source;
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;
};

struct WebhookReply {
  unsigned status = 200;
  std::string body;  // JSON
  std::vector<std::pair<std::string, std::string>> headers;
};

/// {"error": message, "hint": hint}
WebhookReply refusal(unsigned status, std::string_view message, std::string_view hint);

/// What a sender does wrong (401); nothing when the request is signed with one of the secrets, and lately.
std::optional<WebhookReply> check_signature(const WebhookRequest& request, std::span<const std::string> secrets,
                                            int64_t now_us);

struct RequestKey {
  std::string text;       // in ops.event_requests
  std::string body_hash;  // SHA-256, hexadecimal
};
/// Throws nothing; nothing when the header's key is none that is taken (400).
std::optional<RequestKey> key_of(const WebhookRequest& request);

/// The events as slices of the request's body, or why there are none (400, 415).
struct RequestEvents {
  std::vector<std::string_view> events;
  std::optional<WebhookReply> refused;
};
RequestEvents events_of(const WebhookRequest& request);

}  // namespace garland::ingest::events
