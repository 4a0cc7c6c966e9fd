// A set of what the vault holds, 16 bytes an entry: the hash (XXH3-128) of subject, class and token.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "ingest/sensitive/classes.h"

namespace garland::ingest {

struct OriginalId {
  uint64_t low = 0, high = 0;
  friend bool operator==(const OriginalId&, const OriginalId&) = default;
};
OriginalId original_id(std::string_view subject, PiiClass pii, std::string_view token);

/// Open addressing; at most three quarters are taken. Not thread-safe.
class KnownOriginals {
 public:
  bool contains(OriginalId id) const;
  /// False when it is there already.
  bool add(OriginalId id);
  void add_all(const KnownOriginals& other);
  size_t size() const { return size_; }

 private:
  size_t slot_of(OriginalId id) const;
  void make_room(size_t entries);
  std::vector<OriginalId> slots_;  // all zero: free
  size_t size_ = 0;
};

}  // namespace garland::ingest
