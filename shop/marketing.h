// What the shop spends on being found: one CSV file a day.
#pragma once

#include <filesystem>

#include "shop/demand.h"

namespace garland::shop {

class Marketing {
 public:
  /// <folder>/2026-11-22.csv; the folder is made. Keeps references to the first two.
  Marketing(const Parameters& parameters, const Demand& demand, const std::filesystem::path& folder);
  void evening(Day day);

 private:
  const Demand& demand_;
  std::filesystem::path folder_;
  Random random_;
};

}  // namespace garland::shop
