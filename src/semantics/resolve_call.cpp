// Calls of functions and operators, aggregates among them. Windows stand in resolve_window.cpp.
#include <algorithm>
#include <array>

#include "semantics/constant.h"
#include "semantics/resolver.h"
#include "semantics/sketch_rules.h"
#include "semantics/walk.h"
#include "sql/printer.h"

namespace garland::semantics {
namespace {

using engine::TypeId;

/// Where aggregates and windows may stand.
bool after_grouping(Clause clause) {
  return clause == Clause::kSelect || clause == Clause::kHaving || clause == Clause::kQualify ||
         clause == Clause::kOrderBy;
}

[[noreturn]] void misplaced(std::string_view what, const Scope& scope, SqlState state, Span span) {
  throw Error(state, std::string(what) + " not allowed in " + std::string(clause_name(scope.clause))).at(span.begin);
}

bool contains_window(const BoundExpr& expr) {
  if (std::holds_alternative<Box<BoundWindow>>(expr.node)) return true;
  bool found = false;
  for_each_part(expr, [&](const BoundExpr& part) { found = found || contains_window(part); });
  return found;
}
bool contains_aggregate(const BoundExpr& expr) {
  if (std::holds_alternative<BoundAggregate>(expr.node)) return true;
  bool found = false;
  for_each_part(expr, [&](const BoundExpr& part) { found = found || contains_aggregate(part); });
  return found;
}

/// An aggregate whose columns all come from an outer block would belong to that block.
void check_level(const std::vector<BoundExpr>& arguments, const Scope& scope, Span span) {
  bool inner = false, outer = false;
  const auto* level = scope.level ? std::get_if<BoundColumn>(&scope.level->node) : nullptr;
  const std::function<void(const BoundExpr&)> look = [&](const BoundExpr& expr) {
    if (const auto* column = std::get_if<BoundColumn>(&expr.node)) {
      const bool own = scope.relation_of(*column) || (level && level->relation == column->relation);
      (own ? inner : outer) = true;
    }
    for_each_part(expr, look);
  };
  for (const BoundExpr& argument : arguments) look(argument);
  if (outer && !inner) {
    throw Error(kFeatureNotSupported, "an aggregate over columns of an outer query is not supported").at(span.begin);
  }
}

std::string call_name(const sql::Call& call) {
  const std::vector<sql::Name>& parts = call.function.parts;
  if (parts.size() == 1 || (parts.size() == 2 && parts[0].text == "pg_catalog")) return parts.back().text;
  return parts.back().text;
}

bool in_schema(const sql::Call& call) {
  const std::vector<sql::Name>& parts = call.function.parts;
  return parts.size() > 1 && parts[parts.size() - 2].text != "pg_catalog";
}

/// What follows a function's parentheses and is for aggregates and windows only.
void check_plain(const sql::Call& call, const std::string& name, Span span) {
  if (call.distinct) {
    throw Error(kWrongObjectType, "DISTINCT specified, but " + name + " is not an aggregate function").at(span.begin);
  }
  if (call.over) {
    throw Error(kWrongObjectType, "OVER specified, but " + name + " is not a window function nor an aggregate function")
        .at(span.begin);
  }
  if (!call.within_group.empty()) {
    throw Error(kWrongObjectType, "WITHIN GROUP specified, but " + name + " is not an ordered-set aggregate function")
        .at(span.begin);
  }
  if (call.approximate)
    throw Error(kSyntaxError, "APPROXIMATE is for count(distinct …) and percentile_disc only").at(span.begin);
}

/// INTERVAL_CMP's bare literals are intervals of whatever kind (r_INTERVAL_CMP).
void read_intervals(std::vector<BoundExpr>& arguments) {
  for (BoundExpr& argument : arguments) {
    auto* constant = std::get_if<BoundConstant>(&argument.node);
    if (argument.type.id != TypeId::kUnknown || !constant || !constant->text) continue;
    IntervalConstant interval = read_interval_constant(*constant->text, "");
    constant->text = std::move(interval.text);
    argument.type = interval.type;
  }
}

bool takes_window_order(std::string_view name) { return name == "percentile_cont" || name == "percentile_disc"; }

}  // namespace

/// `price = 5`: a constant that the other side's type holds exactly takes that type, so that the column is compared as
/// it is stored.
void Resolver::fit_constants(std::string_view op, std::vector<BoundExpr>& operands) const {
  constexpr std::array<std::string_view, 6> kComparisons{"=", "<>", "<", "<=", ">", ">="};
  if (operands.size() != 2 || std::ranges::find(kComparisons, op) == kComparisons.end()) return;
  if (!fit_constant(operands[0], operands[1].type)) fit_constant(operands[1], operands[0].type);
}

bool Resolver::fit_constant(BoundExpr& expr, const Type& type) const {
  auto* constant = std::get_if<BoundConstant>(&expr.node);
  const bool exact = type.is_integer() || type.id == TypeId::kDecimal;
  if (!constant || !constant->text || !exact || !expr.type.is_numeric()) return false;
  std::optional<std::string> text = convert_constant(*constant->text, expr.type, type);
  if (!text) return false;
  constant->text = std::move(text);
  expr.type = type;
  return true;
}

BoundExpr Resolver::operation(std::string_view op, std::vector<BoundExpr> operands, Span span) {
  fit_constants(op, operands);
  try {
    FunctionMatch match = match_operator(op, types_of(operands));
    for (size_t i = 0; i < operands.size(); ++i)
      operands[i] = as_argument(std::move(operands[i]), match.argument_types[i]);
    if (blend_collations(operands)) match.result.case_insensitive = match.result.is_string();
    return make(BoundCall{std::move(match.canonical), std::move(operands)}, match.result, span);
  } catch (Error& error) {
    if (!error.position()) error.at(span.begin);
    throw;
  }
}

/// Looks the function up and converts the arguments.
FunctionMatch Resolver::match(std::string_view name, std::vector<BoundExpr>& arguments, Span span) {
  std::vector<const std::string*> constants;
  constants.reserve(arguments.size());
  for (const BoundExpr& argument : arguments) {
    const auto* constant = std::get_if<BoundConstant>(&argument.node);
    constants.push_back(constant && constant->text ? &*constant->text : nullptr);
  }
  try {
    if (name == "interval_cmp") read_intervals(arguments);
    FunctionMatch match = match_function(name, types_of(arguments), constants);
    note_function(match, name, span);
    for (size_t i = 0; i < arguments.size(); ++i)
      arguments[i] = as_argument(std::move(arguments[i]), match.argument_types[i]);
    if (blend_collations(arguments)) match.result.case_insensitive = match.result.is_string();
    return match;
  } catch (Error& error) {
    if (!error.position()) error.at(span.begin);
    throw;
  }
}

void Resolver::note_function(const FunctionMatch& match, std::string_view name, Span span) {
  if (match.leader_only && !leader_only_) leader_only_ = Noted{std::string(name), place(span)};
  if (match.compute_only && !compute_only_) compute_only_ = Noted{std::string(name), place(span)};
}

BoundExpr Resolver::function(std::string_view name, std::vector<BoundExpr> arguments, Span span) {
  FunctionMatch found = match(name, arguments, span);
  if (!found.session_value.empty()) return session_value(found, arguments, span);
  return make(BoundCall{std::move(found.canonical), std::move(arguments)}, found.result, span);
}

/// "set_config:parameter\nlocal\nvalue": what the session does when the value is asked for.
std::string Resolver::set_config_value(const std::vector<BoundExpr>& arguments, Span span) const {
  std::string texts[3];
  for (size_t i = 0; i < std::size(texts); ++i) {
    const auto* constant = std::get_if<BoundConstant>(&arguments[i].node);
    if (!constant || !constant->text) {
      throw Error(kFeatureNotSupported, "the arguments of set_config must be constants").at(span.begin);
    }
    texts[i] = *constant->text;
  }
  const bool local = texts[2] == "t" || texts[2] == "1";
  return "set_config:" + texts[0] + "\n" + (local ? "t" : "f") + "\n" + texts[1];
}

/// A value that comes with execution: a parameter behind the user's own, one for each name.
BoundExpr Resolver::session_value(const FunctionMatch& match, const std::vector<BoundExpr>& arguments, Span span) {
  std::string name = match.session_value;
  if (name == "set_config") {
    name = set_config_value(arguments, span);
  } else if (!arguments.empty()) {
    const auto* constant = std::get_if<BoundConstant>(&arguments[0].node);
    if (!constant || !constant->text) {
      throw Error(kFeatureNotSupported, "the argument of " + match.canonical + " must be a constant").at(span.begin);
    }
    if (arguments.size() > 1) {
      const auto* missing_ok = std::get_if<BoundConstant>(&arguments[1].node);
      if (!missing_ok || !missing_ok->text) {
        throw Error(kFeatureNotSupported, "the arguments of " + match.canonical + " must be constants").at(span.begin);
      }
      if (*missing_ok->text == "t") name += "_or_null";
    }
    name += ":" + *constant->text;
  }
  std::vector<std::string>& values = result_.session_values;
  const auto known = std::ranges::find(values, name);
  const auto index = static_cast<int32_t>(known - values.begin());
  if (known == values.end()) values.push_back(std::move(name));
  return make(BoundParameter{user_parameters_ + index + 1}, match.result, span);
}

/// A date part: a bare word or a string, in canonical spelling.
BoundExpr Resolver::date_part(const sql::Expr& expr, std::string_view function) {
  std::string spelling;
  if (const auto* column = std::get_if<sql::ColumnRef>(&expr.node); column && column->parts.size() == 1) {
    spelling = column->parts[0].text;
  } else if (const auto* string = std::get_if<sql::StringLiteral>(&expr.node)) {
    spelling = string->value;
  } else {
    throw Error(kFeatureNotSupported, "the date part of " + std::string(function) + " must be a constant")
        .at(expr.span.begin);
  }
  const std::optional<std::string> part = canonical_date_part(spelling);
  if (!part)
    throw Error(kInvalidParameterValue, "\"" + spelling + "\" is not a recognized date part").at(expr.span.begin);
  return make(BoundConstant{*part}, Type::varchar(static_cast<int32_t>(part->size())), expr.span);
}

std::vector<BoundExpr> Resolver::arguments(const sql::Call& call, std::string_view name, Scope& scope) {
  const int part = date_part_argument(name);
  std::vector<BoundExpr> bound;
  bound.reserve(call.arguments.size());
  for (size_t i = 0; i < call.arguments.size(); ++i) {
    bound.push_back(static_cast<int>(i) == part ? date_part(call.arguments[i], name)
                                                : expression(call.arguments[i], scope));
  }
  return bound;
}

BoundExpr Resolver::node(const sql::Call& call, Span span, Scope& scope) {
  const std::string name = call_name(call);
  if (in_schema(call)) {
    check_plain(call, name, span);
    std::vector<BoundExpr> given = expressions(call.arguments, scope);
    return *user_function(call, given, span);
  }
  if (name == "grouping" || name == "grouping_id") return grouping(call, span, scope);
  if (call.over && (is_aggregate(name) || is_window_function(name))) return window(call, name, span, scope);
  if (is_window_function(name)) {
    throw Error(kWindowingError, "window function " + name + " requires an OVER clause").at(span.begin);
  }
  if (call.nulls != sql::NullTreatment::kNone) {
    throw Error(kSyntaxError, "IGNORE NULLS and RESPECT NULLS are for window functions only").at(span.begin);
  }
  if (is_aggregate(name)) return aggregate(call, name, span, scope);
  check_plain(call, name, span);
  if (name == "decode") return decode(call, span, scope);
  if (name == "collate") return collate(arguments(call, name, scope), span);
  if (name == "try_cast") return try_cast(call, span, scope);
  if (name == "object_transform") return object_transform(call, span, scope);
  if (name == "array" || name == "object") return constructor(call, name, span, scope);
  if (name == "json_parse") return json_parse(arguments(call, name, scope), span);
  if (auto vector = vector_function(call, name, span, scope)) return *std::move(vector);
  if (auto asked = system_function(call, name, span, scope)) return *std::move(asked);
  std::vector<BoundExpr> given = arguments(call, name, scope);
  if (auto own = user_function(call, given, span)) return *std::move(own);
  return function(name, std::move(given), span);
}

BoundExpr Resolver::aggregate(const sql::Call& call, const std::string& name, Span span, Scope& scope) {
  if (scope.in_aggregate) throw Error(kGroupingError, "aggregate function calls may not be nested").at(span.begin);
  if (!after_grouping(scope.clause)) misplaced("aggregates", scope, kGroupingError, span);
  scope.has_aggregates = true;
  scope.in_aggregate = true;
  BoundAggregate bound;
  bound.distinct = call.distinct;
  bound.approximate = call.approximate;
  const bool star = call.arguments.size() == 1 && std::holds_alternative<sql::Star>(call.arguments[0].node);
  if (star && (name != "count" || call.distinct)) {
    throw Error(kSyntaxError, name + "(*) is not allowed" + (call.distinct ? " with DISTINCT" : "")).at(span.begin);
  }
  if (!star && name == "count" && call.arguments.empty()) {
    throw Error(kWrongObjectType, "count(*) must be used to call a parameterless aggregate function").at(span.begin);
  }
  if (!star) bound.arguments = arguments(call, name, scope);
  bound.within_group = orders(call.within_group, scope);
  scope.in_aggregate = false;
  if (takes_window_order(name)) {
    if (bound.within_group.size() != 1)
      throw Error(kSyntaxError, name + " requires WITHIN GROUP (ORDER BY expression)").at(span.begin);
    bound.arguments.push_back(bound.within_group[0].expr);
  }
  FunctionMatch found = match(name, bound.arguments, span);
  if (takes_window_order(name)) {
    bound.within_group[0].expr = std::move(bound.arguments.back());
    bound.arguments.pop_back();
  }
  for (const BoundExpr& argument : bound.arguments) {
    if (bound.distinct) check_told_apart(argument.type, span.begin);
    if (contains_window(argument)) {
      throw Error(kWindowingError, "aggregate function calls cannot contain window function calls").at(span.begin);
    }
    if (contains_aggregate(argument))
      throw Error(kGroupingError, "aggregate function calls may not be nested").at(span.begin);
  }
  check_level(bound.arguments, scope, span);
  bound.function = std::move(found.canonical);
  return make(std::move(bound), found.result, span);
}

BoundExpr Resolver::grouping(const sql::Call& call, Span span, Scope& scope) {
  check_plain(call, "grouping", span);
  constexpr size_t kMostArguments = 31;  // one bit each in an INTEGER
  if (!after_grouping(scope.clause)) misplaced("GROUPING", scope, kGroupingError, span);
  if (call.arguments.empty() || call.arguments.size() > kMostArguments) {
    throw Error(kSyntaxError, "GROUPING must have 1 to 31 arguments").at(span.begin);
  }
  scope.has_aggregates = true;
  return make(BoundGrouping{expressions(call.arguments, scope)}, Type::of(TypeId::kInteger), span);
}

/// DECODE(e, s1, r1, …, default): CASE in which NULL equals NULL (guide page r_DECODE_expression).
BoundExpr Resolver::decode(const sql::Call& call, Span span, Scope& scope) {
  const size_t count = call.arguments.size();
  if (count < 3)
    throw Error(kUndefinedFunction, "DECODE needs an expression, a search value and a result").at(span.begin);
  BoundExpr operand = expression(call.arguments[0], scope);
  const auto is_null = [&](BoundExpr expr) {
    std::vector<BoundExpr> one;
    one.push_back(settled(std::move(expr)));
    return boolean_call("is null", std::move(one), span);
  };
  BoundCase bound;
  for (size_t i = 1; i + 1 < count; i += 2) {
    BoundExpr search = expression(call.arguments[i], scope);
    const auto* constant = std::get_if<BoundConstant>(&search.node);
    const bool null = constant && !constant->text, value = constant && constant->text;
    std::vector<BoundExpr> either;
    if (!null) {
      std::vector<BoundExpr> sides;
      sides.push_back(copy(operand));
      sides.push_back(copy(search));
      either.push_back(operation("=", std::move(sides), span));
    }
    if (null) either.push_back(is_null(copy(operand)));
    if (!null && !value) {
      std::vector<BoundExpr> both;
      both.push_back(is_null(copy(operand)));
      both.push_back(is_null(std::move(search)));
      either.push_back(boolean_call("and", std::move(both), span));
    }
    BoundExpr condition = either.size() == 1 ? std::move(either[0]) : boolean_call("or", std::move(either), span);
    bound.whens.push_back({std::move(condition), expression(call.arguments[i + 1], scope)});
  }
  std::vector<BoundExpr*> results;
  for (BoundWhen& when : bound.whens) results.push_back(&*when.result);
  if (count % 2 == 0) {
    bound.otherwise = Box<BoundExpr>(expression(call.arguments[count - 1], scope));
    results.push_back(&**bound.otherwise);
  }
  const Type type = unify(std::move(results), "DECODE", span);
  return make(std::move(bound), type, span);
}

}  // namespace garland::semantics
