// Expressions: literals, operators, CASE, casts. Predicates, columns and calls stand in their own files.
#include "semantics/constant.h"
#include "semantics/resolver.h"

namespace garland::semantics {
namespace {

using engine::TypeId;

std::string_view operator_name(sql::BinaryOp op) {
  constexpr std::string_view kNames[] = {"+", "-",  "*", "/",  "%", "^", "||", "=",  "<>",
                                         "<", "<=", ">", ">=", "&", "|", "#",  "<<", ">>"};
  return kNames[static_cast<size_t>(op)];
}

bool is_row(const sql::Expr& expr) { return std::holds_alternative<sql::Row>(expr.node); }

/// `-5` is a constant, so that the smallest integers exist and VALUES rows are constants.
const sql::NumberLiteral* negative_number(const sql::Unary& unary) {
  if (unary.op != sql::UnaryOp::kMinus) return nullptr;
  const auto* number = std::get_if<sql::NumberLiteral>(&unary.operand->node);
  return number && !number->text.starts_with('-') ? number : nullptr;
}

}  // namespace

BoundExpr Resolver::expression(const sql::Expr& expr, Scope& scope) {
  const Depth depth(*this);
  return std::visit([&](const auto& node) { return this->node(node, expr.span, scope); }, expr.node);
}

std::vector<BoundExpr> Resolver::expressions(const std::vector<sql::Expr>& exprs, Scope& scope) {
  std::vector<BoundExpr> bound;
  bound.reserve(exprs.size());
  for (const sql::Expr& expr : exprs) bound.push_back(expression(expr, scope));
  return bound;
}

/// Whole numbers are conditions too: guide page c_Supported_data_types, "Implicit conversion types".
BoundExpr Resolver::condition(const sql::Expr& expr, Scope& scope, std::string_view what) {
  BoundExpr bound = expression(expr, scope);
  refresh(bound);
  if (bound.type.id != TypeId::kUnknown && bound.type.id != TypeId::kBoolean && !bound.type.is_integer()) {
    throw Error(kDatatypeMismatch,
                "argument of " + std::string(what) + " must be type boolean, not type " + engine::to_string(bound.type))
        .at(expr.span.begin);
  }
  return convert(std::move(bound), Type::of(TypeId::kBoolean), CastContext::kImplicit);
}

BoundExpr Resolver::node(const sql::NullLiteral&, Span span, Scope&) {
  return make(BoundConstant{}, Type::of(TypeId::kUnknown), span);
}

BoundExpr Resolver::node(const sql::BooleanLiteral& literal, Span span, Scope&) {
  return make(BoundConstant{literal.value ? "t" : "f"}, Type::of(TypeId::kBoolean), span);
}

BoundExpr Resolver::node(const sql::NumberLiteral& literal, Span span, Scope&) {
  try {
    const Type type = number_type(literal.text);
    return make(BoundConstant{read_constant(literal.text, type, CastContext::kExplicit)}, type, span);
  } catch (Error& error) {
    error.at(span.begin);
    throw;
  }
}

BoundExpr Resolver::node(const sql::StringLiteral& literal, Span span, Scope&) {
  Type type = Type::of(TypeId::kUnknown);
  type.length = static_cast<int32_t>(std::min(literal.value.size(), size_t{1} << 30));
  return make(BoundConstant{literal.value}, type, span);
}

BoundExpr Resolver::node(const sql::TypedLiteral& literal, Span span, Scope&) {
  try {
    if (literal.type.name.starts_with("interval")) {
      const std::string_view qualifier =
          std::string_view(literal.type.name).substr(std::min<size_t>(9, literal.type.name.size()));
      IntervalConstant interval = read_interval_constant(literal.value, qualifier);
      return make(BoundConstant{std::move(interval.text)}, interval.type, span);
    }
    BoundExpr text = make(BoundConstant{literal.value}, Type::of(TypeId::kUnknown), span);
    return convert(std::move(text), resolve_type(literal.type), CastContext::kExplicit);
  } catch (Error& error) {
    if (!error.position()) error.at(span.begin);
    throw;
  }
}

BoundExpr Resolver::node(const sql::Parameter& parameter, Span span, Scope&) {
  const auto known = [&](size_t count) {
    return parameter.number >= 1 && static_cast<size_t>(parameter.number) <= count;
  };
  const auto index = static_cast<size_t>(parameter.number) - 1;
  if (hidden_ == 0 && known(static_cast<size_t>(user_parameters_))) {
    return make(BoundParameter{parameter.number}, result_.parameters[index], span);
  }
  if (hidden_arguments_ && known(hidden_arguments_->size())) return copy((*hidden_arguments_)[index]);
  throw Error(kUndefinedParameter, "there is no parameter $" + std::to_string(parameter.number)).at(span.begin);
}

BoundExpr Resolver::node(const sql::Star&, Span span, Scope&) {
  throw Error(kSyntaxError, "\"*\" is allowed only in a select list and in count(*)").at(span.begin);
}

BoundExpr Resolver::node(const sql::Unary& unary, Span span, Scope& scope) {
  if (const sql::NumberLiteral* number = negative_number(unary)) {
    return node(sql::NumberLiteral{"-" + number->text}, span, scope);
  }
  constexpr std::string_view kNames[] = {"", "neg", "abs", "sqrt", "cbrt", "~"};
  std::vector<BoundExpr> operands;
  operands.push_back(expression(*unary.operand, scope));
  if (unary.op == sql::UnaryOp::kPlus) {
    refresh(operands[0]);
    if (operands[0].type.is_numeric() || operands[0].type.is_interval()) return std::move(operands[0]);
    throw Error(kUndefinedFunction, "operator does not exist: + " + engine::to_string(operands[0].type)).at(span.begin);
  }
  const std::string_view name = kNames[static_cast<size_t>(unary.op)];
  if (unary.op == sql::UnaryOp::kSquareRoot || unary.op == sql::UnaryOp::kCubeRoot || unary.op == sql::UnaryOp::kAbs) {
    return function(name, std::move(operands), span);
  }
  return operation(name, std::move(operands), span);
}

BoundExpr Resolver::node(const sql::Binary& binary, Span span, Scope& scope) {
  if (is_row(*binary.left) || is_row(*binary.right)) return row_comparison(binary, span, scope);
  if (auto vector = vector_comparison(binary, span, scope)) return *std::move(vector);
  std::vector<BoundExpr> operands;
  operands.reserve(2);
  operands.push_back(expression(*binary.left, scope));
  operands.push_back(expression(*binary.right, scope));
  return operation(operator_name(binary.op), std::move(operands), span);
}

BoundExpr Resolver::node(const sql::Not& negation, Span span, Scope& scope) {
  std::vector<BoundExpr> operand;
  operand.push_back(condition(*negation.operand, scope, "NOT"));
  return boolean_call("not", std::move(operand), span);
}

BoundExpr Resolver::node(const sql::Logical& logical, Span span, Scope& scope) {
  const bool all = logical.op == sql::LogicalOp::kAnd;
  std::vector<BoundExpr> operands;
  operands.reserve(logical.operands.size());
  for (const sql::Expr& operand : logical.operands) operands.push_back(condition(operand, scope, all ? "AND" : "OR"));
  return boolean_call(all ? "and" : "or", std::move(operands), span);
}

BoundExpr Resolver::node(const sql::IsNull& test, Span span, Scope& scope) {
  std::vector<BoundExpr> operand;
  operand.push_back(settled(expression(*test.operand, scope)));
  return negated(test.negated, boolean_call("is null", std::move(operand), span));
}

BoundExpr Resolver::node(const sql::IsTruth& test, Span span, Scope& scope) {
  constexpr std::string_view kNames[] = {"is true", "is false", "is unknown"};
  std::vector<BoundExpr> operand;
  operand.push_back(condition(*test.operand, scope, "IS TRUE"));
  return negated(test.negated, boolean_call(kNames[static_cast<size_t>(test.truth)], std::move(operand), span));
}

/// The simple form becomes a searched one; its operand is written into every condition.
BoundExpr Resolver::node(const sql::Case& expr, Span span, Scope& scope) {
  std::optional<BoundExpr> operand;
  if (expr.operand) operand = expression(**expr.operand, scope);
  BoundCase bound;
  bound.whens.reserve(expr.whens.size());
  for (const sql::WhenClause& when : expr.whens) {
    if (!operand) {
      bound.whens.push_back({condition(when.condition, scope, "CASE/WHEN"), expression(when.result, scope)});
      continue;
    }
    std::vector<BoundExpr> sides;
    sides.push_back(copy(*operand));
    sides.push_back(expression(when.condition, scope));
    BoundExpr equal = operation("=", std::move(sides), when.condition.span);
    bound.whens.push_back({std::move(equal), expression(when.result, scope)});
  }
  std::vector<BoundExpr*> results;
  for (BoundWhen& when : bound.whens) results.push_back(&*when.result);
  if (expr.otherwise) {
    bound.otherwise = Box<BoundExpr>(expression(**expr.otherwise, scope));
    results.push_back(&**bound.otherwise);
  }
  const Type type = unify(std::move(results), "CASE", span);
  return make(std::move(bound), type, span);
}

BoundExpr Resolver::node(const sql::Cast& cast, Span span, Scope& scope) {
  if (cast.type.name == "regclass") return regclass(*cast.operand, span, scope);
  if (cast.type.name == "regproc") return regproc(*cast.operand, span);
  const Type type = resolve_type(cast.type);
  BoundExpr bound = convert(expression(*cast.operand, scope), type, CastContext::kExplicit);
  bound.span = place(span);
  return bound;
}

BoundExpr Resolver::node(const sql::AtTimeZone& zone, Span span, Scope& scope) {
  std::vector<BoundExpr> operands;
  operands.push_back(expression(*zone.operand, scope));
  operands.push_back(expression(*zone.zone, scope));
  return operation("at time zone", std::move(operands), span);
}

BoundExpr Resolver::node(const sql::Extract& extract, Span span, Scope& scope) {
  const std::optional<std::string> part = canonical_date_part(extract.part);
  if (!part) {
    throw Error(kInvalidParameterValue, "\"" + extract.part + "\" is not a recognized date part").at(span.begin);
  }
  std::vector<BoundExpr> arguments;
  arguments.push_back(make(BoundConstant{*part}, Type::varchar(static_cast<int32_t>(part->size())), span));
  arguments.push_back(expression(*extract.operand, scope));
  return function("extract", std::move(arguments), span);
}

BoundExpr Resolver::node(const sql::Trim& trim, Span span, Scope& scope) {
  constexpr std::string_view kNames[] = {"btrim", "ltrim", "rtrim"};
  std::vector<BoundExpr> arguments;
  arguments.push_back(expression(*trim.operand, scope));
  if (trim.characters) arguments.push_back(expression(**trim.characters, scope));
  return function(kNames[static_cast<size_t>(trim.side)], std::move(arguments), span);
}

}  // namespace garland::semantics
