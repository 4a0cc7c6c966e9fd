#include <algorithm>
#include <array>
#include <utility>

#include "base/limits.h"
#include "embedded/functions.h"
#include "embedded/translate_writer.h"
#include "semantics/walk.h"

namespace garland::embedded {

using namespace semantics;

namespace {

/// Longer lists of constants travel as data: as text DuckDB needs minutes and gigabytes for what is usual (a 2 MB
/// list).
constexpr size_t kLongestWrittenList = 32;

bool is_constant(const BoundExpr& expr) { return std::holds_alternative<BoundConstant>(expr.node); }

/// Window functions that look at rows around the current one or rank them: a frame means nothing to them.
bool ignores_frame(std::string_view function) {
  constexpr std::array<std::string_view, 8> kNames = {"row_number", "rank",  "dense_rank", "percent_rank",
                                                      "cume_dist",  "ntile", "lag",        "lead"};
  return std::find(kNames.begin(), kNames.end(), function) != kNames.end();
}

/// At most one row, whatever the data.
bool has_one_row_at_most(const BoundQuery& query) {
  if (query.limit) {
    const auto* limit = std::get_if<BoundConstant>(&query.limit->node);
    if (limit && limit->text && (*limit->text == "1" || *limit->text == "0")) return true;
  }
  const auto* select = std::get_if<BoundSelect>(&query.body.node);
  if (!select) return false;
  bool one_group = select->grouped && select->group_by.empty() && !select->grouping_sets;
  return one_group || std::holds_alternative<BoundNothing>(select->from.node);
}

}  // namespace

Writer::Writer(const PhysicalNames& names, int32_t parameters) : names_(names), parameters_(parameters) {}

Writer& Writer::operator<<(std::string_view text) {
  out_ += text;
  return *this;
}

Writer& Writer::operator<<(int64_t number) {
  out_ += std::to_string(number);
  return *this;
}

Translation Writer::finish() {
  if (out_.size() > kMaxEngineTextBytes) {
    throw Error(kStatementTooComplex, "statement is too complex")
        .detail("Its plan's text needs " + std::to_string(out_.size()) + " bytes; the limit is " +
                std::to_string(kMaxEngineTextBytes) + ".")
        .hint("Put long lists of values into a table and join with it.");
  }
  return {std::move(out_), std::move(lists_)};
}

std::string Writer::cut(size_t start) {
  std::string text = out_.substr(start);
  out_.resize(start);
  return text;
}

std::string Writer::text_of(const BoundExpr& expr) {
  size_t start = out_.size();
  expression(expr);
  return cut(start);
}

std::string Writer::compared_text_of(const BoundExpr& expr) {
  size_t start = out_.size();
  compared(expr);
  return cut(start);
}

// ---- conditions and typed values

void Writer::condition(std::string_view keyword, const BoundExpr& expr) {
  *this << keyword;
  conjunct(expr);
}

void Writer::conjunct(const BoundExpr& expr) {
  const auto* call = std::get_if<BoundCall>(&expr.node);
  const auto* in_query = std::get_if<BoundInQuery>(&expr.node);
  if (call && call->function == "and") {
    for (const BoundExpr& operand : call->arguments) {
      if (&operand != &call->arguments.front()) *this << " AND ";
      conjunct(operand);
    }
  } else if (in_query && in_query->operands.size() > 1) {
    row_match(*in_query, "");
  } else {
    expression(expr);
  }
}

void Writer::typed(const BoundExpr& expr, const Type& type) {
  bool exact = expr.type == type &&
               (std::holds_alternative<BoundColumn>(expr.node) || std::holds_alternative<BoundCast>(expr.node) ||
                std::holds_alternative<BoundParameter>(expr.node));
  if (exact) return expression(expr);
  *this << "CAST(";
  expression(expr);
  *this << " AS " << duck_type(type) << ")";
}

void Writer::assigned(const BoundExpr& expr, const ColumnDef& column, const Relation& table) {
  const auto* constant = std::get_if<BoundConstant>(&expr.node);
  if (!column.not_null || (constant && constant->text)) return typed(expr, column.type);
  *this << "coalesce(";
  typed(expr, column.type);
  *this << ", ";
  raise(kNotNullViolation, "Cannot insert a NULL value into column " + column.name + " of " + table.name, column.type);
  *this << ")";
}

void Writer::raise(SqlState state, std::string_view message, const Type& type) {
  emit_raise(out_, state, message, type);
}

void Writer::compared(const BoundExpr& expr) {
  const Spelling compare = spelling(expr);
  *this << opening(compare);
  expression(expr);
  *this << closing(compare);
}

void Writer::compared_query(const BoundQuery& query) {
  const OutputColumn& column = query.columns.front();
  const Spelling compare = spelling(column);
  if (compare == Spelling::kExact) {
    *this << "(";
    this->query(query);
    *this << ")";
    return;
  }
  *this << "(SELECT ";
  compared_column("s", 0, compare);
  *this << " FROM (";
  this->query(query);
  *this << ") AS s)";
}

// ---- expressions

/// Grouping expressions are replaced where their text would not do: those that are grouped by their trimmed form, and,
/// in queries below, all that are no mere column (DuckDB takes an aggregate of outer columns for the outer query's).
void Writer::expression(const BoundExpr& expr) {
  size_t start = out_.size();
  node(expr);
  if (groups_ && replace_group_key(*groups_, start, &GroupKey::output)) return;
  for (const GroupScope* outer : outer_groups_) {
    if (replace_group_key(*outer, start, &GroupKey::below)) return;
  }
}

bool Writer::replace_group_key(const GroupScope& scope, size_t start, std::string GroupKey::* replacement) {
  std::string_view written = std::string_view(out_).substr(start);
  for (const GroupKey& key : scope.keys) {
    if (!(key.*replacement).empty() && key.plain == written) {
      out_.replace(start, out_.size() - start, key.*replacement);
      return true;
    }
  }
  return false;
}

void Writer::node(const BoundExpr& expr) {
  std::visit(
      overloaded{[&](const BoundConstant& node) { emit_constant(out_, node.text, expr.type); },
                 [&](const BoundColumn& node) { column(node); },
                 [&](const BoundParameter& node) {
                   *this << "CAST($" << node.number << " AS " << duck_type(expr.type) << ")";
                 },
                 [&](const BoundCall& node) { call(expr, node); }, [&](const BoundCast& node) { cast(expr, node); },
                 [&](const BoundCase& node) { case_of(node); }, [&](const BoundInList& node) { in_list(node); },
                 [&](const BoundInQuery& node) { in_query(node); }, [&](const BoundExists& node) { exists(node); },
                 [&](const BoundScalarQuery& node) { scalar_query(node, expr.type); },
                 [&](const BoundQuantified& node) { quantified(node); },
                 [&](const BoundAggregate& node) { aggregate(expr, node); },
                 [&](const Box<BoundWindow>& node) { window(expr, *node); },
                 [&](const BoundGrouping& node) { grouping(node, expr.type); }},
      expr.node);
}

void Writer::column(const BoundColumn& column) {
  const Instance& read = instance(column.relation);
  *this << "r" << column.relation;
  if (read.stored) {
    *this << ".c" << read.stored->columns[column.column].attnum;
  } else {
    *this << ".o" << column.column + 1;
  }
}

namespace {

Argument argument(const BoundExpr& expr, std::string_view sql, bool trailing_blanks) {
  const auto* constant = std::get_if<BoundConstant>(&expr.node);
  return {sql, expr.type, constant != nullptr, constant && constant->text ? &*constant->text : nullptr,
          trailing_blanks};
}

}  // namespace

Writer::Arguments Writer::arguments(const std::vector<BoundExpr>& expressions) {
  Arguments result;
  for (const BoundExpr& expr : expressions) result.texts.push_back(text_of(expr));
  for (size_t i = 0; i < expressions.size(); ++i) {
    result.values.push_back(argument(expressions[i], result.texts[i], may_have_trailing_blanks(expressions[i])));
  }
  return result;
}

void Writer::call(const BoundExpr& expr, const BoundCall& call) {
  if (call.function == "try_cast") {
    // Only the conversion's own errors are NULL: what the operand raises is raised outside of TRY.
    const auto& cast = std::get<BoundCast>(call.arguments[0].node);
    const BoundExpr& operand = *cast.operand;
    const bool plain =
        std::holds_alternative<BoundColumn>(operand.node) || std::holds_alternative<BoundParameter>(operand.node);
    const std::string text = text_of(operand);
    *this << (plain ? "TRY(" : "list_transform([" + text + "], lambda p: TRY(");
    emit_cast(out_, argument(operand, plain ? text : "p", may_have_trailing_blanks(operand)), expr.type, cast.context);
    *this << (plain ? ")" : "))[1]");
    return;
  }
  Arguments operands = arguments(call.arguments);
  emit_call(out_, call.function, operands.values, expr.type);
}

void Writer::cast(const BoundExpr& expr, const BoundCast& cast) {
  std::string operand = text_of(*cast.operand);
  emit_cast(out_, argument(*cast.operand, operand, may_have_trailing_blanks(*cast.operand)), expr.type, cast.context);
}

void Writer::case_of(const BoundCase& node) {
  *this << "CASE";
  for (const BoundWhen& when : node.whens) {
    *this << " WHEN ";
    expression(*when.condition);
    *this << " THEN ";
    expression(*when.result);
  }
  if (node.otherwise) {
    *this << " ELSE ";
    expression(**node.otherwise);
  }
  *this << " END";
}

// ---- IN, EXISTS, ANY, scalar subqueries

void Writer::in_list(const BoundInList& node) {
  size_t constants = std::count_if(node.list.begin(), node.list.end(), is_constant);
  if (constants > kLongestWrittenList && !node.operand->type.case_insensitive) return in_long_list(node);
  *this << "(";
  compared(*node.operand);
  *this << " IN (";
  for (const BoundExpr& value : node.list) {
    if (&value != &node.list.front()) *this << ", ";
    compared(value);
  }
  *this << "))";
}

void Writer::in_long_list(const BoundInList& node) {
  std::vector<std::optional<std::string>> values;
  BoundInList rest{node.operand, {}};
  bool has_null = false;
  for (const BoundExpr& value : node.list) {
    const auto* constant = std::get_if<BoundConstant>(&value.node);
    if (!constant) {
      rest.list.push_back(value);
      continue;
    }
    values.push_back(constant->text);
    has_null = has_null || !constant->text;
    if (value.type.is_string() && values.back()) values.back()->erase(values.back()->find_last_not_of(' ') + 1);
  }
  int32_t parameter = list_parameter(node.operand->type, std::move(values));
  std::string data = "CAST($" + std::to_string(parameter) + " AS " + duck_type(node.operand->type) + "[])";
  std::string operand = compared_text_of(*node.operand);
  *this << "(";
  if (outer_join_condition_) {  // takes no subquery
    *this << "CASE WHEN " << operand << " IS NULL THEN NULL WHEN list_contains(" << data << ", " << operand
          << ") THEN TRUE ELSE " << (has_null ? "NULL" : "FALSE") << " END";
  } else {
    *this << operand << " IN (SELECT unnest(" << data << "))";
  }
  if (!rest.list.empty()) {
    *this << " OR ";
    in_list(rest);
  }
  *this << ")";
}

/// Equal lists share a parameter, so that equal expressions have equal texts (GROUP BY and the select list).
int32_t Writer::list_parameter(const Type& element, std::vector<std::optional<std::string>> values) {
  for (const ListParameter& list : lists_) {
    if (list.relation == 0 && list.element == element && list.values == values) return list.parameter;
  }
  auto number = static_cast<int32_t>(parameters_ + lists_.size() + 1);
  lists_.push_back({number, element, std::move(values), 0, 0});
  return number;
}

void Writer::in_query(const BoundInQuery& node) {
  if (node.operands.size() > 1) return in_row_query(node);
  *this << "(";
  compared(node.operands.front());
  *this << " IN ";
  compared_query(*node.query);
  *this << ")";
}

/// (a, b) IN (query): true when a row equals, unknown when one might (NULLs), else false.
void Writer::in_row_query(const BoundInQuery& node) {
  *this << "CASE WHEN ";
  row_match(node, "");
  *this << " THEN TRUE WHEN ";
  row_match(node, " IS NOT FALSE");
  *this << " THEN NULL ELSE FALSE END";
}

void Writer::row_match(const BoundInQuery& node, std::string_view truth) {
  Arguments left = arguments(node.operands);
  *this << "EXISTS (SELECT 1 FROM (";
  query(*node.query);
  *this << ") AS s";
  for (size_t i = 0; i < node.operands.size(); ++i) {
    const OutputColumn& column = node.query->columns[i];
    std::string right = "s.o" + std::to_string(i + 1);
    *this << (i ? " AND (" : " WHERE (");
    std::array<Argument, 2> sides = {left.values[i],
                                     Argument{right, column.type, false, nullptr, column.may_have_trailing_blanks}};
    emit_call(out_, "=", sides, Type::of(engine::TypeId::kBoolean));
    *this << truth << ")";
  }
  *this << ")";
}

void Writer::exists(const BoundExists& node) {
  *this << "EXISTS (";
  query(*node.query);
  *this << ")";
}

void Writer::scalar_query(const BoundScalarQuery& node, const Type& type) {
  if (has_one_row_at_most(*node.query)) {
    *this << "(";
    query(*node.query);
    *this << ")";
    return;
  }
  *this << "(SELECT CASE WHEN count(*) > 1 THEN ";
  raise(kCardinalityViolation, "single-row subquery returns more than one row", type);
  *this << " ELSE first(s.o1) END FROM (";
  query(*node.query);
  *this << ") AS s)";
}

void Writer::quantified(const BoundQuantified& node) {
  if (node.operand->type.id == engine::TypeId::kSuper && node.op != "=" && node.op != "<>")
    throw Error(kFeatureNotSupported, node.op + " ANY or ALL over type super is not supported yet");
  *this << "(";
  compared(*node.operand);
  *this << " " << node.op << (node.all ? " ALL " : " ANY ");
  compared_query(*node.query);
  *this << ")";
}

// ---- aggregates and windows

void Writer::order_list(const std::vector<BoundOrder>& order) {
  for (const BoundOrder& item : order) {
    if (&item != &order.front()) *this << ", ";
    compared(item.expr);
    order_direction(item.descending, item.nulls_first);
  }
}

Writer::Arguments Writer::aggregate_arguments(const std::vector<BoundExpr>& expressions, bool distinct) {
  Arguments operands = arguments(expressions);
  for (Argument& operand : operands.values) {
    const auto index = &operand - operands.values.data();
    const bool folds = operand.trailing_blanks || operand.type.case_insensitive;
    if (!distinct || !folds || index > 0) continue;  // LISTAGG's delimiter stays as it is
    std::string& text = operands.texts[index];
    const Spelling compare = operand.type.case_insensitive ? Spelling::kCase : Spelling::kBlanks;
    text = std::string(opening(compare)) + text + std::string(closing(compare));
    operand.sql = text;
    operand.type.case_insensitive = false;
    operand.trailing_blanks = false;
  }
  return operands;
}

void Writer::aggregate_call(const BoundExpr& expr, AggregateCall call, const std::vector<BoundExpr>& expressions,
                            const std::vector<BoundOrder>& within_group) {
  Arguments operands = aggregate_arguments(expressions, call.distinct);
  size_t start = out_.size();
  order_list(within_group);
  std::string order = cut(start);
  std::string first;
  call.arguments = operands.values;
  call.within_group = order;
  if (!within_group.empty()) {
    first = text_of(within_group.front().expr);
    call.ordered = argument(within_group.front().expr, first, may_have_trailing_blanks(within_group.front().expr));
    call.descending = within_group.front().descending;
  }
  emit_aggregate(out_, call, expr.type);
}

void Writer::aggregate(const BoundExpr& expr, const BoundAggregate& node) {
  const GroupScope* saved = std::exchange(groups_, nullptr);  // arguments are read before grouping
  AggregateCall call;
  call.function = node.function;
  call.distinct = node.distinct;
  call.approximate = node.approximate;
  aggregate_call(expr, call, node.arguments, node.within_group);
  groups_ = saved;
}

void Writer::window(const BoundExpr& expr, const BoundWindow& node) {
  size_t start = out_.size();
  window_clause(node);
  std::string over = cut(start);
  AggregateCall call;
  call.function = node.function;
  call.distinct = node.distinct;
  call.ignore_nulls = node.ignore_nulls;
  call.over = over;
  aggregate_call(expr, call, node.arguments, node.within_group);
}

void Writer::window_clause(const BoundWindow& node) {
  *this << " OVER (";
  for (const BoundExpr& key : node.partition_by) {
    *this << (&key == &node.partition_by.front() ? "PARTITION BY " : ", ");
    compared(key);
  }
  if (!node.order_by.empty()) *this << (node.partition_by.empty() ? "ORDER BY " : " ORDER BY ");
  order_list(node.order_by);
  if (node.frame) {
    *this << (node.frame->unit == sql::FrameUnit::kRows ? " ROWS BETWEEN " : " RANGE BETWEEN ");
    frame_edge(node.frame->start);
    *this << " AND ";
    frame_edge(node.frame->end);
  } else if (!ignores_frame(node.function)) {
    *this << (node.order_by.empty() ? " ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING"
                                    : " RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW");
  }
  *this << ")";
}

void Writer::frame_edge(const BoundFrameEdge& edge) {
  if (edge.offset) {
    typed(**edge.offset, Type::of(engine::TypeId::kBigint));
    *this << " ";
  }
  switch (edge.bound) {
    case sql::FrameBound::kUnboundedPreceding:
      *this << "UNBOUNDED PRECEDING";
      break;
    case sql::FrameBound::kPreceding:
      *this << "PRECEDING";
      break;
    case sql::FrameBound::kCurrentRow:
      *this << "CURRENT ROW";
      break;
    case sql::FrameBound::kFollowing:
      *this << "FOLLOWING";
      break;
    case sql::FrameBound::kUnboundedFollowing:
      *this << "UNBOUNDED FOLLOWING";
      break;
  }
}

bool Writer::may_have_trailing_blanks(const BoundExpr& expr) const {
  return semantics::may_have_trailing_blanks(expr, [this](const BoundColumn& column) {
    const Instance& read = instances_.at(column.relation);
    if (read.stored) return read.stored->columns[column.column].may_have_trailing_blanks;
    return (*read.columns)[column.column].may_have_trailing_blanks;
  });
}

}  // namespace garland::embedded
