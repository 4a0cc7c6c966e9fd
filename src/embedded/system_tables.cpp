#include "embedded/system_tables.h"

#include "base/error.h"

namespace garland::embedded {

using engine::Type;
using engine::TypeId;

namespace {

struct SystemColumn {
  const char* name;
  Type type;
};

constexpr Type kOidType = Type::of(TypeId::kBigint);
constexpr Type kName = Type::varchar(128);
constexpr Type kText = Type::varchar(kMaxVarcharBytes);
constexpr Type kFlag = Type::of(TypeId::kBoolean);
constexpr Type kShort = Type::of(TypeId::kSmallint);
constexpr Type kInt = Type::of(TypeId::kInteger);
constexpr Type kLong = Type::of(TypeId::kBigint);
constexpr Type kLetter = Type::character(1);

StoredRelationPtr define(Oid oid, const char* name, std::initializer_list<SystemColumn> columns) {
  auto stored = std::make_shared<StoredRelation>();
  stored->schema = kPgCatalogSchema;
  stored->last_attnum = static_cast<int16_t>(columns.size());
  semantics::Relation& relation = stored->relation;
  relation.oid = oid;
  relation.schema = "pg_catalog";
  relation.name = name;
  relation.kind = semantics::RelationKind::kSystemTable;
  for (const SystemColumn& column : columns) {
    semantics::ColumnDef& added = relation.columns.emplace_back();
    added.attnum = static_cast<int16_t>(relation.columns.size());
    added.name = column.name;
    added.type = column.type;
    added.may_have_trailing_blanks = false;
  }
  return stored;
}

std::vector<StoredRelationPtr> define_all() {
  return {
      define(kPgNamespace, "pg_namespace", {{"oid", kOidType}, {"nspname", kName}, {"nspowner", kInt}}),
      // rellatebinding is ours: WITH NO SCHEMA BINDING
      define(kPgClass, "pg_class",
             {{"oid", kOidType},
              {"relname", kName},
              {"relnamespace", kOidType},
              {"relowner", kInt},
              {"relkind", kLetter},
              {"relnatts", kShort},
              {"reldiststyle", kShort},
              {"rellatebinding", kFlag}}),
      // attident… are ours: IDENTITY(seed, step); attidentity as in PostgreSQL ('a' always, 'd' by default)
      define(kPgAttribute, "pg_attribute",
             {{"attrelid", kOidType},
              {"attname", kName},
              {"atttypid", kOidType},
              {"atttypmod", kInt},
              {"attnum", kShort},
              {"attnotnull", kFlag},
              {"atthasdef", kFlag},
              {"attisdropped", kFlag},
              {"attencoding", kName},
              {"attisdistkey", kFlag},
              {"attsortkeyord", kShort},
              {"attidentity", kLetter},
              {"attidentseed", kLong},
              {"attidentstep", kLong}}),
      define(kPgAttrdef, "pg_attrdef", {{"adrelid", kOidType}, {"adnum", kShort}, {"adsrc", kText}}),
      define(kPgType, "pg_type", {{"oid", kOidType}, {"typname", kName}, {"typnamespace", kOidType}}),
      define(kPgDatabase, "pg_database", {{"oid", kOidType}, {"datname", kName}, {"datdba", kInt}}),
      define(kPgShadow, "pg_user",
             {{"usename", kName}, {"usesysid", kInt}, {"usecreatedb", kFlag}, {"usesuper", kFlag}}),
      define(kPgRewrite, "pg_rewrite", {{"ev_class", kOidType}, {"ev_action", kText}}),
      define(kPgDepend, "pg_depend",
             {{"objid", kOidType}, {"refobjid", kOidType}, {"refobjsubid", kInt}, {"deptype", kLetter}}),
      define(kStlLoadErrors, "stl_load_errors",
             {{"userid", kInt},
              {"slice", kInt},
              {"tbl", kInt},
              {"starttime", Type::of(TypeId::kTimestamp)},
              {"session", kInt},
              {"query", kInt},
              {"filename", Type::varchar(256)},
              {"line_number", kLong},
              {"colname", Type::varchar(127)},
              {"type", Type::varchar(10)},
              {"col_length", Type::varchar(10)},
              {"position", kInt},
              {"raw_line", Type::varchar(1024)},
              {"raw_field_value", Type::varchar(1024)},
              {"err_code", kInt},
              {"err_reason", Type::varchar(100)}}),
  };
}

}  // namespace

const std::vector<StoredRelationPtr>& system_tables() {
  static const std::vector<StoredRelationPtr> all = define_all();
  return all;
}

const semantics::Relation& system_table(Oid oid) {
  for (const StoredRelationPtr& stored : system_tables()) {
    if (stored->relation.oid == oid) return stored->relation;
  }
  throw Error(kInternalError, "no system table " + std::to_string(oid));
}

}  // namespace garland::embedded
