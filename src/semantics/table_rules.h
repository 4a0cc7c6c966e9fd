// What tables may have: keys, encodings (guide pages r_CREATE_TABLE_NEW, c_Compression_encodings).
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "semantics/bound.h"

namespace garland::semantics {

inline constexpr size_t kMostCompoundKeys = 400;
inline constexpr size_t kMostInterleavedKeys = 8;

/// Throws the error at the span.
[[noreturn]] void refuse(SqlState state, std::string message, Span span);

inline bool is_view(const Relation& relation) {
  return relation.kind == RelationKind::kView || relation.kind == RelationKind::kLateBindingView;
}

/// Throws 0A000 for types that cannot be a key; `what` is "sort key" or "distribution key".
void check_key(const ColumnDef& column, std::string_view what, Span span);
/// Throws for an unknown encoding, or one that does not fit the column's type.
void check_encoding(const std::string& encoding, const ColumnDef& column, Span span);
/// The column that a key names; throws 42703.
ColumnDef& key_column(Relation& table, const sql::Name& name);

/// The keys of a CREATE TABLE AS that numbers its columns, by their names (guide page r_CTAS_examples). Throws 42P10.
void name_keys(sql::TableAttributes& attributes, const Relation& table);

}  // namespace garland::semantics
