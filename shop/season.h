// The season: how many orders shoppers want to place on a day, when each kind of goods is wanted, and what o'clock
// people order.
#pragma once

#include "shop/calendar.h"
#include "shop/random.h"

namespace garland::shop {

/// How the world is made. The same parameters make the same world, byte by byte.
struct Parameters {
  uint64_t seed = 1;
  double scale = 1;                // 1: about 300,000 orders over two and a half seasons
  Day end = day_of(2026, 11, 22);  // the last day of the history

  /// The history begins on 1 September, two seasons before that of its end.
  Day begin() const { return day_of(season_of(end) - 2, 9, 1); }
  int64_t days() const { return (end - begin()).count() + 1; }
};

/// Orders that shoppers want to place on that day at scale 1, without chance: low in summer, rising from October, a
/// peak around Black Friday and the first two weeks of December, a fall when parcels no longer arrive in time, a small
/// sale after Christmas. `first_season` grows by a tenth and more a year.
double orders_expected(Day day, int first_season);

/// When goods of a category are wanted: a bell around a number of days before Christmas, above a floor.
struct Wanted {
  double peak;   // days before Christmas
  double width;  // days
  double floor;  // of the bell's height, all year
};
double interest(const Wanted& wanted, Day day);

/// Seconds after midnight in Berlin: few at night, some at noon, most in the evening.
int64_t order_second(Random& random);

}  // namespace garland::shop
