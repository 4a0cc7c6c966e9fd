#include "shop/season.h"

namespace garland::shop {
namespace {

double bell(double x, double centre, double width) { return std::exp(-0.5 * std::pow((x - centre) / width, 2)); }

/// The level of the season alone, 1 at its height.
double season_level(int to_christmas) {
  const double d = to_christmas;
  if (to_christmas < 0) return to_christmas >= -12 ? 0.22 * bell(d, -4, 5) + 0.05 : 0.05;
  double level = 0.05 + 0.12 * bell(d, 60, 22) + 0.95 * bell(d, 18, to_christmas > 18 ? 15 : 6.5);
  if (to_christmas <= 5) level *= 0.45;  // past the carriers' last days
  return level;
}

}  // namespace

double orders_expected(Day day, int first_season) {
  constexpr double kHeight = 2310;  // orders on a plain day at the season's height, in the first season
  constexpr double kWeekday[] = {1.18, 1.12, 1.02, 0.98, 0.95, 0.9, 0.85};
  const int season = season_of(day);
  double level = season_level(days_to_christmas(day));
  const int64_t after_black_friday = (day - black_friday(season)).count();
  if (after_black_friday >= -4 && after_black_friday < 0) level *= 1.15;
  if (after_black_friday == 0) level *= 1.9;
  if (after_black_friday == 1 || after_black_friday == 2) level *= 1.35;
  if (after_black_friday == 3) level *= 1.7;  // Cyber Monday
  return kHeight * level * kWeekday[weekday(day)] * std::pow(1.11, season - first_season);
}

double interest(const Wanted& wanted, Day day) {
  const int to_christmas = days_to_christmas(day);
  if (to_christmas < 0) return wanted.floor + 0.15;
  return wanted.floor + bell(to_christmas, wanted.peak, wanted.width);
}

int64_t order_second(Random& random) {
  constexpr double kHours[] = {1.0, 0.5, 0.3, 0.2, 0.2, 0.4, 1.2, 2.4, 3.6, 4.5, 5.0, 5.2,
                               5.4, 5.0, 4.8, 4.8, 5.0, 5.6, 6.4, 7.8, 8.8, 8.4, 5.6, 2.6};
  return static_cast<int64_t>(random.pick_weighted(kHours)) * 3600 + random.between(0, 3599);
}

}  // namespace garland::shop
