// Requests on the HTTP port that are for another part of the program: those whose path begins with a route's prefix.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace garland::endpoint {

struct HttpRequest {
  std::string method;
  std::string path;                            // behind the prefix, without the query
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;
};

struct HttpReply {
  unsigned status = 200;
  std::string body;
  std::string type = "application/json";
  std::vector<std::pair<std::string, std::string>> headers = {};
};

struct HttpRoute {
  std::string prefix;  // "/events/"; empty: no route
  uint64_t most_body_bytes = 1u << 20;
  /// Called on a thread of the server, which it must not hold; `answer` once, from any thread. A stop waits for it.
  std::function<void(HttpRequest request, std::function<void(HttpReply)> answer)> serve;
  /// A request that was refused before it was read (403, 413): the reply's body.
  std::function<std::string(std::string_view message, std::string_view hint)> refusal;
};

}  // namespace garland::endpoint
