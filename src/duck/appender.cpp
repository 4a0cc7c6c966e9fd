#include "duck/appender.h"

#include <duckdb.h>

#include "duck/chunk_writer.h"
#include "duck/failure.h"

namespace garland::duck {

struct Appender::State {
  ~State() {
    if (handle) duckdb_appender_clear(handle);  // else destruction would flush
    duckdb_appender_destroy(&handle);
  }
  void check(duckdb_state outcome) {
    if (outcome == DuckDBSuccess) return;
    duckdb_error_data data = duckdb_appender_error_data(handle);
    const char* raw = duckdb_error_data_message(data);
    const std::string text = raw ? raw : "Unknown Error: appender";
    const duckdb_error_type type = duckdb_error_data_error_type(data);
    duckdb_destroy_error_data(&data);
    throw DuckError(kind_of(type, text), text);
  }

  duckdb_appender handle = nullptr;
  std::vector<DuckColumn> targets;
  Chunk chunk;
};

Appender::Appender(Connection& connection, const std::string& catalog, const std::string& table,
                   std::span<const engine::Type> types)
    : state_(std::make_unique<State>()) {
  State& state = *state_;
  state.check(duckdb_appender_create_ext(connection.handle(), catalog.c_str(), "main", table.c_str(), &state.handle));
  std::vector<LogicalType> owned;
  std::vector<duckdb_logical_type> raw;
  for (const engine::Type& type : types) {
    owned.push_back(logical_type(type));
    raw.push_back(owned.back().get());
    state.targets.push_back(describe(raw.back()));
  }
  if (duckdb_appender_column_count(state.handle) != types.size()) {
    throw DuckError(ErrorKind::kOther, "Internal Error: the appended columns are not the table's");
  }
  state.chunk.reset(duckdb_create_data_chunk(raw.data(), raw.size()));
}

Appender::Appender(Appender&&) noexcept = default;
Appender::~Appender() = default;

void Appender::append(const engine::Batch& batch) {
  State& state = *state_;
  if (batch.columns.size() != state.targets.size() || batch.rows > engine::kBatchRows) {
    throw DuckError(ErrorKind::kOther, "Internal Error: a batch of another shape");
  }
  duckdb_data_chunk_reset(state.chunk.get());
  for (size_t i = 0; i < state.targets.size(); ++i) {
    write_column(batch.columns[i], batch.rows, duckdb_data_chunk_get_vector(state.chunk.get(), i), state.targets[i]);
  }
  duckdb_data_chunk_set_size(state.chunk.get(), batch.rows);
  state.check(duckdb_append_data_chunk(state.handle, state.chunk.get()));
}

void Appender::flush() { state_->check(duckdb_appender_flush(state_->handle)); }

}  // namespace garland::duck
