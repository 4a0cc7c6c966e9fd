// Classes of sensitive columns: how a value of each is made normal before it is tokenised, and the plain facts that
// stay beside the token. What normal means here decides which values are equal from then on: dear to change.
//
//   email       trimmed, lower case, NFC             valid, domain, is_test (RFC 2606 and 6761, "test@", "+test")
//   phone       E.164 by country (phone.h)           valid, is_test (numbers reserved for fiction)
//   postcode    upper case, no blanks                valid, area (postcode.h)
//   name        NFC, lower case, single blanks       valid (has a letter, no @), is_test
//   address     NFC, lower case, single blanks       valid (has a letter)
//   pan         digits only                          valid (Luhn, BIN), is_test (card schemes' test numbers)
//   identifier  trimmed, NFC; letters keep their case
//   free_text   stays text; card numbers and e-mail addresses in it are masked (cards.h)
//   none        stays as it is; no card number is sought in it
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/type.h"

namespace garland::ingest {

enum class PiiClass : uint8_t { kEmail, kPhone, kPostcode, kName, kAddress, kPan, kIdentifier, kFreeText, kNone };

/// In the order of the enumeration; they stand in garland.toml and in the vault.
std::span<const std::string_view> pii_class_names();
std::string_view pii_class_name(PiiClass pii);
std::optional<PiiClass> pii_class_of(std::string_view name);

/// Whether values of the class are exchanged for tokens.
constexpr bool is_tokenised(PiiClass pii) { return pii != PiiClass::kFreeText && pii != PiiClass::kNone; }

enum class Fact : uint8_t { kValid, kDomain, kArea, kIsTest };
struct FactColumn {
  Fact fact;
  std::string_view suffix;  // `_valid`: behind the column's name
  engine::Type type;
};
std::span<const FactColumn> facts_of(PiiClass pii);

/// A value made normal, and the facts of it. Used again for the next one, so that its memory stays.
struct Normal {
  std::string text;  // empty: there is nothing to tokenise
  std::string part;  // the e-mail's domain, the postcode's area; empty where there is none
  bool valid = false, is_test = false;
};

/// `country` is an ISO 3166 code of two upper-case letters, or empty; phones and postcodes are read by it. The class
/// must be one that is tokenised. Text that is no UTF-8 is kept as it is, invalid.
void normalise(PiiClass pii, std::string_view original, std::string_view country, Normal& out);

}  // namespace garland::ingest
