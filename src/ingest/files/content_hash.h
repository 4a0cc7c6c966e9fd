// The identity of a file's content: XXH3-128 over its uncompressed bytes.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "records/byte_source.h"

namespace garland::ingest {

/// 32 lower-case hexadecimal digits, the canonical form that xxh128sum prints.
std::string content_hash(std::string_view bytes);

struct Content {
  std::string hash;
  uint64_t bytes = 0;
};

/// Hashes what passes through it. The content is complete once read() has returned 0.
class HashingSource final : public records::ByteSource {
 public:
  /// `content` is written when the source ends.
  HashingSource(std::unique_ptr<records::ByteSource> source, std::shared_ptr<Content> content);
  ~HashingSource() override;
  size_t read(char* to, size_t size) override;

 private:
  struct State;
  std::unique_ptr<records::ByteSource> source_;
  std::shared_ptr<Content> content_;
  std::unique_ptr<State> state_;
};

/// Reads the source to its end.
Content read_content(std::unique_ptr<records::ByteSource> source);

}  // namespace garland::ingest
