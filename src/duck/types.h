// Redshift's types and DuckDB's. Inside duck/ only: it includes duckdb.h.
#pragma once

#include <duckdb.h>

#include <memory>

#include "engine/type.h"

namespace garland::duck {

struct LogicalTypeDeleter {
  void operator()(duckdb_logical_type type) const { duckdb_destroy_logical_type(&type); }
};
using LogicalType = std::unique_ptr<_duckdb_logical_type, LogicalTypeDeleter>;

struct ChunkDeleter {
  void operator()(duckdb_data_chunk chunk) const { duckdb_destroy_data_chunk(&chunk); }
};
using Chunk = std::unique_ptr<_duckdb_data_chunk, ChunkDeleter>;

/// A DuckDB column: its type, and for DECIMAL what it is stored as.
struct DuckColumn {
  duckdb_type type = DUCKDB_TYPE_INVALID;
  duckdb_type storage = DUCKDB_TYPE_INVALID;  // DECIMAL: SMALLINT, INTEGER, BIGINT or HUGEINT; else the type itself
  uint8_t precision = 0;
  uint8_t scale = 0;
};

/// The DuckDB type that holds values of the type: VARCHAR for CHAR and SUPER, BLOB for VARBYTE and HLLSKETCH. kUnknown
/// gives VARCHAR.
LogicalType logical_type(const engine::Type& type);
DuckColumn describe(duckdb_logical_type type);
/// kUnknown for types that Redshift lacks.
engine::Type engine_type(const DuckColumn& column);

inline __int128 to_int128(duckdb_hugeint value) {
  return static_cast<__int128>((static_cast<unsigned __int128>(static_cast<uint64_t>(value.upper)) << 64) |
                               value.lower);
}
inline duckdb_hugeint to_hugeint(__int128 value) {
  return {static_cast<uint64_t>(value), static_cast<int64_t>(value >> 64)};
}

}  // namespace garland::duck
