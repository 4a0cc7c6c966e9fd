// SELECT: the list, its stars and its names.
#include <algorithm>

#include "semantics/resolver.h"
#include "semantics/sort_orders.h"
#include "semantics/walk.h"
#include "sql/literals.h"

namespace garland::semantics {
namespace {

using engine::TypeId;

std::string type_name(const sql::TypeName& name) {
  try {
    const Type type = resolve_type(name);
    const bool as_written = type.is_interval() || type.id == TypeId::kVarbyte;
    return as_written ? name.name.substr(0, name.name.find(' ')) : engine::typname(type);
  } catch (const Error&) {
    return "?column?";
  }
}

std::string column_name(const sql::Expr& expr);

/// A path is called by its last attribute.
std::string path_name(const sql::Navigation& path) {
  for (size_t i = path.steps.size(); i-- > 0;) {
    if (const auto* name = std::get_if<sql::Attribute>(&path.steps[i])) return sql::fold_identifier(name->text);
  }
  return column_name(*path.base);
}

/// What PostgreSQL calls a column that has no alias (FigureColname): a column's, function's or cast's own name.
std::string column_name(const sql::Expr& expr) {
  constexpr std::string_view kUnnamed = "?column?";
  if (const auto* column = std::get_if<sql::ColumnRef>(&expr.node)) return column->parts.back().text;
  if (const auto* path = std::get_if<sql::Navigation>(&expr.node)) return path_name(*path);
  if (const auto* call = std::get_if<sql::Call>(&expr.node)) {
    const std::string& name = call->function.last().text;
    if (name == "dateadd") return "date_add";  // as the guide prints them: r_DATEADD_function, r_DATE_PART_function
    if (name == "datediff") return "date_diff";
    if (name == "date_part") return "pgdate_part";
    return name == "nvl" || name == "isnull" || name == "ifnull" ? "coalesce" : name == "decode" ? "case" : name;
  }
  if (const auto* cast = std::get_if<sql::Cast>(&expr.node)) {
    std::string name = column_name(*cast->operand);
    return name == kUnnamed ? type_name(cast->type) : name;
  }
  if (const auto* literal = std::get_if<sql::TypedLiteral>(&expr.node)) return type_name(literal->type);
  if (const auto* choice = std::get_if<sql::Case>(&expr.node)) {
    std::string name = choice->otherwise ? column_name(**choice->otherwise) : std::string(kUnnamed);
    return name == kUnnamed ? "case" : name;
  }
  if (std::holds_alternative<sql::Extract>(expr.node)) return "date_part";
  if (std::holds_alternative<sql::AtTimeZone>(expr.node)) return "timezone";
  if (std::holds_alternative<sql::BooleanLiteral>(expr.node)) return "bool";
  if (std::holds_alternative<sql::Exists>(expr.node)) return "exists";
  if (const auto* trim = std::get_if<sql::Trim>(&expr.node)) {
    return trim->side == sql::TrimSide::kBoth ? "btrim" : trim->side == sql::TrimSide::kLeading ? "ltrim" : "rtrim";
  }
  return std::string(kUnnamed);
}

sql::SelectItem written_column(std::string_view relation, std::string_view column, Span span) {
  sql::ColumnRef ref;
  if (!relation.empty()) ref.parts.push_back({std::string(relation), span});
  ref.parts.push_back({std::string(column), span});
  return {sql::Expr{std::move(ref), span}, std::nullopt};
}

}  // namespace

BoundSelect Resolver::select(const sql::Select& select, Scope& scope) {
  if (select.into) {
    throw Error(kSyntaxError, "INTO is only allowed on the first SELECT of a statement")
        .at((*select.into)->name.span.begin);
  }
  if (std::optional<BoundSelect> records = catalog_records(select, scope)) return *std::move(records);
  BoundSelect bound;
  bound.distinct = select.distinct;
  from_and_where(select, bound, scope);
  behind_where(select, bound, scope);
  return bound;
}

void Resolver::from_and_where(const sql::Select& select, BoundSelect& bound, Scope& scope) {
  scope.items = &select.items;
  scope.item_values.resize(select.items.size());
  if (select.where && has_outer_marks(*select.where)) {
    outer_joins(select, bound, scope);
  } else {
    bound.from = from(select.from, scope);
    if (select.connect_by) bound.from = hierarchy(select, std::move(bound.from), scope);
    if (select.where) {
      scope.clause = Clause::kWhere;
      scope.visible_items = select.items.size();
      bound.where = condition(*select.where, scope, "WHERE");
    }
  }
  scope.visible_items = 0;
  scope.item_values.clear();
  scope.items = nullptr;
}

/// The select list, GROUP BY, HAVING and QUALIFY of a block whose FROM and WHERE are there.
void Resolver::behind_where(const sql::Select& select, BoundSelect& bound, Scope& scope) {
  scope.outputs = &bound.outputs;
  scope.clause = Clause::kSelect;
  scope.aliases_visible = true;
  select_list(select, bound, scope);
  scope.aliases_visible = false;
  group_by(select, bound, scope);
  if (select.having) {
    scope.clause = Clause::kHaving;
    bound.having = condition(*select.having, scope, "HAVING");
    bound.grouped = true;
  }
  check_sort_orders(bound);
  if (select.qualify) {
    scope.clause = Clause::kQualify;
    scope.aliases_visible = true;
    bound.qualify = condition(*select.qualify, scope, "QUALIFY");
    scope.aliases_visible = false;
  }
  scope.outputs = nullptr;  // `bound` moves
}

void Resolver::select_list(const sql::Select& select, BoundSelect& bound, Scope& scope) {
  std::vector<sql::SelectItem>* expanded = nullptr;
  if (record_ && hidden_ == 0) expanded = &record_->items[&select];
  bound.outputs.reserve(select.items.size());
  for (const sql::SelectItem& item : select.items) {
    if (const auto* star = std::get_if<sql::Star>(&item.expr.node)) {
      this->star(*star, item.expr.span, bound, scope, expanded);
      continue;
    }
    if (expanded) expanded->push_back(item);
    BoundExpr expr = expression(item.expr, scope);
    bound.outputs.push_back({item.alias ? item.alias->text : column_name(item.expr), std::move(expr)});
    if (item.alias) scope.aliases.push_back({item.alias->text, bound.outputs.size() - 1});
  }
  if (bound.outputs.size() > kMaxColumns + 64) {
    throw Error(kTooManyColumns, "target lists can have at most " + std::to_string(kMaxColumns + 64) + " entries");
  }
}

void Resolver::star(const sql::Star& star, Span span, BoundSelect& bound, Scope& scope,
                    std::vector<sql::SelectItem>* expanded) {
  const size_t parts = star.qualifier.size();
  const ScopeRelation* relation = nullptr;
  if (parts > 0) {
    const sql::Name& table = star.qualifier.back();
    relation = scope.find_relation(parts > 1 ? std::string_view(star.qualifier[parts - 2].text) : std::string_view{},
                                   table.text);
    if (!relation) {
      throw Error(kUndefinedTable, "missing FROM-clause entry for table \"" + table.text + "\"").at(table.span.begin);
    }
  } else if (scope.relations.empty()) {
    throw Error(kSyntaxError, "SELECT * with no tables specified is not valid").at(span.begin);
  }
  std::vector<bool> excluded(star.exclude.size(), false);
  const auto add = [&](const ScopeColumn& column) {
    const std::string name(scope.name_of(column));
    for (size_t i = 0; i < star.exclude.size(); ++i) {
      if (star.exclude[i].text != name) continue;
      excluded[i] = true;
      return;
    }
    if (expanded) {
      const ScopeRelation* const from =
          column.merged >= 0 ? nullptr : &scope.relations[static_cast<size_t>(column.relation)];
      // `x.x` of an unnested element x would be its attribute.
      const bool bare = !from || from->is_value;
      expanded->push_back(written_column(bare ? std::string_view{} : std::string_view(from->alias), name, span));
    }
    bound.outputs.push_back({name, this->column(scope, column, span)});
  };
  if (relation) {
    const auto index = static_cast<int32_t>(relation - scope.relations.data());
    const auto count = static_cast<int32_t>(relation->columns.size());
    for (int32_t i = 0; i < count; ++i) add({index, i, -1});
  } else {
    for (size_t i = 0; i < scope.columns.size(); ++i) add(scope.columns[i]);
  }
  for (size_t i = 0; i < excluded.size(); ++i) {
    if (!excluded[i]) missing_column(scope, star.exclude[i], relation);
  }
}

std::vector<OutputColumn> Resolver::output_columns(const std::vector<BoundOutput>& outputs, const Scope& scope) const {
  const auto column_blanks = [&](const BoundColumn& column) {
    for (const Scope* block = &scope; block; block = block->outer) {
      if (const ScopeRelation* relation = block->relation_of(column)) {
        return relation->columns[static_cast<size_t>(column.column - relation->first_column)].may_have_trailing_blanks;
      }
    }
    return true;
  };
  std::vector<OutputColumn> columns;
  columns.reserve(outputs.size());
  for (const BoundOutput& output : outputs) {
    // An untyped literal is a string once nothing gives it another type.
    const auto* constant =
        output.expr.type.id == TypeId::kUnknown ? std::get_if<BoundConstant>(&output.expr.node) : nullptr;
    const bool blanks = constant ? constant->text && constant->text->ends_with(' ')
                                 : may_have_trailing_blanks(output.expr, column_blanks);
    columns.push_back({output.name, output.expr.type, blanks});
  }
  return columns;
}

}  // namespace garland::semantics
