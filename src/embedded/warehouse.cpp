#include "embedded/warehouse.h"

#include "base/error.h"
#include "base/failpoint.h"
#include "base/log.h"
#include "duck/function.h"
#include "embedded/catalog_store.h"
#include "embedded/failure.h"
#include "embedded/functions.h"
#include "net/private_file.h"

namespace garland::embedded {

namespace {

/// A checkpoint compresses the last row group of each table that changed once more, whatever came since: with DuckDB's
/// own 16 MB that is much of the work of following a busy source. What a start after a kill reads again is as long.
constexpr int64_t kCheckpointBytes = 64 << 20;

std::filesystem::path made_folder(const std::filesystem::path& folder) {
  std::error_code code;
  if (std::filesystem::create_directory(folder, code)) {  // customers' data, and what passwords are checked with
    std::filesystem::permissions(folder, std::filesystem::perms::owner_all, code);
    net::sync_folder(std::filesystem::canonical(folder).parent_path());
  }
  if (code || !std::filesystem::is_directory(folder, code)) {
    throw Error(kIoError, "could not use the data folder " + folder.string())
        .hint("It, or the folder that holds it, must exist and be writable.");
  }
  return std::filesystem::canonical(folder);
}

Options settled(Options options) {
  options.data_folder = made_folder(options.data_folder);
  if (options.copy_folders.empty()) options.copy_folders = {options.data_folder};
  return options;
}

/// garland_identity(table, attnum): the next value of an identity column, for rows that a query inserts.
duck::ScalarFunction identity_function(Identities& identities) {
  const engine::Type bigint = engine::Type::of(engine::TypeId::kBigint);
  duck::ScalarFunction function;
  function.name = "garland_identity";
  function.arguments = {bigint, bigint};
  function.result = bigint;
  function.is_volatile = true;
  function.call = [&identities](const engine::Batch& arguments, duck::ResultWriter& out) {
    const auto table = static_cast<Oid>(arguments.columns[0].values<int64_t>()[0]);
    const auto attnum = static_cast<int16_t>(arguments.columns[1].values<int64_t>()[0]);
    const Identities::Range range = identities.take(table, attnum, arguments.rows);
    for (size_t row = 0; row < arguments.rows; ++row) {
      out.set<int64_t>(row, range.first + static_cast<int64_t>(row) * range.step);
    }
  };
  return function;
}

}  // namespace

void Identities::prepare(Oid table, const semantics::ColumnDef& column,
                         const std::function<std::optional<int64_t>()>& highest) {
  const std::lock_guard lock(mutex_);
  if (next_.contains({table, column.attnum})) return;
  const semantics::IdentitySpec& spec = *column.identity;
  const auto stored = highest();
  int64_t first = spec.seed;
  if (stored && (spec.step > 0 ? *stored >= spec.seed : *stored <= spec.seed)) {
    first = spec.seed + ((*stored - spec.seed) / spec.step + 1) * spec.step;
  }
  next_[{table, column.attnum}] = {first, spec.step};
}

Identities::Range Identities::take(Oid table, int16_t attnum, uint64_t count) {
  const std::lock_guard lock(mutex_);
  const auto found = next_.find({table, attnum});
  if (found == next_.end()) throw Error(kInternalError, "an identity column that was not prepared");
  Range& next = found->second;
  const Range taken = next;
  int64_t span = 0;
  if (__builtin_mul_overflow(static_cast<int64_t>(count), next.step, &span) ||
      __builtin_add_overflow(taken.first, span, &next.first)) {
    throw Error(kNumericValueOutOfRange, "an identity column has no values left");
  }
  return taken;
}

void Identities::forget(Oid table) {
  const std::lock_guard lock(mutex_);
  next_.erase(next_.lower_bound({table, INT16_MIN}), next_.upper_bound({table, INT16_MAX}));
}

Warehouse::Warehouse(const Options& options)
    : options_(settled(options)),
      lock_file_(options_.data_folder / kLockFile, options_.socket),
      names_(options_.data_folder, *options_.clock),
      watchdog_(*options_.clock) {
  try {
    open_file();
  } catch (const duck::DuckError& error) {
    spdlog::error("opening the warehouse: {}", error.text());
    if (is_disk_full(error)) throw to_error(error);
    const bool foreign = error.text().find("not a valid DuckDB database file") != std::string::npos;
    throw Error(error.kind() == duck::ErrorKind::kIo && !foreign ? kIoError : kDataCorrupted,
                "could not open the warehouse in " + options_.data_folder.string())
        .detail(error.text());
  }
}

void Warehouse::open_file() {
  const std::filesystem::path temporary = options_.data_folder / "tmp";
  std::filesystem::create_directory(temporary);
  database_ = std::make_unique<duck::Database>(
      duck::DatabaseOptions{options_.threads, options_.memory_limit_bytes, temporary, kCheckpointBytes});
  const std::filesystem::path file = options_.data_folder / "warehouse.duckdb";
  const bool has_log = std::filesystem::exists(file.string() + ".wal");
  database_->attach(file);
  // A log that a killed process left may tell of a checkpoint that did not end. If another one is killed after that
  // while a transaction commits beside it, DuckDB 1.5 cannot read the two logs any more ("checkpoint WAL cannot contain
  // a checkpoint marker"). Nobody commits yet, so here is where the old log ends.
  if (has_log) database_->connect().query("CHECKPOINT w");
  database_->lock_down();
  duck::Connection connection = database_->connect();
  install_functions(connection);
  duck::register_functions(connection, {identity_function(identities_)});
  const int format = stored_format(connection);
  if (format > kFormat) {
    throw Error(kDataCorrupted, "the warehouse was written by a newer Garland (format " + std::to_string(format) +
                                    ", this one knows " + std::to_string(kFormat) + ")")
        .hint("Use that version, or a newer one.");
  }
  if (format < kFormat) {
    connection.query("BEGIN");
    if (format == 0) {
      create_catalog(connection);
    } else {
      migrate_catalog(connection, format);
    }
    connection.query("COMMIT");
  }
  connection.query("BEGIN");
  add_system_tables(connection);
  connection.query("COMMIT");
  LoadedCatalog loaded = load_catalog(connection);
  last_oid_ = loaded.last_oid;
  catalog_ = std::make_shared<const CatalogSnapshot>(std::move(loaded.snapshot));
  names_.settle();
  audit_ = std::make_unique<Audit>(database_->connect(), history_of_queries_, *options_.clock, options_.audit_days);
}

Warehouse::~Warehouse() {
  audit_.reset();
  try {
    failpoint(Failpoint::kCheckpoint);
    database_->connect().query("CHECKPOINT w");
  } catch (const duck::DuckError& error) {
    spdlog::warn("the checkpoint at close failed; the next start reads the log: {}", error.text());
  } catch (const Error& error) {  // of the failpoint
    spdlog::warn("no checkpoint at close: {}", error.message());
  }
  database_.reset();  // before the lock file is freed
}

CatalogSnapshotPtr Warehouse::catalog() const {
  const std::lock_guard lock(catalog_mutex_);
  return catalog_;
}

void Warehouse::publish(CatalogSnapshotPtr catalog) {
  const std::lock_guard lock(catalog_mutex_);
  catalog_ = std::move(catalog);
}

}  // namespace garland::embedded
