#include "embedded/show_objects.h"

#include <algorithm>

#include "base/error.h"
#include "sql/printer.h"

namespace garland::embedded {

using semantics::Relation;
using semantics::RelationKind;
using sql::quote_literal;

namespace {

constexpr int kMostRows = 10'000;  // SHOW TABLES and its like

std::string filters(const sql::ShowObjects& show, const std::string& like_column, const std::string& order) {
  std::string text;
  if (show.like) text += " and " + like_column + " like " + quote_literal(*show.like);
  text += " order by " + order;
  if (show.limit && *show.limit > kMostRows) {
    throw Error(kInvalidParameterValue, "LIMIT must be between 0 and 10000");
  }
  text += " limit " + std::to_string(show.limit.value_or(kMostRows));
  return text;
}

/// The last parts of a name; the database, where it is named, must be the session's.
struct Place {
  std::string schema, name;
};

void check_database(const std::string& database, const SessionCatalog& catalog, const sql::QualifiedName& name) {
  if (database == catalog.database()) return;
  throw Error(kInvalidCatalogName, "database \"" + database + "\" does not exist").at(name.span.begin);
}

Place relation_place(const sql::QualifiedName& name, const SessionCatalog& catalog) {
  const size_t parts = name.parts.size();
  if (parts == 3) check_database(name.parts[0].text, catalog, name);
  Place place{parts > 1 ? name.parts[parts - 2].text : "", name.last().text};
  const Relation* found = catalog.find_relation(place.schema, place.name);
  if (!found) throw Error(kUndefinedTable, "relation \"" + sql::print(name) + "\" does not exist").at(name.span.begin);
  place.schema = found->schema;
  return place;
}

std::string schema_place(const sql::QualifiedName& name, const SessionCatalog& catalog) {
  if (name.parts.size() > 1) check_database(name.parts[0].text, catalog, name);
  if (!catalog.has_schema(name.last().text)) {
    throw Error(kInvalidSchemaName, "schema \"" + name.last().text + "\" does not exist").at(name.span.begin);
  }
  return name.last().text;
}

std::string show_schemas(const sql::ShowObjects& show, const SessionCatalog& catalog) {
  check_database(show.name.last().text, catalog, show.name);
  return "select * from svv_all_schemas where true" + filters(show, "schema_name", "schema_name");
}

std::string show_tables(const sql::ShowObjects& show, const SessionCatalog& catalog) {
  return "select * from svv_all_tables where schema_name = " + quote_literal(schema_place(show.name, catalog)) +
         filters(show, "table_name", "table_name");
}

std::string show_columns(const sql::ShowObjects& show, const SessionCatalog& catalog) {
  const Place place = relation_place(show.name, catalog);
  return "select * from svv_all_columns where schema_name = " + quote_literal(place.schema) +
         " and table_name = " + quote_literal(place.name) + filters(show, "column_name", "ordinal_position");
}

std::string show_databases(const sql::ShowObjects& show) {
  if (show.data_catalog) throw Error(kFeatureNotSupported, "SHOW DATABASES FROM DATA CATALOG is not supported yet");
  return "select database_name, database_owner, database_type, database_acl, database_options as parameters from "
         "svv_redshift_databases where true" +
         filters(show, "database_name", "database_name");
}

std::string grantee_filter(const sql::Grantee& grantee) {
  if (grantee.kind == sql::GranteeKind::kPublic) return " and granteekind = 'public'";
  const bool role = grantee.kind == sql::GranteeKind::kRole;
  return std::string(" and granteekind = ") + (role ? "'role'" : "'user'") +
         " and grantee = " + quote_literal(grantee.name.text);
}

constexpr std::string_view kIdentity =
    "privilege as privilege_type, granteeid as identity_id, grantee as identity_name, granteekind as identity_type, "
    "option as admin_option";

std::string show_grants_on(const sql::ShowObjects& show, const SessionCatalog& catalog) {
  std::string items, where;
  if (show.word == "table") {
    const Place place = relation_place(show.name, catalog);
    items = "schemaname as schema_name, name as object_name, 'TABLE' as object_type, " + std::string(kIdentity) +
            ", 'TABLE' as privilege_scope";
    where = "kind = 'relation' and schemaname = " + quote_literal(place.schema) +
            " and name = " + quote_literal(place.name);
  } else if (show.word == "schema") {
    items = "name as schema_name, name as object_name, 'SCHEMA' as object_type, " + std::string(kIdentity) +
            ", 'SCHEMA' as privilege_scope";
    where = "kind = 'schema' and name = " + quote_literal(schema_place(show.name, catalog));
  } else if (show.word == "database") {
    check_database(show.name.last().text, catalog, show.name);
    items = "name as database_name, " + std::string(kIdentity) + ", 'DATABASE' as privilege_scope";
    where = "kind = 'database'";
  } else {
    throw Error(kFeatureNotSupported, "SHOW GRANTS ON " + show.word + " is not supported yet");
  }
  if (show.grantee) where += grantee_filter(*show.grantee);
  return "select " + items + " from garland_base.grants where seen and " + where +
         filters(show, "name", "grantee, privilege");
}

std::string show_grants_for(const sql::ShowObjects& show, const SessionCatalog& catalog) {
  if (show.database) check_database(show.database->text, catalog, {{*show.database}, show.database->span});
  return "select d.name as database_name, g.schemaname as schema_name, g.name as object_name, case g.kind when "
         "'relation' "
         "then 'TABLE' else upper(g.kind) end as object_type, g.privilege as privilege_type, g.granteeid as "
         "identity_id, "
         "g.grantee as identity_name, g.granteekind as identity_type, g.option as admin_option, case when g.scope = '' "
         "then "
         "upper(case g.kind when 'relation' then 'table' else g.kind end) else g.scope end as privilege_scope from "
         "garland_base.grants g cross join garland_base.databases d where g.seen and g.kind <> 'default'" +
         grantee_filter(*show.grantee) + filters(show, "g.name", "g.schemaname, g.name, g.privilege");
}

// ---- SHOW TABLE, SHOW VIEW

std::string column_line(const StoredRelation& stored, const semantics::ColumnDef& column) {
  std::string line = sql::quote_identifier(column.name) + " " + engine::to_string(column.type);
  if (column.default_text) line += " DEFAULT " + *column.default_text;
  if (column.identity) {
    line += column.identity->by_default ? " GENERATED BY DEFAULT AS IDENTITY(" : " IDENTITY(";
    line += std::to_string(column.identity->seed) + "," + std::to_string(column.identity->step) + ")";
  }
  if (column.not_null) line += " NOT NULL";
  const std::string encoding = shown_encoding(stored, column);
  if (encoding != "none") line += " ENCODE " + encoding;
  if (column.dist_key) line += " distkey";
  return line;
}

std::string dist_style_words(const StoredRelation& stored) {
  if (std::ranges::any_of(stored.relation.columns, &semantics::ColumnDef::dist_key)) return "DISTSTYLE KEY";
  switch (stored.dist_style) {
    case sql::DistStyle::kEven:
      return "DISTSTYLE EVEN";
    case sql::DistStyle::kAll:
      return "DISTSTYLE ALL";
    default:
      return "DISTSTYLE AUTO";
  }
}

std::string sort_key_words(const Relation& table) {
  std::vector<const semantics::ColumnDef*> keys;
  for (const auto& column : table.columns) {
    if (column.sort_key != 0) keys.push_back(&column);
  }
  if (keys.empty()) return "";
  std::ranges::sort(keys, {}, [](const semantics::ColumnDef* column) { return std::abs(column->sort_key); });
  std::string words;
  for (const auto* key : keys) words += (words.empty() ? " SORTKEY ( " : ", ") + sql::quote_identifier(key->name);
  return words + " )";
}

std::string table_ddl(const StoredRelation& stored) {
  const Relation& table = stored.relation;
  std::string lines;
  for (const auto& column : table.columns) lines += (lines.empty() ? "" : ",\n") + column_line(stored, column);
  return "CREATE TABLE " + sql::quote_identifier(table.schema) + "." + sql::quote_identifier(table.name) + " (\n" +
         lines + "\n)\n" + dist_style_words(stored) + sort_key_words(table) + ";";
}

std::string show_ddl(const sql::ShowObjects& show, const SessionCatalog& catalog) {
  const Place place = relation_place(show.name, catalog);
  const StoredRelation* stored = catalog.stored(catalog.find_relation(place.schema, place.name)->oid);
  const bool view = show.kind == sql::ShowKind::kView;
  const bool is_view = stored->relation.kind != RelationKind::kTable;
  if (view != is_view || stored->relation.kind == RelationKind::kSystemTable) {
    throw Error(kWrongObjectType, "\"" + place.name + "\" is not a " + (view ? "view" : "table"))
        .at(show.name.span.begin);
  }
  if (view) return "select " + quote_literal(stored->relation.view_text + ";") + " as \"show view ddl statement\"";
  return "select " + quote_literal(table_ddl(*stored)) + " as \"show table ddl statement\"";
}

}  // namespace

std::string show_query(const sql::ShowObjects& show, const SessionCatalog& catalog) {
  switch (show.kind) {
    case sql::ShowKind::kDatabases:
      return show_databases(show);
    case sql::ShowKind::kSchemas:
      return show_schemas(show, catalog);
    case sql::ShowKind::kTables:
      return show_tables(show, catalog);
    case sql::ShowKind::kColumns:
      return show_columns(show, catalog);
    case sql::ShowKind::kGrants:
      return show.grantee && show.word.empty() ? show_grants_for(show, catalog) : show_grants_on(show, catalog);
    case sql::ShowKind::kTable:
    case sql::ShowKind::kView:
      return show_ddl(show, catalog);
    case sql::ShowKind::kDatashares:
      return "select * from svv_datashares where true" + filters(show, "share_name", "share_name");
    case sql::ShowKind::kFunctions:
      throw Error(kFeatureNotSupported, "SHOW FUNCTIONS is not supported yet");
    case sql::ShowKind::kProcedures:
    case sql::ShowKind::kProcedure:
      throw Error(kFeatureNotSupported, "SHOW PROCEDURE is not supported yet");
    case sql::ShowKind::kConstraints:
      throw Error(kFeatureNotSupported, "SHOW CONSTRAINTS is not supported yet");
    case sql::ShowKind::kExternalTable:
      throw Error(kFeatureNotSupported, "SHOW EXTERNAL TABLE is not supported yet");
    case sql::ShowKind::kModel:
      throw Error(kFeatureNotSupported, "SHOW MODEL is not supported yet");
  }
  throw Error(kInternalError, "a SHOW of an unknown kind");
}

}  // namespace garland::embedded
