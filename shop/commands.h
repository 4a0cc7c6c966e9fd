// The program's commands, each a function of its arguments that returns an exit code. Errors are thrown; main() shows
// them.
#pragma once

#include <atomic>
#include <filesystem>
#include <optional>
#include <string>

#include "shop/season.h"

namespace garland::shop {

// Exit codes, as of every program of Garland.
inline constexpr int kDone = 0, kUsage = 2, kEnvironment = 3, kInterrupted = 130;

struct FillArguments {
  std::string database;
  std::filesystem::path files, truth;
  Parameters world;
  bool replace = false, json = false;
};
/// Makes the schema and its rows in one transaction, and the files beside it.
int fill(const FillArguments& arguments, const std::atomic<bool>& stop);

struct LiveArguments {
  std::string database;
  std::filesystem::path files, truth;  // files empty: none, and no events; truth empty: no defects
  uint64_t seed = 1;
  double rate = 50;              // transactions a second; 0: as fast as it goes
  double speed = 1;              // of the shop's clock: its seconds in one of ours
  std::optional<int64_t> steps;  // none: until it is interrupted
  bool json = false;
};
/// Changes a filled shop, one transaction a step.
int live(const LiveArguments& arguments, const std::atomic<bool>& stop);

}  // namespace garland::shop
