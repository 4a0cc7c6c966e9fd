// Statements whose names are relations only (LOCK, ANALYZE, VACUUM, COMMENT), and those that hold another statement
// (PREPARE, DECLARE, EXPLAIN).
#include <algorithm>

#include "semantics/resolver.h"
#include "semantics/table_rules.h"

namespace garland::semantics {

void Resolver::named(sql::Statement statement, std::vector<Oid> relations) {
  result_.node = BoundNamed{std::move(statement), std::move(relations)};
}

void Resolver::statement(const sql::Lock& lock) {
  std::vector<Oid> tables;
  for (const sql::QualifiedName& name : lock.tables) tables.push_back(writable(name, "lock").oid);
  for (const Oid table : tables) use(table, -1, Access::kUpdate);
  named({lock, {}}, std::move(tables));
}

/// Tables and materialized views; their columns.
Oid Resolver::analyzed(const sql::QualifiedName& name, const std::vector<sql::Name>& columns) {
  const Relation& found = relation(name);
  if (is_view(found)) refuse(kWrongObjectType, "\"" + found.name + "\" is not a table", name.span);
  for (const sql::Name& column : columns) target_column(found, column);
  return found.oid;
}

void Resolver::statement(const sql::Analyze& analyze) {
  std::vector<Oid> tables;
  if (analyze.table) tables.push_back(analyzed(*analyze.table, analyze.columns));
  named({analyze, {}}, std::move(tables));
}

void Resolver::statement(const sql::AnalyzeCompression& analyze) {
  std::vector<Oid> tables;
  if (analyze.table) tables.push_back(analyzed(*analyze.table, analyze.columns));
  result_.columns = {{"Table", Type::varchar(128)},
                     {"Column", Type::varchar(128)},
                     {"Encoding", Type::varchar(32)},
                     {"Est_reduction_pct", Type::decimal(5, 2)}};
  named({analyze, {}}, std::move(tables));
}

/// Guide page r_VACUUM_command.
void Resolver::statement(const sql::Vacuum& vacuum) {
  const Span span = vacuum.table ? vacuum.table->span : Span{};
  if (vacuum.percent && !vacuum.table)
    throw Error(kSyntaxError, "VACUUM … TO threshold PERCENT needs the name of a table");
  if (vacuum.percent && *vacuum.percent > 100)
    refuse(kInvalidParameterValue, "the threshold of VACUUM is between 0 and 100", span);
  if (vacuum.percent && (vacuum.kind == sql::VacuumKind::kReindex || vacuum.kind == sql::VacuumKind::kRecluster))
    refuse(kSyntaxError, "TO threshold PERCENT cannot be used with REINDEX or RECLUSTER", span);
  std::vector<Oid> tables;
  if (vacuum.table) tables.push_back(analyzed(*vacuum.table, {}));
  named({vacuum, {}}, std::move(tables));
}

void Resolver::statement(const sql::CommentOn& comment) {
  if (comment.kind == sql::CommentKind::kDatabase) {
    result_.node = BoundPlain{sql::Statement{comment, {}}};
    return;
  }
  const Relation& found = relation(comment.object);
  const bool wants_view = comment.kind == sql::CommentKind::kView;
  const bool view = is_view(found);
  if (comment.kind != sql::CommentKind::kColumn && view != wants_view) {
    refuse(kWrongObjectType, "\"" + found.name + "\" is not a " + (wants_view ? "view" : "table"), comment.object.span);
  }
  if (comment.kind == sql::CommentKind::kColumn) target_column(found, *comment.part);
  use(found.oid, -1, Access::kAlter);
  named({comment, {}}, {found.oid});
}

void Resolver::statement(const sql::RefreshMaterializedView& refresh) {
  const Relation& found = relation(refresh.view);
  if (found.kind != RelationKind::kMaterializedView)
    refuse(kWrongObjectType, "\"" + found.name + "\" is not a materialized view", refresh.view.span);
  use(found.oid, -1, Access::kInsert);
  named({refresh, {}}, {found.oid});
}

/// Checked now; its parameters' types are the statement's own.
void Resolver::statement(const sql::Prepare& prepare) {
  std::vector<Type> types;
  for (const sql::TypeName& name : prepare.types) types.push_back(resolve_type(name));
  Resolver(catalog_, {types}).resolve(*prepare.statement);
  result_.node = BoundPlain{sql::Statement{prepare, {}}};
}

void Resolver::statement(const sql::DeclareCursor& declare) {
  sql::Statement query{*declare.query, {}};
  BoundStatement inner = Resolver(catalog_, options_).resolve(query);
  if (!std::holds_alternative<BoundQuery>(inner.node))
    throw Error(kSyntaxError, "DECLARE CURSOR cannot have an INTO").at(declare.name.span.begin);
  result_.parameters = std::move(inner.parameters);
  result_.uses = std::move(inner.uses);
  result_.functions = std::move(inner.functions);
  result_.node = BoundPlain{sql::Statement{declare, {}}};
}

void Resolver::statement(const sql::Explain& explain) {
  BoundStatement inner = Resolver(catalog_, options_).resolve(*explain.statement);
  result_.parameters = inner.parameters;
  result_.uses = inner.uses;
  result_.functions = inner.functions;
  result_.columns = {{"QUERY PLAN", Type::varchar(kMaxVarcharBytes)}};
  result_.node = BoundExplain{std::move(inner)};
}

}  // namespace garland::semantics
