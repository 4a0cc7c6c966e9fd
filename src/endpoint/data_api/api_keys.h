// The access keys of the Data API: who signs with one is a user of the warehouse. They lie in a file of the data
// folder, one a line, each secret sealed (net/seal.h) under the key file beside it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace garland::endpoint {

struct ApiKey {
  std::string id;    // "AKIA…", 20 characters, as AWS's tools want them
  std::string user;  // of the warehouse
  int64_t created_us = 0;
};

/// Not shared between threads. The file is read at each call: keys that are made or dropped count at once.
class ApiKeys {
 public:
  /// The folder must exist; nothing is made before the first key.
  explicit ApiKeys(std::filesystem::path data_folder);

  struct Made {
    ApiKey key;
    std::string secret;  // shown once, never stored in the clear
  };
  Made make(const std::string& user, int64_t now_us) const;
  std::vector<ApiKey> list() const;
  /// False when there is no such key.
  bool drop(std::string_view id) const;

  struct Signer {
    std::string user, secret;
  };
  /// None: no such key. Throws XX001 when its secret cannot be opened with the key file.
  std::optional<Signer> signer(std::string_view id) const;

 private:
  struct Line;
  std::vector<Line> read() const;
  void write(const std::vector<Line>& lines) const;

  std::filesystem::path keys_file_, key_file_;
};

}  // namespace garland::endpoint
