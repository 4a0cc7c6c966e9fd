#include "duck/appender.h"

#include <duckdb.h>

#include <algorithm>
#include <thread>

#include "duck/chunk_feed.h"
#include "duck/chunk_writer.h"
#include "duck/failure.h"

namespace garland::duck {

namespace {

/// So many chunks are kept before another thread is asked: fewer rows are not worth a statement of their own. So many
/// wait for it later; of wide rows fewer.
constexpr size_t kFewChunks = 8;
constexpr size_t kWaitingBytes = 32u << 20;

size_t few_chunks(std::span<const engine::Type> types) {
  size_t width = 0;
  for (const engine::Type& type : types) width += engine::value_width(type);
  return std::clamp<size_t>(kWaitingBytes / (width * engine::kBatchRows + 1), 1, kFewChunks);
}

/// DuckDB's own appender, for a few rows.
class DirectAppender {
 public:
  DirectAppender(Connection& connection, const std::string& catalog, const std::string& table, size_t columns) {
    check(duckdb_appender_create_ext(connection.handle(), catalog.c_str(), "main", table.c_str(), &handle_));
    if (duckdb_appender_column_count(handle_) != columns) {
      throw DuckError(ErrorKind::kOther, "Internal Error: the appended columns are not the table's");
    }
  }
  DirectAppender(const DirectAppender&) = delete;
  DirectAppender& operator=(const DirectAppender&) = delete;
  ~DirectAppender() {
    if (handle_) duckdb_appender_clear(handle_);  // else destruction would flush
    duckdb_appender_destroy(&handle_);
  }
  void append(const Chunk& chunk) { check(duckdb_append_data_chunk(handle_, chunk.get())); }
  void flush() { check(duckdb_appender_flush(handle_)); }

 private:
  void check(duckdb_state outcome) {
    if (outcome == DuckDBSuccess) return;
    duckdb_error_data data = duckdb_appender_error_data(handle_);
    const char* raw = duckdb_error_data_message(data);
    const std::string text = raw ? raw : "Unknown Error: appender";
    const duckdb_error_type type = duckdb_error_data_error_type(data);
    duckdb_destroy_error_data(&data);
    throw DuckError(kind_of(type, text), text);
  }

  duckdb_appender handle_ = nullptr;
};

}  // namespace

struct Appender::State {
  State(Connection& to, const std::string& in, const std::string& name, std::span<const engine::Type> columns)
      : connection(to), catalog(in), table(name), few_chunks(duck::few_chunks(columns)) {
    for (const engine::Type& type : columns) {
      types.push_back(logical_type(type));
      targets.push_back(describe(types.back().get()));
    }
  }
  ~State() {
    if (!inserting.joinable()) return;
    feed.close("Interrupt Error: the rows were given up");
    inserting.join();
  }

  void fill(const Chunk& chunk, const engine::Batch& batch) const {
    for (size_t i = 0; i < targets.size(); ++i) {
      write_column(batch.columns[i], batch.rows, duckdb_data_chunk_get_vector(chunk.get(), i), targets[i]);
    }
    duckdb_data_chunk_set_size(chunk.get(), batch.rows);
  }

  /// From now on the rows are written by a statement on a thread of its own, until the feed is closed.
  void start_inserting() {
    inserting = std::thread([this] {
      try {
        connection.query("INSERT INTO " + catalog + ".main." + table + " SELECT * FROM g_feed(" +
                         std::to_string(feed.id()) + "::UBIGINT)");
      } catch (...) {
        failure = std::current_exception();  // finish_inserting() throws it; dropped only with rows given up
      }
      feed.leave();
    });
  }

  void finish_inserting() {
    feed.close();
    inserting.join();
    if (failure) std::rethrow_exception(failure);
  }

  void put(Chunk chunk) {
    if (feed.put(std::move(chunk))) return;
    inserting.join();
    if (failure) std::rethrow_exception(failure);
    throw DuckError(ErrorKind::kOther, "Internal Error: the rows were not read to their end");
  }

  Connection& connection;
  std::string catalog, table;
  std::vector<LogicalType> types;
  std::vector<DuckColumn> targets;
  const size_t few_chunks;
  std::vector<Chunk> few;  // until there are more
  ChunkFeed feed{types, few_chunks};
  std::thread inserting;
  std::exception_ptr failure;  // written by `inserting`, read once it is joined
};

Appender::Appender(Connection& connection, const std::string& catalog, const std::string& table,
                   std::span<const engine::Type> types)
    : state_(std::make_unique<State>(connection, catalog, table, types)) {}

Appender::Appender(Appender&&) noexcept = default;
Appender::~Appender() = default;

void Appender::append(const engine::Batch& batch) {
  State& state = *state_;
  if (batch.columns.size() != state.targets.size() || batch.rows > engine::kBatchRows) {
    throw DuckError(ErrorKind::kOther, "Internal Error: a batch of another shape");
  }
  Chunk chunk = state.feed.empty_chunk();
  state.fill(chunk, batch);
  if (state.inserting.joinable()) return state.put(std::move(chunk));
  state.few.push_back(std::move(chunk));
  if (state.few.size() < state.few_chunks) return;
  state.start_inserting();
  for (Chunk& kept : state.few) state.put(std::move(kept));
  state.few.clear();
}

void Appender::flush() {
  State& state = *state_;
  if (state.inserting.joinable()) return state.finish_inserting();
  if (state.few.empty()) return;
  DirectAppender direct(state.connection, state.catalog, state.table, state.targets.size());
  for (const Chunk& chunk : state.few) direct.append(chunk);
  direct.flush();
  state.few.clear();
}

}  // namespace garland::duck
