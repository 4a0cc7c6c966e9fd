// The base relations behind pg_catalog, information_schema and SVV_: the session's catalog as rows, its own temporary
// tables included. What a user may
// see of it is said by flags; the views use them (guide page c_visibility-of-data).
#include <algorithm>

#include "base/ascii.h"
#include "embedded/context.h"
#include "embedded/system_lists.h"
#include "embedded/system_tables.h"
#include "sql/printer.h"

namespace garland::embedded {

using engine::Type;
using engine::TypeId;
using semantics::RelationKind;

namespace {

/// What all producers ask.
class Reader {
 public:
  explicit Reader(Context& context)
      : catalog(context.catalog()),
        snapshot(catalog->snapshot()),
        access(snapshot.access()),
        who(context.identity()),
        temporary(context.transaction.temporary()),
        temporary_schema(context.transaction.temporary_schema()) {}

  std::string user_name(PrincipalId id) const {
    const auto found = access.users().find(id);
    return found == access.users().end() ? "unknown" : found->second.name;
  }
  bool may_see(const StoredRelation& stored) const {
    const semantics::Relation& relation = stored.relation;
    if (relation.temporary || who.super || relation.kind == RelationKind::kSystemTable) return true;
    const ObjectKey key{ObjectClass::kRelation, relation.oid};
    if (access.owns(who, key)) return true;
    const auto& acl = access.of(key).acl;
    if (std::ranges::any_of(acl, [&](const AclItem& item) { return who.is(item); })) return true;
    constexpr std::string_view kAny[] = {"select", "insert", "update", "delete", "references", "drop", "alter"};
    return std::ranges::any_of(kAny, [&](std::string_view privilege) {
      return access.may(who, key, privilege, {stored.schema, kDatabaseOid});
    });
  }
  PrincipalId owner(const StoredRelation& stored) const {
    if (stored.relation.kind == RelationKind::kSystemTable) return kSystemUser;
    return stored.relation.temporary ? who.user : access.owner({ObjectClass::kRelation, stored.relation.oid});
  }
  /// All relations but the hidden base ones, by oid.
  std::vector<const StoredRelation*> relations() const {
    std::vector<const StoredRelation*> result;
    for (const auto& [oid, stored] : snapshot.relations()) {
      if (stored->relation.schema != kBaseSchema) result.push_back(stored.get());
    }
    for (const auto& [oid, stored] : temporary->relations()) result.push_back(stored.get());
    std::ranges::sort(result, {}, [](const StoredRelation* stored) { return stored->relation.oid; });
    return result;
  }
  std::string grantee_name(const AclItem& item) const {
    switch (item.grantee_class) {
      case GranteeClass::kPublic:
        return "public";
      case GranteeClass::kUser:
        return user_name(item.grantee);
      case GranteeClass::kGroup:
        return access.groups().contains(item.grantee) ? access.groups().at(item.grantee).name : "unknown";
      case GranteeClass::kRole:
        break;
    }
    return access.roles().contains(item.grantee) ? access.roles().at(item.grantee).name : "unknown";
  }

  std::shared_ptr<const SessionCatalog> catalog;
  const CatalogSnapshot& snapshot;
  const Access& access;
  const Identity who;
  CatalogSnapshotPtr temporary;
  std::string temporary_schema;
};

/// PostgreSQL's letter of a privilege in an ACL (guide page r_PG_DEFAULT_ACL); 'D' drop, 'A' alter, 'T' temporary.
char acl_letter(std::string_view privilege) {
  if (privilege == "select") return 'r';
  if (privilege == "insert") return 'a';
  if (privilege == "update") return 'w';
  if (privilege == "delete") return 'd';
  if (privilege == "references") return 'x';
  if (privilege == "execute") return 'X';
  if (privilege == "usage") return 'U';
  if (privilege == "create") return 'C';
  if (privilege == "temporary") return 'T';
  if (privilege == "drop") return 'D';
  if (privilege == "alter") return 'A';
  return 't';
}

/// {ann=r/admin,group readers=r/admin,=r/admin}
std::string acl_text(const Reader& reader, const Permissions& permissions, int16_t attnum) {
  std::vector<std::pair<std::string, std::string>> entries;  // grantee=, letters/grantor
  for (const AclItem& item : permissions.acl) {
    if (item.attnum != attnum) continue;
    std::string grantee;
    if (item.grantee_class == GranteeClass::kGroup) grantee = "group ";
    if (item.grantee_class == GranteeClass::kRole) grantee = "role ";
    if (item.grantee_class != GranteeClass::kPublic) grantee += reader.grantee_name(item);
    grantee += "=";
    auto entry = std::ranges::find(entries, grantee, &std::pair<std::string, std::string>::first);
    if (entry == entries.end()) entry = entries.insert(entry, {grantee, ""});
    entry->second += acl_letter(item.privilege);
    if (item.option) entry->second += '*';
  }
  if (entries.empty()) return "";
  std::string text;
  for (const auto& [grantee, letters] : entries) {
    text += (text.empty() ? "{" : ",") + grantee + letters + "/" + reader.user_name(permissions.owner);
  }
  return text + "}";
}

// ---- relations and their columns

std::string relation_definition(const semantics::Relation& relation) {
  return relation.kind == RelationKind::kSystemTable ? "" : relation.view_text;
}

/// SVV_TABLE_INFO's text of a distribution style (guide page r_SVV_TABLE_INFO).
std::string dist_style(const StoredRelation& stored) {
  for (const auto& column : stored.relation.columns) {
    if (column.dist_key) return "KEY(" + column.name + ")";
  }
  switch (stored.dist_style) {
    case sql::DistStyle::kEven:
      return "EVEN";
    case sql::DistStyle::kAll:
      return "ALL";
    default:
      return "AUTO(ALL)";
  }
}

/// pg_class.reldiststyle: 0 EVEN, 1 KEY, 8 ALL, 10 AUTO(ALL) (guide page r_PG_CLASS_INFO).
int dist_number(const StoredRelation& stored) {
  const std::string style = dist_style(stored);
  return style == "EVEN" ? 0 : style == "ALL" ? 8 : style.starts_with("KEY") ? 1 : 10;
}

void fill_relations(Context& context, SystemRows& rows) {
  const Reader reader(context);
  for (const StoredRelation* stored : reader.relations()) {
    const semantics::Relation& relation = stored->relation;
    const bool view = !relation.view_text.empty();
    const bool visible = reader.catalog->find_relation("", relation.name) == &relation;
    const PrincipalId owner = reader.owner(*stored);
    rows.number(relation.oid).text(relation.name).number(stored->schema);
    rows.text(relation.temporary ? reader.temporary_schema : relation.schema);
    rows.number(owner).text(reader.user_name(owner)).text(view ? "v" : "r");
    rows.flag(relation.kind == RelationKind::kLateBindingView).flag(relation.temporary);
    rows.flag(relation.kind == RelationKind::kSystemTable).number(stored->last_attnum).number(dist_number(*stored));
    rows.text(dist_style(*stored));
    rows.text_or_null(acl_text(reader, reader.access.of({ObjectClass::kRelation, relation.oid}), 0));
    rows.text_or_null(relation_definition(relation)).flag(visible).flag(reader.may_see(*stored));
    rows.flag(
        std::ranges::any_of(relation.columns, [](const auto& column) { return column.default_text.has_value(); }));
    rows.flag(std::ranges::any_of(
        reader.snapshot.objects().detail(relation.oid).constraints,
        [](const auto& constraint) { return constraint.kind == sql::ConstraintKind::kPrimaryKey; }));
  }
}

void fill_columns(Context& context, SystemRows& rows) {
  const Reader reader(context);
  for (const StoredRelation* stored : reader.relations()) {
    const Permissions& permissions = reader.access.of({ObjectClass::kRelation, stored->relation.oid});
    for (const semantics::ColumnDef& column : stored->relation.columns) {
      rows.number(stored->relation.oid).text(column.name);
      put_type(rows, column.type);
      rows.number(column.attnum).flag(column.not_null);
      column.default_text ? rows.text(*column.default_text) : rows.null();
      if (column.identity) {
        rows.text("\"identity\"(" + std::to_string(stored->relation.oid) + ", " + std::to_string(column.attnum - 1) +
                  ", '" + std::to_string(column.identity->seed) + "," + std::to_string(column.identity->step) +
                  "'::text)");
      } else {
        rows.null();
      }
      rows.text(shown_encoding(*stored, column)).flag(column.dist_key).number(column.sort_key);
      rows.text_or_null(acl_text(reader, permissions, column.attnum));
    }
  }
}

void fill_schemas(Context& context, SystemRows& rows) {
  const Reader reader(context);
  const auto put = [&](Oid oid, const std::string& name, bool system) {
    const ObjectKey key{ObjectClass::kSchema, oid};
    const PrincipalId owner = system ? kSystemUser : reader.access.owner(key);
    const bool usable = system || reader.access.may(reader.who, key, "usage", {0, kDatabaseOid}) ||
                        reader.access.may(reader.who, key, "create", {0, kDatabaseOid});
    rows.number(oid).text(name).number(owner).text(reader.user_name(owner));
    rows.text_or_null(acl_text(reader, reader.access.of(key), 0)).flag(usable).flag(system);
  };
  for (const auto& [name, oid] : reader.snapshot.schemas()) {
    put(oid, name, oid == kPgCatalogSchema || oid == kInformationSchema);
  }
  if (!reader.temporary->relations().empty()) put(0, reader.temporary_schema, true);
}

// ---- users, groups, roles, grants

void fill_users(Context& context, SystemRows& rows) {
  const Reader reader(context);
  for (const auto& [id, user] : reader.access.users()) {
    const bool own = reader.who.super || id == reader.who.user;
    rows.number(id).text(user.name).flag(user.create_db).flag(user.super).text_or_null(user.valid_until);
    user.connection_limit ? rows.text(std::to_string(*user.connection_limit)) : rows.text("UNLIMITED");
    rows.flag(user.unrestricted).number(user.session_timeout_s.value_or(0));
    std::string settings;
    for (const auto& [name, value] : user.settings) settings += (settings.empty() ? "{" : ",") + name + "=" + value;
    rows.text_or_null(settings.empty() ? "" : settings + "}").text_or_null(user.external_id).flag(own);
  }
}

void fill_groups(Context& context, SystemRows& rows) {
  const Reader reader(context);
  for (const auto& [id, group] : reader.access.groups()) {
    std::string members;
    for (const PrincipalId member : group.members) members += (members.empty() ? "" : ",") + std::to_string(member);
    rows.number(id).text(group.name).text("{" + members + "}");
  }
}

void fill_group_members(Context& context, SystemRows& rows) {
  const Reader reader(context);
  for (const auto& [id, group] : reader.access.groups()) {
    for (const PrincipalId member : group.members) rows.number(id).number(member);
  }
}

void fill_roles(Context& context, SystemRows& rows) {
  const Reader reader(context);
  for (const auto& [id, role] : reader.access.roles()) {
    const bool mine = reader.who.super || reader.who.roles.contains(id) || role.owner == reader.who.user;
    rows.number(id).text(role.name).number(role.owner).text(reader.user_name(role.owner));
    rows.text_or_null(role.external_id).flag(mine);
  }
}

void fill_role_members(Context& context, SystemRows& rows) {
  const Reader reader(context);
  for (const auto& [id, role] : reader.access.roles()) {
    for (const RoleMember& member : role.members) {
      const bool known = member.is_role ? reader.access.roles().contains(member.id) : true;
      if (!known) continue;
      const bool own = member.is_role ? reader.who.roles.contains(member.id) : member.id == reader.who.user;
      rows.number(id).text(role.name).flag(member.is_role).number(member.id);
      rows.text(member.is_role ? reader.access.roles().at(member.id).name : reader.user_name(member.id));
      rows.flag(member.admin).flag(own || reader.who.super);
    }
  }
}

/// Each role that a user has, also through roles.
void fill_user_roles(Context& context, SystemRows& rows) {
  const Reader reader(context);
  for (const auto& [id, user] : reader.access.users()) {
    for (const PrincipalId role : reader.access.identity(user).roles) {
      rows.number(id).text(user.name).text(reader.access.roles().at(role).name);
    }
  }
}

/// Each role that a role has, also through roles.
void fill_role_roles(Context& context, SystemRows& rows) {
  const Reader reader(context);
  for (const auto& [id, role] : reader.access.roles()) {
    std::set<PrincipalId> has{id};
    for (bool grown = true; grown;) {
      grown = false;
      for (const auto& [other_id, other] : reader.access.roles()) {
        const auto granted = [&](const RoleMember& member) { return member.is_role && has.contains(member.id); };
        if (std::ranges::any_of(other.members, granted) && has.insert(other_id).second) grown = true;
      }
    }
    for (const PrincipalId each : has) {
      if (each != id) rows.text(role.name).text(reader.access.roles().at(each).name);
    }
  }
}

struct Named {
  std::string kind, schema, name;
  std::string part;  // the column; a function's argument types
};

/// What an item is about; nothing when the object is gone.
std::optional<Named> described(const Reader& reader, const ObjectKey& key, const AclItem& item) {
  const auto schema_name = [&](Oid oid) -> std::string {
    for (const auto& [name, schema] : reader.snapshot.schemas()) {
      if (schema == oid) return name;
    }
    return "";
  };
  const std::string database(reader.catalog->database());
  switch (key.object_class) {
    case ObjectClass::kDatabase:
      return Named{"database", "", database, ""};
    case ObjectClass::kSchema:
      return Named{"schema", schema_name(key.oid), schema_name(key.oid), ""};
    case ObjectClass::kRelation: {
      const StoredRelation* stored = reader.catalog->stored(key.oid);
      if (!stored) return std::nullopt;
      std::string column;
      for (const auto& each : stored->relation.columns) {
        if (item.attnum != 0 && each.attnum == item.attnum) column = each.name;
      }
      return Named{item.attnum != 0 ? "column" : "relation", stored->relation.schema, stored->relation.name, column};
    }
    case ObjectClass::kFunction: {
      const auto& functions = reader.snapshot.objects().functions();
      const auto found = functions.find(key.oid);
      if (found == functions.end()) return std::nullopt;
      return Named{"function", found->second.schema, found->second.name, argument_types(found->second)};
    }
    case ObjectClass::kProcedure:
      return Named{"procedure", "", std::to_string(key.oid), ""};
    case ObjectClass::kLanguage: {
      constexpr std::string_view kLanguages[] = {"sql", "plpgsql", "plpythonu", "exfunc", "mlfunc"};
      return Named{"language", "", std::string(kLanguages[std::min<size_t>(key.oid - 1, 4)]), ""};
    }
    case ObjectClass::kSystem:
      return Named{"system", "", "", ""};
    case ObjectClass::kScopedDatabase:
      return Named{"scoped database", "", database, ""};
    case ObjectClass::kScopedSchema:
      return Named{"scoped schema", schema_name(key.oid), schema_name(key.oid), ""};
    case ObjectClass::kDefaultAcl:
      return Named{"default", schema_name(key.oid), schema_name(key.oid), ""};
    case ObjectClass::kAssumeRole:
      return Named{"assumerole", "", "", ""};
  }
  return std::nullopt;
}

void fill_grants(Context& context, SystemRows& rows) {
  const Reader reader(context);
  constexpr std::string_view kGrantees[] = {"public", "user", "group", "role"};
  for (const auto& [key, permissions] : reader.access.objects()) {
    for (const AclItem& item : permissions.acl) {
      const auto named = described(reader, key, item);
      if (!named) continue;
      const size_t colon = item.privilege.find(':');
      const bool scoped = colon != std::string::npos;
      const bool seen = reader.who.super || reader.who.is(item) || reader.access.owns(reader.who, key);
      rows.text(named->kind).number(key.oid).text(named->schema).text(named->name).text(named->part);
      rows.text(ascii_upper(scoped ? item.privilege.substr(colon + 1) : item.privilege));
      rows.text(scoped ? ascii_upper(item.privilege.substr(0, colon)) : "");
      rows.text(kGrantees[static_cast<size_t>(item.grantee_class)]).number(item.grantee);
      rows.text(reader.grantee_name(item)).number(item.grantor).text(reader.user_name(item.grantor));
      rows.flag(item.option).flag(seen);
    }
  }
}

/// One row for each privilege that each user has on each relation of users, in whatever way; for HAS_TABLE_PRIVILEGE.
void fill_relation_access(Context& context, SystemRows& rows) {
  const Reader reader(context);
  constexpr std::string_view kAll[] = {"select",     "insert", "update", "delete",
                                       "references", "drop",   "alter",  "truncate"};
  for (const auto& [id, user] : reader.access.users()) {
    const Identity identity = reader.access.identity(user);
    for (const StoredRelation* stored : reader.relations()) {
      const semantics::Relation& relation = stored->relation;
      const bool system = relation.kind == RelationKind::kSystemTable;
      const ObjectKey key{ObjectClass::kRelation, relation.oid};
      for (std::string_view privilege : kAll) {
        const bool may = system ? privilege == "select" && (identity.super || !stored->superuser_only)
                                : reader.access.may(identity, key, privilege, {stored->schema, kDatabaseOid});
        if (!may) continue;
        const bool visible = reader.catalog->find_relation("", relation.name) == &relation;
        rows.number(id).text(user.name).number(relation.oid).text(relation.schema + "." + relation.name);
        visible ? rows.text(relation.name) : rows.null();
        rows.text(privilege);
      }
    }
  }
}

void fill_schema_access(Context& context, SystemRows& rows) {
  const Reader reader(context);
  constexpr std::string_view kAll[] = {"create", "usage", "alter", "drop"};
  for (const auto& [id, user] : reader.access.users()) {
    const Identity identity = reader.access.identity(user);
    for (const auto& [name, oid] : reader.snapshot.schemas()) {
      const bool system = oid == kPgCatalogSchema || oid == kInformationSchema;
      for (std::string_view privilege : kAll) {
        const bool may = (system && privilege == "usage") ||
                         reader.access.may(identity, {ObjectClass::kSchema, oid}, privilege, {0, kDatabaseOid});
        if (may) rows.number(id).text(user.name).text(name).text(privilege);
      }
    }
  }
}

void fill_database_access(Context& context, SystemRows& rows) {
  const Reader reader(context);
  constexpr std::string_view kAll[] = {"create", "temporary", "usage", "alter"};
  for (const auto& [id, user] : reader.access.users()) {
    const Identity identity = reader.access.identity(user);
    for (std::string_view privilege : kAll) {
      if (!reader.access.may(identity, {ObjectClass::kDatabase, kDatabaseOid}, privilege)) continue;
      rows.number(id).text(user.name).text(reader.catalog->database()).text(privilege);
    }
  }
}

// ---- the rest

void fill_databases(Context& context, SystemRows& rows) {
  const Reader reader(context);
  const PrincipalId owner = reader.access.owner({ObjectClass::kDatabase, kDatabaseOid});
  rows.number(kDatabaseOid).text(reader.catalog->database()).number(owner).text(reader.user_name(owner));
  rows.text_or_null(acl_text(reader, reader.access.of({ObjectClass::kDatabase, kDatabaseOid}), 0));
}

void fill_settings(Context& context, SystemRows& rows) {
  for (const auto& [name, value] : context.settings.all()) rows.text(name).text(value);
}

void fill_types(Context&, SystemRows& rows) {
  for (size_t id = 0; id < engine::kTypeCount; ++id) {
    const Type type = Type::of(static_cast<TypeId>(id));
    rows.number(engine::oid(type)).text(engine::typname(type)).number(engine::typlen(type)).text(plain_type_name(type));
  }
  // PostgreSQL's own that catalog columns of other servers have; clients look them up.
  struct Plain {
    int oid;
    const char* name;
    int length;
  };
  for (const Plain& plain : {Plain{19, "name", 128}, Plain{25, "text", -1}, Plain{26, "oid", 4}}) {
    rows.number(plain.oid).text(plain.name).number(plain.length).text(plain.name);
  }
}

void fill_policies(Context& context, SystemRows& rows) {
  const Reader reader(context);
  for (const auto& [key, policy] : reader.access.policies()) {
    rows.flag(policy.masking).text(policy.name).text(policy.text).text(reader.user_name(policy.owner));
  }
}

/// DuckDB's blocks that hold the table's rows, each counted whole, and what of it no checkpoint has written yet.
std::string storage_sql(const std::string& table) {
  constexpr int kBlockBytes = 256 << 10;
  return "WITH s AS MATERIALIZED (SELECT persistent, count, segment_type, list_append(coalesce(additional_block_ids, "
         "[]), block_id) AS blocks FROM pragma_storage_info('" +
         table + "')) SELECT ((SELECT count(DISTINCT b) * " + std::to_string(kBlockBytes) +
         " FROM (SELECT unnest(blocks) AS b FROM s WHERE persistent) WHERE b >= 0) + (SELECT coalesce(sum(count * CASE "
         "segment_type WHEN 'VALIDITY' THEN 0 WHEN 'VARCHAR' THEN 16 ELSE 8 END), 0) FROM s WHERE NOT "
         "persistent))::BIGINT";
}

/// Counted now: users' tables only.
void fill_table_stats(Context& context, SystemRows& rows) {
  const Reader reader(context);
  const auto number = [&](const std::string& sql) {
    duck::Result result = context.run(sql);
    return result.fetch()->columns[0].values<int64_t>()[0];
  };
  for (const StoredRelation* stored : reader.relations()) {
    if (stored->relation.kind != RelationKind::kTable) continue;
    const std::string table = Context::physical_name(stored->relation);
    constexpr int64_t kMegabyte = 1 << 20;
    rows.number(stored->relation.oid).number(number("SELECT count(*) FROM " + table));
    rows.number((number(storage_sql(table)) + kMegabyte - 1) / kMegabyte);
  }
}

int32_t numeric_precision(const Type& type) {
  switch (type.id) {
    case TypeId::kSmallint:
      return 16;
    case TypeId::kInteger:
      return 32;
    case TypeId::kBigint:
      return 64;
    case TypeId::kReal:
      return 24;
    case TypeId::kDouble:
      return 53;
    case TypeId::kDecimal:
      return type.precision;
    default:
      return 0;
  }
}

}  // namespace

std::string plain_type_name(const Type& type) {
  const std::string name = engine::to_string(type);
  return name.substr(0, name.find('('));
}

void put_type(SystemRows& rows, const Type& type) {
  rows.number(engine::oid(type)).number(engine::typmod(type)).text(engine::to_string(type));
  rows.text(plain_type_name(type));
  type.is_string() ? rows.number(type.length) : rows.null();
  const int32_t precision = numeric_precision(type);
  precision > 0 ? rows.number(precision).number(type.is_float() ? 2 : type.is_integer() ? 2 : 10) : rows.null().null();
  if (type.is_integer() || type.id == TypeId::kDecimal) {
    rows.number(type.scale);
  } else {
    rows.null();
  }
  type.is_datetime() && type.id != TypeId::kDate ? rows.number(6) : rows.null();
}

// Guide page c_Compression_encodings.
std::string shown_encoding(const StoredRelation& stored, const semantics::ColumnDef& column) {
  if (stored.relation.kind != RelationKind::kTable) return "none";
  if (!column.encode.empty()) return column.encode == "raw" ? "none" : column.encode;
  if (column.sort_key != 0 || stored.relation.temporary) return "none";
  const Type& type = column.type;
  if (type.is_string() || type.id == TypeId::kVarbyte) return "lzo";
  if (type.is_integer() || type.id == TypeId::kDecimal || type.is_datetime()) return "az64";
  return type.id == TypeId::kSuper ? "zstd" : "none";
}

std::vector<BaseRelation> catalog_bases() {
  return {
      {"relations",
       R"(oid oid, name name, schemaid oid, schemaname name, ownerid int, owner name, kind char(1), latebinding bool,
           temporary bool, system bool, natts smallint, diststyle smallint, distname text, acl text, definition text,
           visible bool, accessible bool, hasdefaults bool, haskey bool)",
       fill_relations},
      {"columns",
       R"(relid oid, name name, typid oid, typmod int, typename text, plaintype text, charlength int, numprecision
           int, numradix int, numscale int, timeprecision int, num smallint, notnull bool, defaulttext text, identity
           text, encoding text, distkey bool, sortkey smallint, acl text)",
       fill_columns},
      {"schemas", "oid oid, name name, ownerid int, owner name, acl text, usable bool, system bool", fill_schemas},
      {"users",
       R"(id int, name name, createdb bool, super bool, validuntil text, connectionlimit text, unrestricted bool,
           timeout int, settings text, externalid text, own bool)",
       fill_users},
      {"groups", "id int, name name, members text", fill_groups},
      {"group_members", "id int, member int", fill_group_members},
      {"roles", "id int, name name, ownerid int, owner name, externalid text, mine bool", fill_roles},
      {"role_members", "id int, name name, isrole bool, memberid int, member name, admin bool, own bool",
       fill_role_members},
      {"user_roles", "id int, name name, role name", fill_user_roles},
      {"role_roles", "name name, role name", fill_role_roles},
      {"grants",
       R"(kind text, oid oid, schemaname name, name name, part text, privilege text, scope text, granteekind
           text, granteeid int, grantee name, grantorid int, grantor name, option bool, seen bool)",
       fill_grants},
      {"relation_access", "userid int, username name, relid oid, fullname text, name name, privilege text",
       fill_relation_access},
      {"schema_access", "userid int, username name, name name, privilege text", fill_schema_access},
      {"database_access", "userid int, username name, name name, privilege text", fill_database_access},
      {"databases", "oid oid, name name, ownerid int, owner name, acl text", fill_databases},
      {"settings", "name name, setting text", fill_settings},
      {"types", "oid oid, name name, length smallint, shown text", fill_types},
      {"policies", "masking bool, name name, text text, owner name", fill_policies},
      {"table_stats", "relid oid, rows bigint, megabytes bigint", fill_table_stats},
  };
}

}  // namespace garland::embedded
