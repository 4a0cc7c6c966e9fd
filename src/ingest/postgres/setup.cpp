#include "ingest/postgres/setup.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace garland::ingest::postgres {
namespace {

constexpr int kOldestVersion = 140'000;  // from 14 on pgoutput sends binary values and streams large transactions

Error unfit(const PostgresSource& source, SqlState state, const std::string& what) {
  return Error(state, fmt::format("source \"{}\" {}", source.name, what)).in(source.place);
}

std::string setting(SourceConnection& connection, const std::string& name) {
  return connection.query("select current_setting($1)", {name}).front().front().value_or("");
}

void check_rights(SourceConnection& connection, const PostgresSource& source) {
  // rds_replication is how Amazon RDS gives the right: there is no REPLICATION attribute to have.
  const auto rows = connection.query(
      "select rolname, rolsuper or rolreplication or exists (select from pg_catalog.pg_roles r where r.rolname = "
      "'rds_replication' and pg_has_role(r.oid, 'member')) from pg_catalog.pg_roles where rolname = current_user");
  if (rows.front()[1] == "t") return;
  throw unfit(source, kInsufficientPrivilege, fmt::format("does not let user {} replicate", *rows.front()[0]))
      .hint(fmt::format("ALTER ROLE {} REPLICATION; (on Amazon RDS: GRANT rds_replication TO {};)",
                        connection.identifier(*rows.front()[0]), connection.identifier(*rows.front()[0])));
}

std::string table_list(SourceConnection& connection, const std::vector<const SourceTable*>& tables) {
  std::string list;
  for (const SourceTable* table : tables) {
    list += fmt::format("{}{}.{}", list.empty() ? "" : ", ", connection.identifier(table->configured.schema),
                        connection.identifier(table->configured.name));
  }
  return list;
}

/// A statement that changes the source; when it may not, the error shows what its owner should run.
void change(SourceConnection& connection, const PostgresSource& source, const std::string& sql) {
  try {
    connection.query(sql);
  } catch (const Error& error) {
    if (error.state() != kInsufficientPrivilege) throw;
    throw unfit(source, kInsufficientPrivilege, "does not let this user prepare the publication")
        .detail(error.message())
        .hint(fmt::format("let the tables' owner run: {};", sql));
  }
}

void check_publication(const PostgresSource& source, const SourceRow& row) {
  const bool all_actions = row[1] == "t" && row[2] == "t" && row[3] == "t" && row[4] == "t";
  const bool via_root = row[5] == "t";
  if (all_actions && via_root) return;
  throw unfit(source, kObjectNotInPrerequisiteState,
              fmt::format("has a publication {} that leaves changes out", source.publication))
      .hint(fmt::format("ALTER PUBLICATION {} SET (publish = 'insert, update, delete, truncate', "
                        "publish_via_partition_root = true);",
                        source.publication));
}

Error no_publication(const PostgresSource& source, const std::string& what) {
  return unfit(source, kObjectNotInPrerequisiteState,
               fmt::format("{} {} any more: changes are lost", what, source.publication))
      .hint(new_snapshot_hint(source));
}

}  // namespace

std::vector<std::string> check_server(SourceConnection& connection, const PostgresSource& source) {
  const int version = PQserverVersion(connection.get());
  if (version < kOldestVersion) {
    throw unfit(source, kFeatureNotSupported, fmt::format("is PostgreSQL {}", version / 10'000))
        .hint("14 is the oldest that can be captured");
  }
  const std::string level = setting(connection, "wal_level");
  if (level != "logical") {
    throw unfit(source, kObjectNotInPrerequisiteState, fmt::format("has wal_level {}", level))
        .hint("ALTER SYSTEM SET wal_level = 'logical'; then restart it (on Amazon RDS: rds.logical_replication = 1)");
  }
  check_rights(connection, source);
  const std::string encoding = setting(connection, "server_encoding");
  if (encoding == "SQL_ASCII") {
    throw unfit(source, kFeatureNotSupported, "has the encoding SQL_ASCII, which does not say what its texts are")
        .hint("move it to a database of encoding UTF8");
  }
  std::vector<std::string> warnings;
  if (setting(connection, "max_slot_wal_keep_size") == "-1") {
    warnings.push_back(
        fmt::format("source \"{}\" keeps its log without a limit while nobody reads slot {}: its disk may fill up; "
                    "ALTER SYSTEM SET max_slot_wal_keep_size = '50GB' (what it can spare)",
                    source.name, source.slot));
  }
  return warnings;
}

std::string new_snapshot_hint(const PostgresSource& source) {
  return fmt::format(
      "take a new snapshot: garland sources resnapshot {}   (the change logs keep what they have, and show what has "
      "gone meanwhile)",
      source.name);
}

void prepare_publication(SourceConnection& connection, const PostgresSource& source,
                         const std::vector<SourceTable>& tables, bool captured) {
  std::vector<const SourceTable*> missing;
  for (const SourceTable& table : tables) missing.push_back(&table);
  const auto rows = connection.query(
      "select oid, pubinsert, pubupdate, pubdelete, pubtruncate, pubviaroot, puballtables "
      "from pg_catalog.pg_publication where pubname = $1",
      {source.publication});
  const std::string name = connection.identifier(source.publication);
  if (rows.empty()) {
    if (captured) throw no_publication(source, "has no publication");
    return change(connection, source,
                  fmt::format("CREATE PUBLICATION {} FOR TABLE {} WITH (publish_via_partition_root = true)", name,
                              table_list(connection, missing)));
  }
  check_publication(source, rows.front());
  std::set<std::string> published;
  for (const SourceRow& row : connection.query(
           "select c.oid from pg_catalog.pg_publication_tables p join pg_catalog.pg_namespace n on n.nspname = "
           "p.schemaname join pg_catalog.pg_class c on c.relnamespace = n.oid and c.relname = p.tablename where "
           "p.pubname = $1",
           {source.publication})) {
    published.insert(*row[0]);
  }
  std::erase_if(missing, [&](const SourceTable* table) { return published.contains(std::to_string(table->oid)); });
  if (missing.empty()) return;
  if (captured)
    throw no_publication(source, fmt::format("has no table {} in publication", missing.front()->configured.text()));
  change(connection, source, fmt::format("ALTER PUBLICATION {} ADD TABLE {}", name, table_list(connection, missing)));
}

std::optional<SlotState> find_slot(SourceConnection& connection, const PostgresSource& source) {
  const auto rows = connection.query(
      "select plugin, database = current_database(), active, coalesce(active_pid::text, ''), wal_status, "
      "confirmed_flush_lsn from pg_catalog.pg_replication_slots where slot_name = $1",
      {source.slot});
  if (rows.empty()) return std::nullopt;
  const SourceRow& row = rows.front();
  if (row[0] != "pgoutput" || row[1] != "t") {
    throw unfit(source, kObjectNotInPrerequisiteState,
                fmt::format("has a replication slot {} that is for something else", source.slot))
        .hint("name another one: slot = \"…\" at the source in garland.toml");
  }
  SlotState slot;
  slot.active = row[2] == "t";
  slot.active_pid = row[3].value_or("");
  slot.lost = row[4] == "lost";
  slot.confirmed = read_lsn(row[5].value_or("")).value_or(0);
  return slot;
}

LogState look_at_log(SourceConnection& connection, const PostgresSource& source) {
  const auto rows = connection.query(
      "select pg_current_wal_lsn(), coalesce((select greatest(pg_current_wal_lsn() - restart_lsn, 0) from "
      "pg_catalog.pg_replication_slots where slot_name = $1), 0)::bigint",
      {source.slot});
  return {read_lsn(rows.at(0).at(0).value_or("")).value_or(0), std::stoull(rows.at(0).at(1).value_or("0"))};
}

SourceIdentity identify(SourceConnection& replication) {
  const auto rows = replication.query("IDENTIFY_SYSTEM");
  SourceIdentity identity;
  identity.system = rows.at(0).at(0).value_or("");
  identity.timeline = rows.at(0).at(1).value_or("");
  identity.position = read_lsn(rows.at(0).at(2).value_or("")).value_or(0);
  return identity;
}

}  // namespace garland::ingest::postgres
