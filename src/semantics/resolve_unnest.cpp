// Arrays and objects of SUPER in FROM (guide pages query-super "Unnesting", "Object unpivoting",
// r_FROM_clause-unnest-examples).
#include "semantics/resolver.h"

namespace garland::semantics {
namespace {

using engine::TypeId;

std::string last_name(const sql::Expr& path) {
  if (const auto* column = std::get_if<sql::ColumnRef>(&path.node)) return column->parts.back().text;
  if (const auto* navigation = std::get_if<sql::Navigation>(&path.node)) {
    for (size_t i = navigation->steps.size(); i-- > 0;) {
      if (const auto* name = std::get_if<sql::Attribute>(&navigation->steps[i])) return name->text;
    }
    return last_name(*navigation->base);
  }
  return "unnest";
}

}  // namespace

std::optional<sql::Unnest> Resolver::path_of(const sql::NamedTable& table, Span span, const Scope& scope) const {
  const std::vector<sql::Name>& parts = table.name.parts;
  for (const Scope* block = &scope; block; block = block->outer) {
    const ScopeRelation* relation = block->find_relation({}, parts[0].text);
    if (!relation) continue;
    bool leads_on = relation->is_value;
    for (const OutputColumn& column : relation->columns) {
      leads_on = leads_on || (parts.size() > 1 && column.name == parts[1].text && column.type.id == TypeId::kSuper);
    }
    if (!leads_on) continue;
    sql::ColumnRef path{parts, table.written};
    return sql::Unnest{sql::UnnestForm::kPath, sql::Expr{std::move(path), span}, table.alias};
  }
  return std::nullopt;
}

BoundRelation Resolver::elements_of(BoundExpr value, sql::UnnestForm form) const {
  const bool object = form == sql::UnnestForm::kUnpivot;
  const Type index = object ? Type::varchar(kMaxVarcharBytes) : Type::of(TypeId::kBigint);
  std::vector<OutputColumn> columns{{"", Type::of(TypeId::kSuper)}, {"", index}};
  return BoundRelation{BoundUnnest{Box<BoundExpr>(std::move(value)), object}, -1, std::move(columns)};
}

BoundRelation Resolver::unnest(const sql::Unnest& unnest, Span span, Scope& scope) {
  BoundExpr value = expression(unnest.value, scope);
  refresh(value);
  if (value.type.id != TypeId::kSuper) {
    throw Error(kWrongObjectType, "cannot unnest a value of type " + engine::to_string(value.type))
        .at(unnest.value.span.begin);
  }
  BoundRelation bound = elements_of(std::move(value), unnest.form);
  const std::string name = unnest.alias ? unnest.alias->name.text : last_name(unnest.value);
  const bool with_offset = unnest.form == sql::UnnestForm::kFunctionWithOffset;
  const bool lists_columns = unnest.alias && !unnest.alias->columns.empty();
  bound.columns[0].name = name;
  if (with_offset) bound.columns[1].name = "offset";
  if (unnest.alias && unnest.alias->index) {
    bound.columns[1].name = unnest.alias->index->text;
  } else if (!with_offset) {
    bound.columns.pop_back();
  }
  if (lists_columns) rename_columns(bound.columns, unnest.alias->columns, name, unnest.alias->name.span);
  bound.number = next_relation();
  ScopeRelation entry{bound.number, name, {}, 0, bound.columns};
  entry.is_value = !lists_columns;
  scope.add(std::move(entry), unnest.alias ? unnest.alias->name.span : span);
  return bound;
}

}  // namespace garland::semantics
