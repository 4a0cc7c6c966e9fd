#include "ingest/sensitive/cards.h"

#include <algorithm>
#include <array>

#include "base/ascii.h"

namespace garland::ingest {
namespace {

/// Numbers whose first digits lie between two bounds of equally many digits.
struct Range {
  std::string_view low, high;
  size_t shortest, longest;
};
constexpr Range kRanges[] = {
    {"2200", "2204", 16, 19},  // Mir
    {"2221", "2720", 16, 16},  // Mastercard
    {"300", "305", 14, 16},    // Diners Club
    {"3095", "3095", 14, 16},  //
    {"34", "34", 15, 15},      // American Express
    {"3528", "3589", 16, 19},  // JCB
    {"36", "36", 14, 16},      // Diners Club
    {"37", "37", 15, 15},      // American Express
    {"38", "39", 14, 16},      // Diners Club
    {"4", "4", 16, 16},        // Visa
    {"4", "4", 19, 19},        //
    {"5018", "5018", 16, 19},  // Maestro
    {"5020", "5020", 16, 19},  //
    {"5038", "5038", 16, 19},  //
    {"51", "55", 16, 16},      // Mastercard
    {"5893", "5893", 16, 19},  // Maestro
    {"6011", "6011", 16, 19},  // Discover
    {"62", "62", 16, 19},      // UnionPay
    {"6304", "6304", 16, 19},  // Maestro
    {"644", "649", 16, 19},    // Discover
    {"65", "65", 16, 19},      //
    {"6759", "6759", 16, 19},  // Maestro
    {"6761", "6763", 16, 19},  //
    {"81", "81", 16, 19},      // UnionPay
};

constexpr std::string_view kTestCards[] = {
    "2223003122003222", "30569309025904",   "3056930009020004", "3530111333300000", "3566002020360505",
    "36227206271667",   "371449635398431",  "378282246310005",  "378734493671000",  "38520000023237",
    "4000002500003155", "4000056655665556", "4012888888881881", "4111111111111111", "4242424242424242",
    "5105105105105100", "5200828282828210", "5555555555554444", "6011000990139424", "6011111111111117",
    "6200000000000005"};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_word(char c) {
  return is_digit(c) || (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}
bool is_separator(char c) { return c == ' ' || c == '-'; }

bool passes_luhn(std::string_view digits) {
  unsigned sum = 0;
  bool twice = false;
  for (size_t i = digits.size(); i-- > 0; twice = !twice) {
    const auto digit = static_cast<unsigned>(digits[i] - '0');
    sum += !twice ? digit : digit < 5 ? 2 * digit : 2 * digit - 9;
  }
  return sum % 10 == 0;
}

bool is_issued(std::string_view digits) {
  return std::any_of(std::begin(kRanges), std::end(kRanges), [&](const Range& range) {
    const std::string_view start = digits.substr(0, range.low.size());
    return digits.size() >= range.shortest && digits.size() <= range.longest && range.low <= start &&
           start <= range.high;
  });
}

bool has_enough_digits(std::string_view text) {
  if (text.size() < kShortestCard) return false;
  size_t digits = 0;
  for (const char c : text) digits += is_digit(c);
  return digits >= kShortestCard;
}

/// Groups of digits from `begin` on, each divided from the next by one separator.
struct Groups {
  static constexpr size_t kMost = kLongestCard;
  std::array<char, kLongestCard> digits;
  std::array<size_t, kMost> sizes;
  size_t count = 0, total = 0;
  std::string_view text() const { return {digits.data(), total}; }
  bool has_sizes(std::initializer_list<size_t> wanted) const {
    return std::equal(sizes.begin(), sizes.begin() + count, wanted.begin(), wanted.end());
  }
  bool is_written_as_cards_are() const {
    return count == 1 || has_sizes({4, 4, 4, 4}) || has_sizes({4, 6, 5}) || has_sizes({4, 6, 4}) ||
           has_sizes({4, 4, 4, 4, 3});
  }
};

/// Nothing of a longer word, number or identifier touches it.
bool stands_alone(std::string_view text, CardPlace place) {
  const auto touches = [&](size_t at, size_t beyond) {
    if (at >= text.size()) return false;
    const char c = text[at];
    if (is_word(c)) return true;
    return (c == '-' || c == '.' || c == ',' || c == '+') && beyond < text.size() && is_word(text[beyond]);
  };
  const size_t none = text.size();
  return !touches(place.begin == 0 ? none : place.begin - 1, place.begin < 2 ? none : place.begin - 2) &&
         !touches(place.end, place.end + 1);
}

/// A card number that begins at `begin`, the first digit of a group.
std::optional<CardPlace> card_at(std::string_view text, size_t begin, CardSearch how) {
  Groups groups;
  std::optional<CardPlace> found;
  for (size_t at = begin; at < text.size() && is_digit(text[at]) && groups.count < Groups::kMost; ++at) {
    const size_t group = at;
    while (at < text.size() && is_digit(text[at])) {
      if (groups.total == kLongestCard) return found;
      groups.digits[groups.total++] = text[at++];
    }
    groups.sizes[groups.count++] = at - group;
    const CardPlace place{begin, at};
    const bool fits = groups.total >= kShortestCard && is_card(groups.text());
    if (fits && (how == CardSearch::kLoose || (groups.is_written_as_cards_are() && stands_alone(text, place))))
      found = place;
    if (at == text.size() || !is_separator(text[at])) break;
  }
  return found;
}

bool is_local(char c) { return is_word(c) || c == '.' || c == '+' || c == '-' || c == '%' || c == '\''; }
bool is_host(char c) { return is_word(c) || c == '.' || c == '-'; }

}  // namespace

bool is_card(std::string_view digits) {
  return digits.size() >= kShortestCard && digits.size() <= kLongestCard &&
         std::all_of(digits.begin(), digits.end(), is_digit) && is_issued(digits) && passes_luhn(digits);
}

bool is_test_card(std::string_view digits) {
  return std::binary_search(std::begin(kTestCards), std::end(kTestCards), digits);
}

std::optional<CardPlace> find_card(std::string_view text, size_t from, CardSearch how) {
  if (!has_enough_digits(text.substr(std::min(from, text.size())))) return std::nullopt;
  for (size_t at = from; at < text.size(); ++at) {
    if (!is_digit(text[at]) || (at > from && is_digit(text[at - 1]))) continue;
    if (const auto found = card_at(text, at, how)) return found;
  }
  return std::nullopt;
}

namespace {

void mask(std::string& text, CardPlace place) {
  size_t shown = 4;
  for (size_t i = place.end; i-- > place.begin;) {
    if (!is_digit(text[i])) continue;
    if (shown > 0) {
      --shown;
    } else {
      text[i] = '*';
    }
  }
}

}  // namespace

bool mask_cards(std::string& text) {
  bool masked = false;
  auto found = find_card(text, 0, CardSearch::kLoose);
  while (found) {
    mask(text, *found);
    masked = true;
    found = find_card(text, found->end, CardSearch::kLoose);
  }
  return masked;
}

bool mask_emails(std::string& text) {
  bool masked = false;
  for (size_t at = text.find('@'); at != std::string::npos; at = text.find('@', at + 1)) {
    size_t begin = at, end = at + 1;
    while (begin > 0 && is_local(text[begin - 1])) --begin;
    while (end < text.size() && is_host(text[end])) ++end;
    while (end > at + 1 && (text[end - 1] == '.' || text[end - 1] == '-')) --end;
    const size_t dot = text.find('.', at);
    if (begin == at || dot <= at + 1 || dot >= end) continue;
    std::fill(text.begin() + static_cast<ptrdiff_t>(begin), text.begin() + static_cast<ptrdiff_t>(at), '*');
    std::fill(text.begin() + static_cast<ptrdiff_t>(at + 1), text.begin() + static_cast<ptrdiff_t>(end), '*');
    masked = true;
  }
  return masked;
}

bool mask_cards_in_json(std::string& json) {
  bool masked = false, inside = false;
  size_t seen = 0;
  const auto follow_quotes = [&](size_t to) {
    for (; seen < to; ++seen) {
      if (json[seen] == '\\' && inside) {
        ++seen;
      } else if (json[seen] == '"') {
        inside = !inside;
      }
    }
  };
  auto found = find_card(json, 0, CardSearch::kLoose);
  while (found) {
    follow_quotes(found->begin);
    size_t from = found->end;
    if (inside) {
      mask(json, *found);
    } else {
      const size_t begin = found->begin - (found->begin > 0 && json[found->begin - 1] == '-' ? 1 : 0);
      size_t end = found->end;  // with its fraction and exponent
      while (end < json.size() &&
             (is_digit(json[end]) || std::string_view(".eE+-").find(json[end]) != std::string_view::npos))
        ++end;
      json.replace(begin, end - begin, "null");
      seen = from = begin + 4;
    }
    masked = true;
    found = find_card(json, from, CardSearch::kLoose);
  }
  return masked;
}

}  // namespace garland::ingest
