#include "duck/function.h"

#include <duckdb.h>

#include "duck/chunk_reader.h"
#include "duck/failure.h"

namespace garland::duck {

void ResultWriter::set_string(size_t row, std::string_view value) {
  duckdb_unsafe_vector_assign_string_element_len(static_cast<duckdb_vector>(vector_), row, value.data(), value.size());
}

void ResultWriter::set_list(size_t row, std::span<const std::string> elements) {
  auto* vector = static_cast<duckdb_vector>(vector_);
  static_cast<duckdb_list_entry*>(data_)[row] = {list_elements_, elements.size()};
  if (duckdb_list_vector_reserve(vector, list_elements_ + elements.size()) != DuckDBSuccess) {
    throw DuckError(ErrorKind::kOutOfMemory, "Out of Memory Error: a list of the result");
  }
  duckdb_vector child = duckdb_list_vector_get_child(vector);
  for (const std::string& element : elements) {
    duckdb_unsafe_vector_assign_string_element_len(child, list_elements_++, element.data(), element.size());
  }
  duckdb_list_vector_set_size(vector, list_elements_);
}

void ResultWriter::set_null(size_t row) {
  auto* vector = static_cast<duckdb_vector>(vector_);
  if (!has_nulls_) duckdb_vector_ensure_validity_writable(vector);
  has_nulls_ = true;
  duckdb_validity_set_row_invalid(duckdb_vector_get_validity(vector), row);
}

/// DuckDB's side of one call.
struct FunctionCall {
  static void run(duckdb_function_info info, duckdb_data_chunk input, duckdb_vector output) {
    const auto& function = *static_cast<const ScalarFunction*>(duckdb_scalar_function_get_extra_info(info));
    try {
      std::vector<DuckColumn> columns;
      std::vector<engine::Type> types = function.arguments;
      for (size_t i = 0; i < types.size(); ++i) columns.push_back(describe_argument(input, i, types[i]));
      ChunkReader reader(std::move(columns), types);
      const engine::Batch& batch = reader.read(input);
      ResultWriter out(output, duckdb_vector_get_data(output));
      function.call(batch, out);
      if (!function.sees_nulls) null_where_null(batch, out);
    } catch (const std::exception& error) {
      duckdb_scalar_function_set_error(info, error.what());
    }
  }

  /// The argument's column; for one of any type, `type` becomes the type it has in this call.
  static DuckColumn describe_argument(duckdb_data_chunk input, size_t index, engine::Type& type) {
    if (type.id != engine::TypeId::kUnknown) return describe(logical_type(type).get());
    const LogicalType actual(duckdb_vector_get_column_type(duckdb_data_chunk_get_vector(input, index)));
    const DuckColumn column = describe(actual.get());
    type = engine_type(column);
    return column;
  }

  static void null_where_null(const engine::Batch& batch, ResultWriter& out) {
    for (const engine::Column& column : batch.columns) {
      if (!column.validity) continue;
      for (size_t row = 0; row < batch.rows; ++row) {
        if (column.is_null(row)) out.set_null(row);
      }
    }
  }
};

namespace {

struct SetDeleter {
  void operator()(duckdb_scalar_function_set set) const { duckdb_destroy_scalar_function_set(&set); }
};
struct FunctionDeleter {
  void operator()(duckdb_scalar_function function) const { duckdb_destroy_scalar_function(&function); }
};

void delete_function(void* function) { delete static_cast<ScalarFunction*>(function); }

LogicalType result_type(const ScalarFunction& function) {
  LogicalType type = logical_type(function.result);
  return function.lists ? LogicalType(duckdb_create_list_type(type.get())) : std::move(type);
}

void require_64_bit_results(const ScalarFunction& function) {
  // Results are written in the batch's physical form, which DuckDB narrows for short decimals.
  if (function.result.id == engine::TypeId::kDecimal && function.result.precision < 10) {
    throw DuckError(ErrorKind::kOther,
                    "Internal Error: " + function.name + ": a decimal result needs 10 digits or more");
  }
}

}  // namespace

void register_functions(Connection& connection, const std::vector<ScalarFunction>& overloads) {
  if (overloads.empty()) return;
  const std::unique_ptr<_duckdb_scalar_function_set, SetDeleter> set(
      duckdb_create_scalar_function_set(overloads.front().name.c_str()));
  for (const ScalarFunction& overload : overloads) {
    require_64_bit_results(overload);
    const std::unique_ptr<_duckdb_scalar_function, FunctionDeleter> function(duckdb_create_scalar_function());
    duckdb_scalar_function_set_name(function.get(), overload.name.c_str());
    for (const auto& type : overload.arguments) {
      const LogicalType any(duckdb_create_logical_type(DUCKDB_TYPE_ANY));
      const LogicalType exact = logical_type(type);
      duckdb_scalar_function_add_parameter(function.get(),
                                           type.id == engine::TypeId::kUnknown ? any.get() : exact.get());
    }
    duckdb_scalar_function_set_return_type(function.get(), result_type(overload).get());
    if (overload.sees_nulls) duckdb_scalar_function_set_special_handling(function.get());
    if (overload.is_volatile) duckdb_scalar_function_set_volatile(function.get());
    duckdb_scalar_function_set_extra_info(function.get(), std::make_unique<ScalarFunction>(overload).release(),
                                          delete_function);
    duckdb_scalar_function_set_function(function.get(), FunctionCall::run);
    if (duckdb_add_scalar_function_to_set(set.get(), function.get()) != DuckDBSuccess) {
      throw DuckError(ErrorKind::kOther, "Catalog Error: two overloads of " + overload.name + " are equal");
    }
  }
  if (duckdb_register_scalar_function_set(connection.handle(), set.get()) != DuckDBSuccess) {
    throw DuckError(ErrorKind::kOther, "Catalog Error: cannot register " + overloads.front().name);
  }
}

}  // namespace garland::duck
