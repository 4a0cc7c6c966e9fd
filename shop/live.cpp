#include <fmt/format.h>

#include <array>
#include <chrono>
#include <nlohmann/json.hpp>
#include <thread>

#include "shop/commands.h"
#include "shop/live_shop.h"
#include "shop/progress.h"

namespace garland::shop {
namespace {

using Counts = std::array<int64_t, std::size(kStepNames)>;

void show(const Counts& counts, int64_t steps, bool json) {
  if (json) {
    nlohmann::ordered_json result{{"event", "lived"}, {"steps", steps}};
    for (size_t i = 0; i < counts.size(); ++i) result[std::string(kStepNames[i])] = counts[i];
    fmt::print("{}\n", result.dump());
    return;
  }
  for (size_t i = 0; i < counts.size(); ++i) fmt::print("{:<18}{:>10}\n", kStepNames[i], thousands(counts[i]));
}

}  // namespace

int live(const LiveArguments& arguments, const std::atomic<bool>& stop) {
  keep_apart(arguments.truth, arguments.files);
  Database database(arguments.database);
  const uint64_t seed = enter_shop(database, arguments.seed);
  std::optional<EventFiles> events;
  if (!arguments.files.empty()) events.emplace(arguments.files / "events", EventFiles::Each::kMinute);
  Ledger ledger(arguments.truth, Ledger::Files::kGrowing);
  LiveShop shop(database, arguments.files, events ? &*events : nullptr, ledger, seed);
  constexpr double kUnhurriedRate = 50;  // how fast the shop's clock goes when nothing holds the steps back
  const double rate = arguments.rate > 0 ? arguments.rate : kUnhurriedRate;
  const Instant begin = shop.now();
  const auto started = std::chrono::steady_clock::now();
  Counts counts{};
  int64_t steps = 0;
  const auto finish = [&] {
    shop.finish();
    if (events) events->finish();
    ledger.finish();
  };
  try {
    Progress progress("live", arguments.json);
    for (; !stop && (!arguments.steps || steps < *arguments.steps); ++steps) {
      const double due_s = static_cast<double>(steps) / rate;
      if (arguments.rate > 0) std::this_thread::sleep_until(started + std::chrono::duration<double>(due_s));
      ++counts[static_cast<size_t>(shop.step(begin + Seconds(static_cast<int64_t>(due_s * arguments.speed))))];
      progress.update(steps + 1, arguments.steps.value_or(0),
                      fmt::format("{} steps, {:.0f}/s · {} orders", thousands(steps + 1),
                                  static_cast<double>(steps + 1) / progress.seconds(), thousands(counts[0])));
    }
    progress.finish(fmt::format("{} steps", thousands(steps)));
  } catch (...) {  // of any step: goes on to main(), once what was committed before is whole on disk
    finish();
    throw;
  }
  finish();
  show(counts, steps, arguments.json);
  return stop ? kInterrupted : kDone;
}

}  // namespace garland::shop
