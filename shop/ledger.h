// The truth, written beside the data and never ingested: what shoppers wanted, also where it could not be served, and
// every defect that was planted, with its key. Tests and forecasts are measured against it.
#pragma once

#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <string_view>

#include "shop/calendar.h"

namespace garland::shop {

/// Three CSV files in the folder: defects.csv, demand.csv, deliveries.csv. Without a folder everything is counted only.
class Ledger {
 public:
  /// The folder is made; files that stand in it are written over.
  explicit Ledger(const std::filesystem::path& folder);

  /// `place`: database, files or events; `object`: the table, file or stream; `key`: column=value, or file:line.
  void defect(std::string_view kind, std::string_view place, std::string_view object, std::string_view key,
              std::string_view note = "");
  /// Pieces of one product on one day: `wanted` = served + substituted (another product was taken) + lost.
  void demand(Day day, int product_id, int wanted, int served, int substituted, int lost);
  /// A file and when the warehouse system dropped it; `kind`: on_time, late, corrected, duplicate.
  void delivery(std::string_view file, Instant dropped_at, std::string_view kind);
  /// Throws kIoError when something could not be written.
  void finish();

  const std::map<std::string, int64_t, std::less<>>& defects() const { return counts_; }

 private:
  std::ofstream defects_, demand_, deliveries_;
  bool written_;
  std::map<std::string, int64_t, std::less<>> counts_;
};

/// A field of a CSV file: quoted where it must be.
std::string csv(std::string_view text);

}  // namespace garland::shop
