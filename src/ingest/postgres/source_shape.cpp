#include "ingest/postgres/source_shape.h"

#include <fmt/format.h>

#include <algorithm>

#include "ingest/files/content_hash.h"
#include "ingest/postgres/source_copy.h"

namespace garland::ingest::postgres {
namespace {

// What a column or key may become without another name is here, too: dropped and added, it has another number.
constexpr const char* kShapeSql =
    "with files as (select c.oid, c.relkind, pg_relation_filenode(c.oid) as file, pg_relation_size(c.oid) as bytes "
    "  from pg_catalog.pg_class c where c.oid = $1::oid or c.oid in (select relid from pg_partition_tree($1::oid))) "
    "select (select string_agg(format('%s %s %s %s', attnum, attname, atttypid, atttypmod), ',' order by attnum) "
    "        from pg_catalog.pg_attribute where attrelid = $1::oid and attnum > 0 and not attisdropped), "
    "  (select string_agg(format('%s %s', indexrelid, indkey), ',' order by indexrelid) from pg_catalog.pg_index "
    "   where indrelid = $1::oid and (indisprimary or indisreplident)), "
    "  (select relreplident from pg_catalog.pg_class where oid = $1::oid), "
    "  (select string_agg(format('%s %s', oid, file), ',' order by oid) from files), "
    "  (select max(bytes) / current_setting('block_size')::bigint from files), "
    "  (select count(*) from files where relkind = 'r'), "
    "  (select count(*) from files where relkind not in ('r', 'p'))";

/// What becomes of the table's columns.
std::string landing_text(const SourceTable& table) {
  std::string text = fmt::format("{};", table.configured.subject.value_or(""));
  for (const CatalogColumn& column : table.columns) {
    text += fmt::format("{} {} {} {},", column.target, to_string(column.landing.type), column.key,
                        column.sensitive ? pii_class_name(column.sensitive->pii) : "");
    if (column.sensitive) text += column.sensitive->country + column.sensitive->country_from;
  }
  return text;
}

}  // namespace

void keep_in_place(SourceConnection& connection, const SourceTable& table) {
  connection.query("LOCK TABLE " + source_name(connection, table) + " IN ACCESS SHARE MODE");
}

SourceShape read_shape(SourceConnection& connection, const SourceTable& table) {
  const SourceRow row = connection.query(kShapeSql, {std::to_string(table.oid)}).at(0);
  std::string text = landing_text(table);
  for (size_t i = 0; i < 4; ++i) text += ";" + row.at(i).value_or("");
  SourceShape shape;
  shape.hash = content_hash(text);
  shape.pages = std::stoll(row.at(4).value_or("0"));
  shape.partitions = std::max<int64_t>(std::stoll(row.at(5).value_or("1")), 1);
  shape.can_be_followed = !table.keyless && row.at(6) == "0";
  return shape;
}

}  // namespace garland::ingest::postgres
