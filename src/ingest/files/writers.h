// Rows on their way into a raw table, and refused records into ops.rejects.
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "ingest/files/config.h"
#include "ingest/sensitive/tokeniser.h"
#include "records/csv.h"

namespace garland::ingest {

/// One batch's rows, tokenised, with their provenance. Lives inside a transaction.
class RawWriter {
 public:
  /// `tokeniser` is of the source; `vault`: where it puts originals, nullptr where there can be none.
  RawWriter(engine::Session& session, const FileSource& source, const std::string& path, int64_t batch_id,
            int64_t loaded_at_us, Tokeniser& tokeniser, VaultWriter* vault);
  void append(const records::CsvChunk& chunk);
  /// Ends the load that is open, so that the session may do something else; append() opens another.
  void close();
  uint64_t rows() const { return rows_; }

 private:
  void place_rows(const records::CsvChunk& chunk);

  engine::Session& session_;
  Tokeniser& tokeniser_;
  VaultWriter* const vault_;
  std::string table_;
  std::vector<std::string> names_;
  std::unique_ptr<engine::Load> load_;
  uint64_t rows_ = 0;

  engine::Batch batch_;  // the chunk's columns and those below
  std::string prefix_;   // "path:"
  std::string position_text_;
  std::string source_name_;
  std::vector<std::string_view> sources_, positions_;
  std::vector<int64_t> batch_ids_, loaded_ats_;
};

/// One batch's refused records, their card numbers masked. Keeps some in memory; lives inside a transaction.
class RejectWriter {
 public:
  /// `source`: its name. `vault`: what seals the payloads of a source with sensitive columns; nullptr leaves them in
  /// clear.
  RejectWriter(engine::Session& session, std::string source, std::string file, int64_t batch_id, int64_t rejected_at_us,
               const Vault* vault);
  /// What is added from now on came from there.
  void set_file(std::string file) { file_ = std::move(file); }
  void add(const records::Refusal& refusal);
  /// The file as a whole: line 0, no payload.
  void add_file(SqlState state, const std::string& reason);
  /// More is in memory than should be: time for flush().
  bool full() const;
  /// Writes what is in memory; no other load of the session may be open.
  void flush();
  /// Once, behind the last flush(): how the refused records' fields are named.
  void add_header(const std::string& header);
  uint64_t count() const { return count_; }

 private:
  void add_row(const records::Refusal& refusal, const std::string* payload, size_t part, size_t parts);

  engine::Session& session_;
  std::string source_, file_;
  int64_t batch_id_, rejected_at_us_;
  const Vault* const vault_;
  std::deque<engine::BatchBuilder> held_;
  size_t held_bytes_ = 0;
  uint64_t count_ = 0;
};

/// The place that a reject's sealed payload is bound to: "12.3".
std::string reject_place(int64_t batch_id, int64_t reject_no);

}  // namespace garland::ingest
