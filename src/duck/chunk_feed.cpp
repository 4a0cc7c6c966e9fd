#include "duck/chunk_feed.h"

#include <unordered_map>

#include "duck/failure.h"

namespace garland::duck {

namespace {

/// The feeds that live, by id: what DuckDB passes to a table function are values.
struct Feeds {
  std::mutex mutex;
  std::unordered_map<uint64_t, ChunkFeed*> by_id;
  uint64_t last_id = 0;

  ChunkFeed* find(uint64_t id) {
    const std::lock_guard lock(mutex);
    const auto found = by_id.find(id);
    return found == by_id.end() ? nullptr : found->second;
  }
};

Feeds& feeds() {
  static Feeds all;
  return all;
}

uint64_t enter(ChunkFeed* feed) {
  Feeds& all = feeds();
  const std::lock_guard lock(all.mutex);
  all.by_id[++all.last_id] = feed;
  return all.last_id;
}

void bind(duckdb_bind_info info) {
  duckdb_value value = duckdb_bind_get_parameter(info, 0);
  ChunkFeed* feed = feeds().find(duckdb_get_uint64(value));
  duckdb_destroy_value(&value);
  if (!feed) return duckdb_bind_set_error(info, "Internal Error: no such feed");
  for (size_t i = 0; i < feed->types().size(); ++i) {
    duckdb_bind_add_result_column(info, ("c" + std::to_string(i)).c_str(), feed->types()[i].get());
  }
  duckdb_bind_set_bind_data(info, feed, nullptr);
}

void start(duckdb_init_info info) { duckdb_init_set_max_threads(info, 1); }

void read(duckdb_function_info info, duckdb_data_chunk output) {
  auto* feed = static_cast<ChunkFeed*>(duckdb_function_get_bind_data(info));
  duckdb_data_chunk next = nullptr;
  try {
    next = feed->take().get();
  } catch (const std::exception& error) {
    return duckdb_function_set_error(info, error.what());
  }
  if (!next) return duckdb_data_chunk_set_size(output, 0);
  for (size_t i = 0; i < feed->types().size(); ++i) {
    duckdb_vector_reference_vector(duckdb_data_chunk_get_vector(output, i), duckdb_data_chunk_get_vector(next, i));
  }
  duckdb_data_chunk_set_size(output, duckdb_data_chunk_get_size(next));
}

}  // namespace

ChunkFeed::ChunkFeed(const std::vector<LogicalType>& types, size_t capacity)
    : types_(types), capacity_(capacity), id_(enter(this)) {}

ChunkFeed::~ChunkFeed() {
  Feeds& all = feeds();
  const std::lock_guard lock(all.mutex);
  all.by_id.erase(id_);
}

void ChunkFeed::register_function(duckdb_connection connection) {
  duckdb_table_function function = duckdb_create_table_function();
  duckdb_table_function_set_name(function, "g_feed");
  const LogicalType id(duckdb_create_logical_type(DUCKDB_TYPE_UBIGINT));
  duckdb_table_function_add_parameter(function, id.get());
  duckdb_table_function_set_bind(function, bind);
  duckdb_table_function_set_init(function, start);
  duckdb_table_function_set_function(function, read);
  const duckdb_state outcome = duckdb_register_table_function(connection, function);
  duckdb_destroy_table_function(&function);
  if (outcome != DuckDBSuccess) throw DuckError(ErrorKind::kOther, "Catalog Error: cannot register g_feed");
}

Chunk ChunkFeed::empty_chunk() {
  {
    const std::lock_guard lock(mutex_);
    if (!free_.empty()) {
      Chunk chunk = std::move(free_.back());
      free_.pop_back();
      duckdb_data_chunk_reset(chunk.get());
      return chunk;
    }
  }
  std::vector<duckdb_logical_type> raw;
  for (const LogicalType& type : types_) raw.push_back(type.get());
  return Chunk(duckdb_create_data_chunk(raw.data(), raw.size()));
}

bool ChunkFeed::put(Chunk chunk) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return left_ || waiting_.size() < capacity_; });
  if (left_) return false;
  waiting_.push_back(std::move(chunk));
  changed_.notify_all();
  return true;
}

void ChunkFeed::close(std::string reason) {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  reason_ = std::move(reason);
  changed_.notify_all();
}

const Chunk& ChunkFeed::take() {
  std::unique_lock lock(mutex_);
  if (lent_) free_.push_back(std::move(lent_));
  changed_.wait(lock, [&] { return closed_ || !waiting_.empty(); });
  if (!reason_.empty()) throw DuckError(ErrorKind::kOther, reason_);
  if (!waiting_.empty()) {
    lent_ = std::move(waiting_.front());
    waiting_.pop_front();
    changed_.notify_all();
  }
  return lent_;
}

void ChunkFeed::leave() {
  const std::lock_guard lock(mutex_);
  left_ = true;
  changed_.notify_all();
}

}  // namespace garland::duck
