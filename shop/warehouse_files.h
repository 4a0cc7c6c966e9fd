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

  /// What moved that day, and on Mondays what lies there.
  void evening(Day day, const std::vector<Movement>& movements, const Stock& stock);

 private:
  struct Line {
    int64_t id;
    const Movement* movement;
  };
  void drop_movements(Day day, size_t location, const std::vector<Line>& lines);
  void drop_count(Day day, size_t location, const Stock& stock);
  std::string movement_text(const std::string& file, const std::vector<Line>& lines, bool wrong);
  void drop(const std::string& name, const std::string& text, Instant at, std::string_view kind);

  const Parameters& parameters_;
  const Catalog& catalog_;
  Defects& defects_;
  Ledger& ledger_;
  std::filesystem::path folder_;
  Random random_;
  int64_t movements_ = 0;
};

}  // namespace garland::shop
