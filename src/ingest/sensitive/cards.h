// Card numbers in text: found by length, check digit (ISO/IEC 7812-1, annex B: Luhn) and issuer's range, and masked.
//
// Ranges: Visa, Mastercard, American Express, Diners Club, Discover, JCB, UnionPay, Maestro, Mir. Visa's numbers of 13
// digits, which are no longer given out, are left alone: one in ten article numbers (EAN-13) that begin with 4 would
// pass for one.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace garland::ingest {

inline constexpr size_t kShortestCard = 14, kLongestCard = 19;

/// Digits only: a number that an issuer could have given out.
bool is_card(std::string_view digits);
/// One of the numbers that card schemes and payment services publish for tests.
bool is_test_card(std::string_view digits);

enum class CardSearch {
  kLoose,   // for masking: digits in any groups, divided by single blanks or hyphens, whatever stands beside them
  kStrict,  // for refusing: written as cards write it, not inside a longer word, number or identifier
};

struct CardPlace {
  size_t begin = 0, end = 0;
};
std::optional<CardPlace> find_card(std::string_view text, size_t from, CardSearch how);

/// All digits of each card number but the last four become *; the length stays. True when there was one.
bool mask_cards(std::string& text);
/// E-mail addresses become *, but for the @; the length stays.
bool mask_emails(std::string& text);
/// In JSON text: inside strings as mask_cards() does, a number that is a card number becomes null.
bool mask_cards_in_json(std::string& json);

}  // namespace garland::ingest
