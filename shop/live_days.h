// What happens in the live shop when a day ends: the warehouse system puts together its files and drops them when their
// hour comes, marketing says what it spent, the next day's rates are fixed. All of it is read from the database.
#pragma once

#include <filesystem>
#include <optional>

#include "shop/database.h"
#include "shop/marketing.h"
#include "shop/warehouse_files.h"

namespace garland::shop {

class LiveDays {
 public:
  /// `files` empty: no files, rates only. Keeps references to the rest.
  LiveDays(Database& database, const Catalog& catalog, const Parameters& parameters, Defects& defects, Ledger& ledger,
           const std::filesystem::path& files);

  /// The clock to start with: that moment, or the midnight after a day whose files are there. Called first.
  Instant open(Instant last_change);
  /// Outside of a transaction. Closes each day that ended before `now`, opens the next one.
  void reach(Instant now);
  /// Files that wait for their hour are dropped at once; a program that is killed takes them along.
  void finish();

 private:
  struct Folders {
    WarehouseFiles stock;
    Marketing marketing;
  };
  void close(Day day);
  void open_rates();
  std::vector<Movement> movements(Day day);
  Stock stock();

  Database& database_;
  const Catalog& catalog_;
  std::filesystem::path files_;
  std::optional<Folders> folders_;
  Random random_;
  Day today_;
};

}  // namespace garland::shop
