#include "ingest/batch_number.h"

#include <algorithm>
#include <mutex>

#include "ingest/table.h"

namespace garland::ingest {

int64_t take_batch_id(int64_t id) {
  static std::mutex mutex;
  static int64_t last = 0;
  const std::lock_guard lock(mutex);
  last = std::max(id, last + 1);
  return last;
}

int64_t next_batch_id(engine::Session& session) {
  return take_batch_id(
      number_in(engine::query_text(session, "select coalesce(max(batch_id), 0) + 1 from ops.batches").at(0).at(0)));
}

}  // namespace garland::ingest
