#include "sql/keywords.h"

#include <array>
#include <cstddef>

#include "base/ascii.h"

namespace garland::sql {
namespace {

struct Entry {
  std::string_view text;
  uint8_t flags;
};

constexpr Entry kEntries[] = {{"", kPlain},
#define GARLAND_SQL_KEYWORD_ENTRY(name, text, flags) {text, flags},
                              GARLAND_SQL_KEYWORDS(GARLAND_SQL_KEYWORD_ENTRY)
#undef GARLAND_SQL_KEYWORD_ENTRY
};
constexpr size_t kEntryCount = std::size(kEntries);

constexpr uint32_t hash(std::string_view word) {
  uint32_t value = 2166136261u;
  for (char c : word) value = (value ^ static_cast<unsigned char>(ascii_lower(c))) * 16777619u;
  return value ^ (value >> 15);
}

constexpr size_t longest_keyword() {
  size_t longest = 0;
  for (const Entry& entry : kEntries) longest = entry.text.size() > longest ? entry.text.size() : longest;
  return longest;
}
constexpr size_t kLongest = longest_keyword();

// Open addressing, four slots an entry, so that most misses end at the first empty slot.
constexpr size_t kSlots = 1024;
static_assert(kEntryCount * 3 < kSlots);

constexpr std::array<uint16_t, kSlots> build_slots() {
  std::array<uint16_t, kSlots> slots{};
  for (size_t i = 1; i < kEntryCount; ++i) {
    size_t slot = hash(kEntries[i].text) % kSlots;
    while (slots[slot] != 0) slot = (slot + 1) % kSlots;
    slots[slot] = static_cast<uint16_t>(i);
  }
  return slots;
}
constexpr std::array<uint16_t, kSlots> kTable = build_slots();

bool equal_folded(std::string_view word, std::string_view keyword) {
  if (word.size() != keyword.size()) return false;
  for (size_t i = 0; i < word.size(); ++i)
    if (ascii_lower(word[i]) != keyword[i]) return false;
  return true;
}

}  // namespace

Keyword find_keyword(std::string_view word) {
  if (word.size() < 2 || word.size() > kLongest) return Keyword::kNone;
  for (size_t slot = hash(word) % kSlots; kTable[slot] != 0; slot = (slot + 1) % kSlots)
    if (equal_folded(word, kEntries[kTable[slot]].text)) return static_cast<Keyword>(kTable[slot]);
  return Keyword::kNone;
}

uint8_t keyword_flags(Keyword keyword) { return kEntries[static_cast<size_t>(keyword)].flags; }

}  // namespace garland::sql
