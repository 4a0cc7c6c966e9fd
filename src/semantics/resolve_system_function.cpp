// Calls of functions that ask the catalog (system_functions.h).
#include "semantics/resolver.h"
#include "semantics/system_functions.h"
#include "sql/parser.h"

namespace garland::semantics {
namespace {

/// The parts of a name that stands in a string.
std::vector<sql::Name> named_parts(const std::string& text, Span span) {
  try {
    const sql::Expr parsed = sql::parse_expression(text);
    if (const auto* named = std::get_if<sql::ColumnRef>(&parsed.node)) return named->parts;
  } catch (const Error&) {  // said below
  }
  throw Error(kInvalidName, "invalid name syntax: \"" + text + "\"").at(span.begin);
}

}  // namespace

/// Nothing when the call is of another function.
std::optional<BoundExpr> Resolver::system_function(const sql::Call& call, const std::string& name, Span span,
                                                   Scope& scope) {
  if (!find_system_function(name, call.arguments.size(), false) &&
      !find_system_function(name, call.arguments.size(), true)) {
    return std::nullopt;
  }
  std::vector<BoundExpr> bound;
  for (const sql::Expr& argument : call.arguments) bound.push_back(settled(expression(argument, scope)));
  const SystemFunction* function = find_system_function(name, bound.size(), bound[0].type.is_numeric());
  if (!function) return std::nullopt;
  return system_expression(function->expression, name, bound, span, scope);
}

/// The text with its $1 … standing for the arguments.
BoundExpr Resolver::system_expression(std::string_view text, std::string name, const std::vector<BoundExpr>& arguments,
                                      Span span, Scope& scope) {
  FunctionMatch leader;
  leader.leader_only = true;
  note_function(leader, std::move(name), span);
  const Depth depth(*this);
  const HiddenText hidden(*this, &arguments);
  return expression(sql::parse_expression(text), scope);
}

/// A name in quotes becomes the relation's oid (42P01 when there is none), a number the relation's name:
/// PostgreSQL 8.0, "Object Identifier Types".
BoundExpr Resolver::regclass(const sql::Expr& operand, Span span, Scope& scope) {
  if (const auto* literal = std::get_if<sql::StringLiteral>(&operand.node)) {
    const Relation& found = relation({named_parts(literal->value, span), place(span)});
    return make(BoundConstant{std::to_string(found.oid)}, Type::of(engine::TypeId::kBigint), span);
  }
  std::vector<BoundExpr> number;
  number.push_back(settled(expression(operand, scope)));
  if (!number[0].type.is_integer()) {
    throw Error(kFeatureNotSupported,
                "a cast of " + engine::to_string(number[0].type) + " to regclass is not supported yet")
        .hint("write the relation's name in quotes")
        .at(span.begin);
  }
  return system_expression(kRelationNameOfOid, "regclass", number, span, scope);
}

/// A function's name in quotes, as the catalog's columns of functions hold it (pg_type.typinput): drivers compare them.
BoundExpr Resolver::regproc(const sql::Expr& operand, Span span) const {
  const auto* literal = std::get_if<sql::StringLiteral>(&operand.node);
  if (!literal) {
    throw Error(kFeatureNotSupported, "a cast of a value to regproc is not supported yet")
        .hint("write the function's name in quotes")
        .at(span.begin);
  }
  return make(BoundConstant{named_parts(literal->value, span).back().text}, engine::Type::varchar(128), span);
}

}  // namespace garland::semantics
