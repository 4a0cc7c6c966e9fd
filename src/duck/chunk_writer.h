// Engine batches into DuckDB's vectors. Inside duck/ only.
#pragma once

#include "duck/types.h"
#include "engine/batch.h"

namespace garland::duck {

/// Copies the column's rows into the vector, which has the column's DuckDB type. Throws DuckError when a decimal has
/// more digits than the vector's storage.
void write_column(const engine::Column& column, size_t rows, duckdb_vector vector, const DuckColumn& target);

}  // namespace garland::duck
