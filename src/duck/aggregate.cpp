#include "duck/aggregate.h"

#include <duckdb.h>

#include "duck/chunk_reader.h"
#include "duck/failure.h"

namespace garland::duck {

/// DuckDB's side. Its state is one pointer: it moves states about by their bytes.
struct AggregateCall {
  struct State {
    Aggregate* gathered;
  };

  static const AggregateFunction& function(duckdb_function_info info) {
    return *static_cast<const AggregateFunction*>(duckdb_aggregate_function_get_extra_info(info));
  }
  static State& state(duckdb_aggregate_state state) { return *reinterpret_cast<State*>(state); }

  template <class F>
  static void guarded(duckdb_function_info info, F f) {
    try {
      f();
    } catch (const std::exception& error) {
      duckdb_aggregate_function_set_error(info, error.what());
    }
  }

  static idx_t size(duckdb_function_info) { return sizeof(State); }
  static void init(duckdb_function_info, duckdb_aggregate_state made) { state(made).gathered = nullptr; }
  static void destroy(duckdb_aggregate_state* states, idx_t count) {
    for (idx_t i = 0; i < count; ++i) {
      delete state(states[i]).gathered;
      state(states[i]).gathered = nullptr;
    }
  }

  static Aggregate& gathered(State& state, const AggregateFunction& function) {
    if (!state.gathered) state.gathered = function.make().release();
    return *state.gathered;
  }

  static void update(duckdb_function_info info, duckdb_data_chunk input, duckdb_aggregate_state* states) {
    guarded(info, [&] {
      const AggregateFunction& called = function(info);
      std::vector<DuckColumn> columns;
      for (const engine::Type& type : called.arguments) columns.push_back(describe(logical_type(type).get()));
      ChunkReader reader(std::move(columns), called.arguments);
      const engine::Batch& batch = reader.read(input);
      for (size_t row = 0; row < batch.rows; ++row) gathered(state(states[row]), called).add(batch, row);
    });
  }

  static void combine(duckdb_function_info info, duckdb_aggregate_state* sources, duckdb_aggregate_state* targets,
                      idx_t count) {
    guarded(info, [&] {
      for (idx_t i = 0; i < count; ++i) {
        const Aggregate* source = state(sources[i]).gathered;
        if (source) gathered(state(targets[i]), function(info)).merge(*source);
      }
    });
  }

  static void finish(duckdb_function_info info, duckdb_aggregate_state* states, duckdb_vector result, idx_t count,
                     idx_t offset) {
    guarded(info, [&] {
      ResultWriter out(result, duckdb_vector_get_data(result));
      for (idx_t i = 0; i < count; ++i) gathered(state(states[i]), function(info)).finish(out, offset + i);
    });
  }
};

namespace {

struct AggregateDeleter {
  void operator()(duckdb_aggregate_function function) const { duckdb_destroy_aggregate_function(&function); }
};

void delete_aggregate(void* function) { delete static_cast<AggregateFunction*>(function); }

}  // namespace

void register_aggregate(Connection& connection, const AggregateFunction& function) {
  const std::unique_ptr<_duckdb_aggregate_function, AggregateDeleter> made(duckdb_create_aggregate_function());
  duckdb_aggregate_function_set_name(made.get(), function.name.c_str());
  for (const engine::Type& type : function.arguments) {
    duckdb_aggregate_function_add_parameter(made.get(), logical_type(type).get());
  }
  duckdb_aggregate_function_set_return_type(made.get(), logical_type(function.result).get());
  duckdb_aggregate_function_set_special_handling(made.get());
  duckdb_aggregate_function_set_extra_info(made.get(), std::make_unique<AggregateFunction>(function).release(),
                                           delete_aggregate);
  duckdb_aggregate_function_set_functions(made.get(), AggregateCall::size, AggregateCall::init, AggregateCall::update,
                                          AggregateCall::combine, AggregateCall::finish);
  duckdb_aggregate_function_set_destructor(made.get(), AggregateCall::destroy);
  if (duckdb_register_aggregate_function(connection.handle(), made.get()) != DuckDBSuccess) {
    throw DuckError(ErrorKind::kOther, "Catalog Error: cannot register " + function.name);
  }
}

}  // namespace garland::duck
