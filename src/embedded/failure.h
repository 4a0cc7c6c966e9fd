// What DuckDB reports, as Garland's error.
#pragma once

#include "base/error.h"
#include "duck/error.h"

namespace garland::embedded {

/// No DuckDB wording and no generated SQL gets through. Interrupts are 57014, conflicts of writers 40001; texts go
/// through translate_error(). What is XX000 is logged with DuckDB's words.
Error to_error(const duck::DuckError& error);

/// The disk has no room for the warehouse's files.
bool is_disk_full(const duck::DuckError& error);

/// 40001, as Redshift's error 1023.
Error serialization_failure(std::string_view relation);

}  // namespace garland::embedded
