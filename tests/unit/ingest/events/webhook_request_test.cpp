#include "ingest/events/webhook_request.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "net/digest.h"

namespace garland::ingest::events {
namespace {

constexpr int64_t kNowS = 1'764'000'000;
const std::string kSecrets[] = {"the secret of this year", "the secret of last year"};

WebhookRequest request_of(std::string body, const std::string& type = "application/json") {
  WebhookRequest request{"POST", "reviews", {{"content-type", type}}, std::move(body)};
  return request;
}

WebhookRequest signed_with(const std::string& secret, int64_t at_s = kNowS, const std::string& key = "") {
  WebhookRequest request = request_of("{}");
  if (!key.empty()) request.headers["idempotency-key"] = key;
  request.headers["garland-signature"] =
      fmt::format("t={},v1={}", at_s, net::hex(net::hmac_sha256(secret, fmt::format("{}.{}.{{}}", at_s, key))));
  return request;
}

/// 0: it is let in.
unsigned status(const WebhookRequest& request) {
  const auto refused = check_signature(request, kSecrets, kNowS * 1'000'000);
  return refused ? refused->status : 0;
}

TEST(WebhookSignature, LetsInWhoKnowsOneOfTheSecrets) {
  EXPECT_EQ(status(signed_with(kSecrets[0])), 0u);
  EXPECT_EQ(status(signed_with(kSecrets[1])), 0u);
  EXPECT_EQ(status(signed_with("another secret")), 401u);
}

TEST(WebhookSignature, CoversTimeKeyAndBody) {
  EXPECT_EQ(status(signed_with(kSecrets[0], kNowS, "key-1")), 0u);
  WebhookRequest request = signed_with(kSecrets[0], kNowS, "key-1");
  request.headers["idempotency-key"] = "key-2";
  EXPECT_EQ(status(request), 401u);
  request = signed_with(kSecrets[0]);
  request.body = "{ }";
  EXPECT_EQ(status(request), 401u);
  request = signed_with(kSecrets[0]);
  request.headers["garland-signature"].replace(2, 10, std::to_string(kNowS + 1));
  EXPECT_EQ(status(request), 401u);
}

TEST(WebhookSignature, IsGoodForFiveMinutes) {
  EXPECT_EQ(status(signed_with(kSecrets[0], kNowS - 300)), 0u);
  EXPECT_EQ(status(signed_with(kSecrets[0], kNowS + 300)), 0u);
  EXPECT_EQ(status(signed_with(kSecrets[0], kNowS - 301)), 401u);
  EXPECT_EQ(status(signed_with(kSecrets[0], kNowS + 301)), 401u);
  EXPECT_EQ(status(signed_with(kSecrets[0], INT64_MIN)), 401u);
  EXPECT_EQ(status(signed_with(kSecrets[0], INT64_MAX)), 401u);
}

TEST(WebhookSignature, OneOfSeveralMustFit) {
  WebhookRequest request = signed_with(kSecrets[0]);
  request.headers["garland-signature"] += ",v1=00, v0=x";
  EXPECT_EQ(status(request), 0u);
  for (const char* const text : {"", "t=1", "v1=00", "t=x,v1=00", "t=,v1=", "nonsense", ",,,"}) {
    request.headers["garland-signature"] = text;
    EXPECT_EQ(status(request), 401u) << text;
  }
}

TEST(WebhookKey, IsTheHeadersOrTheBodysHash) {
  WebhookRequest request = request_of("abc");
  const std::string hash = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";  // FIPS 180-4
  EXPECT_EQ(key_of(request)->text, hash);
  request.headers["idempotency-key"] = "order:1_2.3-4";
  EXPECT_EQ(key_of(request)->text, "order:1_2.3-4");
  EXPECT_EQ(key_of(request)->body_hash, hash);
  for (const std::string key : {"a b", "a@b", "é", "a\"b"}) {
    request.headers["idempotency-key"] = key;
    EXPECT_FALSE(key_of(request).has_value()) << key;
  }
  request.headers["idempotency-key"] = std::string(129, 'a');
  EXPECT_FALSE(key_of(request).has_value());
}

/// "a;b", or the status.
std::string events(const WebhookRequest& request) {
  const RequestEvents read = events_of(request);
  if (read.refused) return std::to_string(read.refused->status);
  std::string text;
  for (const std::string_view event : read.events) text += (text.empty() ? "" : ";") + std::string(event);
  return text;
}

TEST(WebhookEvents, AreAnObjectAnArrayOrLines) {
  EXPECT_EQ(events(request_of(" {\"a\":1}\n")), "{\"a\":1}");
  EXPECT_EQ(events(request_of("[{\"a\":1}, 2 ,[3]]", "Application/JSON; charset=utf-8")), "{\"a\":1};2;[3]");
  EXPECT_EQ(events(request_of("{\"a\":1}\r\n\n {\"a\":2} \nbad", "application/x-ndjson")), "{\"a\":1};{\"a\":2};bad");
  EXPECT_EQ(events(request_of("[]")), "400");
  EXPECT_EQ(events(request_of("")), "400");
  EXPECT_EQ(events(request_of("\n\n", "application/x-ndjson")), "400");
  EXPECT_EQ(events(request_of("[{},")), "400");
  EXPECT_EQ(events(request_of("{}", "text/plain")), "415");
  EXPECT_EQ(events(request_of("{}", "")), "415");
}

}  // namespace
}  // namespace garland::ingest::events
