#include "embedded/system_relations.h"

#include <algorithm>
#include <charconv>
#include <map>

#include "base/error.h"
#include "base/hash.h"
#include "embedded/system_lists.h"
#include "embedded/system_tables.h"
#include "sql/printer.h"

namespace garland::embedded {

using engine::Type;
using engine::TypeId;

namespace {

constexpr Oid kFirstSystemRelation = 20000;

int32_t number_at(std::string_view text) {
  int32_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

struct Column {
  std::string name, type;
};

/// "name type, name numeric(5,2)": commas inside parentheses do not divide.
std::vector<Column> parsed_columns(std::string_view text) {
  std::vector<Column> columns;
  size_t begin = 0;
  int depth = 0;
  for (size_t i = 0; i <= text.size(); ++i) {
    if (i < text.size() && text[i] == '(') ++depth;
    if (i < text.size() && text[i] == ')') --depth;
    if (i < text.size() && (text[i] != ',' || depth > 0)) continue;
    std::string_view one = text.substr(begin, i - begin);
    while (!one.empty() && (one.front() == ' ' || one.front() == '\n')) one.remove_prefix(1);
    const size_t blank = one.find_first_of(" \n");
    if (blank == std::string_view::npos)
      throw Error(kInternalError, "a system column without a type: " + std::string(one));
    std::string name(one.substr(0, blank));
    std::erase(name, '"');
    columns.push_back({std::move(name), std::string(one.substr(one.find_first_not_of(" \n", blank)))});
    begin = i + 1;
  }
  return columns;
}

std::shared_ptr<StoredRelation> define(Oid oid, std::string_view schema, std::string_view name,
                                       std::string_view columns) {
  auto stored = std::make_shared<StoredRelation>();
  stored->schema = schema == "information_schema" ? kInformationSchema : kPgCatalogSchema;
  semantics::Relation& relation = stored->relation;
  relation.oid = oid;
  relation.schema = schema;
  relation.name = name;
  relation.kind = semantics::RelationKind::kSystemTable;
  for (const Column& column : parsed_columns(columns)) {
    semantics::ColumnDef& added = relation.columns.emplace_back();
    added.attnum = static_cast<int16_t>(relation.columns.size());
    added.name = column.name;
    added.type = system_type(column.type);
    added.may_have_trailing_blanks = false;
  }
  stored->last_attnum = static_cast<int16_t>(relation.columns.size());
  return stored;
}

/// The query with every column cast to its declared type.
std::string typed_query(const semantics::Relation& relation, std::string_view query) {
  std::string items, names;
  for (const semantics::ColumnDef& column : relation.columns) {
    const std::string name = "c" + std::to_string(column.attnum);
    items += (items.empty() ? "" : ", ") + std::string("cast(") + name + " as " + engine::to_string(column.type) + ")";
    names += (names.empty() ? "" : ", ") + name;
  }
  return "select " + items + " from (" + std::string(query) + ") as v(" + names + ")";
}

/// The view in pg_catalog that shows of a load log what its reader may see.
StoredRelationPtr own_rows(Oid oid, const StoredRelation& log) {
  auto stored = std::make_shared<StoredRelation>(log);
  stored->schema = kPgCatalogSchema;
  semantics::Relation& relation = stored->relation;
  relation.oid = oid;
  relation.schema = "pg_catalog";
  std::string columns;
  for (const semantics::ColumnDef& column : relation.columns)
    columns += (columns.empty() ? "l." : ", l.") + column.name;
  relation.view_text = "select " + columns + " from garland_base." + relation.name +
                       " l cross join garland_base.viewer v where v.everything or l." + relation.columns[0].name +
                       " = v.id";
  return stored;
}

struct Registry {
  std::vector<StoredRelationPtr> relations;
  std::map<Oid, BaseRelation> bases;
};

/// The same in every version of the program, whatever relations come and go: stored views remember what they read by
/// oid. (Two names that meet would be noticed at the first start.)
Oid stable_oid(std::string_view schema, std::string_view name) {
  const uint64_t hash = fnv1a(name, fnv1a(".", fnv1a(schema)));
  return static_cast<Oid>(kFirstSystemRelation + hash % (kFirstUserOid - kFirstSystemRelation));
}

void require_distinct(const std::vector<StoredRelationPtr>& relations) {
  std::map<Oid, std::string> names;
  for (const StoredRelationPtr& stored : relations) {
    const auto [known, added] = names.emplace(stored->relation.oid, stored->relation.name);
    if (!added) throw Error(kInternalError, "one oid for " + known->second + " and " + stored->relation.name);
  }
}

Registry build() {
  Registry registry;
  for (const auto& family : {catalog_bases(), object_bases(), activity_bases(), listed_bases()}) {
    for (const BaseRelation& base : family) {
      const Oid oid = stable_oid(kBaseSchema, base.name);
      auto stored = define(oid, kBaseSchema, base.name, base.columns);
      stored->computed = true;
      registry.relations.push_back(std::move(stored));
      registry.bases[oid] = base;
    }
  }
  for (const auto& family : {pg_views(), information_views(), svv_views(), activity_views()}) {
    for (const SystemView& view : family) {
      auto stored = define(stable_oid(view.schema, view.name), view.schema, view.name, view.columns);
      stored->relation.view_text = typed_query(stored->relation, view.query);
      stored->superuser_only = view.visibility == SystemVisibility::kSuperuser;
      registry.relations.push_back(std::move(stored));
    }
  }
  for (const StoredRelationPtr& table : system_tables()) {
    if (!is_load_log(table->relation.oid)) continue;
    registry.relations.push_back(own_rows(stable_oid("pg_catalog", table->relation.name), *table));
  }
  require_distinct(registry.relations);
  return registry;
}

const Registry& registry() {
  static const Registry built = build();
  return built;
}

}  // namespace

Type system_type(std::string_view name) {
  struct Named {
    std::string_view name;
    Type type;
  };
  static const Named kTypes[] = {
      {"name", Type::varchar(128)},
      {"oid", Type::of(TypeId::kBigint)},
      {"int", Type::of(TypeId::kInteger)},
      {"bigint", Type::of(TypeId::kBigint)},
      {"smallint", Type::of(TypeId::kSmallint)},
      {"bool", Type::of(TypeId::kBoolean)},
      {"text", Type::varchar(kMaxVarcharBytes)},
      {"timestamp", Type::of(TypeId::kTimestamp)},
      {"timestamptz", Type::of(TypeId::kTimestampTz)},
      {"date", Type::of(TypeId::kDate)},
      {"real", Type::of(TypeId::kReal)},
      {"double", Type::of(TypeId::kDouble)},
  };
  for (const Named& type : kTypes) {
    if (type.name == name) return type.type;
  }
  const size_t open = name.find('('), comma = name.find(',');
  if (name.starts_with("char(")) return Type::character(number_at(name.substr(open + 1)));
  if (name.starts_with("varchar(")) return Type::varchar(number_at(name.substr(open + 1)));
  if (name.starts_with("numeric(")) {
    return Type::decimal(number_at(name.substr(open + 1)), number_at(name.substr(comma + 1)));
  }
  throw Error(kInternalError, "a system column of unknown type " + std::string(name));
}

const std::vector<StoredRelationPtr>& system_relations() { return registry().relations; }

SystemRows computed_rows(Context& context, Oid relation) {
  const auto found = registry().bases.find(relation);
  if (found == registry().bases.end()) throw Error(kInternalError, "relation is not computed");
  SystemRows rows(parsed_columns(found->second.columns).size());
  found->second.fill(context, rows);
  return rows;
}

bool is_missing_system_view(std::string_view name) {
  // Families of the guide (r_..., SYS_...): what has their prefix and no definition is refused by name.
  constexpr std::string_view kPrefixes[] = {"svv_", "svl_", "stl_", "stv_", "sys_", "svcs_"};
  constexpr std::string_view kPostgres[] = {"pg_aggregate",
                                            "pg_am",
                                            "pg_amop",
                                            "pg_amproc",
                                            "pg_cast",
                                            "pg_conversion",
                                            "pg_default_acl",
                                            "pg_external_schema",
                                            "pg_indexes",
                                            "pg_inherits",
                                            "pg_language",
                                            "pg_largeobject",
                                            "pg_library",
                                            "pg_listener",
                                            "pg_locks",
                                            "pg_opclass",
                                            "pg_operator",
                                            "pg_rules",
                                            "pg_shadow",
                                            "pg_stat_activity",
                                            "pg_statistic",
                                            "pg_statistic_indicator",
                                            "pg_stats",
                                            "pg_tablespace",
                                            "pg_trigger",
                                            "pg_timezone_names",
                                            "pg_timezone_abbrevs"};
  for (std::string_view prefix : kPrefixes) {
    if (name.starts_with(prefix)) return true;
  }
  return std::ranges::find(kPostgres, name) != std::end(kPostgres);
}

}  // namespace garland::embedded
