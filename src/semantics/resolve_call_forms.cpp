// TRY_CAST and OBJECT_TRANSFORM (guide pages r_TRY_CAST, r_object_transform_function), whose arguments sql/ keeps as
// parse_call_forms.cpp says.
#include <algorithm>

#include "engine/super.h"
#include "semantics/resolver.h"

namespace garland::semantics {
namespace {

using engine::TypeId;

/// The conversions that the page lists for TRY_CAST; of the rest, those that CAST has between dates and times.
bool may_try(const Type& from, const Type& to) {
  if (from.id == to.id || to.id == TypeId::kSuper) return true;
  if (from.id == TypeId::kBoolean) return to.is_integer();
  if (to.id == TypeId::kBoolean) return from.is_integer() || from.id == TypeId::kSuper;
  if (from.is_numeric()) return to.is_numeric() || to.is_string();
  if (from.is_string()) return to.is_numeric() || to.is_string() || to.is_datetime();
  return from.is_datetime() || from.id == TypeId::kSuper;
}

bool is_conversion_error(const Error& error) { return error.state().text().starts_with("22"); }

/// The names of '"a"."b"'; nothing when it is written otherwise.
std::optional<std::vector<std::string>> path_names(std::string_view text) {
  std::vector<std::string> names;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '"') return std::nullopt;
    std::string name;
    for (++i; i < text.size() && text[i] != '"'; ++i) name += text[i];
    if (i == text.size()) return std::nullopt;
    names.push_back(std::move(name));
    if (++i < text.size() && (text[i] != '.' || i + 1 == text.size())) return std::nullopt;
  }
  if (names.empty()) return std::nullopt;
  return names;
}

/// A constant path as a SUPER array of its names.
std::string path_array(const sql::Expr& expr) {
  const auto* text = std::get_if<sql::StringLiteral>(&expr.node);
  const auto names = text ? path_names(text->value) : std::nullopt;
  if (!names) {
    throw Error(kInvalidParameterValue, "a path of OBJECT_TRANSFORM must be a string constant such as '\"a\".\"b\"'")
        .at(expr.span.begin);
  }
  std::string out = "[";
  for (const std::string& name : *names) {
    if (out.size() > 1) out += ',';
    engine::append_super_string(out, name);
  }
  return out += ']';
}

}  // namespace

BoundExpr Resolver::try_cast(const sql::Call& call, Span span, Scope& scope) {
  const Type type = resolve_type(std::get<sql::Cast>(call.arguments[1].node).type);
  BoundExpr value = expression(call.arguments[0], scope);
  refresh(value);
  const auto* constant = std::get_if<BoundConstant>(&value.node);
  const bool literal = value.type.id == TypeId::kUnknown && constant;
  if (!literal) value = settled(std::move(value));
  const Type from = literal ? Type::varchar(1) : value.type;
  const bool null = constant && !constant->text;
  if (!null && (!may_try(from, type) || !can_convert(from, type, CastContext::kExplicit))) {
    throw Error(kCannotCoerce, "cannot cast type " + engine::to_string(value.type) + " to " + engine::to_string(type))
        .at(span.begin);
  }
  try {
    BoundExpr bound = convert(std::move(value), type, CastContext::kExplicit);
    bound.span = place(span);
    if (!std::holds_alternative<BoundCast>(bound.node)) return bound;
    std::vector<BoundExpr> operand;
    operand.push_back(std::move(bound));
    return make(BoundCall{"try_cast", std::move(operand)}, type, span);
  } catch (const Error& error) {
    if (!is_conversion_error(error)) throw;
    return make(BoundConstant{}, type, span);
  }
}

BoundExpr Resolver::object_transform(const sql::Call& call, Span span, Scope& scope) {
  const Type super = Type::of(TypeId::kSuper);
  std::vector<BoundExpr> arguments;
  arguments.push_back(convert(expression(call.arguments[0], scope), super, CastContext::kImplicit));
  const std::vector<sql::Expr>& keep = std::get<sql::Row>(call.arguments[1].node).fields;
  const std::vector<sql::Expr>& set = std::get<sql::Row>(call.arguments[2].node).fields;
  if (set.size() % 2 != 0) {
    throw Error(kInvalidParameterValue, "SET of OBJECT_TRANSFORM takes paths and values in pairs").at(span.begin);
  }
  if (keep.empty() && set.empty()) return std::move(arguments[0]);
  std::string kept = "[", changed = "[";
  for (const sql::Expr& path : keep) kept += (kept.size() > 1 ? "," : "") + path_array(path);
  std::vector<BoundExpr> values;
  for (size_t i = 0; i < set.size(); i += 2) {
    changed += (changed.size() > 1 ? "," : "") + path_array(set[i]);
    values.push_back(convert(expression(set[i + 1], scope), super, CastContext::kExplicit));
  }
  // Without KEEP everything is kept.
  arguments.push_back(make(BoundConstant{keep.empty() ? "null" : kept + "]"}, super, span));
  arguments.push_back(make(BoundConstant{changed + "]"}, super, span));
  arguments.push_back(make(BoundCall{"array", std::move(values)}, super, span));
  return make(BoundCall{"object_transform", std::move(arguments)}, super, span);
}

}  // namespace garland::semantics
