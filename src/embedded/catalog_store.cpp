#include "embedded/catalog_store.h"

#include <algorithm>
#include <functional>
#include <set>

#include "base/box.h"
#include "base/error.h"
#include "embedded/access_store.h"
#include "embedded/object_store.h"
#include "embedded/row_appender.h"
#include "embedded/system_relations.h"
#include "embedded/system_tables.h"
#include "embedded/translate.h"

namespace garland::embedded {

using engine::Type;
using engine::TypeId;
using semantics::RelationKind;

namespace {

/// Stands in a column's identity: a string column has none.
constexpr std::string_view kCaseInsensitive = "c";

constexpr Oid kUnknownType = 705;  // PostgreSQL's own: the columns of late-binding views

std::string physical(Oid oid) { return "w.main.t" + std::to_string(oid); }

void create_table(duck::Connection& connection, const semantics::Relation& table) {
  std::string columns;
  for (const auto& column : table.columns) {
    columns += (columns.empty() ? "c" : ", c") + std::to_string(column.attnum) + " " + duck_type(column.type);
  }
  connection.query("CREATE TABLE " + physical(table.oid) + "(" + columns + ")");
}

void store_schema(duck::Connection& connection, Oid oid, std::string_view name) {
  RowAppender schemas(connection, system_table(kPgNamespace));
  schemas.number(oid).text(name).number(1).end_row();
  schemas.finish();
}

void store_columns(duck::Connection& connection, const StoredRelation& stored) {
  const semantics::Relation& relation = stored.relation;
  RowAppender columns(connection, system_table(kPgAttribute));
  RowAppender defaults(connection, system_table(kPgAttrdef));
  std::set<int16_t> live;
  for (const auto& column : relation.columns) {
    live.insert(column.attnum);
    columns.number(relation.oid).text(column.name).number(engine::oid(column.type)).number(engine::typmod(column.type));
    columns.number(column.attnum).flag(column.not_null).flag(column.default_text.has_value()).flag(false);
    columns.text(column.encode).flag(column.dist_key).number(column.sort_key);
    columns.text(column.type.case_insensitive  ? kCaseInsensitive
                 : !column.identity            ? ""
                 : column.identity->by_default ? "d"
                                               : "a");
    columns.number(column.identity ? column.identity->seed : 0).number(column.identity ? column.identity->step : 0);
    columns.end_row();
    if (column.default_text) defaults.number(relation.oid).number(column.attnum).text(*column.default_text).end_row();
  }
  const auto placeholder = [&](std::string_view name, int attnum, bool dropped) {
    columns.number(relation.oid).text(name).number(kUnknownType).number(-1).number(attnum);
    columns.flag(false).flag(false).flag(dropped).text("").flag(false).number(0).text("").number(0).number(0).end_row();
  };
  if (relation.kind == RelationKind::kLateBindingView) {
    int attnum = 0;
    for (const auto& name : relation.view_columns) placeholder(name, ++attnum, false);
  } else {
    for (int16_t attnum = 1; attnum <= stored.last_attnum; ++attnum) {
      if (!live.contains(attnum)) placeholder("........pg.dropped." + std::to_string(attnum), attnum, true);
    }
  }
  columns.finish();
  defaults.finish();
}

void store_relation(duck::Connection& connection, const StoredRelation& stored) {
  const semantics::Relation& relation = stored.relation;
  const bool table = relation.kind == RelationKind::kTable;
  const std::string_view kind = table ? "r" : relation.kind == RelationKind::kMaterializedView ? "m" : "v";
  RowAppender classes(connection, system_table(kPgClass));
  classes.number(relation.oid).text(relation.name).number(stored.schema).number(1).text(kind);
  classes.number(stored.last_attnum).number(static_cast<int>(stored.dist_style));
  classes.flag(relation.kind == RelationKind::kLateBindingView).end_row();
  classes.finish();
  store_columns(connection, stored);
  if (!table) {
    RowAppender rules(connection, system_table(kPgRewrite));
    rules.number(relation.oid).text(relation.view_text).end_row();
    rules.finish();
  }
  RowAppender uses(connection, system_table(kPgDepend));
  for (const Dependency& use : stored.uses) {
    uses.number(relation.oid).number(use.relation).number(use.column).text("n").end_row();
  }
  uses.finish();
}

void store_flag(duck::Connection& connection, Oid relation, int16_t attnum) {
  connection.query("INSERT INTO w.main.garland_blanks VALUES (" + std::to_string(relation) + ", " +
                   std::to_string(attnum) + ")");
}

/// A table that is made with its rows (CREATE TABLE AS) comes with flags.
void store_new_flags(duck::Connection& connection, const semantics::Relation& table, const StoredRelation* old) {
  if (table.kind != RelationKind::kTable && table.kind != RelationKind::kMaterializedView) return;
  for (const auto& column : table.columns) {
    const auto known = [&](const semantics::ColumnDef& other) {
      return other.attnum == column.attnum && other.may_have_trailing_blanks;
    };
    if (!column.may_have_trailing_blanks || (old && std::ranges::any_of(old->relation.columns, known))) continue;
    store_flag(connection, table.oid, column.attnum);
  }
}

void delete_rows(duck::Connection& connection, Oid table, Oid relation) {
  connection.query("DELETE FROM " + physical(table) + " WHERE c1 = " + std::to_string(relation));
}

void unstore_relation(duck::Connection& connection, const StoredRelation& stored) {
  const Oid oid = stored.relation.oid;
  delete_rows(connection, kPgClass, oid);
  delete_rows(connection, kPgAttribute, oid);
  delete_rows(connection, kPgAttrdef, oid);
  if (stored.relation.kind != RelationKind::kTable) {
    delete_rows(connection, kPgRewrite, oid);
    delete_rows(connection, kPgDepend, oid);
  }
}

void forget(duck::Connection& connection, const ObjectKey& object, const CatalogSnapshot& before) {
  if (before.access().objects().contains(object)) store_access(connection, DropPermissions{object});
}

// ---- reading

using RowReader = std::function<void(const engine::Batch&, size_t)>;

void for_each_row(duck::Connection& connection, const semantics::Relation& table, const RowReader& read) {
  duck::Result result = connection.query("SELECT * FROM " + physical(table.oid) + " ORDER BY ALL");
  std::vector<Type> types;
  for (const auto& column : table.columns) types.push_back(column.type);
  result.expect(types);
  while (const engine::Batch* batch = result.fetch()) {
    for (size_t row = 0; row < batch->rows; ++row) read(*batch, row);
  }
}

/// Values of one row by column number from 1, as the system table declares them.
struct Row {
  const engine::Batch& batch;
  size_t row;

  int64_t number(int attnum) const {
    const engine::Column& column = batch.columns[attnum - 1];
    switch (column.type.id) {
      case TypeId::kSmallint:
        return column.values<int16_t>()[row];
      case TypeId::kInteger:
        return column.values<int32_t>()[row];
      default:
        return column.values<int64_t>()[row];
    }
  }
  bool flag(int attnum) const { return batch.columns[attnum - 1].values<uint8_t>()[row] != 0; }
  std::string text(int attnum) const { return std::string(batch.columns[attnum - 1].values<std::string_view>()[row]); }
};

using Building = std::map<Oid, std::shared_ptr<StoredRelation>>;

Building load_classes(duck::Connection& connection, const std::map<Oid, std::string>& schemas) {
  Building relations;
  for_each_row(connection, system_table(kPgClass), [&](const engine::Batch& batch, size_t index) {
    const Row row{batch, index};
    auto stored = std::make_shared<StoredRelation>();
    stored->schema = static_cast<Oid>(row.number(3));
    stored->last_attnum = static_cast<int16_t>(row.number(6));
    stored->dist_style = static_cast<sql::DistStyle>(row.number(7));
    semantics::Relation& relation = stored->relation;
    relation.oid = static_cast<Oid>(row.number(1));
    relation.name = row.text(2);
    const auto schema = schemas.find(stored->schema);
    if (schema == schemas.end()) throw Error(kDataCorrupted, "relation " + relation.name + " has no schema");
    relation.schema = schema->second;
    relation.kind = row.text(5) == "r"   ? RelationKind::kTable
                    : row.text(5) == "m" ? RelationKind::kMaterializedView
                    : row.flag(8)        ? RelationKind::kLateBindingView
                                         : RelationKind::kView;
    relations[relation.oid] = std::move(stored);
  });
  return relations;
}

semantics::ColumnDef load_column(const Row& row) {
  semantics::ColumnDef column;
  column.name = row.text(2);
  column.type = engine::type_of(static_cast<uint32_t>(row.number(3)), static_cast<int32_t>(row.number(4)));
  column.attnum = static_cast<int16_t>(row.number(5));
  column.not_null = row.flag(6);
  column.encode = row.text(9);
  column.dist_key = row.flag(10);
  column.sort_key = static_cast<int16_t>(row.number(11));
  const std::string identity = row.text(12);
  column.type.case_insensitive = identity == kCaseInsensitive;
  if (identity == "a" || identity == "d") column.identity = {row.number(13), row.number(14), identity == "d"};
  column.may_have_trailing_blanks = false;  // set by the flags' rows
  return column;
}

void load_columns(duck::Connection& connection, Building& relations) {
  for_each_row(connection, system_table(kPgAttribute), [&](const engine::Batch& batch, size_t index) {
    const Row row{batch, index};
    const auto owner = relations.find(static_cast<Oid>(row.number(1)));
    if (owner == relations.end() || row.flag(8)) return;
    semantics::Relation& relation = owner->second->relation;
    if (relation.kind == RelationKind::kLateBindingView) {
      const auto place = static_cast<size_t>(row.number(5));
      if (relation.view_columns.size() < place) relation.view_columns.resize(place);
      relation.view_columns[place - 1] = row.text(2);
    } else {
      relation.columns.push_back(load_column(row));
    }
  });
  for (auto& [oid, stored] : relations) {
    std::ranges::sort(stored->relation.columns, {}, &semantics::ColumnDef::attnum);
  }
}

semantics::ColumnDef* column_of(Building& relations, int64_t relation, int64_t attnum) {
  const auto owner = relations.find(static_cast<Oid>(relation));
  if (owner == relations.end()) return nullptr;
  for (auto& column : owner->second->relation.columns) {
    if (column.attnum == attnum) return &column;
  }
  return nullptr;
}

void load_details(duck::Connection& connection, Building& relations) {
  for_each_row(connection, system_table(kPgAttrdef), [&](const engine::Batch& batch, size_t index) {
    const Row row{batch, index};
    if (auto* column = column_of(relations, row.number(1), row.number(2))) column->default_text = row.text(3);
  });
  for_each_row(connection, system_table(kPgRewrite), [&](const engine::Batch& batch, size_t index) {
    const Row row{batch, index};
    const auto view = relations.find(static_cast<Oid>(row.number(1)));
    if (view != relations.end()) view->second->relation.view_text = row.text(2);
  });
  for_each_row(connection, system_table(kPgDepend), [&](const engine::Batch& batch, size_t index) {
    const Row row{batch, index};
    const auto view = relations.find(static_cast<Oid>(row.number(1)));
    if (view == relations.end()) return;
    view->second->uses.push_back({static_cast<Oid>(row.number(2)), static_cast<int16_t>(row.number(3))});
  });
  duck::Result flags = connection.query("SELECT DISTINCT relation, attnum FROM w.main.garland_blanks");
  while (const engine::Batch* batch = flags.fetch()) {
    for (size_t row = 0; row < batch->rows; ++row) {
      auto* column =
          column_of(relations, batch->columns[0].values<int64_t>()[row], batch->columns[1].values<int16_t>()[row]);
      if (column) column->may_have_trailing_blanks = true;
    }
  }
}

}  // namespace

int stored_format(duck::Connection& connection) {
  duck::Result tables = connection.query(
      "SELECT count(*), count(*) FILTER (table_name = 'garland_format') FROM duckdb_tables() WHERE database_name = "
      "'w'");
  const engine::Batch& counts = *tables.fetch();
  if (counts.columns[0].values<int64_t>()[0] == 0) return 0;
  if (counts.columns[1].values<int64_t>()[0] == 0) {
    throw Error(kDataCorrupted, "the warehouse file is a DuckDB database that Garland did not make");
  }
  duck::Result format = connection.query("SELECT max(version) FROM w.main.garland_format");
  return format.fetch()->columns[0].values<int32_t>()[0];
}

void create_catalog(duck::Connection& connection) {
  connection.query("CREATE TABLE w.main.garland_format(version INTEGER)");
  connection.query("INSERT INTO w.main.garland_format VALUES (" + std::to_string(kFormat) + ")");
  connection.query("CREATE TABLE w.main.garland_blanks(relation BIGINT, attnum SMALLINT)");
  for (const StoredRelationPtr& table : system_tables()) {
    if (table->relation.oid != kGarlandDetail) create_table(connection, table->relation);
  }
  create_objects(connection);
  store_schema(connection, kPgCatalogSchema, "pg_catalog");
  store_schema(connection, kPublicSchema, "public");
  create_access(connection);
}

void add_system_tables(duck::Connection& connection) {
  std::set<std::string> present;
  duck::Result tables = connection.query("SELECT table_name FROM duckdb_tables() WHERE database_name = 'w'");
  while (const engine::Batch* batch = tables.fetch()) {
    for (size_t row = 0; row < batch->rows; ++row) {
      present.emplace(batch->columns[0].values<std::string_view>()[row]);
    }
  }
  for (const StoredRelationPtr& table : system_tables()) {
    if (!present.contains("t" + std::to_string(table->relation.oid))) create_table(connection, table->relation);
  }
}

void migrate_catalog(duck::Connection& connection, int from) {
  if (from < 1) {
    throw Error(kDataCorrupted, "the warehouse file has format " + std::to_string(from) + ", which never existed");
  }
  if (from < 2) create_access(connection);
  if (from < 3) create_objects(connection);
  connection.query("UPDATE w.main.garland_format SET version = " + std::to_string(kFormat));
}

LoadedCatalog load_catalog(duck::Connection& connection) {
  LoadedCatalog loaded;
  loaded.last_oid = kFirstUserOid;
  std::map<Oid, std::string> schemas;
  for_each_row(connection, system_table(kPgNamespace), [&](const engine::Batch& batch, size_t index) {
    const Row row{batch, index};
    const Oid oid = static_cast<Oid>(row.number(1));
    schemas[oid] = row.text(2);
    loaded.snapshot.apply(PutSchema{oid, row.text(2)});
    loaded.last_oid = std::max(loaded.last_oid, oid);
  });
  Building relations = load_classes(connection, schemas);
  load_columns(connection, relations);
  load_details(connection, relations);
  loaded.snapshot.apply(PutSchema{kInformationSchema, "information_schema"});
  for (const StoredRelationPtr& table : system_tables()) {
    // The catalog's own rows are read through the computed relations.
    if (table->relation.oid >= kFirstVisibleTable) loaded.snapshot.apply(PutRelation{table});
  }
  for (const StoredRelationPtr& relation : system_relations()) loaded.snapshot.apply(PutRelation{relation});
  for (auto& [oid, stored] : relations) {
    loaded.last_oid = std::max(loaded.last_oid, oid);
    loaded.snapshot.apply(PutRelation{stored});
  }
  for (const AccessChange& access : load_access(connection)) loaded.snapshot.apply(access);
  for (const ObjectChange& object : load_objects(connection)) {
    if (const auto* function = std::get_if<PutFunction>(&object)) {
      loaded.last_oid = std::max(loaded.last_oid, function->function.oid);
    } else if (const auto* database = std::get_if<PutDatabase>(&object)) {
      loaded.last_oid = std::max(loaded.last_oid, database->database.oid);
    }
    loaded.snapshot.apply(object);
  }
  return loaded;
}

void store_change(duck::Connection& connection, const CatalogChange& change, const CatalogSnapshot& before) {
  std::visit(overloaded{[&](const PutRelation& put) {
                          if (put.relation->relation.temporary) return;
                          const StoredRelation* old = before.find(put.relation->relation.oid);
                          if (old) unstore_relation(connection, *old);
                          store_relation(connection, *put.relation);
                          store_new_flags(connection, put.relation->relation, old);
                        },
                        [&](const DropRelation& dropped) {
                          if (const auto* old = before.find(dropped.oid)) unstore_relation(connection, *old);
                          connection.query("DELETE FROM w.main.garland_blanks WHERE relation = " +
                                           std::to_string(dropped.oid));
                          forget(connection, {ObjectClass::kRelation, dropped.oid}, before);
                          if (before.objects().knows(dropped.oid)) {
                            store_objects(connection, ForgetObject{dropped.oid});
                          }
                        },
                        [&](const PutSchema& schema) { store_schema(connection, schema.oid, schema.name); },
                        [&](const DropSchema& schema) {
                          const Oid* oid = before.find_schema(schema.name);
                          if (!oid) return;
                          delete_rows(connection, kPgNamespace, *oid);
                          forget(connection, {ObjectClass::kSchema, *oid}, before);
                          if (before.objects().knows(*oid)) store_objects(connection, ForgetObject{*oid});
                        },
                        [&](const FlagBlanks& flag) { store_flag(connection, flag.relation, flag.attnum); },
                        [&](const RenameSchema& rename) {
                          const Oid* oid = before.find_schema(rename.from);
                          if (!oid) return;
                          delete_rows(connection, kPgNamespace, *oid);
                          store_schema(connection, *oid, rename.to);
                          store_schema_rename(connection, rename.from, rename.to);
                        },
                        [&](const ObjectChange& object) { store_objects(connection, object); },
                        [&](const AccessChange& access) { store_access(connection, access); }},
             change);
}

}  // namespace garland::embedded
