#include "ingest/files/file_loader.h"

#include <fmt/format.h>

#include <thread>

#include "base/error.h"
#include "ingest/files/parquet_reader.h"
#include "ingest/files/tables.h"
#include "ingest/files/writers.h"
#include "records/printable.h"
#include "sql/printer.h"

namespace garland::ingest {
namespace {

constexpr int kTries = 3;
constexpr auto kPause = std::chrono::milliseconds(100);
constexpr size_t kMaxPathBytes = 1024;
constexpr std::string_view kConnectionClass = "08";

/// An error of the file, as against one of the engine.
struct FileFault {
  Error error;
};

template <class Work>
auto of_file(Work work) {
  try {
    return work();
  } catch (const Error& error) {
    if (error.state().text().starts_with(kConnectionClass)) throw;  // where the file lies, not the file
    throw FileFault{error};
  }
}

std::string share_text(double share) {
  std::string text = fmt::format("{:.2f}", share * 100);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text + " %";
}

std::string grouped(uint64_t number) {
  std::string text = std::to_string(number);
  for (size_t at = text.size(); at > 3;) text.insert(at -= 3, 1, ',');
  return text;
}

std::string detail_text(const Error& error) {
  return error.detail().empty() ? error.message() : fmt::format("{} ({})", error.message(), error.detail());
}

}  // namespace

struct FileLoader::Delivery {
  std::string path;
  std::string stamp;               // before anything was read
  std::optional<Content> content;  // once it has been read to its end
  std::shared_ptr<Content> reading = std::make_shared<Content>();
  std::shared_ptr<std::string> trailer = std::make_shared<std::string>();
  uint64_t refused_lines = 0, data_lines = 0, records = 0;
  std::optional<VaultWriter> originals;  // of the rows being loaded
  std::string notice;
  FileReport report;

  /// False when this reading saw other bytes than an earlier one.
  bool read_whole(const Content& seen) {
    if (content && content->hash != seen.hash) return false;
    content = seen;
    return true;
  }
};

FileLoader::FileLoader(engine::Session& session, const FileSource& source, FileStore& store, const Clock& clock,
                       Ledger& ledger, Vault* vault, OnRead read)
    : session_(session),
      source_(source),
      store_(store),
      clock_(clock),
      read_(std::move(read)),
      ledger_(ledger),
      batches_(session, source, clock, ledger),
      vault_(holds_sensitive(column_plans(source)) ? vault : nullptr),
      tokeniser_(column_plans(source), source.subject, vault_ ? vault_->keys().token : std::string_view()) {
  if (vault_ || !holds_sensitive(column_plans(source))) return;
  throw Error(kInternalError, fmt::format("source \"{}\" has sensitive columns and no vault", source.name));
}

FileReport FileLoader::load(const std::string& path, const std::function<void()>& my_turn) {
  my_turn_ = &my_turn;
  FileReport report;
  report.path = path;
  const std::string shown = records::printable(path, kMaxPathBytes / 4);
  if (path.size() > kMaxPathBytes || (path.size() <= kMaxPathBytes / 4 && shown != path)) {
    report.path = shown;
    report.reason = "its name is too long or no plain UTF-8 text";
    report.hint = "rename the file";
    refuse_file(report, std::nullopt, kCharacterNotInRepertoire);
    return report;
  }
  for (int tries = 1; tries <= kTries; ++tries) {
    if (auto done = try_load(path)) return *done;
    std::this_thread::sleep_for(kPause * tries);
  }
  report.reason = fmt::format("it changed while it was read, {} times over", kTries);
  report.hint = "write it elsewhere and move it here when it is complete";
  refuse_file(report, std::nullopt, kObjectInUse);
  return report;
}

/// Nothing: the file changed meanwhile.
std::optional<FileReport> FileLoader::try_load(const std::string& path) {
  Delivery delivery;
  delivery.path = path;
  delivery.report.path = path;
  try {
    delivery.stamp = of_file([&] { return store_.stamp(path); });
    if (settle_without_loading(delivery)) return delivery.report;
    if (!load_rows(delivery)) return std::nullopt;
    store_.remember(path, delivery.stamp, *delivery.content);
  } catch (const FileFault& fault) {
    if (fault.error.state() == kObjectInUse) return std::nullopt;
    (*my_turn_)();
    if (!store_.exists(path)) {
      delivery.report.reason = "it is gone again";
      return delivery.report;
    }
    if (!delivery.content) delivery.content = readable_content(delivery);
    delivery.report = {};
    delivery.report.path = path;
    delivery.report.reason = detail_text(fault.error);
    delivery.report.hint = fault.error.hint();
    refuse_file(delivery.report, delivery.content, fault.error.state());
  }
  return delivery.report;
}

/// A path that is known is hashed before it is parsed. True when that was all: it stands already, or is a duplicate as
/// before.
bool FileLoader::settle_without_loading(Delivery& delivery) {
  const BatchRow* standing = ledger_.standing(delivery.path);
  const BatchRow* latest = ledger_.latest(delivery.path);
  if (!latest) return false;
  const auto known = store_.known(delivery.path, delivery.stamp);
  const Content content = known ? *known : of_file([&] { return read_content(store_.open(delivery.path)); });
  if (!known && !has_changed(delivery)) store_.remember(delivery.path, delivery.stamp, content);
  delivery.content = content;
  delivery.report.bytes = content.bytes;
  if (standing && standing->content && standing->content->hash == content.hash) {
    if (latest->status == "refused") note_restored(delivery.path, content);
    return true;
  }
  if (standing || latest->status != "duplicate" || source_.allow_duplicates) return false;
  const BatchRow* original = ledger_.standing_with(content.hash, delivery.path);
  if (!original || latest->content->hash != content.hash) return false;
  delivery.report.state = FileState::kDuplicate;
  delivery.report.reason = "the same content as " + original->path;
  return true;
}

bool FileLoader::has_changed(const Delivery& delivery) const {
  return of_file([&] { return store_.stamp(delivery.path); }) != delivery.stamp;
}

/// Nothing when the file cannot be read to its end.
std::optional<Content> FileLoader::readable_content(const Delivery& delivery) const {
  try {
    return read_content(store_.open(delivery.path));
  } catch (const Error&) {
    return std::nullopt;
  }
}

/// Nothing when it is not there.
std::optional<std::string> FileLoader::read_small_file(const std::string& path) const {
  constexpr size_t kMostBytes = 16u << 20;
  if (!store_.exists(path)) return std::nullopt;
  const auto bytes = store_.open(path);
  std::string text(kMostBytes, '\0');
  size_t size = 0;
  while (const size_t count = bytes->read(text.data() + size, kMostBytes - size)) size += count;
  text.resize(size);
  return text;
}

std::unique_ptr<FileReader> FileLoader::open(Delivery& delivery) const {
  return of_file([&] {
    std::unique_ptr<records::ByteSource> bytes =
        std::make_unique<HashingSource>(store_.open(delivery.path), delivery.reading);
    if (!source_.contract.trailer.empty()) bytes = std::make_unique<TrailerSource>(std::move(bytes), delivery.trailer);
    if (source_.format == FileFormat::kParquet) return read_parquet(source_, store_, delivery.path, std::move(bytes));
    return read_source_text(source_, std::move(bytes));
  });
}

/// Throws FileFault for a file that breaks its contract.
void FileLoader::check(const Delivery& delivery) const {
  const std::string control = control_path(source_.contract, delivery.path);
  of_file([&] {
    check_contract(source_.contract, delivery.path, delivery.records, *delivery.trailer,
                   control.empty() ? std::nullopt : read_small_file(control));
  });
}

/// False: the file changed meanwhile, and nothing of it stays.
bool FileLoader::load_rows(Delivery& delivery) {
  BatchRow row;
  row.path = delivery.path;
  row.started_us = clock_.now_us();
  FileReport& report = delivery.report;
  {
    engine::Transaction transaction(session_);
    if (!read_into(delivery, row)) return false;
    (*my_turn_)();
    const bool standing = row.supersedes.has_value();
    const BatchRow* original = ledger_.standing_with(delivery.content->hash, delivery.path);
    const bool duplicate = original && !standing && !source_.allow_duplicates;
    if (!duplicate) check(delivery);
    const double share = delivery.data_lines == 0
                             ? 0
                             : static_cast<double>(delivery.refused_lines) / static_cast<double>(delivery.data_lines);
    if (duplicate) {
      report.state = FileState::kDuplicate;
      report.reason = "the same content as " + original->path;
    } else if (share > source_.max_reject_share) {
      report.state = FileState::kRefused;
      report.reason =
          fmt::format("{} of {} lines are malformed ({}, limit {})", grouped(delivery.refused_lines),
                      grouped(delivery.data_lines), share_text(share), share_text(source_.max_reject_share));
      report.hint = "mend the file and drop it again";
    } else {
      report.state = standing ? FileState::kReplaced : FileState::kLoaded;
      row.status = standing ? "replaced" : "loaded";
      row.message = report.notice = delivery.notice;
      batches_.add(row);
      transaction.commit();
      if (delivery.originals) delivery.originals->committed();
      ledger_.remember(std::move(row));
      return true;
    }
  }
  report.rows = 0;
  if (report.state == FileState::kRefused) return refuse_records(delivery);
  report.rejected = 0;
  report.first_refusals.clear();
  note_duplicate(delivery);
  return true;
}

/// Inside the transaction: all of the file into its tables. False when it changed.
bool FileLoader::read_into(Delivery& delivery, BatchRow& row) {
  row.id = batches_.next_id();
  if (const BatchRow* standing = ledger_.standing(delivery.path)) {
    row.supersedes = standing->id;
    const engine::ParameterValue id = std::to_string(standing->id);
    engine::run(session_, fmt::format("delete from {} where _batch_id = $1", raw_table(source_)), {&id, 1});
  }
  delivery.originals.reset();
  if (vault_) delivery.originals.emplace(*vault_, session_, row.id, row.started_us);
  VaultWriter* const originals = delivery.originals ? &*delivery.originals : nullptr;
  RawWriter raw(session_, source_, delivery.path, row.id, row.started_us, tokeniser_, originals);
  RejectWriter rejects(session_, source_.name, delivery.path, row.id, row.started_us, vault_);
  FileReport& report = delivery.report;
  const std::unique_ptr<FileReader> reader = open(delivery);
  report = {};
  report.path = delivery.path;
  delivery.refused_lines = 0;
  while (const records::CsvChunk* chunk = of_file([&] { return reader->next(); })) {
    raw.append(*chunk);
    for (const records::Refusal& refusal : chunk->refusals) {
      rejects.add(refusal);
      delivery.refused_lines += refusal.lines;
      if (report.first_refusals.size() < kShownRefusals)
        report.first_refusals.push_back({refusal.line, refusal.reason});
    }
    if (rejects.full() || (originals && originals->full())) {
      raw.close();
      rejects.flush();
      if (originals) originals->flush();
    }
    report.rows = raw.rows();
    report.rejected = rejects.count();
    report.lines = reader->lines();
    report.bytes = reader->bytes();
    read_(report);
  }
  raw.close();
  rejects.flush();
  rejects.add_header(reader->header());
  if (originals) originals->flush();
  report.lines = reader->lines();
  report.bytes = delivery.reading->bytes;
  delivery.data_lines = reader->lines() - reader->leading_lines();
  delivery.records = reader->records();
  delivery.notice = reader->notice();
  if (has_changed(delivery) || !delivery.read_whole(*delivery.reading)) return false;
  row.content = delivery.content;
  row.lines = report.lines;
  row.rows = report.rows;
  row.rejected = report.rejected;
  return true;
}

/// Past the limit: only what is wrong with the file is written, in a reading and a transaction of its own.
bool FileLoader::refuse_records(Delivery& delivery) {
  BatchRow row;
  row.path = delivery.path;
  row.status = "refused";
  row.content = delivery.content;
  row.lines = delivery.report.lines;
  row.rejected = delivery.report.rejected;
  row.message = delivery.report.reason;
  row.started_us = clock_.now_us();
  if (ledger_.refused_before(row)) return true;
  engine::Transaction transaction(session_);
  row.id = batches_.next_id();
  RejectWriter rejects(session_, source_.name, delivery.path, row.id, row.started_us, vault_);
  const std::unique_ptr<FileReader> reader = open(delivery);
  while (const records::CsvChunk* chunk = of_file([&] { return reader->next(); })) {
    for (const records::Refusal& refusal : chunk->refusals) rejects.add(refusal);
    if (rejects.full()) rejects.flush();
  }
  if (has_changed(delivery) || !delivery.read_whole(*delivery.reading)) return false;
  rejects.flush();
  rejects.add_header(reader->header());
  batches_.add(row);
  transaction.commit();
  ledger_.remember(std::move(row));
  return true;
}

void FileLoader::note_batch(BatchRow row) {
  row.started_us = clock_.now_us();
  engine::Transaction transaction(session_);
  row.id = batches_.next_id();
  batches_.add(row);
  transaction.commit();
  ledger_.remember(std::move(row));
}

void FileLoader::note_duplicate(Delivery& delivery) {
  BatchRow row;
  row.path = delivery.path;
  row.status = "duplicate";
  row.content = delivery.content;
  row.lines = delivery.report.lines;
  row.duplicate_of = ledger_.standing_with(delivery.content->hash, delivery.path)->path;
  note_batch(std::move(row));
}

/// A path whose last delivery was refused has the content again that stands: its latest row says so.
void FileLoader::note_restored(const std::string& path, const Content& content) {
  BatchRow row;
  row.path = path;
  row.status = "unchanged";
  row.content = content;
  note_batch(std::move(row));
}

/// The file as a whole is refused; report.reason says why.
void FileLoader::refuse_file(FileReport& report, const std::optional<Content>& content, SqlState state) {
  (*my_turn_)();
  report.state = FileState::kRefused;
  BatchRow row;
  row.path = report.path;
  row.status = "refused";
  row.content = content;
  row.message = report.reason;
  row.started_us = clock_.now_us();
  if (ledger_.refused_before(row)) return;
  engine::Transaction transaction(session_);
  row.id = batches_.next_id();
  RejectWriter rejects(session_, source_.name, report.path, row.id, row.started_us, vault_);
  rejects.add_file(state, report.reason);
  rejects.flush();
  batches_.add(row);
  transaction.commit();
  ledger_.remember(std::move(row));
}

}  // namespace garland::ingest
