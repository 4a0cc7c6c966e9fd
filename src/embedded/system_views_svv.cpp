// Redshift's SVV_ views, with the columns that the guide documents (pages r_SVV_TABLES, r_SVV_COLUMNS,
// r_SVV_ALL_TABLES, r_SVV_REDSHIFT_TABLES, r_SVV_MV_INFO, r_STV_MV_INFO, r_SVV_TABLE_INFO, r_SVV_ROLES,
// r_SVV_RELATION_PRIVILEGES …). Superusers see all rows, other users what they have a privilege on.
#include <memory>

#include "embedded/system_relations.h"

namespace garland::embedded {

namespace {

constexpr std::string_view kTables =
    R"(garland_base.relations r left join garland_base.comments m on m.objoid = r.oid and m.part = 0 cross join
        garland_base.databases d where r.accessible and not r."system")";
constexpr std::string_view kColumns =
    R"(garland_base.relations r join garland_base.columns c on c.relid = r.oid left join garland_base.comments m
        on m.objoid = r.oid and m.part = c.num cross join garland_base.databases d where r.accessible and not
        r."system")";

constexpr const char* kUserInfo =
    R"(select name, id, createdb, super, id = 1, connectionlimit, case when unrestricted then 'UNRESTRICTED' else
        'RESTRICTED' end, null, timeout, externalid from garland_base.users where own)";

std::string from_tables(std::string_view items) {
  return "select " + std::string(items) + " from " + std::string(kTables);
}
std::string from_columns(std::string_view items) {
  return "select " + std::string(items) + " from " + std::string(kColumns);
}

void object_views(std::vector<SystemView>& views) {
  views.push_back({"pg_catalog", "svv_tables",
                   "table_catalog text, table_schema text, table_name text, table_type text, remarks text",
                   R"(select d.name, r.schemaname, r.name, case when r.kind = 'v' then 'VIEW' when r.temporary then
                       'LOCAL TEMPORARY' else 'BASE TABLE' end, m.text from garland_base.relations r left join
                       garland_base.comments m on m.objoid = r.oid and m.part = 0 cross join garland_base.databases d
                       where r.accessible)"});
  views.push_back({"pg_catalog", "svv_columns",
                   R"(table_catalog text, table_schema text, table_name text, column_name text, ordinal_position int,
                       column_default text, is_nullable text, data_type text, character_maximum_length int,
                       numeric_precision int, numeric_precision_radix int, numeric_scale int, datetime_precision int,
                       interval_type text, interval_precision text, character_set_catalog text, character_set_schema
                       text, character_set_name text, collation_catalog text, collation_schema text, collation_name
                       text, domain_name text, remarks text)",
                   R"(select d.name, r.schemaname, r.name, c.name, c.num, coalesce(c.defaulttext, c.identity), case
                       when c."notnull" then 'NO' else 'YES' end, c.plaintype, c.charlength, c.numprecision,
                       c.numradix, c.numscale, c.timeprecision, null, null, null, null, null, null, null, null, null,
                       m.text from garland_base.relations r join garland_base.columns c on c.relid = r.oid left join
                       garland_base.comments m on m.objoid = r.oid and m.part = c.num cross join
                       garland_base.databases d where r.accessible)"});
  views.push_back(
      {"pg_catalog", "svv_all_tables",
       R"(database_name varchar(128), schema_name varchar(128), table_name varchar(128), table_type
                       varchar(128), table_acl varchar(128), remarks varchar(256))",
       from_tables(
           R"(d.name, r.schemaname, r.name, case when r.kind = 'v' then 'VIEW' else 'TABLE' end, r.acl, m.text)")});
  views.push_back(
      {"pg_catalog", "svv_redshift_tables",
       R"(database_name varchar(128), schema_name varchar(128), table_name varchar(128), table_type
                       varchar(128), table_acl varchar(128), remarks varchar(128), table_owner varchar(128))",
       from_tables(R"(d.name, r.schemaname, r.name, case when r.kind = 'v' then 'VIEW' else 'TABLE' end, r.acl, m.text,
                       r.owner)")});
  views.push_back(
      {"pg_catalog", "svv_all_columns",
       R"(database_name varchar(128), schema_name varchar(128), table_name varchar(128), column_name
                       varchar(128), ordinal_position int, column_default varchar(4000), is_nullable varchar(3),
                       data_type varchar(128), character_maximum_length int, numeric_precision int, numeric_scale int,
                       remarks varchar(256))",
       from_columns(R"(d.name, r.schemaname, r.name, c.name, c.num, coalesce(c.defaulttext, c.identity), case when
                       c."notnull" then 'NO' else 'YES' end, c.plaintype, c.charlength, c.numprecision, c.numscale,
                       m.text)")});
  views.push_back(
      {"pg_catalog", "svv_redshift_columns",
       R"(database_name varchar(128), schema_name varchar(128), table_name varchar(128), column_name
                       varchar(128), ordinal_position int, data_type varchar(128), column_default varchar(4000),
                       is_nullable varchar(3), encoding varchar(128), distkey bool, sortkey int, column_acl
                       varchar(128), remarks varchar(256))",
       from_columns(R"(d.name, r.schemaname, r.name, c.name, c.num, c.plaintype, coalesce(c.defaulttext, c.identity),
                       case when c."notnull" then 'NO' else 'YES' end, c.encoding, c.distkey, c.sortkey, c.acl,
                       m.text)")});
  views.push_back(
      {"pg_catalog", "svv_all_schemas",
       R"(database_name varchar(128), schema_name varchar(128), schema_owner int, schema_type
                       varchar(128), schema_acl varchar(128), source_database varchar(128), schema_option
                       varchar(256))",
       R"(select d.name, s.name, s.ownerid, 'local', s.acl, null, null from garland_base.schemas s cross join
           garland_base.databases d where s.usable union all select o.name, s.name, 1, 'local', null, null, null from
           garland_base.other_databases o cross join garland_base.schemas s where s.name in
           ('pg_catalog', 'information_schema', 'public'))"});
  views.push_back({"pg_catalog", "svv_redshift_schemas",
                   R"(database_name varchar(128), schema_name varchar(128), schema_owner int, schema_type
                       varchar(128), schema_acl varchar(128), schema_option varchar(256))",
                   R"(select d.name, s.name, s.ownerid, 'local', s.acl, null from garland_base.schemas s cross join
           garland_base.databases d where s.usable union all select o.name, s.name, 1, 'local', null, null from
           garland_base.other_databases o cross join garland_base.schemas s where s.name in
           ('pg_catalog', 'information_schema', 'public'))"});
  views.push_back(
      {"pg_catalog", "svv_redshift_databases",
       R"(database_name varchar(128), database_owner int, database_type varchar(32), database_acl
                       varchar(128), database_options varchar(128), database_isolation_level varchar(128))",
       R"(select name, ownerid, 'local', acl, null, 'Snapshot Isolation' from garland_base.databases union all select
           name, ownerid, 'local', null, null, isolation from garland_base.other_databases)"});
  views.push_back(
      {"pg_catalog", "svv_redshift_functions",
       R"(database_name varchar(128), schema_name varchar(128), function_name varchar(128), function_type
                       varchar(128), argument_type varchar(512), result_type varchar(128))",
       R"(select d.name, f.schemaname, f.name, 'SQL FUNCTION', f.types, f.returns from garland_base.functions f cross
           join garland_base.databases d)"});
  views.push_back({"pg_catalog", "svv_external_schemas",
                   R"(esoid oid, eskind smallint, schemaname name, esowner int, databasename text, esoptions text)",
                   "select 0, 0, '', 0, '', '' where false"});
  views.push_back({"pg_catalog", "svv_external_tables",
                   R"(redshift_database_name text, schemaname text, tablename text, tabletype text, location text,
                       input_format text, output_format text, serialization_lib text, serde_parameters text,
                       compressed int, parameters text)",
                   "select '', '', '', '', '', '', '', '', '', 0, '' where false"});
  views.push_back({"pg_catalog", "svv_external_columns",
                   R"(redshift_database_name text, schemaname text, tablename text, columnname text, external_type
                       text, columnnum int, part_key int, is_nullable text)",
                   "select '', '', '', '', '', 0, 0, '' where false"});
  views.push_back({"pg_catalog", "svv_external_databases",
                   "eskind int, esoptions text, databasename text, location text, parameters text",
                   "select 0, '', '', '', '' where false"});
  views.push_back({"pg_catalog", "svv_datashares",
                   R"(share_name varchar(128), share_id int, share_owner int, source_database varchar(128),
                       consumer_database varchar(128), share_type varchar(8), createdate timestamp,
                       is_publicaccessible bool, share_acl varchar(256), producer_account varchar(16),
                       producer_namespace varchar(64), managed_by varchar(64))",
                   "select '', 0, 0, '', '', '', null, false, '', '', '', '' where false"});
}

void materialized_views(std::vector<SystemView>& views) {
  constexpr std::string_view kFrom =
      "garland_base.materialized m join garland_base.relations r on r.oid = m.relid cross join garland_base.databases "
      "d "
      "where r.accessible";
  views.push_back({"pg_catalog", "svv_mv_info",
                   R"(database_name char(128), schema_name char(128), user_name char(128), name char(128), is_stale
                       char(1), state int, autorewrite char(1), autorefresh char(1))",
                   R"(select d.name, r.schemaname, r.owner, r.name, case when m.stale then 't' else 'f' end, case
                       when m.incremental then 1 else 0 end, 'f', case when m.autorefresh then 't' else 'f' end from
                       )" +
                       std::string(kFrom)});
  views.push_back({"pg_catalog", "stv_mv_info",
                   R"(db_name char(128), schema char(128), name char(128), updated_upto_xid bigint, is_stale char(1),
                       owner_user_name char(128), state int, autorefresh char(1), autorewrite char(1))",
                   R"(select d.name, r.schemaname, r.name, null, case when m.stale then 't' else 'f' end, r.owner,
                       case when m.incremental then 1 else 0 end, case when m.autorefresh then 't' else 'f' end, 'f'
                       from )" +
                       std::string(kFrom)});
}

void table_info(std::vector<SystemView>& views) {
  views.push_back({"pg_catalog", "svv_table_info",
                   R"(database text, schema text, table_id oid, table text, encoded text, diststyle text, sortkey1
                       text, max_varchar int, sortkey1_enc char(32), sortkey_num int, size bigint, pct_used
                       numeric(10,4), empty bigint, unsorted numeric(5,2), stats_off numeric(5,2), tbl_rows
                       numeric(38,0), skew_sortkey1 numeric(19,2), skew_rows numeric(19,2), estimated_visible_rows
                       numeric(38,0), risk_event text, vacuum_sort_benefit numeric(12,2), create_time timestamp)",
                   R"(select d.name, r.schemaname, r.oid, r.name, case when c.encoded > 0 then 'Y' else 'N' end,
                       r.distname, c.sortkey1, c.maxvarchar, c.sortenc, c.sortkeys, s.megabytes, null, 0, case when
                       c.sortkeys > 0 then 0 end, 0, s."rows", null, null, s."rows", null, null, null from
                       garland_base.relations r join garland_base.table_stats s on s.relid = r.oid join (select relid,
                       sum(case when encoding <> 'none' then 1 else 0 end) as encoded, max(case when sortkey = 1 then
                       name end) as sortkey1, max(case when plaintype like 'character%' then charlength else 0 end) as
                       maxvarchar, max(case when sortkey = 1 then encoding end) as sortenc, max(sortkey) as sortkeys
                       from garland_base.columns group by relid) c on c.relid = r.oid cross join
                       garland_base.databases d where s."rows" > 0)",
                   SystemVisibility::kSuperuser});
}

void privilege_views(std::vector<SystemView>& views) {
  constexpr std::string_view kIdentity =
      R"(identity_id int, identity_name text, identity_type text, admin_option bool, privilege_scope text)";
  const auto add = [&](std::string_view name, std::string_view columns, std::string_view items, std::string_view kind,
                       std::string_view scope) {
    views.push_back({"pg_catalog", std::string(name),
                     std::string(columns) + ", privilege_type text, " + std::string(kIdentity),
                     "select " + std::string(items) +
                         R"(, privilege, granteeid, grantee, granteekind, option, case when kind like 'scoped%' then
                              scope else ')" +
                         std::string(scope) + "' end from garland_base.grants where seen and (kind = '" +
                         std::string(kind) + "' or (kind like 'scoped%' and scope = '" + std::string(scope) + "'))"});
  };
  add("svv_relation_privileges", "namespace_name text, relation_name text", "schemaname, name", "relation", "TABLES");
  add("svv_schema_privileges", "namespace_name text", "name", "schema", "SCHEMAS");
  add("svv_database_privileges", "database_name text", "name", "database", "DATABASE");
  add("svv_language_privileges", "language_name text", "name", "language", "LANGUAGES");
  add("svv_function_privileges", "namespace_name text, function_name text, argument_types text",
      "schemaname, name, part", "function", "FUNCTIONS");
  views.push_back({"pg_catalog", "svv_column_privileges",
                   R"(namespace_name text, relation_name text, column_name text, privilege_type text, identity_id
                       int, identity_name text, identity_type text)",
                   R"(select schemaname, name, part, privilege, granteeid, grantee, granteekind from
                       garland_base.grants where seen and kind = 'column')"});
  views.push_back({"pg_catalog", "svv_default_privileges",
                   R"(schema_name text, object_type text, owner_id int, owner_name text, owner_type text,
                       privilege_type text, grantee_id int, grantee_name text, grantee_type text, admin_option bool)",
                   R"(select nullif(name, ''), case scope when 'TABLES' then 'RELATION' when 'FUNCTIONS' then
                       'FUNCTION' else 'PROCEDURE' end, grantorid, grantor, 'user', privilege, granteeid, grantee,
                       granteekind, option from garland_base.grants where seen and kind = 'default')"});
  views.push_back({"pg_catalog", "svv_system_privileges",
                   "system_privilege text, identity_id int, identity_name text, identity_type text",
                   R"(select privilege, granteeid, grantee, granteekind from garland_base.grants where seen and kind
                       = 'system')"});
  views.push_back({"pg_catalog", "svv_roles", "role_id int, role_name text, role_owner text, external_id text",
                   "select id, name, owner, externalid from garland_base.roles where mine"});
  views.push_back({"pg_catalog", "svv_role_grants",
                   "role_id int, role_name text, granted_role_id int, granted_role_name text",
                   "select memberid, member, id, name from garland_base.role_members where isrole and own"});
  views.push_back({"pg_catalog", "svv_user_grants",
                   "user_id int, user_name text, role_id int, role_name text, admin_option bool",
                   R"(select memberid, member, id, name, admin from garland_base.role_members where not isrole and
                       own)"});
  views.push_back({"pg_catalog", "svv_user_info",
                   R"(user_name text, user_id int, createdb bool, superuser bool, catalog_update bool,
                       connection_limit text, syslog_access text, last_ddl_timestamp timestamp, session_timeout int,
                       external_id text)",
                   kUserInfo});
  views.push_back({"pg_catalog", "svl_user_info",
                   R"(usename name, usesysid int, usecreatedb bool, usesuper bool, usecatupd bool, useconnlimit text,
                       syslogaccess text, last_ddl_ts timestamp, sessiontimeout int, external_id text)",
                   kUserInfo});
}

void policy_views(std::vector<SystemView>& views) {
  views.push_back({"pg_catalog", "svv_rls_policy",
                   R"(poldb text, polname text, polalias text, polatts text, polqual text, polenabled bool,
                       polmodifiedby text, polmodifiedtime timestamp)",
                   R"(select d.name, p.name, null, null, p.text, true, p.owner, null from garland_base.policies p
                       cross join garland_base.databases d where not p.masking)",
                   SystemVisibility::kSuperuser});
  views.push_back({"pg_catalog", "svv_masking_policy",
                   R"(policy_database text, policy_name text, input_columns text, policy_expression text,
                       policy_modified_by text, policy_modified_time timestamp)",
                   R"(select d.name, p.name, null, p.text, p.owner, null from garland_base.policies p cross join
                       garland_base.databases d where p.masking)",
                   SystemVisibility::kSuperuser});
  views.push_back({"pg_catalog", "svv_rls_attached_policy",
                   R"(relschema text, relname text, relkind text, polname text, grantor text, grantee text,
                       granteekind text, is_pol_on bool, is_rls_on bool, rls_conjuction_type text)",
                   "select '', '', '', '', '', '', '', false, false, '' where false", SystemVisibility::kSuperuser});
  views.push_back({"pg_catalog", "svv_rls_relation",
                   R"(datname text, relschema text, relname text, relkind text, is_rls_on bool, rls_conjuction_type
                       text)",
                   "select '', '', '', '', false, '' where false", SystemVisibility::kSuperuser});
  views.push_back({"pg_catalog", "svv_attached_masking_policy",
                   R"(policy_name text, schema_name text, table_name text, table_type text, grantor text, grantee
                       text, grantee_type text, priority int, input_columns text, output_columns text)",
                   "select '', '', '', '', '', '', '', 0, '', '' where false", SystemVisibility::kSuperuser});
}

}  // namespace

std::vector<SystemView> svv_views() {
  std::vector<SystemView> views;
  object_views(views);
  materialized_views(views);
  table_info(views);
  privilege_views(views);
  policy_views(views);
  return views;
}

}  // namespace garland::embedded
