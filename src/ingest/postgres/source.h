// The `[[source]]` tables of kind "postgres" in a project's garland.toml:
//
//   [[source]]
//   name = "shop"
//   kind = "postgres"
//   uri = "postgresql://garland@db.example.com/shop?sslmode=verify-full"   # never with a password
//   password_env = "SHOP_PASSWORD"     # or password_file = "…"; without either, libpq's own (~/.pgpass, peer)
//   schema = "raw"                     # where the tables land
//   drift = "evolve"                   # what a changed column does: evolve | freeze | quarantine
//   tables = [
//     "public.orders",
//     { name = "public.items", table = "order_items", drift = "freeze", ignore = ["notes"] },
//     # sensitive columns (sensitive/columns.h); the others need no mention, types are the source's
//     { name = "public.customers", subject = "id", columns = [
//       { name = "email", pii = "email" },
//       { name = "phone", pii = "phone", country_from = "country" },
//     ] },
//   ]
//   publication = "garland_shop"       # default: garland_<name>, letters that PostgreSQL does not take become _
//   slot = "garland_shop"              # likewise
//   retry_s = 30                       # how long a run waits for a source that is down
//   wal_budget = "10GB"                # of its log that the source may keep for us before people are told
//   drop_slot_past = "50GB"            # … before the slot is dropped, to save the source's disk; default: never
//   snapshot_threads = 4               # connections that copy tables side by side; default: one a core, at most 4
//   reconcile_every = "1 day"          # garland up compares it with the warehouse so often; default: never
//   keep = "400 days"                  # of change logs; default: for ever. A table may have its own
//   compact_after = "30 days"          # a row's older changes of one day become one; default: never. Likewise
//   current_rows = false               # change logs only, no raw.<table>; default: true. Likewise
//
// Without current rows nothing is copied at first, and the row before a change is what the source sends of it: its key
// where that changes or the row goes, all of it with REPLICA IDENTITY FULL.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "ingest/files/config.h"

namespace garland::ingest::postgres {

struct ClassedColumn {
  std::string name;  // in the source
  ColumnClass sensitive;
};

struct CapturedTable {
  std::string schema, name;  // in the source
  std::string target;        // the raw table's name, without its schema
  Drift drift = Drift::kEvolve;
  std::vector<std::string> ignore;  // columns that are not taken
  std::vector<ClassedColumn> classes;
  std::optional<std::string> subject;  // the column of the shop's customer id, in the raw table
  bool current_rows = true;
  std::optional<int64_t> keep_days, compact_after_days;  // of its change log (change_log_upkeep.h)
  FilePlace place;
  std::string text() const { return schema + "." + name; }
};

/// Behind a raw table's name: where its snapshot waits (snapshot_twin.h).
inline constexpr std::string_view kTwinSuffix = "__snapshot";

/// A column's name in the raw table: lower case.
std::string target_name(std::string name);
/// The class of a column by its name in the raw table; nothing where it has none.
std::optional<ColumnClass> class_of(const CapturedTable& table, const std::string& target);

struct PostgresSource {
  std::string name;  // stands in _source
  std::string uri;
  std::optional<std::string> password_env;
  std::optional<std::filesystem::path> password_file;
  std::string raw_schema = "raw";
  std::string publication, slot;
  int64_t retry_s = 30;
  std::optional<uint64_t> wal_budget, drop_slot_past;  // bytes
  std::optional<unsigned> snapshot_threads;
  std::optional<int64_t> reconcile_every_s;
  std::vector<CapturedTable> tables;
  FilePlace place;
};

/// Whether originals of its columns must not reach the disk.
bool holds_sensitive(const PostgresSource& source);

/// In file order. Throws F0000 as read_sources() does; `files` are the same file's other sources: names and raw tables
/// are taken once.
std::vector<PostgresSource> read_postgres_sources(const std::filesystem::path& garland_toml,
                                                  const std::vector<FileSource>& files);

/// The raw table of a captured table and its change log, quoted for SQL: "raw".orders.
std::string raw_table(const PostgresSource& source, const CapturedTable& table);
std::string changes_table(const PostgresSource& source, const CapturedTable& table);
/// All of them together, in ops.batches.
std::string raw_tables(const PostgresSource& source);

}  // namespace garland::ingest::postgres
