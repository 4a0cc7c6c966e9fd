#include <algorithm>
#include <utility>

#include "embedded/translate_writer.h"
#include "semantics/walk.h"

namespace garland::embedded {

using namespace semantics;

namespace {

constexpr std::string_view kMaterialized = "     MATERIALIZED";  // all of one length: the hint is corrected in place
constexpr std::string_view kNotMaterialized = " NOT MATERIALIZED";
constexpr std::string_view kNoHint = "                 ";

std::string_view join_words(BoundJoinKind kind) {
  switch (kind) {
    case BoundJoinKind::kInner:
      return " INNER JOIN ";
    case BoundJoinKind::kLeft:
      return " LEFT JOIN ";
    case BoundJoinKind::kRight:
      return " RIGHT JOIN ";
    case BoundJoinKind::kFull:
      return " FULL JOIN ";
    case BoundJoinKind::kCross:
      return " CROSS JOIN ";
  }
  return " CROSS JOIN ";
}

std::string_view set_words(sql::SetOp op) {
  switch (op) {
    case sql::SetOp::kUnion:
      return " UNION ";
    case sql::SetOp::kIntersect:
      return " INTERSECT ";
    case sql::SetOp::kExcept:
      return " EXCEPT ";
  }
  return " UNION ";
}

bool holds_query(const BoundExpr& expr) {
  if (query_of(expr)) return true;
  bool found = false;
  for_each_part(expr, [&](const BoundExpr& part) { found = found || holds_query(part); });
  return found;
}

bool is_constant(const BoundExpr& expr) { return std::holds_alternative<BoundConstant>(expr.node); }

}  // namespace

std::string_view Writer::opening(Spelling spelling) {
  switch (spelling) {
    case Spelling::kExact:
      return "";
    case Spelling::kBlanks:
      return "rtrim(";
    case Spelling::kCase:
      return "lower(rtrim(";
    case Spelling::kSuper:
      break;
  }
  return "g_super_key(";
}

std::string_view Writer::closing(Spelling spelling) {
  switch (spelling) {
    case Spelling::kExact:
      return "";
    case Spelling::kBlanks:
      return ", ' ')";
    case Spelling::kCase:
      return ", ' '))";
    case Spelling::kSuper:
      break;
  }
  return ")";
}

Writer::Spelling Writer::spelling(const OutputColumn& column) {
  if (column.type.id == engine::TypeId::kSuper) return Spelling::kSuper;
  if (column.type.case_insensitive) return Spelling::kCase;
  const bool blanks = column.type.id == engine::TypeId::kVarchar && column.may_have_trailing_blanks;
  return blanks ? Spelling::kBlanks : Spelling::kExact;
}

Writer::Spelling Writer::spelling(const BoundExpr& expr) const {
  if (expr.type.id == engine::TypeId::kSuper) return Spelling::kSuper;
  if (expr.type.case_insensitive) return Spelling::kCase;
  return may_have_trailing_blanks(expr) ? Spelling::kBlanks : Spelling::kExact;
}

Writer::Spellings Writer::spellings(const std::vector<OutputColumn>& columns) {
  Spellings result;
  for (const OutputColumn& column : columns) result.push_back(spelling(column));
  return result;
}

bool Writer::any_spelt(const Spellings& spellings) {
  return std::ranges::any_of(spellings, [](Spelling each) { return each != Spelling::kExact; });
}

/// Sets a member for as long as a clause is written.
class Writer::InScope {
 public:
  InScope(Writer& writer, const GroupScope* groups) : writer_(writer), saved_(writer.groups_) {
    writer_.groups_ = groups;
  }
  ~InScope() { writer_.groups_ = saved_; }
  InScope(const InScope&) = delete;
  InScope& operator=(const InScope&) = delete;

 private:
  Writer& writer_;
  const GroupScope* saved_;
};

// ---- WITH, ORDER BY, LIMIT

void Writer::with(const std::vector<BoundCte>& ctes) {
  if (ctes.empty()) return;
  bool recursive = std::any_of(ctes.begin(), ctes.end(), [](const BoundCte& cte) { return cte.recursive; });
  *this << (recursive ? "WITH RECURSIVE " : "WITH ");
  for (const BoundCte& cte : ctes) {
    if (&cte != &ctes.front()) *this << ", ";
    *this << "q" << cte.number << " AS";
    if (static_cast<size_t>(cte.number) >= ctes_.size()) ctes_.resize(cte.number + 1);
    ctes_[cte.number] = {out_.size(), 0};
    *this << (cte.recursive ? kNoHint : kNotMaterialized) << " (";
    query(*cte.query);
    *this << ")";
  }
  *this << " ";
}

void Writer::query(const BoundQuery& query) {
  bool within_groups = groups_ != nullptr;
  if (within_groups) outer_groups_.push_back(groups_);
  InScope no_groups(*this, nullptr);
  with(query.with);
  if (const auto* select_body = std::get_if<BoundSelect>(&query.body.node)) {
    select(*select_body, &query);
  } else {
    ordered_set(query);
  }
  limits(query);
  end_with(query.with);
  if (within_groups) outer_groups_.pop_back();
}

/// A CTE that is read once is part of the query; one that is read several times is computed once.
void Writer::end_with(const std::vector<BoundCte>& ctes) {
  for (const BoundCte& cte : ctes) {
    const Cte& written = ctes_[cte.number];
    if (!cte.recursive && written.mentions > 1) {
      out_.replace(written.hint_position, kMaterialized.size(), kMaterialized);
    }
  }
}

void Writer::order_direction(bool descending, bool nulls_first) {
  *this << (descending ? " DESC" : " ASC") << (nulls_first ? " NULLS FIRST" : " NULLS LAST");
}

void Writer::limits(const BoundQuery& query) {
  if (query.limit) {
    *this << " LIMIT ";
    typed(*query.limit, Type::of(engine::TypeId::kBigint));
  }
  if (query.offset) {
    *this << " OFFSET ";
    typed(*query.offset, Type::of(engine::TypeId::kBigint));
  }
}

/// ORDER BY over a set operation (or a query in parentheses) names output columns only.
void Writer::ordered_set(const BoundQuery& query) {
  Spellings compare = spellings(query.columns);
  bool wraps = std::any_of(query.order_by.begin(), query.order_by.end(), [&](const BoundQueryOrder& order) {
    const auto* number = std::get_if<int32_t>(&order.key);
    return number && compare[*number] != Spelling::kExact;
  });
  if (wraps) {
    *this << "SELECT * FROM (";
    body(query.body);
    *this << ") AS s";
  } else {
    body(query.body);
  }
  std::string_view separator = " ORDER BY ";
  for (const BoundQueryOrder& order : query.order_by) {
    *this << separator;
    separator = ", ";
    const auto* number = std::get_if<int32_t>(&order.key);
    if (!number) {
      expression(std::get<BoundExpr>(order.key));
    } else if (compare[*number] != Spelling::kExact) {
      compared_column("s", *number, compare[*number]);
    } else {
      *this << *number + 1;
    }
    order_direction(order.descending, order.nulls_first);
  }
}

// ---- SELECT

void Writer::body(const BoundBody& body) {
  std::visit(overloaded{[&](const BoundSelect& node) { select(node, nullptr); },
                        [&](const BoundSetOperation& node) { set_operation(node); },
                        [&](const Box<BoundQuery>& node) {
                          *this << "(";
                          query(*node);
                          *this << ")";
                        }},
             body.node);
}

/// `ordered`: the query whose ORDER BY belongs to this SELECT.
void Writer::select(const BoundSelect& select, const BoundQuery* ordered) {
  add_relation(select.from);
  if (select.distinct && any_spelt(spellings(select))) {
    distinct_select(select, ordered);
  } else {
    plain_select(select, ordered);
  }
}

void Writer::plain_select(const BoundSelect& select, const BoundQuery* ordered) {
  select_clauses(select, select.distinct, ordered);
}

/// DISTINCT over strings that compare equal in several spellings: one row of each group, with the least spelling.
void Writer::distinct_select(const BoundSelect& select, const BoundQuery* ordered) {
  Spellings compare = spellings(select);
  *this << "SELECT ";
  grouped_columns(compare);
  *this << " FROM (";
  select_clauses(select, false, nullptr);
  *this << ") AS s";
  group_by_columns(compare);
  if (!ordered) return;
  std::string_view separator = " ORDER BY ";
  for (const BoundQueryOrder& order : ordered->order_by) {
    *this << separator;
    separator = ", ";
    int32_t number = std::get<int32_t>(order.key);
    compared_column("s", number, compare[number]);
    order_direction(order.descending, order.nulls_first);
  }
}

/// Output columns of `s` when its rows are grouped by them, trimmed ones by their trimmed form.
void Writer::grouped_columns(const Spellings& spellings) {
  for (size_t i = 0; i < spellings.size(); ++i) {
    const bool exact = spellings[i] == Spelling::kExact;
    *this << (i ? ", " : "") << (exact ? "s.o" : "min(s.o") << i + 1 << (exact ? "" : ")") << " AS o" << i + 1;
  }
}

void Writer::group_by_columns(const Spellings& spellings) {
  for (size_t i = 0; i < spellings.size(); ++i) {
    *this << (i ? ", " : " GROUP BY ");
    compared_column("s", i, spellings[i]);
  }
}

void Writer::compared_column(std::string_view alias, size_t column, Spelling spelling) {
  *this << opening(spelling) << alias << ".o" << column + 1 << closing(spelling);
}

void Writer::outputs(const BoundSelect& select) {
  for (size_t i = 0; i < select.outputs.size(); ++i) {
    if (i) *this << ", ";
    typed(select.outputs[i].expr, select.outputs[i].expr.type);
    *this << " AS o" << i + 1;
  }
}

void Writer::select_clauses(const BoundSelect& select, bool distinct, const BoundQuery* ordered) {
  GroupScope scope = group_scope(select);
  *this << (distinct ? "SELECT DISTINCT " : "SELECT ");
  {
    InScope in_groups(*this, &scope);
    outputs(select);
  }
  if (!std::holds_alternative<BoundNothing>(select.from.node)) {
    *this << " FROM ";
    relation(select.from);
  }
  if (select.where) condition(" WHERE ", *select.where);
  group_by(select, scope);
  InScope in_groups(*this, &scope);
  if (select.having) condition(" HAVING ", *select.having);
  if (select.qualify) condition(" QUALIFY ", *select.qualify);
  if (!ordered) return;
  std::string_view separator = " ORDER BY ";
  for (const BoundQueryOrder& order : ordered->order_by) {
    *this << separator;
    separator = ", ";
    const auto* number = std::get_if<int32_t>(&order.key);
    const BoundExpr& expr = number ? select.outputs[*number].expr : std::get<BoundExpr>(order.key);
    if (number && spelling(expr) == Spelling::kExact) {
      *this << *number + 1;
    } else if (is_constant(expr)) {
      *this << "NULL::INTEGER";  // a constant orders nothing; a bare number would be an ordinal
    } else {
      compared(expr);
    }
    order_direction(order.descending, order.nulls_first);
  }
}

// ---- grouping

Writer::GroupScope Writer::group_scope(const BoundSelect& select) {
  GroupScope scope;
  for (const BoundExpr& expr : select.group_by) {
    GroupKey key;
    key.plain = text_of(expr);
    key.grouped = key.plain;
    if (is_constant(expr)) {
      key.grouped = "CAST(" + key.plain + " AS " + duck_type(expr.type) + ")";
    } else if (const Spelling compare = spelling(expr); compare != Spelling::kExact) {
      key.grouped = std::string(opening(compare)) + key.plain + std::string(closing(compare));
      key.output = "min(" + key.plain + ")";
      key.below = key.output;
      if (select.grouping_sets) key.output = "CASE WHEN GROUPING(" + key.grouped + ") = 0 THEN " + key.output + " END";
    } else if (!std::holds_alternative<BoundColumn>(expr.node)) {
      key.below = "min(" + key.plain + ")";
    }
    scope.keys.push_back(std::move(key));
  }
  return scope;
}

void Writer::group_by(const BoundSelect& select, const GroupScope& scope) {
  if (scope.keys.empty() && !select.grouping_sets) return;
  *this << " GROUP BY ";
  if (!select.grouping_sets) {
    for (size_t i = 0; i < scope.keys.size(); ++i) *this << (i ? ", " : "") << scope.keys[i].grouped;
    return;
  }
  *this << "GROUPING SETS (";
  for (const std::vector<int32_t>& set : *select.grouping_sets) {
    *this << (&set == &select.grouping_sets->front() ? "(" : ", (");
    for (size_t i = 0; i < set.size(); ++i) *this << (i ? ", " : "") << scope.keys[set[i]].grouped;
    *this << ")";
  }
  *this << ")";
}

std::string Writer::ungrouped_text_of(const BoundExpr& expr) {
  InScope no_groups(*this, nullptr);
  return text_of(expr);
}

void Writer::grouping(const BoundGrouping& node, const Type& type) {
  *this << "CAST(GROUPING(";
  for (size_t i = 0; i < node.arguments.size(); ++i) {
    if (i) *this << ", ";
    std::string plain = ungrouped_text_of(node.arguments[i]);
    const std::string* written = &plain;
    for (size_t k = 0; groups_ && k < groups_->keys.size(); ++k) {
      if (groups_->keys[k].plain == plain) written = &groups_->keys[k].grouped;
    }
    *this << *written;
  }
  *this << ") AS " << duck_type(type) << ")";
}

// ---- set operations

Writer::Spellings Writer::spellings(const BoundSelect& select) {
  add_relation(select.from);
  Spellings result;
  for (const BoundOutput& output : select.outputs) result.push_back(spelling(output.expr));
  return result;
}

Writer::Spellings Writer::spellings(const BoundBody& body) {
  return std::visit(overloaded{[&](const BoundSelect& node) { return spellings(node); },
                               [&](const BoundSetOperation& node) {
                                 Spellings left = spellings(*node.left), right = spellings(*node.right);
                                 for (size_t i = 0; i < left.size(); ++i) left[i] = std::max(left[i], right[i]);
                                 return left;
                               },
                               [&](const Box<BoundQuery>& node) { return spellings(node->columns); }},
                    body.node);
}

void Writer::set_operation(const BoundSetOperation& operation) {
  if (!operation.all) {
    Spellings compare = spellings(*operation.left), right = spellings(*operation.right);
    for (size_t i = 0; i < compare.size(); ++i) compare[i] = std::max(compare[i], right[i]);
    if (any_spelt(compare)) return blank_insensitive_set(operation, compare);
  }
  set_side(*operation.left, operation, true);
  *this << set_words(operation.op) << (operation.all ? "ALL " : "");
  set_side(*operation.right, operation, false);
}

/// Only a left side of the same operation needs no parentheses: all of them associate to the left.
void Writer::set_side(const BoundBody& side, const BoundSetOperation& parent, bool left) {
  const auto* operation = std::get_if<BoundSetOperation>(&side.node);
  bool bare = !operation || (left && operation->op == parent.op && operation->all == parent.all);
  *this << (bare ? "" : "(");
  body(side);
  *this << (bare ? "" : ")");
}

/// UNION, INTERSECT and EXCEPT that take 'a' and 'a ' for one value: grouping instead of DuckDB's own set operation.
void Writer::blank_insensitive_set(const BoundSetOperation& operation, const Spellings& spellings) {
  *this << "SELECT ";
  grouped_columns(spellings);
  *this << " FROM (";
  set_side(*operation.left, operation, false);
  if (operation.op == sql::SetOp::kUnion) {
    *this << " UNION ALL ";
    set_side(*operation.right, operation, false);
    *this << ") AS s";
  } else {
    *this << (operation.op == sql::SetOp::kExcept ? ") AS s WHERE NOT EXISTS (SELECT 1 FROM ("
                                                  : ") AS s WHERE EXISTS (SELECT 1 FROM (");
    body(*operation.right);
    *this << ") AS t";
    for (size_t i = 0; i < spellings.size(); ++i) {
      *this << (i ? " AND " : " WHERE ");
      compared_column("s", i, spellings[i]);
      *this << " IS NOT DISTINCT FROM ";
      compared_column("t", i, spellings[i]);
    }
    *this << ")";
  }
  group_by_columns(spellings);
}

// ---- FROM

void Writer::add_relation(const BoundRelation& relation) {
  if (const auto* join = std::get_if<BoundJoin>(&relation.node)) {
    add_relation(*join->left);
    add_relation(*join->right);
    return;
  }
  if (relation.number < 0) return;
  if (const auto* table = std::get_if<BoundTable>(&relation.node)) {
    add_table(relation.number, table->oid);
  } else {
    instance(relation.number) = {nullptr, &relation.columns};
  }
}

/// The elements of an array, or an object's values and names, side by side with their numbers.
void Writer::unnest(const BoundUnnest& node) {
  const auto* call = std::get_if<BoundCall>(&node.value->node);
  if (call && call->function == "generate_series") return series(*call, node.value->type);
  std::string value = text_of(*node.value);
  *this << "(SELECT unnest(u.v) AS o1, unnest(" << (node.object ? "u.n" : "range(len(u.v))") << ") AS o2 FROM (SELECT "
        << (node.object ? "g_super_attributes(" : "g_super_elements(") << value << ") AS v";
  if (node.object) *this << ", g_super_names(" << value << ") AS n";
  *this << ") AS u)";
}

/// DuckDB's table function counts in 64 bits and never past the last number.
void Writer::series(const BoundCall& call, const Type& type) {
  const auto number = [&](size_t i) { return "CAST(" + text_of(call.arguments[i]) + " AS BIGINT)"; };
  std::string step = "1";
  if (call.arguments.size() > 2) {
    std::string zero;
    emit_raise(zero, kInvalidParameterValue, "step size may not equal zero", Type::of(engine::TypeId::kBigint));
    step = "CASE WHEN " + number(2) + " = 0 THEN " + zero + " ELSE " + number(2) + " END";
  }
  *this << "(SELECT CAST(s.v AS " << duck_type(type) << ") AS o1 FROM generate_series(" << number(0) << ", "
        << number(1) << ", " << step << ") AS s(v))";
}

/// A join whose right side, or whose condition, may read what stands before it in any way. DuckDB takes the condition
/// of a lateral outer join inside only.
void Writer::lateral_join(const BoundJoin& join) {
  relation(*join.left);
  const bool left = join.kind == BoundJoinKind::kLeft;
  *this << (left ? " LEFT JOIN LATERAL " : " CROSS JOIN LATERAL ");
  if (join.on) *this << "(SELECT * FROM ";
  relation(*join.right);
  if (join.on) {
    condition(" WHERE ", *join.on);
    *this << ") AS r" << join.right->number;
  }
  if (left) *this << " ON TRUE";
}

std::string Writer::table_name(Oid oid) {
  return names_.computed && names_.computed(oid) ? computed_table(oid) : names_.table(oid);
}

/// The rows of a computed relation: one list of texts a column, taken apart side by side.
std::string Writer::computed_table(Oid oid) {
  const Relation& relation = table(oid);
  std::string columns, lists;
  for (size_t i = 0; i < relation.columns.size(); ++i) {
    const auto known = std::find_if(lists_.begin(), lists_.end(), [&](const ListParameter& list) {
      return list.relation == oid && list.column == i;
    });
    int32_t parameter = static_cast<int32_t>(parameters_ + lists_.size() + 1);
    if (known != lists_.end()) {
      parameter = known->parameter;
    } else {
      lists_.push_back({parameter, Type::varchar(kMaxVarcharBytes), {}, oid, i});
    }
    const std::string attnum = std::to_string(relation.columns[i].attnum);
    const std::string comma = i ? ", " : "";
    columns += comma + "CAST(v" + attnum + " AS " + duck_type(relation.columns[i].type) + ") AS c" + attnum;
    lists += comma + "unnest(CAST($" + std::to_string(parameter) + " AS VARCHAR[])) AS v" + attnum;
  }
  return "(SELECT " + columns + " FROM (SELECT " + lists + "))";
}

void Writer::add_table(RelationNo number, Oid oid) { instance(number) = {&names_.relation(oid), nullptr}; }

Writer::Instance& Writer::instance(RelationNo number) {
  if (static_cast<size_t>(number) >= instances_.size()) instances_.resize(number + 1);
  return instances_[number];
}

void Writer::relation(const BoundRelation& relation) {
  std::visit(overloaded{[&](const BoundTable& node) { *this << table_name(node.oid); },
                        [&](const BoundSubquery& node) {
                          *this << "(";
                          query(*node.query);
                          *this << ")";
                        },
                        [&](const BoundCteRef& node) {
                          ++ctes_[node.cte].mentions;
                          *this << "q" << node.cte;
                        },
                        [&](const BoundJoin& node) { join(node); }, [&](const BoundUnnest& node) { unnest(node); },
                        [&](const BoundNothing&) { *this << "(SELECT 1 AS o1)"; }},
             relation.node);
  if (relation.number >= 0) *this << " AS r" << relation.number;
}

void Writer::join(const BoundJoin& join) {
  if (std::holds_alternative<BoundUnnest>(join.right->node)) return lateral_join(join);
  // DuckDB takes subqueries in the condition of an outer join inside only.
  const bool single = join.right->number >= 0;
  if (join.kind == BoundJoinKind::kLeft && single && join.on && holds_query(*join.on)) return lateral_join(join);
  relation(*join.left);
  bool cross = join.kind == BoundJoinKind::kCross || (join.kind == BoundJoinKind::kInner && !join.on);
  *this << (cross ? join_words(BoundJoinKind::kCross) : join_words(join.kind));
  bool nested = std::holds_alternative<BoundJoin>(join.right->node);
  *this << (nested ? "(" : "");
  relation(*join.right);
  *this << (nested ? ")" : "");
  if (cross) return;
  bool saved = std::exchange(outer_join_condition_, join.kind != BoundJoinKind::kInner);
  if (join.on) {
    condition(" ON ", *join.on);
  } else {
    *this << " ON TRUE";
  }
  outer_join_condition_ = saved;
}

}  // namespace garland::embedded
