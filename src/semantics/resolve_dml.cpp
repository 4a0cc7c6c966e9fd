// INSERT, UPDATE, DELETE, COPY, TRUNCATE.
#include <algorithm>

#include "semantics/ast_walk.h"
#include "semantics/resolver.h"
#include "semantics/walk.h"

namespace garland::semantics {
namespace {

using engine::TypeId;

[[noreturn]] void refuse_identity(Span span) {
  throw Error(kFeatureNotSupported, "cannot set an identity column to a value").at(span.begin);
}

bool always_identity(const ColumnDef& column) { return column.identity && !column.identity->by_default; }

/// Which relations' columns an expression reads: the target's, others'.
struct Sides {
  bool target = false, other = false;
};

void find_sides(const BoundExpr& expr, RelationNo target, Sides& sides) {
  if (const auto* column = std::get_if<BoundColumn>(&expr.node))
    (column->relation == target ? sides.target : sides.other) = true;
  for_each_part(expr, [&](const BoundExpr& part) { find_sides(part, target, sides); });
}

/// One of the conditions that AND joins is an equation of the target with another relation.
bool has_equijoin(const BoundExpr& condition, RelationNo target) {
  const auto* call = std::get_if<BoundCall>(&condition.node);
  if (!call) return false;
  if (call->function == "and") {
    return std::ranges::any_of(call->arguments, [&](const BoundExpr& part) { return has_equijoin(part, target); });
  }
  if (call->function != "=" || call->arguments.size() != 2) return false;
  Sides left, right;
  find_sides(call->arguments[0], target, left);
  find_sides(call->arguments[1], target, right);
  return (left.target && right.other) || (left.other && right.target);
}

/// The first subquery in a list of VALUES.
struct QueryFinder {
  std::optional<Span> found;
  void operator()(const sql::Query& query) {
    if (!found) found = query.span;
  }
  void operator()(const auto&) {}
};

/// Guide page c_Examples_of_INSERT_30.
void refuse_queries(const sql::Values& values) {
  QueryFinder finder;
  for (const auto& row : values.rows) {
    for (const sql::ValueOrDefault& value : row) {
      if (const auto* expr = std::get_if<sql::Expr>(&value)) walk_expression(*expr, finder);
      if (finder.found)
        throw Error(kFeatureNotSupported, "can't use subqueries in multi-row VALUES").at(finder.found->begin);
    }
  }
}

/// Whether an expression of the statement says `table.column`.
bool names_table(const sql::Update& update, const std::string& table) {
  bool found = false;
  const auto look = [&](const sql::Expr& expr) {
    walk_expression(expr, overloaded{[&](const sql::Expr& part) {
                                       const auto* column = std::get_if<sql::ColumnRef>(&part.node);
                                       const size_t parts = column ? column->parts.size() : 0;
                                       found = found || (parts > 1 && column->parts[parts - 2].text == table);
                                     },
                                     [](const auto&) {}});
  };
  if (update.where) look(*update.where);
  for (const sql::Assignment& assignment : update.assignments) {
    if (const auto* expr = std::get_if<sql::Expr>(&assignment.value)) look(*expr);
  }
  return found;
}

/// The leaves of UPDATE's FROM clause, taken apart around the target's own mention.
struct SelfJoin {
  const sql::NamedTable* mention = nullptr;
  int mentions = 0;
  bool inner = true;  // the mention stands in inner joins only
  bool plain = true;  // … that have conditions, not USING or NATURAL
  std::vector<sql::TableRef> others;
  std::vector<sql::Expr> conditions;

  template <class IsTarget>
  void add(const sql::TableRef& ref, bool in_inner, const IsTarget& is_target) {
    const auto* table = std::get_if<sql::NamedTable>(&ref.node);
    if (table && table->alias && table->alias->columns.empty() && is_target(*table)) {
      mention = table;
      ++mentions;
      inner = inner && in_inner;
      return;
    }
    const auto* join = std::get_if<sql::Join>(&ref.node);
    const bool holds = join && (contains(*join->left, is_target) || contains(*join->right, is_target));
    if (!holds) return others.push_back(ref);
    const bool is_inner = join->kind == sql::JoinKind::kInner || join->kind == sql::JoinKind::kCross;
    plain = plain && !join->natural && join->using_columns.empty();
    if (join->on) conditions.push_back(*join->on);
    add(*join->left, in_inner && is_inner, is_target);
    add(*join->right, in_inner && is_inner, is_target);
  }

  template <class IsTarget>
  static bool contains(const sql::TableRef& ref, const IsTarget& is_target) {
    if (const auto* table = std::get_if<sql::NamedTable>(&ref.node)) return table->alias && is_target(*table);
    const auto* join = std::get_if<sql::Join>(&ref.node);
    return join && (contains(*join->left, is_target) || contains(*join->right, is_target));
  }
};

}  // namespace

/// The columns a statement names, in its order; all of them when it names none.
std::vector<int32_t> Resolver::target_columns(const Relation& relation, const std::vector<sql::Name>& names) const {
  std::vector<int32_t> targets;
  if (names.empty()) {
    for (size_t i = 0; i < relation.columns.size(); ++i) targets.push_back(static_cast<int32_t>(i));
    return targets;
  }
  for (const sql::Name& name : names) {
    const int32_t column = target_column(relation, name);
    if (std::ranges::find(targets, column) != targets.end()) {
      throw Error(kDuplicateColumn, "column \"" + name.text + "\" specified more than once").at(name.span.begin);
    }
    targets.push_back(column);
  }
  return targets;
}

std::vector<std::optional<BoundExpr>> Resolver::defaults(const Relation& relation,
                                                         const std::vector<int32_t>& targets) {
  std::vector<std::optional<BoundExpr>> values(relation.columns.size());
  for (size_t i = 0; i < relation.columns.size(); ++i) {
    const bool given = std::ranges::find(targets, static_cast<int32_t>(i)) != targets.end();
    if (!given && relation.columns[i].default_text) values[i] = default_value(relation.columns[i]);
  }
  return values;
}

BoundExpr Resolver::value(const sql::ValueOrDefault& value, const ColumnDef& column, Scope& scope) {
  const auto* expr = std::get_if<sql::Expr>(&value);
  if (!expr) return default_value(column);
  BoundExpr bound = assigned(expression(*expr, scope), column);
  return bound;
}

void Resolver::statement(const sql::Insert& insert) {
  const Relation& relation = writable(insert.table, "insert into");
  BoundInsert bound{relation.oid, target_columns(relation, insert.columns), {}, {}};
  const bool listed = !insert.columns.empty();
  if (std::holds_alternative<sql::DefaultMarker>(insert.source)) {
    bound.targets.clear();
    bound.source = std::vector<std::vector<BoundExpr>>(1);
  } else if (const auto* values = std::get_if<sql::Values>(&insert.source)) {
    insert_values(*values, relation, listed, bound);
  } else {
    const sql::Query& query = *std::get<Box<sql::Query>>(insert.source);
    insert_query(query, relation, listed, bound, query.span);
  }
  bound.defaults = defaults(relation, bound.targets);
  use(relation.oid, -1, Access::kInsert);
  for (const int32_t column : bound.targets) use(relation.oid, column, Access::kInsert);
  result_.node = std::move(bound);
}

void Resolver::insert_values(const sql::Values& values, const Relation& relation, bool listed, BoundInsert& bound) {
  const size_t width = values.rows.empty() ? 0 : values.rows[0].size();
  const auto span_of = [](const sql::ValueOrDefault& value) {
    const auto* expr = std::get_if<sql::Expr>(&value);
    return expr ? expr->span : Span{};
  };
  for (const auto& row : values.rows) {
    if (row.size() != width)
      throw Error(kSyntaxError, "VALUES lists must all be the same length").at(span_of(row[0]).begin);
  }
  if (values.rows.size() > 1) refuse_queries(values);
  if (width > bound.targets.size()) {
    throw Error(kSyntaxError, "INSERT has more expressions than target columns")
        .at(span_of(values.rows[0][bound.targets.size()]).begin);
  }
  if (listed && width < bound.targets.size())
    throw Error(kSyntaxError, "INSERT has more target columns than expressions");
  bound.targets.resize(width);
  // An identity column whose rows all say DEFAULT is no target: the engine numbers it.
  std::vector<bool> numbered(width, false);
  for (size_t i = 0; i < width; ++i) {
    const ColumnDef& column = relation.columns[static_cast<size_t>(bound.targets[i])];
    if (!column.identity) continue;
    const auto given = [&](const auto& row) { return std::holds_alternative<sql::Expr>(row[i]); };
    const auto first = std::ranges::find_if(values.rows, given);
    if (first == values.rows.end()) {
      numbered[i] = true;
    } else if (always_identity(column)) {
      refuse_identity(span_of((*first)[i]));
    } else if (!std::ranges::all_of(values.rows, given)) {
      throw Error(kFeatureNotSupported,
                  "DEFAULT beside values in identity column \"" + column.name + "\" is not supported")
          .at(span_of((*first)[i]).begin);
    }
  }
  std::vector<std::vector<BoundExpr>> rows;
  rows.reserve(values.rows.size());
  Scope scope;
  scope.clause = Clause::kValues;
  for (const auto& row : values.rows) {
    std::vector<BoundExpr>& bound_row = rows.emplace_back();
    bound_row.reserve(width);
    for (size_t i = 0; i < width; ++i) {
      if (numbered[i]) continue;
      bound_row.push_back(value(row[i], relation.columns[static_cast<size_t>(bound.targets[i])], scope));
    }
  }
  for (size_t i = width; i-- > 0;) {
    if (numbered[i]) bound.targets.erase(bound.targets.begin() + static_cast<std::ptrdiff_t>(i));
  }
  bound.source = std::move(rows);
}

void Resolver::insert_query(const sql::Query& query, const Relation& relation, bool listed, BoundInsert& bound,
                            Span span) {
  BoundQuery inner = this->query(query, nullptr, true);
  if (inner.columns.size() > bound.targets.size()) {
    throw Error(kSyntaxError, "INSERT has more expressions than target columns").at(span.begin);
  }
  if (listed && inner.columns.size() < bound.targets.size()) {
    throw Error(kSyntaxError, "INSERT has more target columns than expressions").at(span.begin);
  }
  bound.targets.resize(inner.columns.size());
  const auto* plain = std::get_if<sql::Select>(&query.body.node);
  for (size_t i = 0; i < bound.targets.size(); ++i) {
    const ColumnDef& column = relation.columns[static_cast<size_t>(bound.targets[i])];
    const bool one_each = plain && plain->items.size() == bound.targets.size();
    const Span at = one_each ? plain->items[i].expr.span : span;
    if (always_identity(column)) refuse_identity(at);
    const Type& from = inner.columns[i].type;
    if (from.id != TypeId::kUnknown && from != column.type &&
        !can_convert(from, column.type, CastContext::kAssignment)) {
      throw Error(kDatatypeMismatch, "column \"" + column.name + "\" is of type " + engine::to_string(column.type) +
                                         " but expression is of type " + engine::to_string(from))
          .hint("You will need to rewrite or cast the expression.")
          .at(at.begin);
    }
    convert_output(inner, i, column.type, CastContext::kAssignment);
  }
  bound.source = std::move(inner);
}

/// The table that UPDATE, DELETE or MERGE changes, under its name or alias.
void Resolver::enter_target(const Relation& relation, RelationNo number, const std::optional<sql::Name>& alias,
                            Span span, Scope& scope) {
  BoundRelation stored = stored_table(relation, span);
  scope.add({number, alias ? alias->text : relation.name, alias ? std::string() : relation.schema, relation.oid,
             std::move(stored.columns)},
            span);
}

std::vector<BoundAssignment> Resolver::assignments(const std::vector<sql::Assignment>& list, const Relation& relation,
                                                   Scope& scope) {
  std::vector<BoundAssignment> bound;
  bound.reserve(list.size());
  for (const sql::Assignment& assignment : list) {
    const int32_t index = target_column(relation, assignment.column);
    const ColumnDef& column = relation.columns[static_cast<size_t>(index)];
    if (std::ranges::any_of(bound, [&](const BoundAssignment& other) { return other.column == index; })) {
      throw Error(kSyntaxError, "multiple assignments to same column \"" + column.name + "\"")
          .at(assignment.column.span.begin);
    }
    if (column.identity) refuse_identity(assignment.column.span);
    bound.push_back({index, value(assignment.value, column, scope)});
    use(relation.oid, index, Access::kUpdate);
  }
  return bound;
}

/// UPDATE t … FROM u JOIN t AS x ON …: where the FROM clause names the target again and nothing names the target by its
/// own name, x is the target (guide page c_Examples_of_UPDATE_statements).
std::optional<sql::Update> Resolver::self_joined(const sql::Update& update) const {
  const Relation* target = find_relation(update.table);
  if (!target || update.alias || update.from.empty() || names_table(update, target->name)) return std::nullopt;
  SelfJoin found;
  for (const sql::TableRef& ref : update.from) {
    found.add(ref, true, [&](const sql::NamedTable& table) { return find_relation(table.name) == target; });
  }
  if (!found.mention) return std::nullopt;
  if (!found.inner || found.mentions > 1 || !found.plain) return std::nullopt;
  sql::Update changed = update;
  changed.alias = found.mention->alias->name;
  changed.from = std::move(found.others);
  std::vector<sql::Expr> conditions = std::move(found.conditions);
  if (changed.where) conditions.push_back(*std::move(changed.where));
  changed.where = conditions.empty() ? std::nullopt
                  : conditions.size() == 1
                      ? std::optional(std::move(conditions[0]))
                      : std::optional(sql::Expr{sql::Logical{sql::LogicalOp::kAnd, conditions}, {}});
  return changed;
}

void Resolver::statement(const sql::Update& written) {
  const std::optional<sql::Update> self = self_joined(written);
  const sql::Update& update = self ? *self : written;
  const size_t visible = common_tables_.size();
  BoundUpdate bound{common_tables(update.with, false, nullptr), 0, -1, std::nullopt, std::nullopt, {}};
  const Relation& relation = writable(update.table, "update");
  bound.table = relation.oid;
  bound.target = next_relation();
  use(relation.oid, -1, Access::kUpdate);
  Scope scope;
  enter_target(relation, bound.target, update.alias, update.table.span, scope);
  if (!update.from.empty()) {
    // The target is no part of FROM: joins there do not see it.
    bound.from = from(update.from, scope);
  }
  scope.clause = Clause::kSet;
  bound.assignments = assignments(update.assignments, relation, scope);
  scope.clause = Clause::kWhere;
  if (update.where) bound.where = condition(*update.where, scope, "WHERE");
  if (!update.from.empty() && !(bound.where && has_equijoin(*bound.where, bound.target))) {
    throw Error(kFeatureNotSupported, "Target table must be part of an equijoin predicate")
        .at(update.where ? update.where->span.begin : update.table.span.begin);
  }
  common_tables_.resize(visible);
  result_.node = std::move(bound);
}

void Resolver::statement(const sql::Delete& statement) {
  const size_t visible = common_tables_.size();
  BoundDelete bound{common_tables(statement.with, false, nullptr), 0, -1, std::nullopt, std::nullopt};
  const Relation& relation = writable(statement.table, "delete from");
  bound.table = relation.oid;
  bound.target = next_relation();
  use(relation.oid, -1, Access::kDelete);
  Scope scope;
  enter_target(relation, bound.target, statement.alias, statement.table.span, scope);
  if (!statement.using_tables.empty()) bound.from = from(statement.using_tables, scope);
  scope.clause = Clause::kWhere;
  if (statement.where) bound.where = condition(*statement.where, scope, "WHERE");
  common_tables_.resize(visible);
  result_.node = std::move(bound);
}

void Resolver::statement(const sql::Truncate& truncate) {
  const Relation& relation = writable(truncate.table, "truncate");
  use(relation.oid, -1, Access::kDelete);
  result_.node = BoundTruncate{relation.oid};
}

}  // namespace garland::semantics
