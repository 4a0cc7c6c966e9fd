// Where the shop sells: countries with their share, currency and VAT, and the daily rates of the currencies.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "shop/season.h"

namespace garland::shop {

/// Hundredths of a currency's unit.
struct Money {
  int64_t cents = 0;
  friend auto operator<=>(const Money&, const Money&) = default;
  friend Money operator+(Money a, Money b) { return {a.cents + b.cents}; }
  friend Money operator-(Money a, Money b) { return {a.cents - b.cents}; }
  friend Money operator*(Money a, int64_t by) { return {a.cents * by}; }
  Money& operator+=(Money other) { return cents += other.cents, *this; }
};
/// Rounded half up to the cent.
Money scaled(Money amount, double factor);

enum class Currency : uint8_t { kEur, kGbp, kChf, kSek };
inline constexpr std::array kCurrencies{Currency::kEur, Currency::kGbp, Currency::kChf, Currency::kSek};
std::string_view code_of(Currency currency);

enum class VatClass : uint8_t { kStandard, kFood, kNone };
inline constexpr std::array kVatClasses{VatClass::kStandard, VatClass::kFood, VatClass::kNone};
std::string_view code_of(VatClass vat_class);

struct Country {
  std::string_view code, language, zone;  // zone: of carrier_service
  Currency currency;
  double share;            // of the orders
  int per_mille[2];        // VAT: standard, food
  size_t nearest;          // location, see stock.h
  std::string_view calls;  // the international dialling code
};
inline constexpr Country kCountries[] = {
    {"DE", "de", "domestic", Currency::kEur, 0.56, {190, 70}, 0, "+49"},
    {"AT", "de", "eu", Currency::kEur, 0.12, {200, 100}, 0, "+43"},
    {"NL", "nl", "eu", Currency::kEur, 0.08, {210, 90}, 1, "+31"},
    {"FR", "fr", "eu", Currency::kEur, 0.08, {200, 55}, 1, "+33"},
    {"GB", "en", "abroad", Currency::kGbp, 0.08, {200, 0}, 1, "+44"},
    {"CH", "de", "abroad", Currency::kChf, 0.05, {81, 26}, 0, "+41"},
    {"SE", "sv", "eu", Currency::kSek, 0.03, {250, 120}, 0, "+46"},
};
/// The first for a code that is none of them.
const Country& country_of(std::string_view code);
int vat_per_mille(const Country& country, VatClass vat_class);

/// Units of each currency for one euro, for every day of the history: a slow random walk.
using DailyRates = std::array<double, kCurrencies.size()>;
std::vector<DailyRates> exchange_rates(const Parameters& parameters);
/// Those of the day after.
DailyRates next_rates(DailyRates rates, Random& random);

}  // namespace garland::shop
