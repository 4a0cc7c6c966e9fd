// ANALYZE, ANALYZE COMPRESSION and VACUUM (guide pages r_ANALYZE, r_ANALYZE_COMPRESSION, r_VACUUM_command).
#pragma once

#include "embedded/ddl.h"
#include "engine/batch.h"

namespace garland::embedded {

/// Puts the table's rows into a new one of DuckDB's, which takes its place. `columns` and `order` are DuckDB's.
void write_anew(Context& context, const semantics::Relation& table, const std::string& columns,
                const std::string& order);

/// `tables` empty: all of the session's.
Outcome analyze(Context& context, const sql::Analyze& statement, const std::vector<Oid>& tables);
/// Rows of (table, column, encoding, estimated reduction in percent).
engine::BatchBuilder analyze_compression(Context& context, const sql::AnalyzeCompression& statement,
                                         const std::vector<Oid>& tables);
/// Rewrites tables: in the order of their sort keys, without what was deleted. Outside a transaction; each table is one
/// of its own.
Outcome vacuum(Context& context, const sql::Vacuum& statement, const std::vector<Oid>& tables);

}  // namespace garland::embedded
