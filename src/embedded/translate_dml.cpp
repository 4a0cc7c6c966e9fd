// UPDATE, DELETE, INSERT and MERGE.
#include <algorithm>
#include <functional>

#include "embedded/translate_writer.h"

namespace garland::embedded {

using namespace semantics;

namespace {

constexpr std::string_view kMultipleMatches = "Found multiple matches to update the same tuple.";

/// The target's row identifier as DuckDB gives it.
void row_id(Writer& out, RelationNo target) { out << "r" << target << ".rowid"; }

/// `t100 AS r0 CROSS JOIN … WHERE …`: the target's rows with what they are matched to.
void matches(Writer& out, Oid table, RelationNo target, const BoundRelation& from,
             const std::optional<BoundExpr>& where) {
  out << out.table_name(table) << " AS r" << target << " CROSS JOIN ";
  bool nested = std::holds_alternative<BoundJoin>(from.node);
  out << (nested ? "(" : "");
  out.relation(from);
  out << (nested ? ")" : "");
  if (where) out.condition(" WHERE ", *where);
}

void set_clause(Writer& out, const Relation& table, const BoundUpdate& update) {
  for (const BoundAssignment& assignment : update.assignments) {
    const ColumnDef& column = table.columns[assignment.column];
    out << (&assignment == &update.assignments.front() ? " SET c" : ", c") << column.attnum << " = ";
    out.assigned(assignment.value, column, table);
  }
}

/// `SET c2 = m.v1, …` from the columns of `m`, which stands for `alias` ("m" or "m.v").
void set_from(Writer& out, const Relation& table, const std::vector<BoundAssignment>& assignments,
              std::string_view alias) {
  int64_t number = 0;
  for (const BoundAssignment& assignment : assignments) {
    out << (number ? ", c" : " SET c") << table.columns[assignment.column].attnum << " = " << alias << ".v"
        << number + 1;
    ++number;
  }
}

/// One row for each target row; where several match, the least of them decides, so that the same data gives the same
/// result.
void update_from(Writer& out, const BoundUpdate& update, bool error_on_multiple_matches) {
  const Relation& table = out.table(update.table);
  out << "UPDATE " << out.table_name(update.table) << " AS t";
  set_from(out, table, update.assignments, "m.v");
  out << " FROM (SELECT ";
  if (error_on_multiple_matches) {
    out << "CASE WHEN count(*) > 1 THEN ";
    out.raise(kCardinalityViolation, kMultipleMatches, Type::of(engine::TypeId::kBigint));
    out << " ELSE ";
  }
  row_id(out, update.target);
  out << (error_on_multiple_matches ? " END" : "") << " AS id, min(struct_pack(";
  int64_t number = 0;
  for (const BoundAssignment& assignment : update.assignments) {
    out << (number ? ", v" : "v") << number + 1 << " := ";
    out.assigned(assignment.value, table.columns[assignment.column], table);
    ++number;
  }
  out << ")) AS v FROM ";
  matches(out, update.table, update.target, *update.from, update.where);
  out << " GROUP BY ";
  row_id(out, update.target);
  out << ") AS m WHERE t.rowid = m.id";
}

}  // namespace

Translation translate_query(const BoundQuery& query, const PhysicalNames& names, int32_t parameters) {
  Writer out(names, parameters);
  out.query(query);
  return out.finish();
}

Translation translate_update(const BoundUpdate& update, const PhysicalNames& names, int32_t parameters,
                             bool error_on_multiple_matches) {
  Writer out(names, parameters);
  out.add_table(update.target, update.table);
  if (update.from) out.add_relation(*update.from);
  out.with(update.with);
  if (update.from) {
    update_from(out, update, error_on_multiple_matches);
  } else {
    out << "UPDATE " << out.table_name(update.table) << " AS r" << update.target;
    set_clause(out, out.table(update.table), update);
    if (update.where) out.condition(" WHERE ", *update.where);
  }
  out.end_with(update.with);
  return out.finish();
}

Translation translate_delete(const BoundDelete& statement, const PhysicalNames& names, int32_t parameters) {
  Writer out(names, parameters);
  out.add_table(statement.target, statement.table);
  if (statement.from) out.add_relation(*statement.from);
  out.with(statement.with);
  if (statement.from) {
    out << "DELETE FROM " << out.table_name(statement.table) << " AS t WHERE t.rowid IN (SELECT ";
    row_id(out, statement.target);
    out << " FROM ";
    matches(out, statement.table, statement.target, *statement.from, statement.where);
    out << ")";
  } else {
    out << "DELETE FROM " << out.table_name(statement.table) << " AS r" << statement.target;
    if (statement.where) out.condition(" WHERE ", *statement.where);
  }
  out.end_with(statement.with);
  return out.finish();
}

// ---- INSERT

namespace {

/// Where a stored column's value comes from: the source's column number, or -1.
std::vector<int32_t> source_columns(const BoundInsert& insert, const Relation& table) {
  std::vector<int32_t> sources(table.columns.size(), -1);
  for (size_t i = 0; i < insert.targets.size(); ++i) sources[insert.targets[i]] = static_cast<int32_t>(i);
  return sources;
}

void default_value(Writer& out, const std::vector<std::optional<BoundExpr>>& defaults, int32_t column,
                   const Type& type) {
  if (static_cast<size_t>(column) < defaults.size() && defaults[column]) {
    out.typed(*defaults[column], type);
  } else {
    out << "CAST(NULL AS " << duck_type(type) << ")";
  }
}

using Rows = std::vector<std::vector<BoundExpr>>;

void insert_rows(Writer& out, const BoundInsert& insert, const Rows& rows, const Relation& table) {
  std::vector<int32_t> sources = source_columns(insert, table);
  std::vector<int32_t> columns = inserted_columns(insert, table);
  out << "SELECT * FROM (VALUES ";
  for (const std::vector<BoundExpr>& row : rows) {
    out << (&row == &rows.front() ? "(" : ", (");
    for (int32_t column : columns) {
      if (column != columns.front()) out << ", ";
      const Type& type = table.columns[column].type;
      if (sources[column] < 0) {
        default_value(out, insert.defaults, column, type);
      } else {
        out.typed(row[sources[column]], type);
      }
    }
    out << ")";
  }
  out << ") AS s";
}

void insert_query(Writer& out, const BoundInsert& insert, const BoundQuery& query, const Relation& table) {
  std::vector<int32_t> sources = source_columns(insert, table);
  std::vector<int32_t> columns = inserted_columns(insert, table);
  bool as_it_is = columns.size() == insert.targets.size();
  for (size_t i = 0; as_it_is && i < columns.size(); ++i) as_it_is = sources[columns[i]] == static_cast<int32_t>(i);
  if (as_it_is) return out.query(query);
  out << "SELECT ";
  for (int32_t column : columns) {
    if (column != columns.front()) out << ", ";
    if (sources[column] < 0) {
      default_value(out, insert.defaults, column, table.columns[column].type);
    } else {
      out << "s.o" << sources[column] + 1;
    }
  }
  out << " FROM (";
  out.query(query);
  out << ") AS s";
}

}  // namespace

std::vector<int32_t> inserted_columns(const BoundInsert& insert, const Relation& table) {
  std::vector<int32_t> sources = source_columns(insert, table);
  std::vector<int32_t> columns;
  for (size_t i = 0; i < table.columns.size(); ++i) {
    if (sources[i] >= 0 || !table.columns[i].identity) columns.push_back(static_cast<int32_t>(i));
  }
  return columns;
}

Translation translate_insert(const BoundInsert& insert, const PhysicalNames& names, int32_t parameters) {
  Writer out(names, parameters);
  const Relation& table = names.relation(insert.table);
  std::visit(overloaded{[&](const Rows& rows) { insert_rows(out, insert, rows, table); },
                        [&](const BoundQuery& query) { insert_query(out, insert, query, table); }},
             insert.source);
  return out.finish();
}

// ---- MERGE: the matches are staged first, as Redshift does, so that no step sees what another one changed

namespace {

bool inserts(const BoundMerge& merge) {
  return merge.remove_duplicates || std::any_of(merge.insert_values.begin(), merge.insert_values.end(),
                                                [](const auto& value) { return value.has_value(); });
}

/// `CASE WHEN r0.rowid IS … THEN`: a value that only matched, or only unmatched rows need raises nothing for the
/// others.
void staged_for(Writer& out, const BoundMerge& merge, bool matched) {
  out << ", CASE WHEN ";
  row_id(out, merge.target);
  out << (matched ? " IS NOT NULL THEN " : " IS NULL THEN ");
}

/// The value of a stored column for a source row that is to be inserted.
void inserted_value(Writer& out, const BoundMerge& merge, int32_t column, const Type& type) {
  if (static_cast<size_t>(column) < merge.insert_values.size() && merge.insert_values[column]) {
    out.typed(*merge.insert_values[column], type);
  } else if (merge.remove_duplicates) {
    BoundExpr value{BoundColumn{merge.source.number, column}, merge.source.columns[column].type, {}};
    out.typed({BoundCast{CastContext::kAssignment, value}, type, {}}, type);
  } else {
    out << "CAST(NULL AS " << duck_type(type) << ")";
  }
}

void staged_values(Writer& out, const BoundMerge& merge, const Relation& table) {
  int64_t number = 0;
  for (const BoundAssignment& assignment : merge.matched_update) {
    staged_for(out, merge, true);
    out.assigned(assignment.value, table.columns[assignment.column], table);
    out << " END AS v" << ++number;
  }
  if (!inserts(merge)) return;
  for (int32_t column : merge_inserted_columns(merge, table)) {
    if (merge.remove_duplicates) {
      out << ", ";
    } else {
      staged_for(out, merge, false);
    }
    inserted_value(out, merge, column, table.columns[column].type);
    out << (merge.remove_duplicates ? " AS i" : " END AS i") << column;
  }
}

/// id: the matched target row or NULL; v<k>: new values of matched rows; i<k>: values of rows to be inserted; source:
/// with REMOVE DUPLICATES the source row's number.
Translation stage(const BoundMerge& merge, const PhysicalNames& names, int32_t parameters) {
  Writer out(names, parameters);
  out.add_table(merge.target, merge.table);
  out.add_relation(merge.source);
  out << "CREATE OR REPLACE TEMP TABLE " << kMergeStage << " AS SELECT ";
  row_id(out, merge.target);
  out << " AS id";
  if (merge.remove_duplicates) out << ", r" << merge.source.number << ".source AS source";
  staged_values(out, merge, names.relation(merge.table));
  out << " FROM ";
  if (merge.remove_duplicates) out << "(SELECT *, row_number() OVER () AS source FROM ";
  out.relation(merge.source);
  if (merge.remove_duplicates) out << ") AS r" << merge.source.number;
  out << " LEFT JOIN " << out.table_name(merge.table) << " AS r" << merge.target;
  out.condition(" ON ", merge.on);
  return out.finish();
}

Translation plain(const PhysicalNames& names, const std::function<void(Writer&)>& write) {
  Writer out(names, 0);
  write(out);
  return out.finish();
}

Translation check(const PhysicalNames& names) {
  return plain(names, [](Writer& out) {
    out << "SELECT ";
    out.raise(kCardinalityViolation, kMultipleMatches, Type::of(engine::TypeId::kBigint));
    out << " FROM (SELECT id FROM " << kMergeStage
        << " WHERE id IS NOT NULL GROUP BY id HAVING count(*) > 1 LIMIT 1) AS m";
  });
}

Translation update_matched(const BoundMerge& merge, const PhysicalNames& names) {
  return plain(names, [&](Writer& out) {
    out << "UPDATE " << out.table_name(merge.table) << " AS t";
    set_from(out, out.table(merge.table), merge.matched_update, "m");
    out << " FROM " << kMergeStage << " AS m WHERE t.rowid = m.id";
  });
}

Translation delete_matched(const BoundMerge& merge, const PhysicalNames& names) {
  return plain(names, [&](Writer& out) {
    out << "DELETE FROM " << out.table_name(merge.table) << " AS t WHERE t.rowid IN (SELECT id FROM " << kMergeStage
        << " WHERE id IS NOT NULL)";
  });
}

/// REMOVE DUPLICATES replaces: every source row goes in once, whatever it matched (guide page r_MERGE, "simplified
/// mode").
Translation insert_unmatched(const BoundMerge& merge, const PhysicalNames& names) {
  return plain(names, [&](Writer& out) {
    std::string_view separator = "SELECT i";
    for (int32_t column : merge_inserted_columns(merge, out.table(merge.table))) {
      out << separator << column;
      separator = ", i";
    }
    out << " FROM " << kMergeStage;
    out << (merge.remove_duplicates ? " QUALIFY row_number() OVER (PARTITION BY source ORDER BY id) = 1"
                                    : " WHERE id IS NULL");
  });
}

}  // namespace

std::vector<int32_t> merge_inserted_columns(const BoundMerge& merge, const Relation& table) {
  std::vector<int32_t> columns;
  for (size_t i = 0; i < table.columns.size(); ++i) {
    bool given = merge.remove_duplicates || (i < merge.insert_values.size() && merge.insert_values[i]);
    if (given || !table.columns[i].identity) columns.push_back(static_cast<int32_t>(i));
  }
  return columns;
}

std::vector<MergeStatement> translate_merge(const BoundMerge& merge, const PhysicalNames& names, int32_t parameters) {
  std::vector<MergeStatement> steps;
  steps.push_back({MergeStep::kStage, stage(merge, names, parameters)});
  steps.push_back({MergeStep::kCheck, check(names)});
  if (!merge.matched_update.empty()) steps.push_back({MergeStep::kUpdate, update_matched(merge, names)});
  if (merge.matched_delete || merge.remove_duplicates)
    steps.push_back({MergeStep::kDelete, delete_matched(merge, names)});
  if (inserts(merge)) steps.push_back({MergeStep::kInsert, insert_unmatched(merge, names)});
  steps.push_back({MergeStep::kCleanup, plain(names, [](Writer& out) { out << "DROP TABLE " << kMergeStage; })});
  return steps;
}

}  // namespace garland::embedded
