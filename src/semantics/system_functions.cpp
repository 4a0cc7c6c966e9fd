#include "semantics/system_functions.h"

namespace garland::semantics {
namespace {

constexpr auto kNumber = SystemFunction::First::kNumber;
constexpr auto kString = SystemFunction::First::kString;

constexpr SystemFunction kFunctions[] = {
    {"has_table_privilege", 3,
     R"((select count(*) > 0 from garland_base.relation_access a where a.username = $1 and (a.name = lower($2) or
         a.fullname = lower($2)) and a.privilege = lower($3)))"},
    {"has_table_privilege", 2,
     R"((select count(*) > 0 from garland_base.relation_access a where a.username = current_user and (a.name =
         lower($1) or a.fullname = lower($1)) and a.privilege = lower($2)))",
     kString},
    {"has_table_privilege", 2,
     R"((select count(*) > 0 from garland_base.relation_access a where a.username = current_user and a.relid = $1 and
         a.privilege = lower($2)))",
     kNumber},
    {"has_schema_privilege", 3,
     R"((select count(*) > 0 from garland_base.schema_access a where a.username = $1 and a.name = lower($2) and
         a.privilege = lower($3)))"},
    {"has_schema_privilege", 2,
     R"((select count(*) > 0 from garland_base.schema_access a where a.username = current_user and a.name = lower($1)
         and a.privilege = lower($2)))"},
    {"has_database_privilege", 3,
     R"((select count(*) > 0 from garland_base.database_access a where a.username = $1 and a.name = lower($2) and
         a.privilege = case lower($3) when 'temp' then 'temporary' else lower($3) end))"},
    {"has_database_privilege", 2,
     R"((select count(*) > 0 from garland_base.database_access a where a.username = current_user and a.name =
         lower($1) and a.privilege = case lower($2) when 'temp' then 'temporary' else lower($2) end))"},
    {"user_is_member_of", 2, "(select count(*) > 0 from garland_base.user_roles r where r.name = $1 and r.role = $2)"},
    {"role_is_member_of", 2, "(select count(*) > 0 from garland_base.role_roles r where r.name = $1 and r.role = $2)"},
    {"pg_get_userbyid", 1,
     R"(coalesce((select u.name from garland_base.users u where u.id = $1), 'unknown (OID=' || cast($1 as varchar) ||
         ')'))",
     kNumber},
    {"format_type", 2,
     R"((select case when t.oid in (1042, 1043) and $2 > 4 then t.shown || '(' || cast($2 - 4 as varchar) || ')' when
         t.oid = 1700 and $2 > 4 then t.shown || '(' || cast(($2 - 4) / 65536 as varchar) || ',' || cast(($2 - 4) %
         65536 as varchar) || ')' else t.shown end from garland_base.types t where t.oid = $1))",
     kNumber},
    {"pg_get_viewdef", 1, "(select r.definition from garland_base.relations r where r.kind = 'v' and r.oid = $1)",
     kNumber},
    {"pg_get_viewdef", 2, "(select r.definition from garland_base.relations r where r.kind = 'v' and r.oid = $1)",
     kNumber},
    {"pg_get_viewdef", 1,
     R"((select max(r.definition) from garland_base.relations r where r.kind = 'v' and ((r.visible and r.name =
         lower($1)) or r.schemaname || '.' || r.name = lower($1))))",
     kString},
    {"pg_get_viewdef", 2,
     R"((select max(r.definition) from garland_base.relations r where r.kind = 'v' and ((r.visible and r.name =
         lower($1)) or r.schemaname || '.' || r.name = lower($1))))",
     kString},
    {"pg_table_is_visible", 1, "(select r.visible from garland_base.relations r where r.oid = $1)", kNumber},
    {"pg_type_is_visible", 1, "(select count(*) > 0 from garland_base.types t where t.oid = $1)", kNumber},
    {"obj_description", 1,
     "(select max(d.description) from pg_catalog.pg_description d where d.objoid = $1 and d.objsubid = 0)", kNumber},
    {"obj_description", 2,
     "(select max(d.description) from pg_catalog.pg_description d where d.objoid = $1 and d.objsubid = 0)", kNumber},
    {"col_description", 2,
     "(select max(d.description) from pg_catalog.pg_description d where d.objoid = $1 and d.objsubid = $2)", kNumber},
    {"format_encoding", 1,
     R"(case $1 when 0 then 'none' when 1 then 'bytedict' when 2 then 'delta' when 3 then 'delta32k' when 4 then 'lzo'
         when 5 then 'mostly8' when 6 then 'mostly16' when 7 then 'mostly32' when 8 then 'runlength' when 9 then
         'text255' when 10 then 'text32k' when 11 then 'zstd' when 12 then 'az64' end)",
     kNumber},
    {"pg_get_constraintdef", 1, "(select max(c.definition) from garland_base.constraints c where c.oid = $1)", kNumber},
    {"pg_get_constraintdef", 2, "(select max(c.definition) from garland_base.constraints c where c.oid = $1)", kNumber},
    {"pg_get_expr", 2, "cast($1 as varchar(65535))", kString},
};

}  // namespace

const SystemFunction* find_system_function(std::string_view name, size_t arguments, bool number) {
  for (const SystemFunction& function : kFunctions) {
    if (function.name != name || function.arguments != arguments) continue;
    if (function.first == SystemFunction::First::kAny || (function.first == kNumber) == number) return &function;
  }
  return nullptr;
}

}  // namespace garland::semantics
