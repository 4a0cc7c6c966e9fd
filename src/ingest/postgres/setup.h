// Makes a source ready before anything is captured, or says what keeps it from being: the server's settings, the user's
// rights, the publication and the replication slot.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ingest/postgres/connection.h"
#include "ingest/postgres/source_table.h"

namespace garland::ingest::postgres {

/// Which cluster answers: its system identifier and timeline. Both change when it is restored or a standby takes over.
struct SourceIdentity {
  std::string system;
  std::string timeline;
  Lsn position = 0;  // where its log ends now
};

struct SlotState {
  bool active = false;
  std::string active_pid;
  bool lost = false;  // the server has thrown its log away
  Lsn confirmed = 0;
};

/// Throws 55000 (wal_level, encoding, version), 42501 (rights), each with what to do. Returns what an operator should
/// know though capture can go on (max_slot_wal_keep_size).
std::vector<std::string> check_server(SourceConnection& connection, const PostgresSource& source);

/// What to do when changes have been lost.
std::string new_snapshot_hint(const PostgresSource& source);

/// Creates the publication, or adds the tables that it lacks. `captured`: the stream goes on, so that a publication
/// that lacks tables now has left their changes out; throws 55000.
void prepare_publication(SourceConnection& connection, const PostgresSource& source,
                         const std::vector<SourceTable>& tables, bool captured);

/// None when there is no such slot. Throws 55000 when it is another plugin's or another database's.
std::optional<SlotState> find_slot(SourceConnection& connection, const PostgresSource& source);

/// The source's log, and how much of it the slot keeps from being removed.
struct LogState {
  Lsn end = 0;
  uint64_t kept_bytes = 0;
};
LogState look_at_log(SourceConnection& connection, const PostgresSource& source);

/// `replication`: a connection of that use.
SourceIdentity identify(SourceConnection& replication);

}  // namespace garland::ingest::postgres
