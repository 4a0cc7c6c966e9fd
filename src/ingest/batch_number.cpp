#include "ingest/batch_number.h"

#include <algorithm>
#include <mutex>

#include "ingest/table.h"

namespace garland::ingest {

int64_t next_batch_id(engine::Session& session) {
  static std::mutex mutex;
  static int64_t last = 0;
  const int64_t next =
      number_in(engine::query_text(session, "select coalesce(max(batch_id), 0) + 1 from ops.batches").at(0).at(0));
  const std::lock_guard lock(mutex);
  last = std::max(next, last + 1);
  return last;
}

}  // namespace garland::ingest
