#include "ingest/sensitive/classes.h"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <cstdlib>

#include "base/ascii.h"
#include "ingest/sensitive/cards.h"
#include "ingest/sensitive/phone.h"
#include "ingest/sensitive/postcode.h"

namespace garland::ingest {
namespace {

using engine::Type;
using engine::TypeId;

constexpr std::array<std::string_view, 9> kNames = {"email", "phone",      "postcode",  "name", "address",
                                                    "pan",   "identifier", "free_text", "none"};
constexpr FactColumn kValid{Fact::kValid, "_valid", Type::of(TypeId::kBoolean)};
constexpr FactColumn kIsTest{Fact::kIsTest, "_is_test", Type::of(TypeId::kBoolean)};
constexpr FactColumn kDomain{Fact::kDomain, "_domain", Type::varchar(255)};
constexpr FactColumn kArea{Fact::kArea, "_area", Type::varchar(8)};
constexpr std::array kEmailFacts = {kValid, kDomain, kIsTest};
constexpr std::array kTestedFacts = {kValid, kIsTest};
constexpr std::array kPostcodeFacts = {kValid, kArea};
constexpr std::array kAddressFacts = {kValid};

bool is_ascii(std::string_view text) {
  unsigned char seen = 0;
  for (const char c : text) seen |= static_cast<unsigned char>(c);
  return seen < 0x80;
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
}
bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Bytes of the blank that stands at the text's start; 0: none. Blanks: ASCII's, no-break space, zero-width space and
/// the byte order mark, which spreadsheets leave behind.
size_t leading_blank(std::string_view text) {
  if (text.empty()) return 0;
  if (text[0] == ' ' || (text[0] >= '\t' && text[0] <= '\r')) return 1;
  if (static_cast<unsigned char>(text[0]) < 0x80) return 0;
  for (const std::string_view blank : {"\xC2\xA0", "\xE2\x80\x8B", "\xE2\x80\xAF", "\xEF\xBB\xBF"}) {
    if (text.starts_with(blank)) return blank.size();
  }
  return 0;
}

/// The text without outer blanks; inner ones become one space each row of them, or none.
void without_blanks(std::string_view text, bool keep_inner, std::string& out) {
  out.clear();
  bool owed = false;
  while (!text.empty()) {
    if (const size_t blank = leading_blank(text)) {
      owed = keep_inner && !out.empty();
      text.remove_prefix(blank);
      continue;
    }
    if (owed) out += ' ';
    owed = false;
    out += text.front();
    text.remove_prefix(1);
  }
}

/// NFC, and lower case where wanted. False, and nothing done, when the text is no UTF-8.
bool compose(std::string& text, bool lower) {
  if (is_ascii(text)) {
    if (lower) std::transform(text.begin(), text.end(), text.begin(), [](char c) { return ascii_lower(c); });
    return true;
  }
  utf8proc_uint8_t* made = nullptr;
  const auto lowered = [](utf8proc_int32_t c, void*) { return utf8proc_tolower(c); };
  const auto size = utf8proc_map_custom(
      reinterpret_cast<const utf8proc_uint8_t*>(text.data()), static_cast<utf8proc_ssize_t>(text.size()), &made,
      static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE), lower ? +lowered : nullptr, nullptr);
  if (size >= 0) text.assign(reinterpret_cast<const char*>(made), static_cast<size_t>(size));
  std::free(made);
  return size >= 0;
}

/// RFC 5321's lengths and the dot-atom of RFC 5322, with letters of any script (RFC 6531).
bool is_local_part(std::string_view local) {
  constexpr std::string_view kMarks = "!#$%&'*+-/=?^_`{|}~.";
  const bool dots = local.starts_with('.') || local.ends_with('.') || local.find("..") != std::string_view::npos;
  return !local.empty() && local.size() <= 64 && !dots && std::all_of(local.begin(), local.end(), [&](char c) {
    return is_letter(c) || is_digit(c) || kMarks.find(c) != std::string_view::npos;
  });
}

bool is_domain(std::string_view domain) {
  if (domain.size() > 253) return false;
  size_t labels = 0;
  bool digits_only = true;
  while (true) {
    const std::string_view label = domain.substr(0, domain.find('.'));
    const bool good =
        !label.empty() && label.size() <= 63 && label.front() != '-' && label.back() != '-' &&
        std::all_of(label.begin(), label.end(), [](char c) { return is_letter(c) || is_digit(c) || c == '-'; });
    if (!good) return false;
    ++labels;
    digits_only = std::all_of(label.begin(), label.end(), is_digit);
    if (label.size() == domain.size()) break;
    domain.remove_prefix(label.size() + 1);
  }
  return labels >= 2 && !digits_only;
}

bool is_test_domain(std::string_view domain) {
  for (const std::string_view name :
       {"example.com", "example.net", "example.org", "test", "example", "invalid", "localhost"}) {
    if (domain == name || (domain.ends_with(name) && domain[domain.size() - name.size() - 1] == '.')) return true;
  }
  return false;
}

void normalise_email(std::string_view original, Normal& out) {
  without_blanks(original, true, out.text);
  const bool text = compose(out.text, true);
  const size_t at = out.text.rfind('@');
  if (!text || at == std::string::npos) return;
  const std::string_view local = std::string_view(out.text).substr(0, at),
                         domain = std::string_view(out.text).substr(at + 1);
  out.valid = is_local_part(local) && is_domain(domain);
  if (!out.valid) return;
  out.part = domain;
  out.is_test = is_test_domain(domain) || local == "test" || local.starts_with("test+") || local.ends_with("+test");
}

void normalise_words(PiiClass pii, std::string_view original, Normal& out) {
  without_blanks(original, true, out.text);
  const bool text = compose(out.text, true);
  out.valid = text && std::any_of(out.text.begin(), out.text.end(), is_letter);
  if (pii != PiiClass::kName) return;
  out.valid = out.valid && out.text.find('@') == std::string::npos;
  const std::string_view first = std::string_view(out.text).substr(0, out.text.find(' '));
  out.is_test = first == "test" || first == "tester" || first == "dummy" || out.text.ends_with(" test");
}

void normalise_pan(std::string_view original, Normal& out) {
  without_blanks(original, false, out.text);
  std::erase(out.text, '-');
  out.valid = is_card(out.text);
  out.is_test = out.valid && is_test_card(out.text);
}

}  // namespace

std::span<const std::string_view> pii_class_names() { return kNames; }
std::string_view pii_class_name(PiiClass pii) { return kNames[static_cast<size_t>(pii)]; }

std::optional<PiiClass> pii_class_of(std::string_view name) {
  const auto at = std::find(kNames.begin(), kNames.end(), name);
  if (at == kNames.end()) return std::nullopt;
  return static_cast<PiiClass>(at - kNames.begin());
}

std::span<const FactColumn> facts_of(PiiClass pii) {
  switch (pii) {
    case PiiClass::kEmail:
      return kEmailFacts;
    case PiiClass::kPostcode:
      return kPostcodeFacts;
    case PiiClass::kPhone:
    case PiiClass::kName:
    case PiiClass::kPan:
      return kTestedFacts;
    case PiiClass::kAddress:
      return kAddressFacts;
    default:
      return {};
  }
}

void normalise(PiiClass pii, std::string_view original, std::string_view country, Normal& out) {
  out.text.clear();
  out.part.clear();
  out.valid = out.is_test = false;
  switch (pii) {
    case PiiClass::kEmail:
      return normalise_email(original, out);
    case PiiClass::kPhone:
      return normalise_phone(original, country, out);
    case PiiClass::kPostcode:
      without_blanks(original, false, out.text);
      return judge_postcode(country, out);
    case PiiClass::kName:
    case PiiClass::kAddress:
      return normalise_words(pii, original, out);
    case PiiClass::kPan:
      return normalise_pan(original, out);
    default:
      without_blanks(original, true, out.text);
      compose(out.text, false);
  }
}

}  // namespace garland::ingest
