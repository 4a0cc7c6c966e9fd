#include "ingest/events/webhook_request.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/ascii.h"
#include "engine/text.h"
#include "engine/text_scan.h"
#include "net/digest.h"
#include "records/json_path.h"

namespace garland::ingest::events {
namespace {

constexpr int64_t kMostSkewS = 300;
constexpr size_t kMostKeyBytes = 128;
constexpr size_t kMostSignatures = 8;  // each costs a comparison

std::string_view header(const WebhookRequest& request, const char* name) {
  const auto found = request.headers.find(name);
  return found == request.headers.end() ? std::string_view() : engine::trim_blanks(found->second);
}

struct Signature {
  std::string_view time_text;
  int64_t time_s = 0;
  std::vector<std::string_view> digests;  // hexadecimal
};

std::optional<Signature> read_signature(std::string_view text) {
  Signature signature;
  while (!text.empty()) {
    const size_t end = std::min(text.find(','), text.size());
    const std::string_view part = engine::trim_blanks(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (part.starts_with("t=")) signature.time_text = part.substr(2);
    if (part.starts_with("v1=") && signature.digests.size() < kMostSignatures)
      signature.digests.push_back(part.substr(3));
  }
  const std::string_view time = signature.time_text;
  const auto read = std::from_chars(time.data(), time.data() + time.size(), signature.time_s);
  const bool whole = !time.empty() && read.ec == std::errc() && read.ptr == time.data() + time.size();
  if (!whole || signature.digests.empty()) return std::nullopt;
  return signature;
}

bool is_signed_with(const Signature& signature, const std::string& digest) {
  bool fits = false;  // all are compared, so that the time tells nothing
  for (const std::string_view given : signature.digests) {
    const auto bytes = net::from_hex(given);
    if (bytes && net::equal_in_constant_time(*bytes, digest)) fits = true;
  }
  return fits;
}

bool is_key_character(char c) {
  return engine::is_digit(c) || engine::is_letter(c) || c == '-' || c == '_' || c == '.' || c == ':';
}

/// `application/json` of "Application/JSON; charset=utf-8".
std::string media_type(std::string_view text) {
  return ascii_lower(engine::trim_blanks(text.substr(0, text.find(';'))));
}

RequestEvents lines_of(std::string_view body) {
  RequestEvents read;
  while (!body.empty()) {
    const size_t end = std::min(body.find('\n'), body.size());
    const std::string_view line = engine::trim_blanks(body.substr(0, end));
    if (!line.empty()) read.events.push_back(line);
    body.remove_prefix(std::min(end + 1, body.size()));
  }
  return read;
}

RequestEvents elements_of(std::string_view body) {
  RequestEvents read;
  if (!body.empty() && !engine::is_json(body)) {
    read.refused =
        refusal(400, "the body is not well-formed JSON",
                "send one object, an array of objects, or Content-Type: application/x-ndjson with one a line");
  } else if (body.starts_with('[')) {
    records::for_each_element(body, [&](std::string_view event) { read.events.push_back(event); });
  } else if (!body.empty()) {
    read.events.push_back(body);
  }
  return read;
}

}  // namespace

WebhookReply refusal(unsigned status, std::string_view message, std::string_view hint) {
  WebhookReply reply;
  reply.status = status;
  reply.body = "{\"error\":";
  records::append_json_string(reply.body, message);
  reply.body += ",\"hint\":";
  records::append_json_string(reply.body, hint);
  reply.body += "}\n";
  return reply;
}

std::optional<WebhookReply> check_signature(const WebhookRequest& request, std::span<const std::string> secrets,
                                            int64_t now_us) {
  constexpr const char* kForm =
      "Garland-Signature: t=<seconds since 1970>,v1=<HMAC-SHA-256 in hexadecimal of t.Idempotency-Key.body>";
  const std::string_view text = header(request, "garland-signature");
  if (text.empty()) return refusal(401, "the request is not signed", kForm);
  const auto signature = read_signature(text);
  if (!signature) return refusal(401, "the header Garland-Signature is not understood", kForm);
  const int64_t now_s = now_us / 1'000'000;
  if (signature->time_s < now_s - kMostSkewS || signature->time_s > now_s + kMostSkewS) {
    return refusal(401, fmt::format("the signature's time is more than {} seconds off", kMostSkewS),
                   "sign anew each time a request is sent, and set the sender's clock");
  }
  std::string signed_text = fmt::format("{}.{}.", signature->time_text, header(request, "idempotency-key"));
  signed_text += request.body;
  bool fits = false;
  for (const std::string& secret : secrets) {
    if (is_signed_with(*signature, net::hmac_sha256(secret, signed_text))) fits = true;
  }
  if (fits) return std::nullopt;
  return refusal(401, "the signature does not fit the request", kForm);
}

std::optional<RequestKey> key_of(const WebhookRequest& request) {
  RequestKey key;
  key.body_hash = net::hex(net::sha256(request.body));
  const std::string_view given = header(request, "idempotency-key");
  if (given.size() > kMostKeyBytes || !std::ranges::all_of(given, is_key_character)) return std::nullopt;
  key.text = given.empty() ? key.body_hash : std::string(given);
  return key;
}

RequestEvents events_of(const WebhookRequest& request) {
  if (!header(request, "content-encoding").empty() && header(request, "content-encoding") != "identity") {
    return {{}, refusal(415, "bodies are taken as they are, without Content-Encoding", "do not compress them")};
  }
  const std::string type = media_type(header(request, "content-type"));
  RequestEvents read;
  if (type == "application/json") {
    read = elements_of(engine::trim_blanks(request.body));
  } else if (type == "application/x-ndjson" || type == "application/ndjson" || type == "application/jsonl") {
    read = lines_of(request.body);
  } else {
    read.refused = refusal(415, fmt::format("Content-Type \"{}\" is not taken", type),
                           "application/json (an object or an array) or application/x-ndjson (an object a line)");
  }
  if (!read.refused && read.events.empty()) {
    read.refused = refusal(400, "the request holds no event", "send at least one JSON object");
  }
  return read;
}

}  // namespace garland::ingest::events
