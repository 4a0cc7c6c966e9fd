#include "shop/markets.h"

namespace garland::shop {
namespace {

constexpr DailyRates kLevel{1, 0.86, 0.95, 11.3};

}  // namespace

Money scaled(Money amount, double factor) { return {std::llround(static_cast<double>(amount.cents) * factor)}; }

std::string_view code_of(Currency currency) {
  constexpr std::string_view kCodes[] = {"EUR", "GBP", "CHF", "SEK"};
  return kCodes[static_cast<size_t>(currency)];
}

std::string_view code_of(VatClass vat_class) {
  constexpr std::string_view kCodes[] = {"standard", "food", "none"};
  return kCodes[static_cast<size_t>(vat_class)];
}

const Country& country_of(std::string_view code) {
  for (const Country& country : kCountries) {
    if (country.code == code) return country;
  }
  return kCountries[0];
}

int vat_per_mille(const Country& country, VatClass vat_class) {
  return vat_class == VatClass::kNone ? 0 : country.per_mille[static_cast<size_t>(vat_class)];
}

std::vector<DailyRates> exchange_rates(const Parameters& parameters) {
  Random random(parameters.seed, "exchange rates");
  DailyRates rates = kLevel;
  std::vector<DailyRates> days;
  for (int64_t i = 0; i < parameters.days(); ++i) days.push_back(rates = next_rates(rates, random));
  return days;
}

DailyRates next_rates(DailyRates rates, Random& random) {
  for (size_t c = 1; c < rates.size(); ++c) {
    rates[c] *= random.factor(0.004) * std::pow(kLevel[c] / rates[c], 0.01);  // drawn back to its level
  }
  return rates;
}

}  // namespace garland::shop
