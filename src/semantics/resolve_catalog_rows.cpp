// Functions that give rows of the catalog: PG_GET_COLS, PG_GET_LATE_BINDING_VIEW_COLS (guide pages of these names),
// PG_TIMEZONE_NAMES, PG_TIMEZONE_ABBREVS (r_Datetime_types), in FROM as a relation, in a select list of its own as
// records in text form. They are queries over the engine's base relations.
#include <algorithm>

#include "semantics/resolver.h"
#include "sql/parser.h"

namespace garland::semantics {
namespace {

using engine::TypeId;

struct CatalogRows {
  std::string_view name;
  size_t arguments;
  std::string_view query;
  std::vector<std::string_view> columns;  // as expressions over `f`
};

constexpr std::string_view kDaylight = "case when f.is_dst then 't' else 'f' end";
const std::vector<std::string_view> kColumns{"f.view_schema", "f.view_name", "f.col_name", "f.col_type", "f.col_num"};

const CatalogRows kCatalogRows[] = {
    {"pg_get_cols", 1,
     "select c.schemaname as view_schema, c.name as view_name, c.colname as col_name, c.typename as col_type, c.num as "
     "col_num from (select r.schemaname, r.name, k.name as colname, k.typename, cast(k.num as integer) as num, "
     "r.visible from garland_base.relations r join garland_base.columns k on k.relid = r.oid union all select "
     "l.schemaname, l.name, l.colname, l.typename, l.num, l.visible from garland_base.late_columns l) c where "
     "(c.visible and c.name = lower($1)) or c.schemaname || '.' || c.name = lower($1) order by c.num",
     kColumns},
    {"pg_get_late_binding_view_cols", 0,
     "select l.schemaname as view_schema, l.name as view_name, l.colname as col_name, l.typename as col_type, l.num as "
     "col_num from garland_base.late_columns l order by l.schemaname, l.name, l.num",
     kColumns},
    {"pg_timezone_names",
     0,
     "select z.name, z.abbrev, z.utc_offset, z.is_dst from garland_base.time_zones z where not z.abbreviation order by "
     "z.name",
     {"f.name", "f.abbrev", "f.utc_offset", kDaylight}},
    {"pg_timezone_abbrevs",
     0,
     "select z.abbrev, z.utc_offset, z.is_dst from garland_base.time_zones z where z.abbreviation order by z.abbrev",
     {"f.abbrev", "f.utc_offset", kDaylight}},
};

const CatalogRows* find_rows(const sql::Call& call) {
  const std::string& name = call.function.last().text;
  const auto* found = std::ranges::find_if(kCatalogRows, [&](const CatalogRows& rows) { return rows.name == name; });
  if (found == std::end(kCatalogRows)) return nullptr;
  if (call.arguments.size() != found->arguments) {
    throw Error(kUndefinedFunction, "function " + name + " takes " + std::to_string(found->arguments) + " arguments")
        .at(call.function.span.begin);
  }
  return found;
}

/// A record as PostgreSQL writes it: (public,t,a,"numeric(8,2)",1).
std::string record_query(const CatalogRows& rows) {
  std::string record;
  for (const std::string_view column : rows.columns) {
    const std::string value = "cast(" + std::string(column) + " as varchar(256))";
    record += (record.empty() ? "'(' || " : " || ',' || ") + ("case when " + value) +
              R"( ~ '[](),"\\ ]' then '"' || replace()" + value + R"(, '"', '""') || '"' else )" + value + " end";
  }
  return "select cast(" + record + " || ')' as varchar(1000)) from (" + std::string(rows.query) + ") f";
}

}  // namespace

BoundQuery Resolver::catalog_query(std::string_view text, const sql::Call& call) {
  Scope scope;
  std::vector<BoundExpr> arguments;
  for (const sql::Expr& argument : call.arguments) arguments.push_back(settled(expression(argument, scope)));
  FunctionMatch leader;
  leader.leader_only = true;
  note_function(leader, call.function.last().text, call.function.span);
  const HiddenText hidden(*this, &arguments);
  return query(sql::parse_query(text), nullptr);
}

std::optional<BoundRelation> Resolver::catalog_table(const sql::FunctionTable& table, Span span, Scope& scope) {
  const CatalogRows* rows = find_rows(table.call);
  if (!rows) return std::nullopt;
  const Depth depth(*this);
  return enter_call(table, catalog_query(rows->query, table.call), span, scope);
}

std::optional<BoundSelect> Resolver::catalog_records(const sql::Select& select, Scope& scope) {
  if (!select.from.empty() || select.items.size() != 1 || select.where) return std::nullopt;
  const auto* call = std::get_if<sql::Call>(&select.items[0].expr.node);
  if (call && call->function.last().text == "generate_series") return series_rows(select, *call, scope);
  const CatalogRows* rows = call ? find_rows(*call) : nullptr;
  if (!rows) return std::nullopt;
  BoundQuery records = catalog_query(record_query(*rows), *call);
  records.columns[0].name =
      select.items[0].alias ? select.items[0].alias->text : std::string(call->function.last().text);
  BoundSelect bound;
  std::vector<OutputColumn> columns = records.columns;
  bound.from = BoundRelation{BoundSubquery{std::move(records), 0}, -1, columns};
  enter(bound.from, std::nullopt, call->function.last().text, {}, 0, select.items[0].expr.span, scope);
  bound.outputs.push_back({columns[0].name, column(scope, scope.columns[0], select.items[0].expr.span)});
  return bound;
}

}  // namespace garland::semantics
