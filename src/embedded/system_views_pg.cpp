// pg_catalog as clients of PostgreSQL 8.0.2 and Redshift read it (guide pages c_intro_catalog_views, r_PG_CLASS_INFO,
// r_PG_TABLE_DEF, r_PG_USER_INFO …).
// Columns of PostgreSQL that mean nothing here have its defaults.
#include "embedded/system_relations.h"

namespace garland::embedded {

std::vector<SystemView> pg_views() {
  return {
      {"pg_catalog", "pg_namespace", "oid oid, nspname name, nspowner int, nspacl text",
       "select oid, name, ownerid, acl from garland_base.schemas"},
      {"pg_catalog", "pg_class",
       R"(oid oid, relname name, relnamespace oid, reltype oid, relowner int, relam oid, relfilenode oid,
           reltablespace oid, relpages int, reltuples real, reltoastrelid oid, reltoastidxid oid, relhasindex bool,
           relisshared bool, relkind char(1), relnatts smallint, relexternid oid, relisreplicated bool, relispinned
           bool, reldiststyle smallint, relprojbaseid oid, relchecks smallint, reltriggers smallint, relukeys
           smallint, relfkeys smallint, relrefs smallint, relhasoids bool, relhaspkey bool, relhasrules bool,
           relhassubclass bool, relacl text)",
       R"(select oid, name, schemaid, 0, ownerid, 0, oid, 0, 0, 0.001, 0, 0, haskey, false, kind, natts, 0, false,
           false, diststyle, 0, 0, 0, 0, 0, 0, false, haskey, kind = 'v', false, acl from garland_base.relations
           union all select c.oid, c.name, r.schemaid, 0, r.ownerid, 403, c.oid, 0, 0, 1, 0, 0, false, false, 'i',
           c.columncount, 0, false, false, 0, 0, 0, 0, 0, 0, 0, false, false, false, false, null from
           garland_base.constraints c join garland_base.relations r on r.oid = c.relid where c.kind <> 'f')"},
      {"pg_catalog", "pg_class_info",
       R"(oid oid, relname name, relnamespace oid, relowner int, relkind char(1), relnatts smallint, reldiststyle
           smallint, releffectivediststyle smallint, relacl text, relcreationtime timestamp)",
       R"(select oid, name, schemaid, ownerid, kind, natts, case when diststyle = 10 then 9 else diststyle end,
           diststyle, acl, null from garland_base.relations)"},
      {"pg_catalog", "pg_attribute",
       R"(attrelid oid, attname name, atttypid oid, attstattarget int, attlen smallint, attnum smallint, attndims
           int, attcacheoff int, atttypmod int, attbyval bool, attstorage char(1), attalign char(1), attnotnull bool,
           atthasdef bool, attisdropped bool, attislocal bool, attinhcount int, attispreloaded bool, attisdistkey
           bool, attsortkeyord smallint, attencodingtype smallint, attencrypttype smallint)",
       R"(select c.relid, c.name, c.typid, -1, t.length, c.num, 0, -1, c.typmod, t.length > 0, 'p', 'i', c.notnull,
           c.defaulttext is not null or c.identity is not null, false, true, 0, false, c.distkey, c.sortkey,
           case c.encoding when 'none' then 0 when 'bytedict' then 1 when 'delta' then 2 when 'delta32k' then 3
           when 'lzo' then 4
           when 'mostly8' then 5 when 'mostly16' then 6 when 'mostly32' then 7 when 'runlength' then 8 when
           'text255' then 9 when 'text32k' then 10 when 'zstd' then 11 when 'az64' then 12 end, 0
           from garland_base.columns c left join garland_base.types t on t.oid = c.typid union all select k.conid,
           c.name, c.typid, -1, t.length, k.place, 0, -1, c.typmod, t.length > 0, 'p', 'i', false, false, false, true,
           0, false, false, 0, null, 0 from garland_base.constraint_columns k join garland_base.constraints x on x.oid
           = k.conid and x.kind <> 'f' join garland_base.columns c on c.relid = k.relid and c.num = k.attnum left join
           garland_base.types t on t.oid = c.typid)"},
      {"pg_catalog", "pg_attribute_info",
       R"(attrelid oid, attname name, atttypid oid, attnum smallint, atttypmod int, attnotnull bool, attisdistkey
           bool, attsortkeyord smallint, attacl text)",
       R"(select relid, name, typid, num, typmod, "notnull", distkey, sortkey, acl from garland_base.columns)"},
      {"pg_catalog", "pg_attrdef", "oid oid, adrelid oid, adnum smallint, adbin text, adsrc text",
       R"(select relid * 1000 + num, relid, num, coalesce(defaulttext, "identity"), coalesce(defaulttext, "identity")
           from garland_base.columns where defaulttext is not null or "identity" is not null)"},
      {"pg_catalog", "pg_type",
       R"(oid oid, typname name, typnamespace oid, typowner int, typlen smallint, typbyval bool, typtype char(1),
           typisdefined bool, typdelim char(1), typrelid oid, typelem oid, typinput text, typoutput text, typalign
           char(1), typstorage char(1), typnotnull bool, typbasetype oid, typtypmod int, typndims int, typdefault
           text)",
       R"(select oid, name, 11, 1, length, length > 0, 'b', true, ',', 0, 0, name || 'in', name || 'out', 'i', 'p',
           false, 0, -1, 0, null from garland_base.types)"},
      {"pg_catalog", "pg_user",
       R"(usename name, usesysid int, usecreatedb bool, usesuper bool, usecatupd bool, passwd text, valuntil text,
           useconfig text)",
       R"(select name, id, createdb, super, id = 1, '********', validuntil, settings from garland_base.users)"},
      {"pg_catalog", "pg_user_info",
       R"(usename name, usesysid int, usecreatedb bool, usesuper bool, usecatupd bool, passwd text, valuntil text,
           useconfig text, useconnlimit text)",
       R"(select name, id, createdb, super, id = 1, '********', coalesce(validuntil, case when id = 1 then 'infinity'
           end), settings, connectionlimit from garland_base.users)"},
      {"pg_catalog", "pg_group", "groname name, grosysid int, grolist text",
       "select name, id, members from garland_base.groups"},
      {"pg_catalog", "pg_database",
       R"(oid oid, datname name, datdba int, encoding int, datistemplate bool, datallowconn bool, datlastsysoid oid,
           datvacuumxid oid, datfrozenxid oid, dattablespace oid, datconfig text, datacl text)",
       R"(select oid, name, ownerid, 6, false, true, 99999, 0, 0, 1663, null, acl from garland_base.databases union all
           select oid, name, ownerid, 6, false, true, 99999, 0, 0, 1663, null, null from
           garland_base.other_databases)"},
      {"pg_catalog", "pg_database_info",
       R"(datid oid, datname name, datdba int, encoding int, datistemplate bool, datallowconn bool, datlastsysoid
           oid, dattablespace oid, datconfig text, datacl text, datconnlimit text)",
       R"(select oid, name, ownerid, 6, false, true, 99999, 1663, null, acl, 'UNLIMITED' from garland_base.databases)"},
      {"pg_catalog", "pg_index",
       R"(indexrelid oid, indrelid oid, indkey text, indclass text, indnatts smallint, indisunique bool, indisprimary
           bool, indisclustered bool, indexprs text, indpred text)",
       R"(select oid, relid, replace(btrim(columns, '{}'), ',', ' '), '', columncount, true, kind = 'p', false, null,
           null from garland_base.constraints where kind <> 'f')"},
      {"pg_catalog", "pg_constraint",
       R"(oid oid, conname name, connamespace oid, contype char(1), condeferrable bool, condeferred bool, conrelid
           oid, contypid oid, confrelid oid, confupdtype char(1), confdeltype char(1), confmatchtype char(1), conkey
           text, confkey text, conbin text, consrc text)",
       R"(select c.oid, c.name, r.schemaid, c.kind, false, false, c.relid, 0, c.referenced, 'a', 'a', 'u', c.columns,
           c.referencedcolumns, null, null from garland_base.constraints c join garland_base.relations r on r.oid =
           c.relid)"},
      {"pg_catalog", "pg_rewrite",
       R"(oid oid, rulename name, ev_class oid, ev_attr smallint, ev_type char(1), is_instead bool, ev_qual text,
           ev_action text)",
       "select ruleid, '_RETURN', viewid, -1, '1', true, '<>', '<>' from garland_base.view_uses where kind = 'i'"},
      {"pg_catalog", "pg_depend",
       R"(classid oid, objid oid, objsubid int, refclassid oid, refobjid oid, refobjsubid int, deptype char(1))",
       R"(select 'pg_catalog.pg_rewrite'::regclass::oid, ruleid, 0, 'pg_catalog.pg_class'::regclass::oid, refid,
           refnum, kind from garland_base.view_uses union all select
           'pg_catalog.pg_constraint'::regclass::oid, f.oid, 0, 'pg_catalog.pg_class'::regclass::oid,
           k.oid, 0, 'n' from garland_base.constraints f join garland_base.constraints k on k.relid = f.referenced and
           k.columns = f.referencedcolumns and k.kind <> 'f' where f.kind = 'f')"},
      {"pg_catalog", "pg_description", "objoid oid, classoid oid, objsubid int, description text",
       R"(select m.objoid, c.oid, m.part, m.text from garland_base.comments m join garland_base.relations c on
           c.schemaname = 'pg_catalog' and c.name = m.class)"},
      {"pg_catalog", "pg_proc",
       R"(oid oid, proname name, pronamespace oid, proowner int, prolang oid, proisagg bool, prosecdef bool,
           proisstrict bool, proretset bool, provolatile char(1), pronargs smallint, prorettype oid, proargtypes text,
           proargnames text, prosrc text, probin text, proacl text)",
       R"(select oid, name, schemaid, 100, 14, false, false, false, false, volatility, arguments, returnoid, typeoids,
           null, body, null, null from garland_base.functions)"},
      {"pg_catalog", "pg_proc_info",
       R"(prooid oid, proname name, pronamespace oid, proowner int, prolang oid, prokind char(1), prosecdef bool,
           proisstrict bool, proretset bool, provolatile char(1), pronargs smallint, prorettype oid, proargtypes text,
           proargmodes text, proallargtypes text, proargnames text, prosrc text, proacl text)",
       R"(select oid, name, schemaid, 100, 14, 'f', false, false, false, volatility, arguments, returnoid, typeoids,
           null, null, null, body, null from garland_base.functions)"},
      {"pg_catalog", "pg_language",
       R"(oid oid, lanname name, lanispl bool, lanpltrusted bool, lanplcallfoid oid, lanvalidator oid, lanacl text)",
       R"(select 12, 'internal', false, false, 0, 0, null union all select 14, 'sql', false, true, 0, 0, null)"},
      {"pg_catalog", "pg_settings",
       R"(name text, setting text, category text, short_desc text, extra_desc text, context text, vartype text,
           source text, min_val text, max_val text)",
       R"(select name, setting, 'Garland', '', '', 'user', 'string', 'session', null, null from
           garland_base.settings)"},
      {"pg_catalog", "pg_tables",
       R"(schemaname name, tablename name, tableowner name, tablespace name, hasindexes bool, hasrules bool,
           hastriggers bool)",
       R"(select schemaname, name, owner, null, false, false, false from garland_base.relations where kind = 'r')"},
      {"pg_catalog", "pg_views", "schemaname name, viewname name, viewowner name, definition text",
       "select schemaname, name, owner, definition from garland_base.relations where kind = 'v'"},
      {"pg_catalog", "pg_table_def",
       R"(schemaname name, tablename name, "column" name, type varchar(128), encoding char(32), distkey bool, sortkey
           int, "notnull" bool)",
       R"(select r.schemaname, r.name, c.name, c.typename, c.encoding, c.distkey, c.sortkey, c."notnull" from
           garland_base.relations r join garland_base.columns c on c.relid = r.oid where r.kind = 'r' and (r.visible
           or r.schemaname = 'pg_catalog') and r.accessible)"},
  };
}

}  // namespace garland::embedded
