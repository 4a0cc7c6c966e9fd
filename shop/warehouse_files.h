// The files that the warehouse system drops: movements of each day and location, a full count every Monday. Some come
// late, some are corrected, some are sent twice; the ledger says which.
#pragma once

#include <filesystem>

#include "shop/defects.h"
#include "shop/stock.h"

namespace garland::shop {

/// <folder>/movements/LEJ-2026-11-22.csv and <folder>/counts/LEJ-2026-11-16.csv. A correction is a second file that
/// holds the whole day again (LEJ-2026-11-22-v2.csv), a file sent twice has the same bytes under another name
/// (…-again.csv), lines that come late have a file of their own (…-late.csv).
class WarehouseFiles {
 public:
  /// Keeps references to all but the folder, which is made.
  WarehouseFiles(const Parameters& parameters, const Catalog& catalog, Defects& defects, Ledger& ledger,
                 const std::filesystem::path& folder);

  /// What moved that day, and on Mondays what lies there, is put into files that wait for their hour.
  void evening(Day day, const std::vector<Movement>& movements, const Stock& stock);
  /// Files whose hour has come are written, in the order of evening().
  void drop_due(Instant now);
  /// Movements are numbered on from there; the history's from 0.
  void number_from(int64_t movements) { movements_ = movements; }

 private:
  struct Line {
    int64_t id;
    const Movement* movement;
  };
  struct File {
    std::string name, text;
    Instant at;
    std::string_view kind;
  };
  void drop_movements(Day day, size_t location, const std::vector<Line>& lines);
  void drop_count(Day day, size_t location, const Stock& stock);
  std::string movement_text(const std::string& file, const std::vector<Line>& lines, bool wrong);
  void drop(std::string name, std::string text, Instant at, std::string_view kind);

  const Parameters& parameters_;
  const Catalog& catalog_;
  Defects& defects_;
  Ledger& ledger_;
  std::filesystem::path folder_;
  Random random_;
  std::vector<File> waiting_;
  int64_t movements_ = 0;
};

}  // namespace garland::shop
