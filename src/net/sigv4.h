// AWS Signature Version 4 of a request, as a server checks it. Source: AWS documentation, "Create a signed AWS API
// request".
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace garland::net {

/// What the signature covers. `path` and `query` as the request line has them.
struct SignedRequest {
  std::string method, path, query;
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;
};

/// The parts of an Authorization header, and the request's time.
struct RequestSignature {
  std::string access_key;
  std::string date, region, service;  // of the credential scope
  std::string signed_headers;         // names, with semicolons between
  std::string signature;              // hexadecimal
  std::string time;                   // x-amz-date: 20261124T170000Z
};

/// Throws 28000 when the request carries none, or one whose headers do not cover the host, the time and the body's
/// type.
RequestSignature read_signature(const SignedRequest& request);

/// Whether the holder of the secret made it. Takes a time that does not depend on where it is wrong.
bool is_signed_with(const SignedRequest& request, const RequestSignature& signature, std::string_view secret);

}  // namespace garland::net
