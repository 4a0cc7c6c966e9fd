// Normal forms and facts of each class, and card numbers in text.
#include "ingest/sensitive/classes.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "ingest/sensitive/cards.h"
#include "ingest/sensitive/known_originals.h"

namespace garland::ingest {
namespace {

/// "text valid part test"; what is not so stands as "-".
std::string normal(PiiClass pii, std::string_view original, std::string_view country = "") {
  Normal made;
  normalise(pii, original, country, made);
  return fmt::format("{}|{}|{}|{}", made.text, made.valid ? "valid" : "-", made.part, made.is_test ? "test" : "-");
}

TEST(Classes, NamesAreThoseOfTheEnumeration) {
  EXPECT_EQ(pii_class_of("email"), PiiClass::kEmail);
  EXPECT_EQ(pii_class_of("none"), PiiClass::kNone);
  EXPECT_EQ(pii_class_of("e-mail"), std::nullopt);
  for (const std::string_view name : pii_class_names()) EXPECT_EQ(pii_class_name(*pii_class_of(name)), name);
}

TEST(Classes, Emails) {
  EXPECT_EQ(normal(PiiClass::kEmail, " Anna.Schmidt@Shop.DE\t"), "anna.schmidt@shop.de|valid|shop.de|-");
  EXPECT_EQ(normal(PiiClass::kEmail, "\xEF\xBB\xBF\xC2\xA0o'neil+xmas@mail.co.uk"),
            "o'neil+xmas@mail.co.uk|valid|mail.co.uk|-");
  // U with a combining diaeresis, and Ü: one address.
  EXPECT_EQ(normal(PiiClass::kEmail, "JU\xCC\x88RGEN@x.de"), "j\xC3\xBCrgen@x.de|valid|x.de|-");
  EXPECT_EQ(normal(PiiClass::kEmail, "J\xC3\x9CRGEN@x.de"), "j\xC3\xBCrgen@x.de|valid|x.de|-");
  for (const char* const bad :
       {"anna", "@x.de", "anna@", "anna@x", "a..b@x.de", ".a@x.de", "a@-x.de", "a@x..de", "a@1.2", "a b@x.de"}) {
    EXPECT_EQ(normal(PiiClass::kEmail, bad), fmt::format("{}|-||-", bad));
  }
  EXPECT_EQ(normal(PiiClass::kEmail, "anna@example.com"), "anna@example.com|valid|example.com|test");
  EXPECT_EQ(normal(PiiClass::kEmail, "anna@shop.test"), "anna@shop.test|valid|shop.test|test");
  EXPECT_EQ(normal(PiiClass::kEmail, "anna@myexample.com"), "anna@myexample.com|valid|myexample.com|-");
  EXPECT_EQ(normal(PiiClass::kEmail, "test+9@shop.de"), "test+9@shop.de|valid|shop.de|test");
  EXPECT_EQ(normal(PiiClass::kEmail, "A\xFF@x.de"), "A\xFF@x.de|-||-") << "no UTF-8: kept as it is";
  EXPECT_EQ(normal(PiiClass::kEmail, "  "), "|-||-");
}

TEST(Classes, PhonesAreE164) {
  for (const char* const same :
       {"020 7930 0018", "+44 20 7930 0018", "0044 (0)20-7930.0018", "+44 020 7930 0018", "02079300018 x12"}) {
    EXPECT_EQ(normal(PiiClass::kPhone, same, "GB"), "+442079300018|valid||-") << same;
  }
  EXPECT_EQ(normal(PiiClass::kPhone, "0170 1234567", "DE"), "+491701234567|valid||-");
  EXPECT_EQ(normal(PiiClass::kPhone, "06 1234 5678", "IT"), "+390612345678|valid||-") << "Italy keeps its zero";
  EXPECT_EQ(normal(PiiClass::kPhone, "(212) 736-5000", "US"), "+12127365000|valid||-");
  EXPECT_EQ(normal(PiiClass::kPhone, "011 44 20 7930 0018", "US"), "+442079300018|valid||-");
  EXPECT_EQ(normal(PiiClass::kPhone, "+1 212 555 0123"), "+12125550123|valid||test");
  EXPECT_EQ(normal(PiiClass::kPhone, "07700 900123", "GB"), "+447700900123|valid||test");
  EXPECT_EQ(normal(PiiClass::kPhone, "+81 3 1234 5678"), "+81312345678|valid||-") << "a country without rules";
  EXPECT_EQ(normal(PiiClass::kPhone, "12345", "GB"), "+4412345|-||-");
  EXPECT_EQ(normal(PiiClass::kPhone, "020 7930 0018"), "02079300018|-||-") << "of no country";
  EXPECT_EQ(normal(PiiClass::kPhone, "none", "GB"), "|-||-");
}

TEST(Classes, Postcodes) {
  EXPECT_EQ(normal(PiiClass::kPostcode, " sw1a 1aa ", "GB"), "SW1A1AA|valid|SW1A|-");
  EXPECT_EQ(normal(PiiClass::kPostcode, "M1 1AE", "GB"), "M11AE|valid|M1|-");
  EXPECT_EQ(normal(PiiClass::kPostcode, "M1 1A", "GB"), "M11A|-||-");
  EXPECT_EQ(normal(PiiClass::kPostcode, "10115", "DE"), "10115|valid|10|-");
  EXPECT_EQ(normal(PiiClass::kPostcode, "94107-1234", "US"), "94107-1234|valid|941|-");
  EXPECT_EQ(normal(PiiClass::kPostcode, "D02 X285", "IE"), "D02X285|valid|D02|-");
  EXPECT_EQ(normal(PiiClass::kPostcode, "1012 ab", "NL"), "1012AB|valid|10|-");
  EXPECT_EQ(normal(PiiClass::kPostcode, "ab-12"), "AB-12|valid|AB|-");
}

TEST(Classes, NamesAddressesIdentifiersAndPans) {
  EXPECT_EQ(normal(PiiClass::kName, "  Anna \t M\xC3\x9CLLER "), "anna m\xC3\xBCller|valid||-");
  EXPECT_EQ(normal(PiiClass::kName, "Test Customer"), "test customer|valid||test");
  EXPECT_EQ(normal(PiiClass::kName, "a@b.de"), "a@b.de|-||-");
  EXPECT_EQ(normal(PiiClass::kName, "???"), "???|-||-");
  EXPECT_EQ(normal(PiiClass::kAddress, "1 High  Street"), "1 high street|valid||-");
  EXPECT_EQ(normal(PiiClass::kIdentifier, " AbC-1 "), "AbC-1|-||-") << "letters keep their case";
  EXPECT_EQ(normal(PiiClass::kPan, "4111-1111 1111 1111"), "4111111111111111|valid||test");
  EXPECT_EQ(normal(PiiClass::kPan, "4111111111111112"), "4111111111111112|-||-") << "Luhn";
  EXPECT_EQ(normal(PiiClass::kPan, "9111111111111111"), "9111111111111111|-||-") << "nobody's range";
}

std::string masked(std::string text) {
  mask_cards(text);
  return text;
}
bool is_refused(std::string_view text) { return find_card(text, 0, CardSearch::kStrict).has_value(); }

TEST(Cards, AreMaskedInTextWhateverStandsBesideThem) {
  EXPECT_EQ(masked("my card 4111 1111 1111 1111, please"), "my card **** **** **** 1111, please");
  EXPECT_EQ(masked("card:378282246310005!"), "card:***********0005!");
  EXPECT_EQ(masked("x4111111111111111y 5555-5555-5555-4444"), "x************1111y ****-****-****-4444");
  EXPECT_EQ(masked("12 4111 1111 1111 1111 12 25"), "12 **** **** **** 1111 12 25");
  for (const char* const other :
       {"4111 1111 1111 1112", "4006381333931", "2025-12-01 10:00:00", "41111111111111111111111", ""}) {
    EXPECT_EQ(masked(other), other);
  }
}

TEST(Cards, AreRefusedWhereTheyStandAlone) {
  for (const char* const card : {"4111111111111111", "4111 1111 1111 1111", "card 4111-1111-1111-1111.",
                                 "3782 822463 10005", "30569309025904"}) {
    EXPECT_TRUE(is_refused(card)) << card;
  }
  for (const char* const other :
       {"a4111111111111111", "41111111-1111-1111-abcd-411111111111", "4111111111111111.5", "41 11 11 11 11 11 11 11",
        "1.4111111111111111", "4111111111111112", "4006381333931", "1764000000000000"}) {
    EXPECT_FALSE(is_refused(other)) << other;
  }
}

TEST(Cards, JsonStaysJson) {
  std::string json =
      R"({"note":"pay 4111 1111 1111 1111","n":4111111111111111,"list":[1,5555555555554444,"\"5555555555554444"]})";
  EXPECT_TRUE(mask_cards_in_json(json));
  EXPECT_EQ(json, R"({"note":"pay **** **** **** 1111","n":null,"list":[1,null,"\"************4444"]})");
  EXPECT_FALSE(mask_cards_in_json(json));
}

TEST(Cards, EmailsInFreeText) {
  std::string text = "write to Anna.Schmidt@shop.de. or @home, a@b";
  EXPECT_TRUE(mask_emails(text));
  EXPECT_EQ(text, "write to ************@*******. or @home, a@b");
}

TEST(KnownOriginals, HoldsEachOnce) {
  KnownOriginals known, other;
  constexpr int kMany = 5000;
  for (int i = 0; i < kMany; ++i) EXPECT_TRUE(known.add(original_id(std::to_string(i), PiiClass::kEmail, "t")));
  for (int i = 0; i < kMany; ++i) EXPECT_FALSE(known.add(original_id(std::to_string(i), PiiClass::kEmail, "t")));
  EXPECT_FALSE(known.contains(original_id("1", PiiClass::kPhone, "t")));
  other.add(original_id("1", PiiClass::kPhone, "t"));
  known.add_all(other);
  EXPECT_TRUE(known.contains(original_id("1", PiiClass::kPhone, "t")));
  EXPECT_EQ(known.size(), static_cast<size_t>(kMany) + 1);
}

}  // namespace
}  // namespace garland::ingest
