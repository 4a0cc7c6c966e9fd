#include "ingest/files/content_hash.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <xxhash.h>

#include <cerrno>
#include <cstring>
#include <vector>

#include "base/error.h"

namespace garland::ingest {
namespace {

std::string text_of(XXH128_hash_t hash) {
  XXH128_canonical_t canonical;
  XXH128_canonicalFromHash(&canonical, hash);
  std::string text;
  for (const unsigned char byte : canonical.digest) fmt::format_to(std::back_inserter(text), "{:02x}", byte);
  return text;
}

}  // namespace

std::string content_hash(std::string_view bytes) { return text_of(XXH3_128bits(bytes.data(), bytes.size())); }

struct HashingSource::State {
  XXH3_state_t* hash = XXH3_createState();
  uint64_t bytes = 0;
  State() {
    if (hash == nullptr || XXH3_128bits_reset(hash) == XXH_ERROR) throw Error(kOutOfMemory, "no memory to hash a file");
  }
  ~State() { XXH3_freeState(hash); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;
};

HashingSource::HashingSource(std::unique_ptr<records::ByteSource> source, std::shared_ptr<Content> content)
    : source_(std::move(source)), content_(std::move(content)), state_(std::make_unique<State>()) {}
HashingSource::~HashingSource() = default;

size_t HashingSource::read(char* to, size_t size) {
  const size_t count = source_->read(to, size);
  if (count > 0) {
    XXH3_128bits_update(state_->hash, to, count);
    state_->bytes += count;
  } else {
    *content_ = {text_of(XXH3_128bits_digest(state_->hash)), state_->bytes};
  }
  return count;
}

Content read_content(std::unique_ptr<records::ByteSource> source) {
  const auto content = std::make_shared<Content>();
  HashingSource hashed(std::move(source), content);
  std::vector<char> buffer(256u << 10);
  while (hashed.read(buffer.data(), buffer.size()) > 0) {
  }
  return *content;
}

}  // namespace garland::ingest
