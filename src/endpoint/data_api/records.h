// Result rows as the Data API gives them: JSON fields (GetStatementResult) or CSV (GetStatementResultV2), and what
// their columns are. Source: AWS documentation, Redshift Data API Reference, "Field", "ColumnMetadata".
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "engine/engine.h"

namespace garland::endpoint {

enum class RecordFormat { kJson, kCsv };

/// A row as a JSON array of fields.
void append_json_record(std::string& out, const engine::Batch& batch, size_t row);
/// A row as a line (RFC 4180); NULL is empty.
void append_csv_record(std::string& out, const engine::Batch& batch, size_t row);

nlohmann::json column_metadata(const engine::ResultColumn& column);

}  // namespace garland::endpoint
