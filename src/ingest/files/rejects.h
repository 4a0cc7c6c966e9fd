// What was refused, for those who mend it: rows of ops.rejects with what became of them (ops.reject_events).
//
// Both tables are INSERT-only, but for drop_rejects(), which deletes payloads and leaves an event, and for rows of a
// snapshot that nobody has seen the end of: copied again, they come again (postgres/snapshot.h).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "engine/engine.h"
#include "ingest/files/config.h"
#include "ingest/sensitive/vault.h"

namespace garland::ingest {

/// "12.3": the third reject of batch 12; "12": all of batch 12.
struct RejectId {
  int64_t batch = 0;
  std::optional<int64_t> number;
  std::string text() const;
};
/// Throws 22023 when the text is none.
RejectId reject_id(const std::string& text);

struct Reject {
  int64_t batch = 0, number = 0;
  std::string source, file;
  int64_t line = 0;  // 0: the file as a whole, which has no payload
  std::string column, reason, sqlstate, rejected_at;
  std::string event;          // what became of it last: replayed, dropped; empty: it waits
  int64_t payload_bytes = 0;  // as stored; 0: none
  std::string payload_key;    // empty: it is in clear
  std::string text() const;   // "12.3"
};

/// All that the filters leave, in the order of their ids. Without the tables there are none.
struct RejectFilter {
  std::optional<RejectId> id;
  std::string source;   // empty: any
  bool waiting = true;  // only those that were neither replayed nor dropped
};
std::vector<Reject> list_rejects(engine::Session& session, const RejectFilter& filter);

/// A reject as a small file of its source's format: the header, where the file had one, and the record.
struct RejectText {
  std::string header;  // empty: none
  std::string record;
  std::string text() const;
};
/// `vault` may be null where the payload is in clear. Throws 55000: there is no payload (any more), or it is
/// sealed and there is no vault.
RejectText reject_text(engine::Session& session, const Reject& reject, const Vault* vault);

/// Loads what was refused, mended, into its source's raw table: as rows of the batch that refused it, so that a later
/// delivery of the file replaces them too. One transaction. `text` is in the source's format, with a header where the
/// source has one. Throws what is still wrong with the text (22P04 …) and 55000 when nothing of the batch stands.
/// Gives the number of rows.
uint64_t replay_reject(engine::Session& session, const Reject& reject, const FileSource& source,
                       const std::string& text, Vault* vault, const std::string& login, const Clock& clock);

/// Throws 55000 when it was replayed or dropped already.
void check_waiting(const Reject& reject);
/// Inside a transaction: notes what became of the reject.
void settle_reject(engine::Session& session, const Reject& reject, const char* event, uint64_t rows,
                   const std::string& login, const Clock& clock);

/// Deletes their payloads. Gives how many there were.
uint64_t drop_rejects(engine::Session& session, const std::vector<Reject>& rejects, const std::string& login,
                      const Clock& clock);

}  // namespace garland::ingest
