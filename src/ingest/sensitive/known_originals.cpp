#include "ingest/sensitive/known_originals.h"

#include <xxhash.h>

#include <string>

namespace garland::ingest {

OriginalId original_id(std::string_view subject, PiiClass pii, std::string_view token) {
  thread_local std::string text;
  text.assign(token);
  text += static_cast<char>(pii);
  text += subject;
  const XXH128_hash_t hash = XXH3_128bits(text.data(), text.size());
  return {hash.low64 | 1, hash.high64};  // never the free slot
}

size_t KnownOriginals::slot_of(OriginalId id) const {
  const size_t mask = slots_.size() - 1;
  size_t at = id.high & mask;
  while (slots_[at].low != 0 && !(slots_[at] == id)) at = (at + 1) & mask;
  return at;
}

bool KnownOriginals::contains(OriginalId id) const { return !slots_.empty() && slots_[slot_of(id)].low != 0; }

bool KnownOriginals::add(OriginalId id) {
  if (4 * (size_ + 1) > 3 * slots_.size()) grow();
  OriginalId& slot = slots_[slot_of(id)];
  if (slot.low != 0) return false;
  slot = id;
  ++size_;
  return true;
}

void KnownOriginals::add_all(const KnownOriginals& other) {
  for (const OriginalId id : other.slots_) {
    if (id.low != 0) add(id);
  }
}

void KnownOriginals::grow() {
  constexpr size_t kFirst = 64;
  std::vector<OriginalId> old(slots_.empty() ? kFirst : 2 * slots_.size());
  old.swap(slots_);
  for (const OriginalId id : old) {
    if (id.low != 0) slots_[slot_of(id)] = id;
  }
}

}  // namespace garland::ingest
