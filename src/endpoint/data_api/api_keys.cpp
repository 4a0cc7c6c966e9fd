#include "endpoint/data_api/api_keys.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "net/digest.h"
#include "net/private_file.h"
#include "net/seal.h"

namespace garland::endpoint {

namespace {

constexpr size_t kIdLetters = 16, kSecretBytes = 30;

/// RFC 4648's base 32 letters: what AWS's own identifiers are made of.
std::string random_id() {
  constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  std::string id = "AKIA";
  for (const unsigned char byte : net::random_bytes(kIdLetters)) id += kLetters[byte % kLetters.size()];
  return id;
}

/// Two commands do not change the file at once.
class FileLock {
 public:
  explicit FileLock(const std::filesystem::path& file)
      : descriptor_(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)) {
    if (descriptor_ < 0 || flock(descriptor_, LOCK_EX) != 0) {
      throw Error(kIoError, "cannot lock " + file.string() + ": " + std::strerror(errno));
    }
  }
  ~FileLock() { ::close(descriptor_); }
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

 private:
  int descriptor_;
};

}  // namespace

struct ApiKeys::Line {
  ApiKey key;
  std::string sealed;
};

ApiKeys::ApiKeys(std::filesystem::path data_folder)
    : keys_file_(data_folder / "api_keys"), key_file_(data_folder / "garland.key") {}

ApiKeys::Made ApiKeys::make(const std::string& user, int64_t now_us) const {
  const FileLock lock(keys_file_.string() + ".lock");
  Made made{{random_id(), user, now_us}, net::base64(net::random_bytes(kSecretBytes))};
  const std::string sealed = net::seal(net::key_of_file(key_file_), made.secret, made.key.id + " " + user);
  std::vector<Line> lines = read();
  lines.push_back({made.key, sealed});
  write(lines);
  return made;
}

std::vector<ApiKey> ApiKeys::list() const {
  std::vector<ApiKey> keys;
  for (Line& line : read()) keys.push_back(std::move(line.key));
  return keys;
}

bool ApiKeys::drop(std::string_view id) const {
  const FileLock lock(keys_file_.string() + ".lock");
  std::vector<Line> lines = read();
  if (std::erase_if(lines, [&](const Line& line) { return line.key.id == id; }) == 0) return false;
  write(lines);
  return true;
}

std::optional<ApiKeys::Signer> ApiKeys::signer(std::string_view id) const {
  for (const Line& line : read()) {
    if (line.key.id != id) continue;
    const auto secret = net::unseal(net::key_of_file(key_file_), line.sealed, line.key.id + " " + line.key.user);
    if (!secret) {
      throw Error(kDataCorrupted,
                  "the secret of the key " + line.key.id + " cannot be opened with " + key_file_.string())
          .hint("Put the key file back that it was made with, or drop the key and make another one.");
    }
    return Signer{line.key.user, *secret};
  }
  return std::nullopt;
}

std::vector<ApiKeys::Line> ApiKeys::read() const {
  std::vector<Line> lines;
  std::ifstream in(keys_file_);
  for (std::string text; std::getline(in, text);) {
    const auto json = nlohmann::json::parse(text, nullptr, false);
    const auto sealed = json.is_object() ? net::from_base64(json.value("secret", "")) : std::nullopt;
    if (!sealed) throw Error(kDataCorrupted, keys_file_.string() + " holds a line that is no key");
    lines.push_back({{json.value("id", ""), json.value("user", ""), json.value("created", int64_t{0})}, *sealed});
  }
  return lines;
}

void ApiKeys::write(const std::vector<Line>& lines) const {
  std::string text;
  for (const Line& line : lines) {
    const nlohmann::json json{{"id", line.key.id},
                              {"user", line.key.user},
                              {"created", line.key.created_us},
                              {"secret", net::base64(line.sealed)}};
    text += json.dump() + "\n";
  }
  net::write_private(keys_file_, text);
}

}  // namespace garland::endpoint
