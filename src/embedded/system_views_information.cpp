// information_schema as PostgreSQL has it: what the reader may see of the one database.
#include "embedded/system_relations.h"

namespace garland::embedded {

std::vector<SystemView> information_views() {
  return {
      {"information_schema", "schemata",
       R"(catalog_name name, schema_name name, schema_owner name, default_character_set_catalog name,
           default_character_set_schema name, default_character_set_name name, sql_path text)",
       R"(select d.name, s.name, s.owner, null, null, null, null from garland_base.schemas s cross join
           garland_base.databases d where s.usable)"},
      {"information_schema", "tables",
       R"(table_catalog name, table_schema name, table_name name, table_type text, self_referencing_column_name name,
           reference_generation text, user_defined_type_catalog name, user_defined_type_schema name,
           user_defined_type_name name)",
       R"(select d.name, r.schemaname, r.name, case when r.kind = 'v' then 'VIEW' when r.temporary then
           'LOCAL TEMPORARY' else 'BASE TABLE' end, null, null, null, null, null from garland_base.relations r cross
           join
           garland_base.databases d where r.accessible)"},
      {"information_schema", "views",
       R"(table_catalog name, table_schema name, table_name name, view_definition text, check_option text,
           is_updatable text, is_insertable_into text)",
       R"(select d.name, r.schemaname, r.name, r.definition, 'NONE', 'NO', 'NO' from garland_base.relations r cross
           join garland_base.databases d where r.kind = 'v' and r.accessible)"},
      {"information_schema", "columns",
       R"(table_catalog name, table_schema name, table_name name, column_name name, ordinal_position int,
           column_default text, is_nullable text, data_type text, character_maximum_length int, character_octet_length
           int, numeric_precision int, numeric_precision_radix int, numeric_scale int, datetime_precision int,
           interval_type text, interval_precision text, character_set_catalog name, character_set_schema name,
           character_set_name name, collation_catalog name, collation_schema name, collation_name name, domain_catalog
           name, domain_schema name, domain_name name, udt_catalog name, udt_schema name, udt_name name, scope_catalog
           name, scope_schema name, scope_name name, maximum_cardinality int, dtd_identifier text, is_self_referencing
           text)",
       R"(select d.name, r.schemaname, r.name, c.name, c.num, coalesce(c.defaulttext, c.identity), case when
           c."notnull" then 'NO' else 'YES' end, c.plaintype, c.charlength, null, c.numprecision, c.numradix,
           c.numscale, c.timeprecision, null, null, null, null, null, null, null, null, null, null, null, d.name,
           'pg_catalog', t.name, null, null, null, null, cast(c.num as varchar), 'NO' from garland_base.relations r
           join garland_base.columns c on c.relid = r.oid cross join garland_base.databases d left join
           garland_base.types t on t.oid = c.typid where r.accessible)"},
      {"information_schema", "routines",
       R"(specific_catalog name, specific_schema name, specific_name name, routine_catalog name, routine_schema name,
           routine_name name, routine_type text, data_type text, routine_body text, routine_definition text,
           external_language text, is_deterministic text, sql_data_access text, security_type text)",
       R"(select d.name, f.schemaname, f.name || '_' || cast(f.oid as varchar), d.name, f.schemaname, f.name, 'FUNCTION',
           f.plainreturns, 'EXTERNAL', f.body, 'SQL', case f.volatility when 'i' then 'YES' else 'NO' end, 'MODIFIES',
           'INVOKER' from garland_base.functions f cross join garland_base.databases d)"},
      {"information_schema", "table_constraints",
       R"(constraint_catalog name, constraint_schema name, constraint_name name, table_catalog name, table_schema
           name, table_name name, constraint_type text, is_deferrable text, initially_deferred text)",
       R"(select d.name, n.nspname, c.conname, d.name, n.nspname, r.relname, case c.contype when 'p' then
           'PRIMARY KEY' when 'u' then 'UNIQUE' else 'FOREIGN KEY' end, 'NO', 'NO' from pg_catalog.pg_constraint c join
           pg_catalog.pg_class r on r.oid = c.conrelid join pg_catalog.pg_namespace n on n.oid = c.connamespace cross
           join garland_base.databases d)"},
      {"information_schema", "key_column_usage",
       R"(constraint_catalog name, constraint_schema name, constraint_name name, table_catalog name, table_schema
           name, table_name name, column_name name, ordinal_position int)",
       R"(select d.name, r.schemaname, c.name, d.name, r.schemaname, r.name, k.name, u.place from
           garland_base.constraint_columns u join garland_base.constraints c on c.oid = u.conid join
           garland_base.relations r on r.oid = u.relid join garland_base.columns k on k.relid = u.relid and k.num =
           u.attnum cross join garland_base.databases d where r.accessible)"},
      {"information_schema", "referential_constraints",
       R"(constraint_catalog name, constraint_schema name, constraint_name name, unique_constraint_catalog name,
           unique_constraint_schema name, unique_constraint_name name, match_option text, update_rule text,
           delete_rule text)",
       R"(select d.name, r.schemaname, c.name, d.name, f.schemaname, c.target, 'NONE', 'NO ACTION', 'NO ACTION' from
           garland_base.constraints c join garland_base.relations r on r.oid = c.relid join garland_base.relations f on
           f.oid = c.referenced cross join garland_base.databases d where c.kind = 'f' and r.accessible)"},
      {"information_schema", "table_privileges",
       R"(grantor name, grantee name, table_catalog name, table_schema name, table_name name, privilege_type text,
           is_grantable text, with_hierarchy text)",
       R"(select g.grantor, case when g.granteekind = 'public' then 'PUBLIC' else g.grantee end, d.name,
           g.schemaname, g.name, g.privilege, case when g.option then 'YES' else 'NO' end, 'NO' from
           garland_base.grants g cross join garland_base.databases d where g.kind = 'relation' and g.seen)"},
      {"information_schema", "column_privileges",
       R"(grantor name, grantee name, table_catalog name, table_schema name, table_name name, column_name name,
           privilege_type text, is_grantable text)",
       R"(select g.grantor, g.grantee, d.name, g.schemaname, g.name, g.columnname, g.privilege, 'NO' from
           garland_base.grants g cross join garland_base.databases d where g.kind = 'column' and g.seen)"},
      {"information_schema", "information_schema_catalog_name", "catalog_name name",
       "select name from garland_base.databases"},
      {"information_schema", "enabled_roles", "role_name name", "select r.name from garland_base.roles r where r.mine"},
      {"information_schema", "applicable_roles", "grantee name, role_name name, is_grantable text",
       R"(select m.member, m.name, case when m.admin then 'YES' else 'NO' end from garland_base.role_members m where
           m.own)"},
  };
}

}  // namespace garland::embedded
