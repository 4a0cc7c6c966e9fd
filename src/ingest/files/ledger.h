// What ops.batches says about a source's files, and the rows added to it.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "base/clock.h"
#include "engine/engine.h"
#include "ingest/batch_number.h"
#include "ingest/files/config.h"
#include "ingest/files/content_hash.h"

namespace garland::ingest {

/// A row of ops.batches.
struct BatchRow {
  int64_t id = 0;
  std::string path;
  std::string status;
  std::optional<Content> content;
  uint64_t lines = 0, rows = 0, rejected = 0;
  std::optional<int64_t> supersedes;
  std::string duplicate_of;
  std::string message;
  int64_t started_us = 0;
};

/// What is known of the source's files. Thread-safe; the rows it points to stay until their path is remembered again.
class Ledger {
 public:
  /// Reads the rows of the source. The tables must be there.
  Ledger(engine::Session& session, const FileSource& source);

  /// The batch whose rows of this path are in the raw table; nullptr when none are.
  const BatchRow* standing(const std::string& path) const;
  /// The path's latest delivery, whatever became of it.
  const BatchRow* latest(const std::string& path) const;
  /// Another path that stands with this content, the first by name; nullptr when none does.
  const BatchRow* standing_with(const std::string& hash, const std::string& but_not) const;
  /// Whether the path's latest delivery was refused for the same content, reading and message.
  bool refused_before(const BatchRow& row) const;

  /// After the commit of the row.
  void remember(BatchRow row);
  /// Hash of how files of the source are read.
  const std::string& reading() const { return reading_; }

 private:
  const BatchRow* find(const std::map<std::string, BatchRow>& rows, const std::string& path) const;

  const std::string reading_;
  mutable std::mutex mutex_;
  std::map<std::string, BatchRow> standing_, latest_;
  std::map<std::string, std::string> latest_reading_;
};

/// Adds rows to ops.batches, in one session's transactions. Used by the session's thread.
class LedgerWriter {
 public:
  LedgerWriter(engine::Session& session, const FileSource& source, const Clock& clock, Ledger& ledger);

  /// Inside a transaction: the number for a new batch.
  int64_t next_id() { return next_batch_id(session_); }
  /// Inside a transaction: adds the row; the ledger's to remember after the commit.
  void add(const BatchRow& row);
  /// Inside a transaction: the raw table begins anew, no earlier delivery stands.
  void begin_table();

 private:
  engine::Session& session_;
  const FileSource& source_;
  const Clock& clock_;
  Ledger& ledger_;
  std::unique_ptr<engine::Statement> insert_;
};

/// At most `bytes` bytes, cut between characters.
std::string cut_text(std::string text, size_t bytes);

}  // namespace garland::ingest
