// Events on their way into a source's raw table, refused ones into ops.rejects: a batch is one transaction, in which
// the caller adds what it remembers of where they came from.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "engine/engine.h"
#include "ingest/events/event_table.h"
#include "ingest/files/writers.h"
#include "ingest/json_reader.h"
#include "ingest/sensitive/tokeniser.h"
#include "ingest/sensitive/vault.h"

namespace garland::ingest::events {

struct EventCounts {
  uint64_t rows = 0, rejected = 0;
};

/// Used by one thread. Destroyed with a batch open, or after an error, nothing of the batch stays.
class EventWriter {
 public:
  /// All must outlive it; `vault` may be null where the source has no sensitive columns. The raw table and the tables
  /// of ops must be there.
  EventWriter(engine::Session& session, const EventTable& table, Vault* vault, const Clock& clock);
  ~EventWriter();

  /// Begins a batch and gives its number.
  int64_t begin();
  bool is_open() const { return batch_ != nullptr; }
  int64_t batch_id() const;
  /// `position`: where the event came from; `number`: which event of its delivery it is, from 1. `set_own` fills the
  /// columns that the kind of source adds, the first ones of the row it is given. False: the event was refused.
  using SetOwn = std::function<void(engine::BatchBuilder& row)>;
  bool add(std::string_view event, std::string_view position, uint64_t number, const SetOwn& set_own = {});
  /// A row without values but its own columns' and where it came from.
  void add_empty(std::string_view position, const SetOwn& set_own);
  /// Refuses an event that is none.
  void refuse(const JsonFault& fault, std::string_view payload, std::string_view position, uint64_t number);
  const EventCounts& counts() const;
  /// Ends the loads that are open, so that the session may run other statements; add() opens another one.
  void close_loads();
  /// `path` says in ops.batches where the batch came from.
  void commit(const std::string& path);
  /// Nothing of the batch stays.
  void abandon();

 private:
  struct Batch;
  void end_row(std::string_view position, const SetOwn& set_own);
  void append_rows();

  engine::Session& session_;
  const EventTable& table_;
  Vault* const vault_;
  const Clock& clock_;
  JsonReader reader_;
  Tokeniser tokeniser_;
  const std::vector<std::string> names_;
  engine::BatchBuilder rows_, origins_;  // columns as events bring them; own columns and provenance
  engine::Batch stored_;
  std::unique_ptr<Batch> batch_;
};

}  // namespace garland::ingest::events
