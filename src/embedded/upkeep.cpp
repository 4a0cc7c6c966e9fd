#include "embedded/upkeep.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace garland::embedded {

using engine::Type;
using engine::TypeId;
using semantics::ColumnDef;
using semantics::Relation;
using semantics::RelationKind;

namespace {

bool has_rows(const Relation& relation) {
  return relation.kind == RelationKind::kTable || relation.kind == RelationKind::kMaterializedView;
}

/// By name, so that messages come in an order.
std::vector<Oid> all_tables(Context& context, const std::vector<Oid>& named) {
  if (!named.empty()) return named;
  std::vector<std::pair<std::string, Oid>> found;
  for (const auto& [oid, stored] : context.catalog()->snapshot().relations()) {
    if (has_rows(stored->relation)) found.emplace_back(stored->relation.schema + "." + stored->relation.name, oid);
  }
  for (const auto& [oid, stored] : context.transaction.temporary()->relations()) {
    if (has_rows(stored->relation)) found.emplace_back(stored->relation.schema + "." + stored->relation.name, oid);
  }
  std::ranges::sort(found);
  std::vector<Oid> tables;
  for (const auto& [name, oid] : found) tables.push_back(oid);
  return tables;
}

std::vector<Oid> stored_tables(Context& context, const std::vector<Oid>& named) {
  std::vector<Oid> own = all_tables(context, named);
  const CatalogSnapshotPtr catalog = context.transaction.catalog();
  // Without the privileges VACUUM and ANALYZE complete and do nothing (guide page r_VACUUM_command).
  std::erase_if(own, [&](Oid oid) {
    return catalog->find(oid) && !catalog->access().owns(context.identity(), {ObjectClass::kRelation, oid});
  });
  return own;
}

std::vector<int64_t> numbers(Context& context, const std::string& sql, size_t count) {
  duck::Result result = context.run(sql);
  const engine::Batch* batch = result.fetch();
  std::vector<int64_t> values;
  for (size_t i = 0; i < count; ++i) {
    values.push_back(!batch || batch->columns[i].is_null(0) ? 0 : batch->columns[i].values<int64_t>()[0]);
  }
  return values;
}

// ---- ANALYZE COMPRESSION

/// Kept in `bits` of the type's own bits.
double share_kept(double bits, double whole) { return whole <= 0 ? 1 : std::min(1.0, bits / whole); }

struct Estimate {
  std::string encoding;
  double kept = 1;
};

/// Numbers and moments are kept as distances from the least of a block (AZ64), text as a dictionary where that is
/// shorter: what of them is left is reckoned from their range, count and length.
Estimate estimate(Context& context, const Relation& table, const ColumnDef& column) {
  const std::string name = "c" + std::to_string(column.attnum);
  const std::string from = " FROM " + Context::physical_name(table);
  const TypeId id = column.type.id;
  if (column.sort_key == 1) return {"raw"};
  if (id == TypeId::kBoolean || column.type.is_float() || id == TypeId::kHllSketch) return {"raw"};
  if (column.type.is_integer() || id == TypeId::kDecimal || column.type.is_datetime()) {
    std::string value = name + "::HUGEINT";
    if (id == TypeId::kDecimal)
      value = "(" + name + " * 10::HUGEINT ** " + std::to_string(column.type.scale) + ")::DOUBLE";
    if (column.type.is_datetime()) value = "epoch_us(" + name + ")";
    if (id == TypeId::kTime || id == TypeId::kTimeTz) return {"az64"};
    const auto range = numbers(
        context,
        "SELECT ceil(log2(greatest(max(" + value + ")::DOUBLE - min(" + value + ")::DOUBLE, 1)))::BIGINT" + from, 1);
    const double whole = 8.0 * static_cast<double>(engine::value_width(column.type));
    return {"az64", share_kept(static_cast<double>(range[0]), whole)};
  }
  const auto text = numbers(context,
                            "SELECT count(" + name + "), count(DISTINCT " + name + "), sum(octet_length(" + name +
                                "::VARCHAR::BLOB))::BIGINT" + from,
                            3);
  if (text[2] == 0) return {id == TypeId::kSuper ? "zstd" : "lzo"};
  const double place = std::bit_width(static_cast<uint64_t>(text[1]));
  const double average = static_cast<double>(text[2]) / static_cast<double>(std::max<int64_t>(text[0], 1));
  const double dictionary = (static_cast<double>(text[1]) * average * 8 + static_cast<double>(text[0]) * place);
  return {id == TypeId::kSuper ? "zstd" : "lzo", share_kept(dictionary, 8.0 * static_cast<double>(text[2]))};
}

// ---- VACUUM

std::string sort_keys(const Relation& table) {
  std::vector<const ColumnDef*> keys;
  for (const ColumnDef& column : table.columns) {
    if (column.sort_key > 0) keys.push_back(&column);
  }
  std::ranges::sort(keys, {}, &ColumnDef::sort_key);
  std::string text;
  for (const ColumnDef* key : keys) {
    text += (text.empty() ? "c" : ", c") + std::to_string(key->attnum) + " ASC NULLS LAST";
  }
  return text;
}

/// The share of the rows, in percent, that stand in the order of the sort key.
double sorted_percent(Context& context, const Relation& table, const std::string& keys) {
  const auto counts =
      numbers(context,
              "SELECT count(*), count(*) FILTER (place >= coalesce(highest, 0)) FROM (SELECT place, "
              "max(place) OVER (ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS highest "
              "FROM (SELECT rowid AS id, dense_rank() OVER (ORDER BY " +
                  keys + ") AS place FROM " + Context::physical_name(table) + "))",
              2);
  return counts[0] == 0 ? 100 : 100.0 * static_cast<double>(counts[1]) / static_cast<double>(counts[0]);
}

/// The share of the rows, in percent, that are not marked as deleted.
double live_percent(Context& context, const Relation& table) {
  const auto counts = numbers(context, "SELECT count(*), max(rowid) + 1 FROM " + Context::physical_name(table), 2);
  return counts[1] == 0 ? 100 : 100.0 * static_cast<double>(counts[0]) / static_cast<double>(counts[1]);
}

void vacuum_table(Context& context, const sql::Vacuum& statement, const Relation& table) {
  const double threshold = statement.percent.value_or(95);  // guide page r_VACUUM_command
  const bool sorts = statement.kind != sql::VacuumKind::kDeleteOnly;
  const bool reclaims = statement.kind != sql::VacuumKind::kSortOnly && statement.kind != sql::VacuumKind::kRecluster;
  const std::string keys = sorts ? sort_keys(table) : "";
  const bool always = statement.kind == sql::VacuumKind::kReindex;
  if (threshold == 0) return;
  const bool sort = !keys.empty() && (always || sorted_percent(context, table, keys) < threshold);
  if (sort || (reclaims && live_percent(context, table) < threshold)) {
    write_anew(context, table, "*", sort ? keys + ", rowid" : "rowid");
  }
}

}  // namespace

void write_anew(Context& context, const Relation& table, const std::string& columns, const std::string& order) {
  const std::string name = "t" + std::to_string(table.oid);
  const std::string fresh = Context::physical_name(table) + "_v";
  context.run("CREATE " + std::string(table.temporary ? "TEMP " : "") + "TABLE " + fresh + " AS SELECT " + columns +
              " FROM " + Context::physical_name(table) + " ORDER BY " + order);
  context.run("DROP TABLE " + Context::physical_name(table));
  context.run("ALTER TABLE " + fresh + " RENAME TO " + name);
}

Outcome analyze(Context& context, const sql::Analyze& statement, const std::vector<Oid>& tables) {
  for (const Oid oid : stored_tables(context, tables)) {
    const Relation& table = *context.catalog()->find_relation(oid);
    if (!has_rows(table)) continue;
    context.run("ANALYZE " + Context::physical_name(table));
    if (statement.verbose) context.notice("INFO", SqlState("00000"), "Analyze done for table " + table.name);
  }
  return {"ANALYZE"};
}

engine::BatchBuilder analyze_compression(Context& context, const sql::AnalyzeCompression& statement,
                                         const std::vector<Oid>& tables) {
  engine::BatchBuilder rows({Type::varchar(128), Type::varchar(128), Type::varchar(32), Type::decimal(5, 2)});
  for (const Oid oid : stored_tables(context, tables)) {
    const Relation& table = *context.catalog()->find_relation(oid);
    if (!has_rows(table)) continue;
    for (const ColumnDef& column : table.columns) {
      const auto named = [&](const sql::Name& name) { return name.text == column.name; };
      const bool wanted = statement.columns.empty() || std::ranges::any_of(statement.columns, named);
      const Estimate found = wanted ? estimate(context, table, column) : Estimate{"N/A"};
      if (rows.full()) throw Error(kProgramLimitExceeded, "too many columns to analyze at once").hint("Name a table.");
      rows.set_string(0, table.name);
      rows.set_string(1, column.name);
      rows.set_string(2, found.encoding);
      rows.set<int64_t>(3, std::llround((1 - found.kept) * 10000));
      rows.end_row();
    }
  }
  return rows;
}

Outcome vacuum(Context& context, const sql::Vacuum& statement, const std::vector<Oid>& tables) {
  for (const Oid oid : stored_tables(context, tables)) {
    const Relation* table = context.catalog()->find_relation(oid);
    if (!table || !has_rows(*table)) continue;  // dropped meanwhile
    if (!table->temporary) context.transaction.lock({oid, ""}, LockMode::kAccessExclusive, table->name);
    context.transaction.start();
    table = context.catalog()->find_relation(oid);
    if (table) vacuum_table(context, statement, *table);
    context.transaction.commit();
    context.activity.check();
  }
  return {"VACUUM"};
}

}  // namespace garland::embedded
