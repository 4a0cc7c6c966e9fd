// FROM: tables, derived tables, joins. Views stand in resolve_view.cpp.
#include <algorithm>

#include "semantics/resolver.h"

namespace garland::semantics {
namespace {

using engine::TypeId;

BoundJoinKind join_kind(sql::JoinKind kind) {
  switch (kind) {
    case sql::JoinKind::kInner:
      return BoundJoinKind::kInner;
    case sql::JoinKind::kLeft:
      return BoundJoinKind::kLeft;
    case sql::JoinKind::kRight:
      return BoundJoinKind::kRight;
    case sql::JoinKind::kFull:
      return BoundJoinKind::kFull;
    case sql::JoinKind::kCross:
      return BoundJoinKind::kCross;
  }
  return BoundJoinKind::kInner;
}

std::vector<OutputColumn> stored_columns(const Relation& relation) {
  std::vector<OutputColumn> columns;
  columns.reserve(relation.columns.size());
  for (const ColumnDef& column : relation.columns) {
    columns.push_back(
        {column.name, column.type, column.type.id == TypeId::kVarchar && column.may_have_trailing_blanks});
  }
  return columns;
}

/// The index in [begin, end) of the one column of that name; nothing when there is none; 42702 when there are two.
std::optional<size_t> common_column(const Scope& scope, size_t begin, size_t end, const sql::Name& name,
                                    std::string_view side) {
  std::optional<size_t> found;
  for (size_t i = begin; i < end; ++i) {
    if (scope.name_of(scope.columns[i]) != name.text) continue;
    if (found) {
      throw Error(kAmbiguousColumn,
                  "common column name \"" + name.text + "\" appears more than once in " + std::string(side) + " table")
          .at(name.span.begin);
    }
    found = i;
  }
  return found;
}

std::vector<sql::Name> natural_columns(const Scope& scope, size_t left_begin, size_t right_begin, Span span) {
  std::vector<sql::Name> names;
  for (size_t i = left_begin; i < right_begin; ++i) {
    const std::string_view name = scope.name_of(scope.columns[i]);
    for (size_t j = right_begin; j < scope.columns.size(); ++j) {
      if (scope.name_of(scope.columns[j]) != name) continue;
      names.push_back({std::string(name), span});
      break;
    }
  }
  return names;
}

}  // namespace

void Resolver::rename_columns(std::vector<OutputColumn>& columns, const std::vector<sql::Name>& names,
                              std::string_view table, Span span) const {
  if (names.size() > columns.size()) {
    throw Error(kInvalidColumnReference, "table \"" + std::string(table) + "\" has " + std::to_string(columns.size()) +
                                             " columns available but " + std::to_string(names.size()) +
                                             " columns specified")
        .at(span.begin);
  }
  for (size_t i = 0; i < names.size(); ++i) columns[i].name = names[i].text;
}

/// Numbers the relation and makes its columns visible.
void Resolver::enter(BoundRelation& relation, const std::optional<sql::Alias>& alias, std::string_view name,
                     std::string_view schema, Oid oid, Span span, Scope& scope) {
  relation.number = next_relation();
  relation.alias = alias ? alias->name.text : std::string(name);
  if (alias) rename_columns(relation.columns, alias->columns, alias->name.text, alias->name.span);
  ScopeRelation entry{relation.number, std::string(alias ? alias->name.text : name),
                      alias ? std::string() : std::string(schema), oid, relation.columns};
  scope.add(std::move(entry), alias ? alias->name.span : span);
}

BoundRelation Resolver::stored_table(const Relation& relation, Span) {
  if (relation.kind != RelationKind::kSystemTable) reads_user_table_ = true;
  return BoundRelation{BoundTable{relation.oid}, -1, stored_columns(relation)};
}

BoundRelation Resolver::named_table(const sql::NamedTable& table, Span span, Scope& scope) {
  if (table.name.parts.size() == 1) {
    for (size_t i = common_tables_.size(); i-- > first_common_table_;) {
      CommonTable& cte = common_tables_[i];
      if (cte.name != table.name.last().text) continue;
      cte.mentioned = true;
      if (cte.open && !cte.columns_known) {
        throw Error(kInvalidRecursion,
                    "recursive reference to query \"" + cte.name + "\" must not appear within its non-recursive term")
            .at(span.begin);
      }
      BoundRelation bound{BoundCteRef{cte.number}, -1, cte.columns};
      enter(bound, table.alias, cte.name, {}, 0, span, scope);
      return bound;
    }
  }
  const Relation& found = relation(table.name);
  use(found.oid, -1, Access::kSelect);
  if (record_ && found.temporary) {
    throw Error(kFeatureNotSupported, "a view cannot read temporary table \"" + found.name + "\"").at(span.begin);
  }
  if (record_ && hidden_ == 0) record_->schemas.emplace(&table, found.schema);
  const bool view = found.kind == RelationKind::kView || found.kind == RelationKind::kLateBindingView ||
                    (found.kind == RelationKind::kSystemTable && !found.view_text.empty());
  BoundRelation bound = view ? expanded_view(found, span) : stored_table(found, span);
  // A late-binding view has no columns of its own in the catalog: only the view as a whole is used.
  const Oid columns_of = found.kind == RelationKind::kLateBindingView ? 0 : found.oid;
  enter(bound, table.alias, found.name, found.schema, columns_of, span, scope);
  return bound;
}

BoundRelation Resolver::table_ref(const sql::TableRef& ref, Scope& scope) {
  const Depth depth(*this);
  if (const auto* table = std::get_if<sql::NamedTable>(&ref.node)) {
    if (const auto path = path_of(*table, ref.span, scope)) return unnest(*path, ref.span, scope);
    if (table->alias && table->alias->index) {
      throw Error(kWrongObjectType, "AT is for arrays only").at(table->alias->index->span.begin);
    }
    return named_table(*table, ref.span, scope);
  }
  if (const auto* array = std::get_if<sql::Unnest>(&ref.node)) return unnest(*array, ref.span, scope);
  if (const auto* node = std::get_if<sql::Pivot>(&ref.node)) return pivot(*node, ref.span, scope);
  if (const auto* node = std::get_if<sql::Unpivot>(&ref.node)) return unpivot(*node, ref.span, scope);
  if (const auto* node = std::get_if<sql::Join>(&ref.node)) return join(*node, ref.span, scope);
  if (const auto* function = std::get_if<sql::FunctionTable>(&ref.node))
    return function_table(*function, ref.span, scope);
  const auto& derived = std::get<sql::DerivedTable>(ref.node);
  // A derived table sees the blocks around this one, but not its neighbours in FROM.
  BoundQuery inner = query(*derived.query, scope.outer);
  std::vector<OutputColumn> columns = inner.columns;
  BoundRelation bound{BoundSubquery{std::move(inner), 0}, -1, std::move(columns)};
  enter(bound, derived.alias, {}, {}, 0, ref.span, scope);
  return bound;
}

BoundRelation Resolver::from(const std::vector<sql::TableRef>& refs, Scope& scope) {
  if (refs.size() > static_cast<size_t>(kMaxNesting)) {
    throw Error(kStatementTooComplex, "FROM lists more than " + std::to_string(kMaxNesting) + " relations")
        .at(refs[0].span.begin);
  }
  scope.clause = Clause::kFrom;
  if (refs.empty()) return BoundRelation{BoundNothing{}, -1, {}};
  BoundRelation bound = table_ref(refs[0], scope);
  for (size_t i = 1; i < refs.size(); ++i) {
    bound = cross_joined(std::move(bound), table_ref(refs[i], scope));
  }
  return bound;
}

BoundRelation Resolver::cross_joined(BoundRelation left, BoundRelation right) const {
  return BoundRelation{BoundJoin{BoundJoinKind::kCross, std::move(left), std::move(right), std::nullopt}, -1, {}};
}

BoundRelation Resolver::join(const sql::Join& join, Span span, Scope& scope) {
  const size_t left_relation = scope.relations.size(), left_begin = scope.columns.size();
  BoundRelation left = table_ref(*join.left, scope);
  const size_t right_begin = scope.columns.size();
  BoundRelation right = table_ref(*join.right, scope);
  BoundJoinKind kind = join_kind(join.kind);
  const bool keeps_right = kind == BoundJoinKind::kRight || kind == BoundJoinKind::kFull;
  if (keeps_right && std::holds_alternative<BoundUnnest>(right.node)) {
    throw Error(kFeatureNotSupported, "type super cannot be unnested in right or full outer joins").at(span.begin);
  }
  std::optional<BoundExpr> on;
  if (join.natural || !join.using_columns.empty()) {
    on = join_using(join, span, scope, left_begin, right_begin);
    if (!on && kind == BoundJoinKind::kInner) kind = BoundJoinKind::kCross;
    if (!on && kind != BoundJoinKind::kCross) on = make(BoundConstant{"t"}, Type::of(TypeId::kBoolean), span);
  } else if (join.on) {
    const size_t outer_column = std::exchange(scope.first_column, left_begin);
    const size_t outer_relation = std::exchange(scope.first_relation, left_relation);
    const Clause outer_clause = std::exchange(scope.clause, Clause::kJoin);
    on = condition(*join.on, scope, "JOIN/ON");
    scope.first_column = outer_column;
    scope.first_relation = outer_relation;
    scope.clause = outer_clause;
  }
  return BoundRelation{BoundJoin{kind, std::move(left), std::move(right), std::move(on)}, -1, {}};
}

/// The equalities, and the merged columns, which come first in `*`: the side that is never NULL, or coalesce for FULL.
std::optional<BoundExpr> Resolver::join_using(const sql::Join& join, Span span, Scope& scope, size_t left_begin,
                                              size_t right_begin) {
  const std::vector<sql::Name> names =
      join.natural ? natural_columns(scope, left_begin, right_begin, span) : join.using_columns;
  std::vector<BoundExpr> equal;
  std::vector<ScopeColumn> merged;
  std::vector<size_t> gone;
  for (const sql::Name& name : names) {
    const auto left = common_column(scope, left_begin, right_begin, name, "left");
    const auto right = common_column(scope, right_begin, scope.columns.size(), name, "right");
    if (!left || !right) {
      throw Error(kUndefinedColumn, "column \"" + name.text + "\" specified in USING clause does not exist in " +
                                        (left ? "right" : "left") + " table")
          .at(name.span.begin);
    }
    const ScopeColumn sides[] = {scope.columns[*left], scope.columns[*right]};
    std::vector<BoundExpr> operands, values;
    for (const ScopeColumn& side : sides) {
      operands.push_back(column(scope, side, name.span));
      values.push_back(copy(operands.back()));
    }
    equal.push_back(operation("=", std::move(operands), name.span));
    unify({&values[0], &values[1]}, "JOIN/USING", name.span);
    BoundExpr value = join.kind == sql::JoinKind::kFull    ? function("coalesce", std::move(values), name.span)
                      : join.kind == sql::JoinKind::kRight ? std::move(values[1])
                                                           : std::move(values[0]);
    merged.push_back({-1, -1, static_cast<int32_t>(scope.merged.size())});
    scope.merged.push_back({name.text, std::move(value), {sides[0], sides[1]}});
    gone.push_back(*left);
    gone.push_back(*right);
  }
  for (size_t i = left_begin; i < scope.columns.size(); ++i) {
    if (std::ranges::find(gone, i) == gone.end()) merged.push_back(scope.columns[i]);
  }
  scope.columns.resize(left_begin);
  scope.columns.insert(scope.columns.end(), merged.begin(), merged.end());
  if (equal.empty()) return std::nullopt;
  if (equal.size() == 1) return std::move(equal[0]);
  return boolean_call("and", std::move(equal), span);
}

}  // namespace garland::semantics
