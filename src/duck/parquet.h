// The columns of Parquet files, and which Redshift types take them (guide page copy-usage_notes-copy-from-columnar).
#pragma once

#include <string>
#include <vector>

#include "duck/connection.h"
#include "engine/type.h"

namespace garland::duck {

struct ParquetColumn {
  std::string name;
  std::string type;  // as DuckDB describes it
};

/// In file order. Throws DuckError. `file`: of Files, whose connection it is; no glob.
std::vector<ParquetColumn> parquet_columns(Connection& connection, const std::string& file);

/// Lists, structs and maps.
bool is_nested(const std::string& type);

/// Which types of a file a column takes without losing anything but what COPY says it cuts.
bool parquet_fits(const std::string& from, const engine::Type& to);

/// The column that takes every value of the type.
engine::Type type_for_parquet(const std::string& type);

}  // namespace garland::duck
