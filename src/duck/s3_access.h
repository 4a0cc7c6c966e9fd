// How objects of S3 are reached.
#pragma once

#include <string>

namespace garland::duck {

/// One endpoint and its keys. The secrets never stand in what is thrown.
struct S3Access {
  std::string endpoint;  // host[:port]; empty: Amazon's
  std::string region = "us-east-1";
  std::string key_id, secret, session_token;
  bool tls = true;
  bool path_style = false;  // http://host/bucket/key instead of http://bucket.host/key
};

}  // namespace garland::duck
