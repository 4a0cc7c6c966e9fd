#include "duck/result.h"

#include "duck/failure.h"
#include "duck/result_state.h"

namespace garland::duck {

Result::State::~State() {
  chunk.reset();
  held_chunk.reset();
  duckdb_destroy_result(&raw);
}

void Result::State::check() {
  const char* text = duckdb_result_error(&raw);
  if (!text || !*text) return;
  const std::string message = text;
  throw DuckError(kind_of(duckdb_result_error_type(&raw), message), message);
}

void Result::State::describe_columns() {
  const idx_t count = duckdb_column_count(&raw);
  for (idx_t i = 0; i < count; ++i) {
    columns.push_back(describe(LogicalType(duckdb_column_logical_type(&raw, i)).get()));
    types.push_back(engine_type(columns.back()));
  }
}

Result::Result(std::unique_ptr<State> state) : state_(std::move(state)) { state_->describe_columns(); }
Result::Result(Result&&) noexcept = default;
Result& Result::operator=(Result&&) noexcept = default;
Result::~Result() = default;

size_t Result::column_count() const { return state_->columns.size(); }

const std::vector<engine::Type>& Result::types() const { return state_->types; }

void Result::expect(std::span<const engine::Type> types) {
  state_->wanted.assign(types.begin(), types.end());
  state_->reader = std::make_unique<ChunkReader>(state_->columns, state_->wanted);
}

void Result::hold() {
  State& state = *state_;
  if (!state.reader || state.ended) return;
  state.held_reader = std::move(state.reader);
  state.held_chunk = std::move(state.chunk);
  state.reader = std::make_unique<ChunkReader>(state.columns, state.wanted);
}

const engine::Batch* Result::fetch() {
  State& state = *state_;
  if (state.ended) return nullptr;
  if (!state.reader) expect(state.types);
  const TaskThreads::Statement running(state.task_threads);
  for (;;) {
    state.chunk.reset(duckdb_fetch_chunk(state.raw));
    if (!state.chunk) {
      state.check();
      state.ended = true;
      return nullptr;
    }
    if (duckdb_data_chunk_get_size(state.chunk.get()) > 0) return &state.reader->read(state.chunk.get());
  }
}

uint64_t Result::rows_changed() { return duckdb_rows_changed(&state_->raw); }

}  // namespace garland::duck
