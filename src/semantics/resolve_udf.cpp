// SQL functions (guide pages r_CREATE_FUNCTION, udf-creating-a-scalar-sql-udf, udf-naming-udfs): kept as text, checked
// when made, and put in place of each call.
#include <algorithm>

#include "semantics/ast_walk.h"
#include "semantics/resolver.h"
#include "semantics/table_rules.h"
#include "sql/parser.h"

namespace garland::semantics {
namespace {

std::string signature(std::string_view name, const std::vector<Type>& types) {
  std::string text(name);
  std::string_view separator = "(";
  for (const Type& type : types) {
    text += separator;
    text += type.id == engine::TypeId::kUnknown ? "\"unknown\"" : engine::to_string(type);
    separator = ", ";
  }
  return text + (types.empty() ? "()" : ")");
}

bool same_types(const std::vector<Type>& a, const std::vector<Type>& b) {
  return std::ranges::equal(a, b, {}, &Type::id, &Type::id);
}

/// How far the arguments are from the function's: 0 exact, more for each conversion, nothing when one does not exist.
std::optional<int> distance(const std::vector<Type>& given, const std::vector<Type>& wanted) {
  if (given.size() != wanted.size()) return std::nullopt;
  int sum = 0;
  for (size_t i = 0; i < given.size(); ++i) {
    if (given[i].id == wanted[i].id) continue;
    if (given[i].id != engine::TypeId::kUnknown && !can_convert(given[i], wanted[i], CastContext::kImplicit))
      return std::nullopt;
    // Among conversions a wider number of the same family is nearest.
    const int step = std::abs(static_cast<int>(given[i].id) - static_cast<int>(wanted[i].id));
    sum += given[i].id == engine::TypeId::kUnknown ? 1 : 1 + step;
  }
  return sum;
}

}  // namespace

/// The one expression of the body; everything but a bare SELECT is refused.
sql::Expr Resolver::function_body(const std::string& body) const {
  sql::Query query = sql::parse_query(body);
  auto* select = std::get_if<sql::Select>(&query.body.node);
  const bool bare = select && query.with.empty() && query.order_by.empty() && !query.limit && !query.offset &&
                    select->from.empty() && !select->where && !select->into && !select->distinct && !select->top &&
                    !select->group_by_all && select->group_by.empty() && !select->having && !select->qualify;
  if (!bare) {
    throw Error(kInvalidObjectDefinition,
                "the body of a SQL function is one SELECT without FROM, INTO, WHERE, GROUP BY, ORDER BY and LIMIT");
  }
  if (select->items.size() != 1)
    throw Error(kInvalidObjectDefinition, "the SELECT of a SQL function must have exactly one column");
  bool nested = false;
  walk_expression(select->items[0].expr, overloaded{[&](const sql::Query&) { nested = true; }, [](const auto&) {}});
  if (nested) throw Error(kFeatureNotSupported, "a subquery in a SQL function is not supported");
  return std::move(select->items[0].expr);
}

BoundExpr Resolver::body_value(const Function& function, const std::vector<BoundExpr>& arguments) {
  const HiddenText body(*this, &arguments);
  Scope scope;
  scope.clause = Clause::kValues;
  return convert(settled(expression(function_body(function.body), scope)), function.returns, CastContext::kAssignment);
}

/// The body with `arguments` in place of $1, $2, …
BoundExpr Resolver::inlined(const Function& function, std::vector<BoundExpr> arguments, Span span) {
  const Depth depth(*this);
  try {
    BoundExpr value = body_value(function, arguments);
    value.span = place(span);
    return value;
  } catch (const Error& error) {
    Error outside(error.state(), error.message());
    outside.detail("in function " + function.schema + "." + function.name).hint(error.hint());
    if (hidden_ == 0) outside.at(span.begin);
    throw outside;
  }
}

std::optional<BoundExpr> Resolver::user_function(const sql::Call& call, std::vector<BoundExpr>& arguments, Span span) {
  const std::vector<sql::Name>& parts = call.function.parts;
  const bool qualified = parts.size() > 1 && parts[parts.size() - 2].text != "pg_catalog";
  if (qualified) check_database(call.function);
  const std::string& name = parts.back().text;
  const auto candidates = catalog_.find_functions(qualified ? parts[parts.size() - 2].text : "", name);
  if (candidates.empty() && !qualified) return std::nullopt;
  const std::vector<Type> types = types_of(arguments);
  const Function* best = nullptr;
  int nearest = 0;
  for (const Function* candidate : candidates) {
    const auto far = distance(types, candidate->arguments);
    if (!far || (best && *far >= nearest)) continue;
    best = candidate;
    nearest = *far;
  }
  if (!best) {
    if (!qualified) return std::nullopt;
    throw Error(kUndefinedFunction,
                "function " + signature(parts[parts.size() - 2].text + "." + name, types) + " does not exist")
        .at(span.begin);
  }
  for (size_t i = 0; i < arguments.size(); ++i)
    arguments[i] = convert(std::move(arguments[i]), best->arguments[i], CastContext::kImplicit);
  if (!user_function_) user_function_ = Noted{name, place(span)};
  if (hidden_ <= own_depth_) result_.functions.push_back(best->oid);
  return inlined(*best, std::move(arguments), span);
}

/// The type of a function's argument or result: lengths do not tell functions apart, and TEXT-like types are as long as
/// they can be where no length is given.
std::vector<Type> Resolver::argument_types(const std::vector<sql::TypeName>& names) const {
  std::vector<Type> types;
  for (const sql::TypeName& name : names) types.push_back(resolve_type(name));
  return types;
}

void Resolver::statement(const sql::CreateFunction& create) {
  Function function;
  function.schema = schema_of(create.name);
  function.name = create.name.last().text;
  function.arguments = argument_types(create.arguments);
  function.returns = resolve_type(create.returns);
  function.body = create.body;
  function.volatility = create.volatility == sql::Volatility::kVolatile ? 'v'
                        : create.volatility == sql::Volatility::kStable ? 's'
                                                                        : 'i';
  if (create.body.size() > static_cast<size_t>(kMaxVarcharBytes))
    refuse(kProgramLimitExceeded, "the body of a function has at most 65535 bytes", create.body_span);
  own_depth_ = 1;  // what the body calls, its maker calls
  std::vector<BoundExpr> arguments;
  for (const Type& type : function.arguments) arguments.push_back(BoundExpr{BoundConstant{}, type, {}});
  for (const Function* other : catalog_.find_functions(function.schema, function.name)) {
    if (!same_types(other->arguments, function.arguments)) continue;
    if (!create.or_replace) {
      refuse(kDuplicateFunction, "function \"" + function.name + "\" already exists with same argument types",
             create.name.span);
    }
    if (other->returns.id != function.returns.id) {
      throw Error(kInvalidObjectDefinition, "cannot change return type of existing function")
          .hint("Use DROP FUNCTION first.")
          .at(create.returns.span.begin);
    }
    function.oid = other->oid;
  }
  try {
    inlined(function, std::move(arguments), create.body_span);
  } catch (const Error& error) {
    // Constant arguments may fail where no row ever would: only what the text itself says counts.
    if (error.state().text().starts_with("22")) {
      result_.node = BoundFunction{create.or_replace, std::move(function)};
      return;
    }
    throw;
  }
  result_.node = BoundFunction{create.or_replace, std::move(function)};
}

Oid Resolver::existing_function(const sql::FunctionSignature& written, bool may_miss) {
  const std::vector<sql::Name>& parts = written.name.parts;
  const std::vector<Type> types = argument_types(written.arguments);
  const std::string schema = parts.size() > 1 ? parts[parts.size() - 2].text : std::string();
  for (const Function* function : catalog_.find_functions(schema, parts.back().text)) {
    if (same_types(function->arguments, types)) return function->oid;
  }
  if (may_miss) return 0;
  throw Error(kUndefinedFunction, "function " + signature(parts.back().text, types) + " does not exist")
      .at(written.name.span.begin);
}

void Resolver::statement(const sql::DropFunction& drop) {
  result_.node = BoundChangeFunction{sql::Statement{drop, {}}, existing_function(drop.function, drop.if_exists)};
}

void Resolver::statement(const sql::AlterFunction& alter) {
  result_.node = BoundChangeFunction{sql::Statement{alter, {}}, existing_function(alter.function, false)};
}

}  // namespace garland::semantics
