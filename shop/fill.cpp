#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "shop/commands.h"
#include "shop/history.h"
#include "shop/progress.h"
#include "shop/schema_text.h"

namespace garland::shop {
namespace {

constexpr const char* kOwnFolders[] = {"stock", "marketing", "events"};

/// Folders of a fill before must be gone: events are appended, and a shorter history would leave files of a longer one.
void clear_folders(const FillArguments& arguments) {
  for (const char* name : kOwnFolders) {
    const std::filesystem::path folder = arguments.files / name;
    if (!std::filesystem::exists(folder)) continue;
    if (!arguments.replace) {
      throw Error(kObjectInUse, fmt::format("{} is there already", folder.string()))
          .hint("give another --files DIR, or --replace, which removes its folders stock, marketing and events");
    }
    std::filesystem::remove_all(folder);
  }
  std::filesystem::create_directories(arguments.files);
}

void make_schema(Database& database, bool replace) {
  const bool there = !database.ask("select 1 from pg_namespace where nspname = 'shop'").empty();
  if (there && !replace) {
    throw Error(kDuplicateSchema, "the database has a schema shop already")
        .hint("--replace drops it with all its tables");
  }
  if (there) database.run("drop schema shop cascade");
  database.run(kSchemaText);
}

void check(const FillArguments& arguments) {
  keep_apart(arguments.truth, arguments.files);
  if (!(arguments.world.scale > 0 && arguments.world.scale <= 100)) {
    throw Error(kInvalidParameterValue, fmt::format("--scale {} is not between 0 and 100", arguments.world.scale));
  }
  if (arguments.world.end < day_of(2020, 1, 1) || arguments.world.end > day_of(2080, 1, 1)) {
    throw Error(kInvalidParameterValue,
                fmt::format("--end {} is not between 2020 and 2080", text_of(arguments.world.end)));
  }
}

void show(const FillArguments& arguments, const History& history, const Tables& tables, const Ledger& ledger) {
  int64_t defects = 0;
  for (const auto& [kind, count] : ledger.defects()) defects += count;
  if (arguments.json) {
    nlohmann::ordered_json result{{"event", "filled"},
                                  {"orders", history.orders()},
                                  {"order_items", history.lines()},
                                  {"rows", tables.rows()},
                                  {"defects", ledger.defects()}};
    fmt::print("{}\n", result.dump());
    return;
  }
  fmt::print("{} orders, {} order lines, {} rows from {} to {}; {} defects planted\n", thousands(history.orders()),
             thousands(history.lines()), thousands(tables.rows()), text_of(arguments.world.begin()),
             text_of(arguments.world.end), thousands(defects));
  fmt::print("next: garland-shop live --database … --files {}\n", arguments.files.string());
}

}  // namespace

int fill(const FillArguments& arguments, const std::atomic<bool>& stop) {
  check(arguments);
  Database database(arguments.database);
  database.run("begin");
  make_schema(database, arguments.replace);
  clear_folders(arguments);
  Ledger ledger(arguments.truth);
  EventFiles events(arguments.files / "events", EventFiles::Each::kDay);
  Tables tables(database);
  History history(arguments.world, tables, arguments.files, events, ledger);
  {
    Progress progress("history", arguments.json);
    for (int64_t i = 0; i < arguments.world.days(); ++i) {
      const Day day = arguments.world.begin() + Days(i);
      if (stop) {
        fmt::print(stderr, "stopped: the database is as it was; the files in {} are not whole\n",
                   arguments.files.string());
        return kInterrupted;
      }
      history.live_through(day);
      progress.update(i + 1, arguments.world.days(),
                      fmt::format("{} · {} orders", text_of(day), thousands(history.orders())));
    }
    history.finish();
    database.finish_copy();
    progress.finish(fmt::format("{} days, {} orders, {} rows ({:.0f}k rows/s)", arguments.world.days(),
                                thousands(history.orders()), thousands(tables.rows()),
                                static_cast<double>(tables.rows()) / 1000 / progress.seconds()));
  }
  Progress progress("links", arguments.json);
  database.run(kLinksText);
  database.run("commit");
  for (const Table* table : tables.all) database.run(fmt::format("analyze shop.{}", table->name()));
  progress.finish("foreign keys, indexes, statistics");
  show(arguments, history, tables, ledger);
  return kDone;
}

}  // namespace garland::shop
