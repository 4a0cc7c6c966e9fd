#include "ingest/sensitive/known_originals.h"

#include <xxhash.h>

#include <algorithm>
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
  make_room(size_ + 1);
  OriginalId& slot = slots_[slot_of(id)];
  if (slot.low != 0) return false;
  slot = id;
  ++size_;
  return true;
}

void KnownOriginals::add_all(const KnownOriginals& other) {
  make_room(size_ + other.size_);  // first: entries in the order of their slots would crowd a smaller table's beginning
  for (const OriginalId id : other.slots_) {
    if (id.low != 0) add(id);
  }
}

void KnownOriginals::make_room(size_t entries) {
  constexpr size_t kFirst = 64;
  size_t slots = std::max(slots_.size(), kFirst);
  while (4 * entries > 3 * slots) slots *= 2;
  if (slots == slots_.size()) return;
  std::vector<OriginalId> old(slots);
  old.swap(slots_);
  for (const OriginalId id : old) {
    if (id.low != 0) slots_[slot_of(id)] = id;
  }
}

}  // namespace garland::ingest
