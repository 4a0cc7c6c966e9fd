#include "embedded/warehouse.h"

#include "base/error.h"
#include "base/log.h"
#include "embedded/catalog_store.h"
#include "embedded/failure.h"

namespace garland::embedded {

namespace {

std::filesystem::path made_folder(const std::filesystem::path& folder) {
  std::error_code code;
  std::filesystem::create_directory(folder, code);
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

}  // namespace

int64_t Identities::reserve(Oid table, const semantics::ColumnDef& column, uint64_t count,
                            const std::function<std::optional<int64_t>()>& highest) {
  const std::lock_guard lock(mutex_);
  const semantics::IdentitySpec& spec = *column.identity;
  auto found = next_.find({table, column.attnum});
  if (found == next_.end()) {
    const auto stored = highest();
    int64_t first = spec.seed;
    if (stored && (spec.step > 0 ? *stored >= spec.seed : *stored <= spec.seed)) {
      first = spec.seed + ((*stored - spec.seed) / spec.step + 1) * spec.step;
    }
    found = next_.emplace(std::make_pair(table, column.attnum), first).first;
  }
  const int64_t first = found->second;
  int64_t span = 0;
  if (__builtin_mul_overflow(static_cast<int64_t>(count), spec.step, &span) ||
      __builtin_add_overflow(first, span, &found->second)) {
    throw Error(kNumericValueOutOfRange, "the identity column \"" + column.name + "\" has no values left");
  }
  return first;
}

void Identities::forget(Oid table) {
  const std::lock_guard lock(mutex_);
  next_.erase(next_.lower_bound({table, INT16_MIN}), next_.upper_bound({table, INT16_MAX}));
}

Warehouse::Warehouse(const Options& options)
    : options_(settled(options)), lock_file_(options_.data_folder / "lock"), watchdog_(*options_.clock) {
  try {
    open_file();
  } catch (const duck::DuckError& error) {
    spdlog::error("opening the warehouse: {}", error.text());
    throw Error(error.kind() == duck::ErrorKind::kIo ? kIoError : kDataCorrupted,
                "could not open the warehouse in " + options_.data_folder.string())
        .detail(error.text());
  }
}

void Warehouse::open_file() {
  const std::filesystem::path temporary = options_.data_folder / "tmp";
  std::filesystem::create_directory(temporary);
  database_ = std::make_unique<duck::Database>(
      duck::DatabaseOptions{options_.threads, options_.memory_limit_bytes, temporary});
  database_->attach(options_.data_folder / "warehouse.duckdb");
  database_->lock_down();
  duck::Connection connection = database_->connect();
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
  LoadedCatalog loaded = load_catalog(connection);
  last_oid_ = loaded.last_oid;
  catalog_ = std::make_shared<const CatalogSnapshot>(std::move(loaded.snapshot));
}

Warehouse::~Warehouse() {
  try {
    database_->connect().query("CHECKPOINT w");
  } catch (const duck::DuckError& error) {
    spdlog::warn("the checkpoint at close failed; the next start reads the log: {}", error.text());
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
