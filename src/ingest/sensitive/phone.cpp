#include "ingest/sensitive/phone.h"

#include <algorithm>

#include "base/ascii.h"

namespace garland::ingest {
namespace {

struct Plan {
  std::string_view country;
  std::string_view calling_code;
  std::string_view trunk;    // dialled before a national number, no part of it
  size_t shortest, longest;  // national numbers, in digits
};
constexpr Plan kPlans[] = {
    {"AT", "43", "0", 4, 13}, {"AU", "61", "0", 9, 9},   {"BE", "32", "0", 8, 9},  {"CA", "1", "1", 10, 10},
    {"CH", "41", "0", 9, 9},  {"CZ", "420", "", 9, 9},   {"DE", "49", "0", 4, 11}, {"DK", "45", "", 8, 8},
    {"ES", "34", "", 9, 9},   {"FI", "358", "0", 5, 11}, {"FR", "33", "0", 9, 9},  {"GB", "44", "0", 9, 10},
    {"IE", "353", "0", 7, 9}, {"IT", "39", "", 6, 11},   {"LU", "352", "", 4, 11}, {"NL", "31", "0", 9, 9},
    {"NO", "47", "", 5, 8},   {"PL", "48", "", 9, 9},    {"PT", "351", "", 9, 9},  {"SE", "46", "0", 7, 13},
    {"US", "1", "1", 10, 10},
};
constexpr size_t kMostDigits = 15;  // E.164, section 6
constexpr size_t kFewestDigits = 8;

/// Reserved for film and fiction: Ofcom, "Telephone numbers for use in TV and radio drama programmes".
constexpr std::string_view kFiction[] = {"+447700900", "+442079460", "+441134960", "+441144960", "+441154960",
                                         "+441164960", "+441174960", "+441184960", "+441214960", "+441314960",
                                         "+441414960", "+441514960", "+441614960", "+441914980", "+441632960",
                                         "+448081570", "+449098790", "+443069990"};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

const Plan* plan_of(std::string_view country) {
  const auto* const at =
      std::find_if(std::begin(kPlans), std::end(kPlans), [&](const Plan& p) { return p.country == country; });
  return at == std::end(kPlans) ? nullptr : at;
}

/// Calling codes are prefix-free, so at most one fits.
const Plan* plan_of_code(std::string_view digits) {
  const auto* const at = std::find_if(std::begin(kPlans), std::end(kPlans),
                                      [&](const Plan& p) { return digits.starts_with(p.calling_code); });
  return at == std::end(kPlans) ? nullptr : at;
}

/// North America's 555-0100 to 555-0199 of every area (NANPA, "555 line numbers").
bool is_fiction(std::string_view number) {
  if (number.starts_with("+1") && number.size() == 12) return number.substr(5, 5) == "55501";
  return std::any_of(std::begin(kFiction), std::end(kFiction),
                     [&](std::string_view start) { return number.starts_with(start); });
}

struct Dialled {
  bool international = false, odd = false;  // odd: holds what no number holds
};

/// Digits of the original into `out`, without extension and "(0)".
Dialled dial(std::string_view text, std::string& out) {
  Dialled dialled;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = ascii_lower(text[i]);
    if (is_digit(c)) {
      out += c;
    } else if (c == '+' && out.empty()) {
      dialled.international = true;
    } else if (text.substr(i, 3) == "(0)" && !out.empty()) {
      i += 2;
    } else if ((c == 'x' || c == 'e' || c == '#') && out.size() >= 5) {
      break;
    } else if (static_cast<unsigned char>(c) < 0x80 && std::string_view(" \t()-./").find(c) == std::string_view::npos) {
      dialled.odd = true;
    }
  }
  return dialled;
}

}  // namespace

bool knows_phones(std::string_view country) { return plan_of(country) != nullptr; }

void normalise_phone(std::string_view original, std::string_view country, Normal& out) {
  std::string& digits = out.text;
  Dialled dialled = dial(original, digits);
  if (digits.empty()) return;
  const Plan* plan = plan_of(country);
  const size_t exit = dialled.international                                            ? 0
                      : digits.starts_with("00")                                       ? 2
                      : plan && plan->calling_code == "1" && digits.starts_with("011") ? 3
                                                                                       : 0;
  if (exit > 0) {
    digits.erase(0, exit);
    dialled.international = true;
  }
  if (dialled.international) {
    plan = plan_of_code(digits);
    if (plan) digits.erase(0, plan->calling_code.size());
  } else if (!plan) {
    return;  // whose number it is nobody knows
  }
  if (plan) {
    if (!plan->trunk.empty() && digits.starts_with(plan->trunk)) digits.erase(0, plan->trunk.size());
    out.valid = digits.size() >= plan->shortest && digits.size() <= plan->longest;
    digits.insert(0, plan->calling_code);
  } else {
    out.valid = digits.size() >= kFewestDigits && digits.size() <= kMostDigits && digits.front() != '0';
  }
  digits.insert(0, 1, '+');
  out.valid = out.valid && !dialled.odd;
  out.is_test = out.valid && is_fiction(digits);
}

}  // namespace garland::ingest
