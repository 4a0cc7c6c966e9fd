#include "embedded/show_objects.h"

#include <algorithm>

#include "base/error.h"
#include "embedded/system_lists.h"
#include "semantics/resolve.h"
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

struct Names {
  const SessionCatalog& catalog;
  bool known;  // else nothing is looked up
};

struct Place {
  std::string schema, name;
  Oid oid = 0;
};

/// The database, where it is named, must be the session's.
void check_database(const std::string& database, const Names& names, const sql::QualifiedName& name) {
  if (!names.known || database == names.catalog.database()) return;
  throw Error(kInvalidCatalogName, "database \"" + database + "\" does not exist").at(name.span.begin);
}

Place relation_place(const sql::QualifiedName& name, const Names& names) {
  if (!names.known) return {};
  const size_t parts = name.parts.size();
  if (parts == 3) check_database(name.parts[0].text, names, name);
  const Relation* found = names.catalog.find_relation(parts > 1 ? name.parts[parts - 2].text : "", name.last().text);
  if (!found) throw Error(kUndefinedTable, "relation \"" + sql::print(name) + "\" does not exist").at(name.span.begin);
  return {found->schema, found->name, found->oid};
}

std::string schema_place(const sql::QualifiedName& name, const Names& names) {
  if (!names.known) return "";
  if (name.parts.size() > 1) check_database(name.parts[0].text, names, name);
  if (!names.catalog.has_schema(name.last().text)) {
    throw Error(kInvalidSchemaName, "schema \"" + name.last().text + "\" does not exist").at(name.span.begin);
  }
  return name.last().text;
}

std::string show_schemas(const sql::ShowObjects& show, const Names& names) {
  check_database(show.name.last().text, names, show.name);
  return "select * from svv_all_schemas where true" + filters(show, "schema_name", "schema_name");
}

std::string show_tables(const sql::ShowObjects& show, const Names& names) {
  return "select t.*, cast(r.owner as varchar(128)) as owner, cast(null as timestamp) as last_altered_time, cast(null "
         "as timestamp) as last_modified_time, case when r.kind = 'r' then r.distname end as dist_style, case when "
         "r.kind = 'r' then 'REGULAR TABLE' "
         "when v.relid is not null then 'MATERIALIZED VIEW' when r.latebinding then 'LATE BINDING VIEW' else 'REGULAR "
         "VIEW' end as table_subtype from svv_all_tables t join garland_base.relations r on r.schemaname = "
         "t.schema_name and r.name = t.table_name left join garland_base.materialized v on v.relid = r.oid where "
         "t.schema_name = " +
         quote_literal(schema_place(show.name, names)) + filters(show, "t.table_name", "t.table_name");
}

std::string show_columns(const sql::ShowObjects& show, const Names& names) {
  const Place place = relation_place(show.name, names);
  return "select a.*, case when c.sortkey > 0 then 'COMPOUND' when c.sortkey < 0 then 'INTERLEAVED' end as "
         "sort_key_type, cast(c.sortkey as integer) as sort_key, case when c.distkey then 1 else 0 end as dist_key, "
         "c.encoding as encoding, cast(null as varchar(128)) as collation from svv_all_columns a join "
         "garland_base.columns c on c.name = a.column_name and c.relid = " +
         std::to_string(place.oid) + " where a.schema_name = " + quote_literal(place.schema) +
         " and a.table_name = " + quote_literal(place.name) + filters(show, "a.column_name", "a.ordinal_position");
}

// ---- keys: r_SHOW_CONSTRAINTS

constexpr std::string_view kKeyColumns =
    "garland_base.constraints c join garland_base.relations r on r.oid = c.relid join garland_base.constraint_columns "
    "p "
    "on p.conid = c.oid join garland_base.columns k on k.relid = c.relid and k.num = p.attnum cross join "
    "garland_base.databases d";

std::string show_primary_keys(const sql::ShowObjects& show, const Names& names) {
  return "select d.name as database_name, r.schemaname as schema_name, r.name as table_name, c.name as pk_name, k.name "
         "as column_name, p.place as key_seq from " +
         std::string(kKeyColumns) +
         " where r.accessible and c.kind = 'p' and c.relid = " + std::to_string(relation_place(show.name, names).oid) +
         filters(show, "k.name", "p.place");
}

/// Redshift has no rules for changes of a referenced row, and keys are never deferred: those columns are NULL.
std::string show_foreign_keys(const sql::ShowObjects& show, const Names& names) {
  const bool exported = show.word == "foreign keys exported";
  return "select d.name as pk_database_name, t.schemaname as pk_schema_name, t.name as pk_table_name, q.name as "
         "pk_column_name, d.name as fk_database_name, r.schemaname as fk_schema_name, r.name as fk_table_name, k.name "
         "as fk_column_name, p.place as key_seq, c.name as fk_name, c.target as pk_name, cast(null as smallint) as "
         "update_rule, cast(null as smallint) as delete_rule, cast(null as smallint) as deferrability from " +
         std::string(kKeyColumns) +
         " join garland_base.relations t on t.oid = c.referenced join garland_base.columns q on q.relid = c.referenced "
         "and q.num = p.referencednum where r.accessible and t.accessible and c.kind = 'f' and " +
         (exported ? "c.referenced = " : "c.relid = ") + std::to_string(relation_place(show.name, names).oid) +
         filters(show, "k.name", "r.schemaname, r.name, c.name, p.place");
}

// ---- functions: r_SHOW_FUNCTIONS, r_SHOW_PROCEDURES, r_SHOW_PARAMETERS

/// Stored procedures do not exist here: their list has the columns and no rows.
std::string show_routines(const sql::ShowObjects& show, const Names& names) {
  const bool procedures = show.kind == sql::ShowKind::kProcedures;
  return "select d.name as database_name, f.schemaname as schema_name, f.name as " +
         std::string(procedures ? "procedure_name" : "function_name") +
         ", cast(f.arguments as integer) as number_of_arguments, f.plaintypes as argument_list, f.plainreturns as "
         "return_type, cast(null as varchar(256)) as remarks from garland_base.functions f cross join "
         "garland_base.databases d where " +
         (procedures ? "false and " : "") + "f.schemaname = " + quote_literal(schema_place(show.name, names)) +
         filters(show, "f.name", "f.name, f.plaintypes");
}

/// The function of that name and those types of arguments, whatever their lengths.
Oid routine(const sql::ShowObjects& show, const Names& names) {
  if (!names.known) return 0;
  const size_t parts = show.name.parts.size();
  if (parts == 3) check_database(show.name.parts[0].text, names, show.name);
  std::string types;
  std::vector<int64_t> oids;
  for (const sql::TypeName& name : *show.arguments) {
    const engine::Type type = semantics::resolve_type(name);
    types += (types.empty() ? "" : ", ") + plain_type_name(type);
    oids.push_back(engine::oid(type));
  }
  const bool function = show.kind == sql::ShowKind::kFunctions;
  const std::string schema = parts > 1 ? show.name.parts[parts - 2].text : "";
  for (const auto* candidate : names.catalog.find_functions(schema, show.name.last().text)) {
    const auto oid = [](const engine::Type& type) { return static_cast<int64_t>(engine::oid(type)); };
    if (function && std::ranges::equal(candidate->arguments, oids, {}, oid)) return candidate->oid;
  }
  throw Error(kUndefinedFunction, std::string(function ? "function " : "procedure ") + sql::print(show.name) + "(" +
                                      types + ") does not exist")
      .at(show.name.span.begin);
}

std::string show_parameters(const sql::ShowObjects& show, const Names& names) {
  const bool procedure = show.kind == sql::ShowKind::kProcedures;
  return "select d.name as database_name, f.schemaname as schema_name, f.name as " +
         std::string(procedure ? "procedure_name" : "function_name") +
         ", cast('' as varchar(128)) as parameter_name, a.place as ordinal_position, cast('IN' as varchar(5)) as "
         "parameter_type, a.plaintype as data_type, a.charlength as character_maximum_length, a.numprecision as "
         "numeric_precision, a.numscale as numeric_scale from garland_base.functions f join "
         "garland_base.function_arguments a on a.funcid = f.oid cross join garland_base.databases d where f.oid = " +
         std::to_string(routine(show, names)) + filters(show, "''", "a.place");
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
constexpr std::string_view kGrantor =
    ", (select d.name from garland_base.databases d) as database_name, grantor as grantor_name";

std::string show_grants_on(const sql::ShowObjects& show, const Names& names) {
  std::string items, where;
  std::string name = "name", order = "grantee, privilege";
  if (show.word == "table") {
    const Place place = relation_place(show.name, names);
    items = "schemaname as schema_name, name as object_name, 'TABLE' as object_type, " + std::string(kIdentity) +
            ", 'TABLE' as privilege_scope" + std::string(kGrantor);
    where = "kind = 'relation' and schemaname = " + quote_literal(place.schema) +
            " and name = " + quote_literal(place.name);
  } else if (show.word == "columns") {
    const Place place = relation_place(show.name, names);
    items =
        "(select d.name from garland_base.databases d) as database_name, schemaname as schema_name, name as "
        "table_name, part as column_name, 'COLUMN' as object_type, " +
        std::string(kIdentity) + ", 'COLUMN' as privilege_scope, grantor as grantor_name";
    where =
        "kind = 'column' and schemaname = " + quote_literal(place.schema) + " and name = " + quote_literal(place.name);
    name = "part";
    order = "part, grantee, privilege";
  } else if (show.word == "schema") {
    items = "name as schema_name, name as object_name, 'SCHEMA' as object_type, " + std::string(kIdentity) +
            ", 'SCHEMA' as privilege_scope";
    where = "kind = 'schema' and name = " + quote_literal(schema_place(show.name, names));
  } else if (show.word == "database") {
    check_database(show.name.last().text, names, show.name);
    items = "name as database_name, " + std::string(kIdentity) + ", 'DATABASE' as privilege_scope";
    where = "kind = 'database'";
  } else {
    throw Error(kFeatureNotSupported, "SHOW GRANTS ON " + show.word + " is not supported yet");
  }
  if (show.grantee) where += grantee_filter(*show.grantee);
  return "select " + items + " from garland_base.grants where seen and " + where + filters(show, name, order);
}

std::string show_grants_for(const sql::ShowObjects& show, const Names& names) {
  if (show.database) check_database(show.database->text, names, {{*show.database}, show.database->span});
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

std::string show_ddl(const sql::ShowObjects& show, const Names& names) {
  if (!names.known) throw Error(kFeatureNotSupported, "SHOW TABLE and SHOW VIEW take no parameters");
  const Place place = relation_place(show.name, names);
  const StoredRelation* stored = names.catalog.stored(place.oid);
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

std::string show_query(const sql::ShowObjects& show, const SessionCatalog& catalog, bool named) {
  const Names names{catalog, named};
  switch (show.kind) {
    case sql::ShowKind::kDatabases:
      return show_databases(show);
    case sql::ShowKind::kSchemas:
      return show_schemas(show, names);
    case sql::ShowKind::kTables:
      return show_tables(show, names);
    case sql::ShowKind::kColumns:
      return show_columns(show, names);
    case sql::ShowKind::kGrants:
      return show.grantee && show.word.empty() ? show_grants_for(show, names) : show_grants_on(show, names);
    case sql::ShowKind::kTable:
    case sql::ShowKind::kView:
      return show_ddl(show, names);
    case sql::ShowKind::kDatashares:
      return "select * from svv_datashares where true" + filters(show, "share_name", "share_name");
    case sql::ShowKind::kFunctions:
    case sql::ShowKind::kProcedures:
      return show.word == "parameters" ? show_parameters(show, names) : show_routines(show, names);
    case sql::ShowKind::kConstraints:
      return show.word == "primary keys" ? show_primary_keys(show, names) : show_foreign_keys(show, names);
    case sql::ShowKind::kProcedure:
      throw Error(kFeatureNotSupported, "SHOW PROCEDURE is not supported yet");
    case sql::ShowKind::kExternalTable:
      throw Error(kFeatureNotSupported, "SHOW EXTERNAL TABLE is not supported yet");
    case sql::ShowKind::kModel:
      throw Error(kFeatureNotSupported, "SHOW MODEL is not supported yet");
  }
  throw Error(kInternalError, "a SHOW of an unknown kind");
}

}  // namespace garland::embedded
