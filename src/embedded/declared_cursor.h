// DECLARE CURSOR's rows: all of them are here once it is declared, as Redshift keeps them on its leader (guide page
// declare), and FETCH hands them out forward only.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/engine.h"

namespace garland::embedded {

/// Used by its session's thread.
class DeclaredCursor {
 public:
  DeclaredCursor(std::string name, std::vector<engine::ResultColumn> columns)
      : name_(std::move(name)), columns_(std::move(columns)) {}

  const std::string& name() const { return name_; }
  const std::vector<engine::ResultColumn>& columns() const { return columns_; }
  /// Keeps a copy of the rows.
  void add(const engine::Batch& batch);
  /// The next `count` rows, or all that remain; 0 gives the row fetched last once more (guide page fetch). The result
  /// does not need the cursor any longer.
  std::unique_ptr<engine::Cursor> fetch(std::optional<int64_t> count);

 private:
  struct Slice {
    std::shared_ptr<const engine::Batch> whole;
    size_t first, rows;
  };
  class Fetched;

  std::string name_;
  std::vector<engine::ResultColumn> columns_;
  std::vector<std::shared_ptr<const engine::Batch>> batches_;
  size_t batch_ = 0, row_ = 0;  // of the next row
  std::optional<Slice> last_;   // the row fetched last, unless the cursor ran off the end
};

}  // namespace garland::embedded
