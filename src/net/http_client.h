// Requests to HTTP servers, by libcurl, which also signs them for AWS. Thread-safe. TLS 1.2 or newer with the server's
// certificate verified; redirects are not followed.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace garland::net {

/// AWS Signature Version 4. `region` and `service` are the scope's.
struct HttpSigning {
  std::string key_id, secret, region, service;
};

struct HttpRequest {
  std::string method, url;
  std::vector<std::string> headers;  // "Name: value"
  std::string body;
  const HttpSigning* signing = nullptr;  // none; borrowed
  int connect_timeout_ms = 5000;
  int timeout_ms = 10000;  // for all of it
};

struct HttpAnswer {
  long status = 0;                             // 0: there was no answer
  std::string body;                            // may be secret: the caller wipes it
  std::map<std::string, std::string> headers;  // names in lower case
  std::string failure;                         // why there was none; holds nothing of what was sent
  bool may_pass = false;                       // of a failure: the same may go well a moment later
};

/// One try. https goes through the proxy that the environment names (https_proxy, no_proxy), http through none.
/// AWS_CA_BUNDLE in the environment names the certificates to trust in place of the system's. Answers of more than 1 MB
/// are a failure. Throws F0000 for a header with a line break, XX000 when libcurl itself fails.
HttpAnswer send(const HttpRequest& request);

/// send(), and again after a growing, random pause: while a failure may pass, while the server says 429 or 5xx, or
/// while `says_later` finds that it asks for patience otherwise. At most 5 tries, the last begun within 20 s.
HttpAnswer send_patiently(const HttpRequest& request, bool (*says_later)(const HttpAnswer&) = nullptr);

struct Url {
  std::string scheme;     // "http" or "https"
  std::string host;       // an IPv6 address in brackets
  bool is_plain = false;  // nothing but scheme, host, port and path: no user, query or fragment
};
/// An empty scheme: the text is no URL of HTTP.
Url read_url(const std::string& text);

/// Whether a host is this machine: localhost, 127.0.0.0/8 or [::1], written so.
bool is_loopback(const std::string& host);

}  // namespace garland::net
