// The columns that late-binding views have now: guide page PG_GET_LATE_BINDING_VIEW_COLS.
#include "base/error.h"
#include "embedded/context.h"
#include "embedded/system_lists.h"
#include "sql/parser.h"

namespace garland::embedded {
namespace {

std::string quoted(const std::string& name) {
  std::string out = "\"";
  for (const char c : name) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out += '"';
}

/// Nothing when the view's text no longer resolves: what it reads may be gone.
std::vector<semantics::OutputColumn> columns_of(const semantics::Relation& view, Context& context) {
  const std::string text = "select * from " + quoted(view.schema) + "." + quoted(view.name);
  try {
    const semantics::BoundStatement bound =
        semantics::resolve(sql::parse_statement(text, sql::QuotedNames::kKeep), *context.catalog(),
                           {.parameter_types = {}, .super = context.settings.super_rules(), .internal = false});
    const auto* query = std::get_if<semantics::BoundQuery>(&bound.node);
    return query ? query->columns : std::vector<semantics::OutputColumn>();
  } catch (const Error&) {
    return {};
  }
}

}  // namespace

std::vector<BaseRelation> listed_bases() {
  return {
      {"late_columns", "schemaname name, name name, colname name, typename text, num int, visible bool",
       fill_late_columns},
      {"time_zones", "abbreviation bool, name name, abbrev name, utc_offset text, is_dst bool", fill_time_zones},
      {"view_uses", "ruleid oid, viewid oid, refid oid, refnum int, kind char(1)", fill_view_uses},
  };
}

void fill_late_columns(Context& context, SystemRows& rows) {
  const auto catalog = context.catalog();
  for (const auto& [oid, stored] : catalog->snapshot().relations()) {
    const semantics::Relation& view = stored->relation;
    if (view.kind != semantics::RelationKind::kLateBindingView) continue;
    const bool visible = catalog->find_relation("", view.name) == &view;
    int number = 0;
    for (const semantics::OutputColumn& column : columns_of(view, context)) {
      rows.text(view.schema).text(view.name).text(column.name).text(engine::to_string(column.type));
      rows.number(++number).flag(visible);
    }
  }
}

}  // namespace garland::embedded
