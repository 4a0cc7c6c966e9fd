// The base relations about what the catalog knows besides columns: constraints, comments, SQL functions, databases,
// materialized views.
#include "embedded/context.h"
#include "embedded/system_relations.h"

namespace garland::embedded {

namespace {

constexpr int64_t kClassOfRelations = 1259, kClassOfConstraints = 2606, kClassOfDatabases = 1262;  // pg_class.oid of …

/// Constraints have no oids of their own: the table's and the place in its list make one.
int64_t constraint_oid(Oid table, size_t place) {
  return static_cast<int64_t>(table) + (static_cast<int64_t>(place + 1) << 32);
}

char letter(sql::ConstraintKind kind) {
  switch (kind) {
    case sql::ConstraintKind::kPrimaryKey:
      return 'p';
    case sql::ConstraintKind::kForeignKey:
      return 'f';
    case sql::ConstraintKind::kUnique:
      break;
  }
  return 'u';
}

std::string numbers(const std::vector<int16_t>& attnums) {
  std::string text;
  for (const int16_t attnum : attnums) text += (text.empty() ? "{" : ",") + std::to_string(attnum);
  return text + "}";
}

template <typename Each>
void each_constraint(Context& context, Each each) {
  const CatalogSnapshot& snapshot = context.catalog()->snapshot();
  for (const auto& [relation, detail] : snapshot.objects().details()) {
    if (!snapshot.find(relation)) continue;
    for (size_t i = 0; i < detail.constraints.size(); ++i) each(relation, i, detail.constraints[i]);
  }
}

/// The key that a foreign key means.
const std::string* target_name(const Objects& objects, const Constraint& foreign) {
  for (const Constraint& key : objects.detail(foreign.referenced).constraints) {
    if (key.kind != sql::ConstraintKind::kForeignKey && key.columns == foreign.referenced_columns) return &key.name;
  }
  return nullptr;
}

void fill_constraints(Context& context, SystemRows& rows) {
  const Objects& objects = context.catalog()->snapshot().objects();
  each_constraint(context, [&](Oid relation, size_t place, const Constraint& constraint) {
    const bool foreign = constraint.kind == sql::ConstraintKind::kForeignKey;
    rows.number(constraint_oid(relation, place)).text(constraint.name).number(relation);
    rows.text(std::string(1, letter(constraint.kind))).text(numbers(constraint.columns));
    rows.number(constraint.referenced);
    foreign ? rows.text(numbers(constraint.referenced_columns)) : rows.null();
    const std::string* target = foreign ? target_name(objects, constraint) : nullptr;
    target ? rows.text(*target) : rows.null();
  });
}

void fill_constraint_columns(Context& context, SystemRows& rows) {
  each_constraint(context, [&](Oid relation, size_t place, const Constraint& constraint) {
    for (size_t i = 0; i < constraint.columns.size(); ++i) {
      rows.number(constraint_oid(relation, place)).number(relation).number(constraint.columns[i]);
      rows.number(static_cast<int64_t>(i) + 1);
    }
  });
}

void fill_comments(Context& context, SystemRows& rows) {
  const CatalogSnapshot& snapshot = context.catalog()->snapshot();
  for (const auto& [key, text] : snapshot.objects().comments()) {
    const bool relation = snapshot.find(key.object) != nullptr;
    if (key.part < 0) {
      rows.number(constraint_oid(key.object, static_cast<size_t>(-1 - key.part))).number(kClassOfConstraints).number(0);
    } else {
      rows.number(key.object).number(relation ? kClassOfRelations : kClassOfDatabases).number(key.part);
    }
    rows.text(text);
  }
}

void fill_functions(Context& context, SystemRows& rows) {
  const CatalogSnapshot& snapshot = context.catalog()->snapshot();
  for (const auto& [oid, function] : snapshot.objects().functions()) {
    std::string types, oids;
    for (const engine::Type& type : function.arguments) {
      types += (types.empty() ? "" : ", ") + engine::to_string(type);
      oids += (oids.empty() ? "" : " ") + std::to_string(engine::oid(type));
    }
    const Oid* schema = snapshot.find_schema(function.schema);
    rows.number(oid).text(function.name).number(schema ? *schema : 0).text(function.schema).text(types).text(oids);
    rows.number(static_cast<int64_t>(function.arguments.size())).number(engine::oid(function.returns));
    rows.text(engine::to_string(function.returns)).text(std::string(1, function.volatility)).text(function.body);
  }
}

/// The ones beside the session's own.
void fill_other_databases(Context& context, SystemRows& rows) {
  const CatalogSnapshot& snapshot = context.catalog()->snapshot();
  for (const auto& [oid, database] : snapshot.objects().databases()) {
    if (database.name == context.login.database) continue;
    const User* owner = snapshot.access().find_user(database.owner);
    rows.number(oid).text(database.name).number(owner ? owner->id : kFirstUser);
    rows.text(database.isolation == "serializable" ? "Serializable" : "Snapshot Isolation");
  }
}

void fill_materialized(Context& context, SystemRows& rows) {
  const CatalogSnapshot& snapshot = context.catalog()->snapshot();
  for (const auto& [oid, detail] : snapshot.objects().details()) {
    if (!detail.view || !snapshot.find(oid)) continue;
    rows.number(oid).flag(detail.view->stale).flag(detail.view->incremental).flag(detail.view->auto_refresh);
  }
}

}  // namespace

std::vector<BaseRelation> object_bases() {
  return {
      {"constraints",
       "oid oid, name name, relid oid, kind char(1), columns text, referenced oid, referencedcolumns text, target name",
       fill_constraints},
      {"constraint_columns", "conid oid, relid oid, attnum smallint, place int", fill_constraint_columns},
      {"comments", "objoid oid, classoid oid, part int, text text", fill_comments},
      {"functions",
       "oid oid, name name, schemaid oid, schemaname name, types text, typeoids text, arguments smallint, returnoid "
       "oid, "
       "returns text, volatility char(1), body text",
       fill_functions},
      {"other_databases", "oid oid, name name, ownerid int, isolation text", fill_other_databases},
      {"materialized", "relid oid, stale bool, incremental bool, autorefresh bool", fill_materialized},
  };
}

}  // namespace garland::embedded
