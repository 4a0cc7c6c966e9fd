// Rows kept aside for a reader that is slower than the session: when another statement runs, what an open cursor has
// not yet given out comes here.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "engine/batch.h"

namespace garland::embedded {

/// Owns deep copies, in memory. Used by one thread.
class Spool {
 public:
  void add(const engine::Batch& batch);
  /// The next batch, in the order they came; borrowed until the next call, which frees it. nullptr at the end.
  const engine::Batch* next();
  /// A deep copy that stands alone.
  static std::shared_ptr<const engine::Batch> copy(const engine::Batch& batch);

 private:
  struct Kept;
  std::vector<std::shared_ptr<Kept>> kept_;
  size_t position_ = 0;
};

}  // namespace garland::embedded
