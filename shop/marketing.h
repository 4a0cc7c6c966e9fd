// What the shop spends on being found: one CSV file a day.
#pragma once

#include <filesystem>

#include "shop/season.h"

namespace garland::shop {

class Marketing {
 public:
  /// <folder>/2026-11-22.csv; the folder is made.
  Marketing(const Parameters& parameters, const std::filesystem::path& folder);
  /// `orders`: of the day, all sources of visits.
  void evening(Day day, double orders);

 private:
  std::filesystem::path folder_;
  Random random_;
};

}  // namespace garland::shop
