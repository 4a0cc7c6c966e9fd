// SUPER: constructors, JSON_PARSE and paths into values (guide pages query-super, r_array, r_object_function,
// super-configurations).
#include "base/ascii.h"
#include "engine/super.h"
#include "semantics/resolver.h"

namespace garland::semantics {
namespace {

using engine::TypeId;

/// Bits of the native function's second argument.
constexpr int kDedupAttributes = 1, kTruncateStrings = 2, kNullOnParseError = 4;

}  // namespace

BoundExpr Resolver::json_parse(std::vector<BoundExpr> arguments, Span span) {
  if (arguments.size() != 1) return function("json_parse", std::move(arguments), span);
  const SuperRules& rules = options_.super;
  const int bits = (rules.dedup_attributes ? kDedupAttributes : 0) | (rules.truncate_strings ? kTruncateStrings : 0) |
                   (rules.null_on_parse_error ? kNullOnParseError : 0);
  arguments.push_back(make(BoundConstant{std::to_string(bits)}, Type::of(TypeId::kInteger), span));
  return function("json_parse", std::move(arguments), span);
}

/// ARRAY(value, …) and OBJECT(name, value, …): values of any type that can be cast to SUPER.
BoundExpr Resolver::constructor(const sql::Call& call, const std::string& name, Span span, Scope& scope) {
  const Type super = Type::of(TypeId::kSuper);
  std::vector<BoundExpr> arguments = expressions(call.arguments, scope);
  const bool object = name == "object";
  if (object && arguments.size() % 2 != 0) {
    throw Error(kInvalidParameterValue, "OBJECT takes names and values in pairs").at(span.begin);
  }
  for (size_t i = 0; i < arguments.size(); ++i) {
    refresh(arguments[i]);
    const Type& type = arguments[i].type;
    if (object && i % 2 == 0) {
      const auto* constant = std::get_if<BoundConstant>(&arguments[i].node);
      const bool text = type.is_string() || type.id == TypeId::kUnknown;
      if (!text || (constant && !constant->text)) {
        throw Error(kInvalidParameterValue, "the name of an attribute of OBJECT must be a string")
            .at(arguments[i].span.begin);
      }
      arguments[i] = settled(std::move(arguments[i]));
      continue;
    }
    if (!can_convert(type, super, CastContext::kExplicit)) {
      throw Error(kCannotCoerce, ascii_upper(name) + " could not convert type " + engine::to_string(type) + " to super")
          .at(arguments[i].span.begin);
    }
    arguments[i] = convert(std::move(arguments[i]), super, CastContext::kExplicit);
  }
  return make(BoundCall{name, std::move(arguments)}, super, span);
}

// ---- paths

/// Names fold as identifiers do, unless attributes keep their case.
std::string Resolver::attribute_name(const sql::Attribute& attribute) const {
  const SuperRules& rules = options_.super;
  const bool keep = rules.case_sensitive_attributes || (attribute.quoted && rules.case_sensitive_identifiers);
  return keep ? attribute.text : ascii_lower(attribute.text);
}

BoundExpr Resolver::path_call(BoundExpr base, std::string path, Span span) const {
  std::vector<BoundExpr> arguments;
  arguments.push_back(std::move(base));
  const auto bytes = static_cast<int32_t>(path.size());
  arguments.push_back(make(BoundConstant{std::move(path)}, Type::varchar(bytes), span));
  arguments.push_back(
      make(BoundConstant{options_.super.strict_navigation ? "t" : "f"}, Type::of(TypeId::kBoolean), span));
  return make(BoundCall{"navigate", std::move(arguments)}, Type::of(TypeId::kSuper), span);
}

/// Names and constant indexes become one path; a computed index is a step of its own.
BoundExpr Resolver::navigate(BoundExpr base, const Steps& steps, Span span, Scope& scope) {
  if (steps.empty()) return base;
  if (base.type.id != TypeId::kSuper) {
    if (auto element = vector_element(base, steps, span, scope)) return *std::move(element);
    throw Error(kWrongObjectType, "cannot navigate into a value of type " + engine::to_string(base.type))
        .hint("Only values of type super have attributes and elements.")
        .at(span.begin);
  }
  if (scope.clause == Clause::kMerge) {  // guide page r_MERGE
    throw Error(kFeatureNotSupported, "Partial reference of SUPER column is not supported in MERGE statement.")
        .at(span.begin);
  }
  std::string path;
  for (const auto& step : steps) {
    if (const auto* name = std::get_if<sql::Attribute>(&step)) {
      path += path.empty() ? '[' : ',';
      engine::append_super_string(path, attribute_name(*name));
      continue;
    }
    const sql::Expr& written = *std::get<Box<sql::Expr>>(step);
    BoundExpr index = convert(expression(written, scope), Type::of(TypeId::kBigint), CastContext::kImplicit);
    const auto* constant = std::get_if<BoundConstant>(&index.node);
    if (constant && constant->text) {
      path += (path.empty() ? "[" : ",") + *constant->text;
      continue;
    }
    if (!path.empty()) base = path_call(std::move(base), std::exchange(path, {}) + "]", span);
    std::vector<BoundExpr> arguments;
    arguments.push_back(std::move(base));
    arguments.push_back(std::move(index));
    arguments.push_back(
        make(BoundConstant{options_.super.strict_navigation ? "t" : "f"}, Type::of(TypeId::kBoolean), span));
    base = make(BoundCall{"element", std::move(arguments)}, Type::of(TypeId::kSuper), span);
  }
  return path.empty() ? std::move(base) : path_call(std::move(base), path + "]", span);
}

/// `alias.column`, `schema.table.column`, an unnested element, or a column of type SUPER; each with attributes behind.
std::optional<Resolver::ColumnPath> Resolver::find_path(const sql::ColumnRef& ref, Span span, const Scope& scope) {
  const size_t count = ref.parts.size();
  for (const Scope* block = &scope; block; block = block->outer) {
    bool known = false;
    for (size_t at = 0; at < std::min<size_t>(count, 3); ++at) {
      const std::string_view schema = at > 0 ? std::string_view(ref.parts[at - 1].text) : std::string_view{};
      const ScopeRelation* relation = block->find_relation(schema, ref.parts[at].text);
      if (!relation) continue;
      known = true;
      const auto index = static_cast<int32_t>(relation - block->relations.data());
      if (relation->is_value && at == 0) return ColumnPath{column(*block, {index, 0, -1}, span), 1};
      for (size_t i = 0; at + 1 < count && i < relation->columns.size(); ++i) {
        const OutputColumn& found = relation->columns[i];
        if (found.name != ref.parts[at + 1].text) continue;
        if (at + 2 < count && found.type.id != TypeId::kSuper) continue;
        if (at + 2 == count) return ColumnPath{qualified_column(ref, span, *block), count};
        return ColumnPath{column(*block, {index, static_cast<int32_t>(i), -1}, span), at + 2};
      }
    }
    const Scope::Found found = block->find(ref.parts[0].text);
    if (found.count == 1 && block->type_of(found.column).id == TypeId::kSuper) {
      return ColumnPath{column(*block, found.column, span), 1};
    }
    if (known) return std::nullopt;  // it hides one of that name further out
  }
  return std::nullopt;
}

BoundExpr Resolver::column_path(const sql::ColumnRef& ref, const Steps& steps, Span span, Scope& scope) {
  std::optional<ColumnPath> path = find_path(ref, span, scope);
  if (!path) return navigate(qualified_column(ref, span, scope), steps, span, scope);
  Steps all;
  for (size_t i = path->parts; i < ref.parts.size(); ++i) {
    all.emplace_back(ref.written.empty() ? sql::Attribute{ref.parts[i].text, true} : ref.written[i]);
  }
  all.insert(all.end(), steps.begin(), steps.end());
  return navigate(std::move(path->column), all, span, scope);
}

BoundExpr Resolver::node(const sql::Navigation& path, Span span, Scope& scope) {
  const auto* column = std::get_if<sql::ColumnRef>(&path.base->node);
  if (column && column->parts.size() > 1) return column_path(*column, path.steps, span, scope);
  BoundExpr base = expression(*path.base, scope);
  refresh(base);
  return navigate(std::move(base), path.steps, span, scope);
}

}  // namespace garland::semantics
