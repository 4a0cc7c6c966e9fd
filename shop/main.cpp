// garland-shop: the command line.
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <csignal>

#include "shop/commands.h"
#include "shop/progress.h"

namespace garland::shop {
namespace {

std::atomic<bool> stop_wanted{false};

void on_signal(int) {
  if (stop_wanted.exchange(true)) _exit(kInterrupted);
  constexpr char kMessage[] = "\nstopping after this step; press Ctrl-C again to stop now (both are safe)\n";
  [[maybe_unused]] const ssize_t written = write(STDERR_FILENO, kMessage, sizeof(kMessage) - 1);
}

void watch_interrupts() {
  struct sigaction action{};
  action.sa_handler = on_signal;
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

constexpr const char* kFooter = R"(
garland-shop fill --database postgresql://localhost/shop --files build/shop --truth build/shop-truth
garland-shop live --database postgresql://localhost/shop --files build/shop --truth build/shop-truth --rate 50

The password comes from PGPASSWORD or ~/.pgpass, never from the command line. Exit codes: 0 done; 2 the command line is wrong
(nothing was touched); 3 the environment failed (database, disk); 130 interrupted, what was committed stays.)";

int exit_code_of(const Error& error) {
  const SqlState state = error.state();
  const std::string_view kind = state.error_class();
  const bool environment =
      kind == "08" || kind == "53" || kind == "55" || kind == "57" || kind == "58" || kind == "XX" || kind == "28";
  return environment ? kEnvironment : kUsage;
}

struct Arguments {
  FillArguments fill;
  LiveArguments live;
  std::string end;
};

CLI::App* add_fill(CLI::App& app, Arguments& arguments) {
  CLI::App* fill = app.add_subcommand(
      "fill", "Make the schema shop with two and a half seasons of history, and the files beside it");
  fill->footer(
      "Example: garland-shop fill --database postgresql://localhost/shop --files build/shop --truth build/shop-truth "
      "--scale 0.1");
  fill->add_option("--database", arguments.fill.database, "The shop's PostgreSQL")->type_name("URI")->required();
  fill->add_option("--files", arguments.fill.files, "Where the warehouse system's files, marketing spend and events go")
      ->type_name("DIR")
      ->required();
  fill->add_option("--truth", arguments.fill.truth,
                   "Where the truth ledger goes: true demand and every planted defect (default: nowhere)")
      ->type_name("DIR");
  fill->add_option("--seed", arguments.fill.world.seed, "The same seed, scale and end make the same shop, byte by byte")
      ->capture_default_str();
  fill->add_option("--scale", arguments.fill.world.scale, "1: about 300,000 orders")->capture_default_str();
  fill->add_option("--end", arguments.end, "The last day of the history (default: 2026-11-22)")
      ->type_name("YYYY-MM-DD");
  fill->add_flag("--replace", arguments.fill.replace, "Drop a schema shop that is there, and files of a fill before");
  fill->add_flag("--json", arguments.fill.json, "One JSON object on stdout");
  return fill;
}

CLI::App* add_live(CLI::App& app, LiveArguments& arguments) {
  CLI::App* live = app.add_subcommand(
      "live", "Change a filled shop as customers and staff do, one transaction a step, until Ctrl-C");
  live->footer(
      "Example: garland-shop live --database postgresql://localhost/shop --files build/shop --truth build/shop-truth "
      "--rate 50");
  live->add_option("--database", arguments.database, "The shop's PostgreSQL")->type_name("URI")->required();
  live->add_option("--files", arguments.files,
                   "Where events are appended, and the files of each day that ends dropped (default: nowhere)")
      ->type_name("DIR");
  live->add_option("--truth", arguments.truth,
                   "The truth ledger, to be appended to; defects are planted (default: nowhere, and none are)")
      ->type_name("DIR");
  live->add_option("--seed", arguments.seed, "Which steps are taken")->capture_default_str();
  live->add_option("--rate", arguments.rate, "Transactions a second; 0: as fast as it goes")
      ->capture_default_str()
      ->check(CLI::NonNegativeNumber);
  live->add_option("--speed", arguments.speed, "Of the shop's clock: seconds there in a second here")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  live->add_option("--steps", arguments.steps, "Stop after that many (default: never)")->check(CLI::NonNegativeNumber);
  live->add_flag("--json", arguments.json, "One JSON object on stdout at the end: how many steps of each kind");
  return live;
}

int run_main(int argc, char** argv) {
  CLI::App app{"garland-shop: an online Christmas shop that never was, to feed a data warehouse."};
  app.footer(kFooter);
  app.require_subcommand(1);
  Arguments arguments;
  const CLI::App* filling = add_fill(app, arguments);
  add_live(app, arguments.live);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kDone : kUsage;
  }
  watch_interrupts();
  try {
    if (!arguments.end.empty()) arguments.fill.world.end = parse_day(arguments.end);
    return *filling ? fill(arguments.fill, stop_wanted) : live(arguments.live, stop_wanted);
  } catch (const Error& error) {
    fmt::print(stderr, "{}", error_screen(error));
    return exit_code_of(error);
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}", error_screen(Error(kIoError, error.what())));
    return kEnvironment;
  }
}

}  // namespace
}  // namespace garland::shop

int main(int argc, char** argv) { return garland::shop::run_main(argc, argv); }
