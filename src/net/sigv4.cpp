#include "net/sigv4.h"

#include <algorithm>
#include <vector>

#include "base/error.h"
#include "net/digest.h"

namespace garland::net {

namespace {

constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  for (size_t at = 0; at <= text.size();) {
    const size_t end = std::min(text.find(separator, at), text.size());
    parts.emplace_back(text.substr(at, end - at));
    at = end + 1;
  }
  return parts;
}

std::string_view trimmed(std::string_view text) {
  const size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") + 1 - begin);
}

/// Runs of blanks count as one.
std::string canonical_value(std::string_view value) {
  std::string text;
  for (const char c : trimmed(value)) {
    if (c != ' ' || text.empty() || text.back() != ' ') text += c;
  }
  return text;
}

std::string canonical_query(std::string_view query) {
  if (query.empty()) return "";
  std::vector<std::string> parts = split(query, '&');
  for (std::string& part : parts) {
    if (part.find('=') == std::string::npos) part += '=';
  }
  std::ranges::sort(parts);
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : "&") + part;
  return text;
}

std::string header(const SignedRequest& request, const std::string& name) {
  const auto found = request.headers.find(name);
  return found == request.headers.end() ? "" : found->second;
}

std::string canonical_request(const SignedRequest& request, const std::string& signed_headers) {
  std::string text = request.method + "\n" + request.path + "\n" + canonical_query(request.query) + "\n";
  for (const std::string& name : split(signed_headers, ';')) {
    text += name + ":" + canonical_value(header(request, name)) + "\n";
  }
  return text + "\n" + signed_headers + "\n" + hex(sha256(request.body));
}

[[noreturn]] void refuse(const char* why) { throw Error(kInvalidAuthorization, why); }

}  // namespace

RequestSignature read_signature(const SignedRequest& request) {
  const std::string authorization = header(request, "authorization");
  if (!authorization.starts_with(kAlgorithm)) refuse("Missing Authentication Token");
  std::map<std::string, std::string> fields;
  for (const std::string& part : split(std::string_view(authorization).substr(kAlgorithm.size()), ',')) {
    const std::string_view field = trimmed(part);
    const size_t equals = field.find('=');
    if (equals != std::string_view::npos) fields[std::string(field.substr(0, equals))] = field.substr(equals + 1);
  }
  const std::vector<std::string> scope = split(fields["Credential"], '/');
  RequestSignature read;
  if (scope.size() != 5 || scope[4] != "aws4_request") refuse("the Authorization header has no valid credential");
  read.access_key = scope[0];
  read.date = scope[1];
  read.region = scope[2];
  read.service = scope[3];
  read.signed_headers = fields["SignedHeaders"];
  read.signature = fields["Signature"];
  read.time = header(request, "x-amz-date");
  const std::vector<std::string> covered = split(read.signed_headers, ';');
  for (const char* needed : {"host", "x-amz-date", "x-amz-target"}) {
    if (std::ranges::find(covered, needed) == covered.end()) refuse("the signature does not cover the request");
  }
  if (read.time.size() != 16 || !read.time.starts_with(read.date)) refuse("the signature has no valid time");
  return read;
}

bool is_signed_with(const SignedRequest& request, const RequestSignature& signature, std::string_view secret) {
  const std::string scope = signature.date + "/" + signature.region + "/" + signature.service + "/aws4_request";
  const std::string text = std::string(kAlgorithm) + "\n" + signature.time + "\n" + scope + "\n" +
                           hex(sha256(canonical_request(request, signature.signed_headers)));
  std::string key = hmac_sha256("AWS4" + std::string(secret), signature.date);
  for (const std::string& part : {signature.region, signature.service, std::string("aws4_request")}) {
    key = hmac_sha256(key, part);
  }
  return equal_in_constant_time(hex(hmac_sha256(key, text)), signature.signature);
}

}  // namespace garland::net
