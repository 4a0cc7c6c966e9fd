// From DuckDB's error reports to DuckError. Inside duck/ only.
#pragma once

#include <duckdb.h>

#include "duck/error.h"

namespace garland::duck {

ErrorKind kind_of(duckdb_error_type type, const std::string& text);

}  // namespace garland::duck
