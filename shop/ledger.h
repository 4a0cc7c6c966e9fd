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
/// What is noted is written by keep(), or thrown away by drop() when what it tells of did not happen.
class Ledger {
 public:
  enum class Files : uint8_t { kNew, kGrowing };
  /// The folder is made; files that stand in it are written over, growing ones appended to.
  explicit Ledger(const std::filesystem::path& folder, Files files = Files::kNew);

  /// `place`: database, files or events; `object`: the table, file or stream; `key`: column=value, or file:line.
  void defect(std::string_view kind, std::string_view place, std::string_view object, std::string_view key,
              std::string_view note = "");
  /// Pieces of one product on one day: `wanted` = served + substituted (another product was taken) + lost. A day's
  /// pieces may come in several parts.
  void demand(Day day, int product_id, int wanted, int served, int substituted, int lost);
  /// A file and when the warehouse system dropped it; `kind`: on_time, late, corrected, duplicate.
  void delivery(std::string_view file, Instant dropped_at, std::string_view kind);
  void keep();
  void drop();
  /// Keeps the rest; throws kIoError when something could not be written.
  void finish();
  /// Is there a folder?
  bool written() const { return written_; }

  const std::map<std::string, int64_t, std::less<>>& defects() const { return counts_; }

 private:
  struct File {
    std::ofstream out;
    std::string noted;
  };
  void open(File& file, const std::filesystem::path& path, Files files, std::string_view header);
  File defects_, demand_, deliveries_;
  bool written_;
  std::map<std::string, int64_t, std::less<>> counts_;
};

/// Throws kInvalidParameterValue when the ledger would lie among the files that are ingested.
void keep_apart(const std::filesystem::path& truth, const std::filesystem::path& files);

/// A field of a CSV file: quoted where it must be.
std::string csv(std::string_view text);

}  // namespace garland::shop
