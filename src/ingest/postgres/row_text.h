// Rows that were refused, as people read them: one JSON object, each value as its text.
#pragma once

#include <span>
#include <string>

#include "ingest/postgres/messages.h"
#include "ingest/postgres/types.h"
#include "ingest/table.h"

namespace garland::ingest::postgres {

/// As the source sent it. A value that no column of the warehouse can hold is written as PostgreSQL writes it where
/// that is known, else as \x and its bytes in hexadecimal; one that was not sent is left out.
std::string row_text(const Tuple& tuple, const Relation& relation, const SourceTypes& types);

/// Row number `row` of decoded columns; NULLs are left out.
std::string row_text(const std::vector<TableColumn>& names, std::span<const engine::Column> columns, size_t row);

}  // namespace garland::ingest::postgres
