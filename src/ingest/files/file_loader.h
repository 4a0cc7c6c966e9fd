// One file of a source, from bytes to committed rows.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "ingest/files/ledger.h"
#include "ingest/files/load.h"
#include "ingest/files/source_reader.h"
#include "ingest/sensitive/tokeniser.h"

namespace garland::ingest {

class FileLoader {
 public:
  /// `read` is called with the file's report as it grows.
  using OnRead = std::function<void(const FileReport&)>;
  /// `vault` may be null where the source has no sensitive columns.
  FileLoader(engine::Session& session, const FileSource& source, FileStore& store, const Clock& clock, Ledger& ledger,
             Vault* vault, OnRead read);

  /// `path` is one that the store found. `my_turn` is called, maybe more than once, before it is decided what
  /// becomes of the file's rows, and may wait until files before it are done with. Throws what the engine reports, and
  /// what my_turn throws; what is wrong with the file stands in the report.
  FileReport load(const std::string& path, const std::function<void()>& my_turn);

 private:
  struct Delivery;  // one try to read one file
  std::optional<FileReport> try_load(const std::string& path);
  bool settle_without_loading(Delivery& delivery);
  bool load_rows(Delivery& delivery);
  bool read_into(Delivery& delivery, BatchRow& row);
  void check(const Delivery& delivery) const;
  bool refuse_records(Delivery& delivery);
  void note_duplicate(Delivery& delivery);
  void note_restored(const std::string& path, const Content& content);
  void note_batch(BatchRow row);
  void refuse_file(FileReport& report, const std::optional<Content>& content, SqlState state);
  bool has_changed(const Delivery& delivery) const;
  std::optional<Content> readable_content(const Delivery& delivery) const;
  std::optional<std::string> read_small_file(const std::string& path) const;
  std::unique_ptr<FileReader> open(Delivery& delivery) const;

  engine::Session& session_;
  const FileSource& source_;
  FileStore& store_;
  const Clock& clock_;
  OnRead read_;
  Ledger& ledger_;
  LedgerWriter batches_;
  Vault* const vault_;  // null: the source has no sensitive columns
  Tokeniser tokeniser_;
  const std::function<void()>* my_turn_ = nullptr;  // while load() runs
};

}  // namespace garland::ingest
