// The base relations about what the catalog knows besides columns: constraints, comments, SQL functions, databases,
// materialized views.
#include <algorithm>

#include "embedded/context.h"
#include "embedded/system_lists.h"
#include "sql/printer.h"

namespace garland::embedded {

namespace {

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

std::string column_list(const semantics::Relation& relation, const std::vector<int16_t>& attnums) {
  std::string text;
  for (const int16_t attnum : attnums) {
    const auto found = std::ranges::find(relation.columns, attnum, &semantics::ColumnDef::attnum);
    text += (text.empty() ? "(" : ", ") + (found == relation.columns.end() ? "" : sql::quote_identifier(found->name));
  }
  return text + ")";
}

/// What PG_GET_CONSTRAINTDEF tells; tables that the search path does not lead to have their schema.
std::string constraint_definition(const SessionCatalog& catalog, Oid table, const Constraint& constraint) {
  const StoredRelation* own = catalog.snapshot().find(table);
  if (constraint.kind != sql::ConstraintKind::kForeignKey) {
    const bool primary = constraint.kind == sql::ConstraintKind::kPrimaryKey;
    return (primary ? "PRIMARY KEY " : "UNIQUE ") + column_list(own->relation, constraint.columns);
  }
  std::string text = "FOREIGN KEY " + column_list(own->relation, constraint.columns);
  const StoredRelation* target = catalog.snapshot().find(constraint.referenced);
  if (!target) return text;
  const semantics::Relation& relation = target->relation;
  const bool visible = catalog.find_relation("", relation.name) == &relation;
  return text + " REFERENCES " + (visible ? "" : sql::quote_identifier(relation.schema) + ".") +
         sql::quote_identifier(relation.name) + column_list(relation, constraint.referenced_columns);
}

void fill_constraints(Context& context, SystemRows& rows) {
  const auto catalog = context.catalog();
  const Objects& objects = catalog->snapshot().objects();
  each_constraint(context, [&](Oid relation, size_t place, const Constraint& constraint) {
    const bool foreign = constraint.kind == sql::ConstraintKind::kForeignKey;
    rows.number(constraint_oid(relation, place)).text(constraint.name).number(relation);
    rows.text(std::string(1, letter(constraint.kind))).text(numbers(constraint.columns));
    rows.number(static_cast<int64_t>(constraint.columns.size()));
    rows.number(constraint.referenced);
    foreign ? rows.text(numbers(constraint.referenced_columns)) : rows.null();
    const std::string* target = foreign ? target_name(objects, constraint) : nullptr;
    target ? rows.text(*target) : rows.null();
    rows.text(constraint_definition(*catalog, relation, constraint));
  });
}

void fill_constraint_columns(Context& context, SystemRows& rows) {
  each_constraint(context, [&](Oid relation, size_t place, const Constraint& constraint) {
    for (size_t i = 0; i < constraint.columns.size(); ++i) {
      rows.number(constraint_oid(relation, place)).number(relation).number(constraint.columns[i]);
      rows.number(static_cast<int64_t>(i) + 1);
      i < constraint.referenced_columns.size() ? rows.number(constraint.referenced_columns[i]) : rows.null();
    }
  });
}

void fill_comments(Context& context, SystemRows& rows) {
  const CatalogSnapshot& snapshot = context.catalog()->snapshot();
  for (const auto& [key, text] : snapshot.objects().comments()) {
    const bool relation = snapshot.find(key.object) != nullptr;
    if (key.part < 0) {
      rows.number(constraint_oid(key.object, static_cast<size_t>(-1 - key.part))).text("pg_constraint").number(0);
    } else {
      rows.number(key.object).text(relation ? "pg_class" : "pg_database").number(key.part);
    }
    rows.text(text);
  }
}

void fill_functions(Context& context, SystemRows& rows) {
  const CatalogSnapshot& snapshot = context.catalog()->snapshot();
  for (const auto& [oid, function] : snapshot.objects().functions()) {
    std::string oids, plain;
    for (const engine::Type& type : function.arguments) {
      oids += (oids.empty() ? "" : " ") + std::to_string(engine::oid(type));
      plain += (plain.empty() ? "" : ", ") + plain_type_name(type);
    }
    const Oid* schema = snapshot.find_schema(function.schema);
    rows.number(oid)
        .text(function.name)
        .number(schema ? *schema : 0)
        .text(function.schema)
        .text(argument_types(function))
        .text(oids);
    rows.number(static_cast<int64_t>(function.arguments.size())).number(engine::oid(function.returns));
    rows.text(engine::to_string(function.returns)).text(std::string(1, function.volatility)).text(function.body);
    rows.text(plain).text(plain_type_name(function.returns));
  }
}

void fill_function_arguments(Context& context, SystemRows& rows) {
  for (const auto& [oid, function] : context.catalog()->snapshot().objects().functions()) {
    for (size_t i = 0; i < function.arguments.size(); ++i) {
      rows.number(oid).number(static_cast<int64_t>(i) + 1);
      put_type(rows, function.arguments[i]);
    }
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

std::string argument_types(const semantics::Function& function) {
  std::string types;
  for (const engine::Type& type : function.arguments) types += (types.empty() ? "" : ", ") + engine::to_string(type);
  return types;
}

std::vector<BaseRelation> object_bases() {
  return {
      {"constraints",
       "oid oid, name name, relid oid, kind char(1), columns text, columncount smallint, referenced oid, "
       "referencedcolumns text, target name, definition text",
       fill_constraints},
      {"constraint_columns", "conid oid, relid oid, attnum smallint, place int, referencednum smallint",
       fill_constraint_columns},
      {"comments", "objoid oid, class name, part int, text text", fill_comments},
      {"functions",
       "oid oid, name name, schemaid oid, schemaname name, types text, typeoids text, arguments smallint, returnoid "
       "oid, "
       "returns text, volatility char(1), body text, plaintypes text, plainreturns text",
       fill_functions},
      {"function_arguments",
       "funcid oid, place int, typid oid, typmod int, typename text, plaintype text, charlength int, numprecision int, "
       "numradix int, numscale int, timeprecision int",
       fill_function_arguments},
      {"other_databases", "oid oid, name name, ownerid int, isolation text", fill_other_databases},
      {"materialized", "relid oid, stale bool, incremental bool, autorefresh bool", fill_materialized},
  };
}

}  // namespace garland::embedded
