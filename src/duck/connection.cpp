#include "duck/connection.h"

#include <duckdb.h>

#include <cstdlib>
#include <utility>

#include "duck/failure.h"
#include "duck/result_state.h"
#include "duck/task_threads.h"

namespace garland::duck {

namespace {

struct PendingDeleter {
  void operator()(duckdb_pending_result pending) const { duckdb_destroy_pending(&pending); }
};
using Pending = std::unique_ptr<_duckdb_pending_result, PendingDeleter>;

[[noreturn]] void fail(const char* text) {
  const std::string message = text ? text : "Unknown Error: no message";
  throw DuckError(kind_of(DUCKDB_ERROR_INVALID, message), message);
}

}  // namespace

// ---- Prepared

Prepared::Prepared(Prepared&& other) noexcept
    : handle_(std::exchange(other.handle_, nullptr)),
      task_threads_(other.task_threads_),
      numbers_(std::move(other.numbers_)) {}
Prepared& Prepared::operator=(Prepared&& other) noexcept {
  std::swap(handle_, other.handle_);
  std::swap(task_threads_, other.task_threads_);
  std::swap(numbers_, other.numbers_);
  return *this;
}
Prepared::~Prepared() { duckdb_destroy_prepare(&handle_); }

void Prepared::number_parameters() {
  const idx_t count = duckdb_nparams(handle_);
  for (idx_t i = 1; i <= count; ++i) {
    const char* name = duckdb_parameter_name(handle_, i);
    const size_t number = name ? std::strtoul(name, nullptr, 10) : 0;
    duckdb_free(const_cast<char*>(name));
    if (number == 0) fail("Internal Error: a parameter that is no number");
    numbers_.push_back(number);
  }
}

void Prepared::bind(std::span<const Value> values) {
  duckdb_clear_bindings(handle_);
  for (size_t i = 0; i < numbers_.size(); ++i) {
    if (numbers_[i] > values.size()) fail("Internal Error: a parameter without a value");
    if (duckdb_bind_value(handle_, i + 1, values[numbers_[i] - 1].handle()) != DuckDBSuccess) {
      fail(duckdb_prepare_error(handle_));
    }
  }
}

Result Prepared::stream(std::span<const Value> values) {
  bind(values);
  const TaskThreads::Statement running(task_threads_);
  duckdb_pending_result raw = nullptr;
  const duckdb_state made = duckdb_pending_prepared_streaming(handle_, &raw);
  const Pending pending(raw);
  if (made != DuckDBSuccess) fail(duckdb_pending_error(raw));
  auto state = std::make_unique<Result::State>();
  state->task_threads = task_threads_;
  if (duckdb_execute_pending(raw, &state->raw) != DuckDBSuccess) {
    state->check();
    fail(duckdb_pending_error(raw));
  }
  return Result(std::move(state));
}

Result Prepared::run(std::span<const Value> values) {
  bind(values);
  const TaskThreads::Statement running(task_threads_);
  auto state = std::make_unique<Result::State>();
  if (duckdb_execute_prepared(handle_, &state->raw) != DuckDBSuccess) {
    state->check();
    fail(duckdb_prepare_error(handle_));
  }
  return Result(std::move(state));
}

// ---- Connection

Connection::Connection(Connection&& other) noexcept
    : handle_(std::exchange(other.handle_, nullptr)), task_threads_(other.task_threads_) {}
Connection& Connection::operator=(Connection&& other) noexcept {
  std::swap(handle_, other.handle_);
  std::swap(task_threads_, other.task_threads_);
  return *this;
}
Connection::~Connection() { duckdb_disconnect(&handle_); }

Result Connection::query(const std::string& sql) {
  const TaskThreads::Statement running(task_threads_);
  auto state = std::make_unique<Result::State>();
  if (duckdb_query(handle_, sql.c_str(), &state->raw) != DuckDBSuccess) {
    state->check();
    fail(nullptr);
  }
  return Result(std::move(state));
}

Prepared Connection::prepare(const std::string& sql) {
  duckdb_prepared_statement raw = nullptr;
  const duckdb_state made = duckdb_prepare(handle_, sql.c_str(), &raw);
  Prepared prepared(raw, task_threads_);
  if (made != DuckDBSuccess) fail(duckdb_prepare_error(raw));
  prepared.number_parameters();
  return prepared;
}

void Connection::interrupt() { duckdb_interrupt(handle_); }

}  // namespace garland::duck
