// MERGE (guide page r_MERGE).
#include <algorithm>

#include "semantics/resolver.h"
#include "semantics/walk.h"

namespace garland::semantics {
namespace {

[[noreturn]] void refuse(std::string message, Span span, SqlState state = kSyntaxError) {
  throw Error(state, std::move(message)).at(span.begin);
}

/// Equalities joined by AND.
bool is_equality(const BoundExpr& expr) {
  const auto* call = std::get_if<BoundCall>(&expr.node);
  if (!call) return false;
  if (call->function == "and") return std::ranges::all_of(call->arguments, is_equality);
  return call->function == "=";
}

bool reads_table(const BoundRelation& relation, Oid table);

/// In its FROM clauses.
bool reads_table(const BoundBody& body, Oid table) {
  if (const auto* select = std::get_if<BoundSelect>(&body.node)) return reads_table(select->from, table);
  if (const auto* query = std::get_if<Box<BoundQuery>>(&body.node)) return reads_table((*query)->body, table);
  const auto& operation = std::get<BoundSetOperation>(body.node);
  return reads_table(*operation.left, table) || reads_table(*operation.right, table);
}

bool reads_table(const BoundRelation& relation, Oid table) {
  if (const auto* derived = std::get_if<BoundSubquery>(&relation.node)) return reads_table(derived->query->body, table);
  if (const auto* stored = std::get_if<BoundTable>(&relation.node)) return stored->oid == table;
  if (const auto* join = std::get_if<BoundJoin>(&relation.node))
    return reads_table(*join->left, table) || reads_table(*join->right, table);
  return false;
}

}  // namespace

void Resolver::statement(const sql::Merge& merge) {
  const Relation& relation = writable(merge.target, "merge into");
  BoundMerge bound;
  bound.table = relation.oid;
  bound.target = next_relation();
  bound.remove_duplicates = merge.remove_duplicates;
  if (std::holds_alternative<sql::Join>(merge.source.node)) {
    refuse("the source of MERGE must be a table, a view or a subquery", merge.source.span, kFeatureNotSupported);
  }
  Scope scope;
  scope.clause = Clause::kMerge;
  bound.source = table_ref(merge.source, scope);
  const size_t source_columns = scope.columns.size();
  if (reads_table(bound.source, relation.oid))
    refuse("the source of MERGE cannot be its target", merge.source.span, kFeatureNotSupported);
  Scope source_only = scope;
  enter_target(relation, bound.target, std::nullopt, merge.target.span, scope);
  bound.on = condition(merge.on, scope, "MERGE/ON");
  if (!is_equality(bound.on)) refuse("MERGE matches by equality conditions only", merge.on.span, kFeatureNotSupported);
  use(relation.oid, -1, Access::kSelect);
  if (merge.remove_duplicates) {
    if (source_columns != relation.columns.size()) {
      refuse("MERGE with REMOVE DUPLICATES needs a source with the target's columns", merge.source.span,
             kDatatypeMismatch);
    }
    for (size_t i = 0; i < source_columns; ++i) {
      const Type& from = scope.type_of(scope.columns[i]);
      if (can_convert(from, relation.columns[i].type, CastContext::kAssignment)) continue;
      refuse("column \"" + relation.columns[i].name + "\" is of type " + engine::to_string(relation.columns[i].type) +
                 " but expression is of type " + engine::to_string(from),
             merge.source.span, kDatatypeMismatch);
    }
    use(relation.oid, -1, Access::kDelete);
    use(relation.oid, -1, Access::kInsert);
    result_.node = std::move(bound);
    return;
  }
  merge_actions(merge, relation, scope, source_only, bound);
  result_.node = std::move(bound);
}

void Resolver::merge_actions(const sql::Merge& merge, const Relation& relation, Scope& both, Scope& source,
                             BoundMerge& bound) {
  if (!merge.matched || !merge.not_matched) {
    refuse("MERGE needs both WHEN MATCHED and WHEN NOT MATCHED, or REMOVE DUPLICATES", merge.on.span);
  }
  if (const auto* update = std::get_if<sql::MergeUpdate>(&*merge.matched)) {
    both.clause = Clause::kMerge;
    bound.matched_update = assignments(update->assignments, relation, both);
    use(relation.oid, -1, Access::kUpdate);
  } else {
    bound.matched_delete = true;
    use(relation.oid, -1, Access::kDelete);
  }
  const sql::MergeInsert& insert = *merge.not_matched;
  const std::vector<int32_t> targets = target_columns(relation, insert.columns);
  if (insert.values.size() > targets.size()) refuse("INSERT has more expressions than target columns", merge.on.span);
  if (insert.values.size() < targets.size() && !insert.columns.empty()) {
    refuse("INSERT has more target columns than expressions", merge.on.span);
  }
  source.clause = Clause::kMerge;
  std::vector<int32_t> given;
  bound.insert_values.resize(relation.columns.size());
  for (size_t i = 0; i < insert.values.size(); ++i) {
    const ColumnDef& column = relation.columns[static_cast<size_t>(targets[i])];
    const auto* expr = std::get_if<sql::Expr>(&insert.values[i]);
    if (column.identity && expr && !column.identity->by_default) {
      refuse("cannot set an identity column to a value", expr->span, kFeatureNotSupported);
    }
    if (column.identity && !expr) continue;
    bound.insert_values[static_cast<size_t>(targets[i])] = value(insert.values[i], column, source);
    given.push_back(targets[i]);
  }
  std::vector<std::optional<BoundExpr>> rest = defaults(relation, given);
  for (size_t i = 0; i < rest.size(); ++i) {
    if (rest[i]) bound.insert_values[i] = std::move(rest[i]);
  }
  use(relation.oid, -1, Access::kInsert);
}

}  // namespace garland::semantics
