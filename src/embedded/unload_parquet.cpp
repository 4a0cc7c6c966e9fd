// UNLOAD to Parquet: DuckDB writes it, rows are handed to it as they come.
#include <algorithm>
#include <atomic>
#include <exception>

#include "base/error.h"
#include "embedded/unload.h"
#include "engine/text.h"

namespace garland::embedded {

namespace {

using engine::Type;
using engine::TypeId;

/// Types that Parquet has no form for go as text.
Type written_type(const Type& type) {
  if (type.is_interval() || type.id == TypeId::kTimeTz) return Type::varchar(kMaxVarcharBytes);
  return type;
}

/// Rows for one file: ends when the run ends or the file has grown large enough.
class FileRows {
 public:
  FileRows(RowSource& rows, const std::vector<UnloadColumn>& columns, uint64_t max_bytes)
      : rows_(rows), max_bytes_(max_bytes) {
    for (const UnloadColumn& column : columns) types_.push_back(written_type(column.type));
    text_.emplace(types_);
  }
  const std::vector<Type>& types() const { return types_; }
  uint64_t count() const { return count_; }
  bool ended() const { return ended_; }
  void start_file() { count_ = bytes_ = 0; }

  /// What fails here fails DuckDB's statement too: the cause is kept.
  const engine::Batch* next() {
    try {
      if (bytes_ >= max_bytes_) return nullptr;
      const engine::Batch* batch = ahead_ ? std::exchange(ahead_, nullptr) : rows_.next();
      ended_ = batch == nullptr;
      if (!batch) return nullptr;
      count_ += batch->rows;
      return &as_written(*batch);
    } catch (...) {
      failure_ = std::current_exception();
      throw;
    }
  }
  void rethrow() {
    if (failure_) std::rethrow_exception(failure_);
  }
  /// Whether another file is needed.
  bool more() {
    if (!ended_ && !ahead_) ahead_ = rows_.next();
    ended_ = ahead_ == nullptr;
    return !ended_;
  }

 private:
  const engine::Batch& as_written(const engine::Batch& batch) {
    out_ = batch;
    text_->clear();
    bool text = false;
    for (size_t i = 0; i < types_.size(); ++i) {
      const engine::Column& column = batch.columns[i];
      bytes_ += batch.rows * engine::value_width(column.type);
      if (column.type.is_string() || column.type.id == TypeId::kSuper) {
        for (size_t row = 0; row < batch.rows; ++row) {
          if (!column.is_null(row)) bytes_ += column.values<std::string_view>()[row].size();
        }
      }
      text |= column.type.id != types_[i].id;
    }
    if (!text) return out_;
    std::string value;
    for (size_t row = 0; row < batch.rows; ++row) {
      for (size_t i = 0; i < types_.size(); ++i) {
        if (batch.columns[i].type.id == types_[i].id || batch.columns[i].is_null(row)) continue;
        value.clear();
        engine::append_text(value, batch.columns[i], row);
        text_->set_string(i, value);
      }
      text_->end_row();
    }
    const engine::Batch& texts = text_->batch();
    for (size_t i = 0; i < types_.size(); ++i) {
      if (batch.columns[i].type.id != types_[i].id) out_.columns[i] = texts.columns[i];
    }
    return out_;
  }

  RowSource& rows_;
  uint64_t max_bytes_;
  std::vector<Type> types_;
  std::optional<engine::BatchBuilder> text_;
  engine::Batch out_;
  const engine::Batch* ahead_ = nullptr;
  uint64_t count_ = 0, bytes_ = 0;
  bool ended_ = false;
  std::exception_ptr failure_;
};

/// So many rows make a row group of about the size.
uint64_t group_rows(const std::vector<UnloadColumn>& columns, uint64_t bytes) {
  uint64_t row = 0;
  for (const UnloadColumn& column : columns) row += engine::value_width(column.type);
  return std::clamp<uint64_t>(bytes / std::max<uint64_t>(row, 1), 2048, 4'000'000);
}

}  // namespace

void write_parquet(UnloadTarget& target, const std::vector<UnloadColumn>& columns, RowSource& rows) {
  const uint64_t group = target.request.row_group_bytes;
  // rounded down to whole row groups (guide page r_UNLOAD)
  FileRows source(rows, columns, std::max(target.request.max_file_bytes / group, uint64_t{1}) * group);
  std::vector<std::string> names;
  std::string list;
  for (size_t i = 0; i < columns.size(); ++i) {
    names.push_back("c" + std::to_string(i));
    list += (i == 0 ? "" : ", ") + names.back() + (columns[i].type.id == TypeId::kSuper ? "::JSON" : "") + " AS " +
            duck::quoted_identifier(columns[i].name);
  }
  duck::Files& files = target.space.files();
  static std::atomic<uint64_t> feeds{0};
  const std::string feed = "feed_" + std::to_string(++feeds);
  files.feed(feed, names, source.types(), [&source] { return source.next(); });
  do {
    const std::string place = target.next_place();
    source.start_file();
    if (!FileSpace::is_remote(place))
      target.space.create(place, target.request.overwrite)->close();  // the checks of local files
    try {
      files.connection().query("COPY (SELECT " + list + " FROM " + feed + "()) TO " + duck::quoted_literal(place) +
                               " (FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE " +
                               std::to_string(group_rows(columns, group)) + ")");
    } catch (const duck::DuckError& error) {
      target.space.discard(place);
      source.rethrow();
      throw Error(kIoError, "could not write \"" + place + "\" as Parquet")
          .detail(FileSpace::is_remote(place) ? "" : error.text());
    }
    target.files.push_back({place, source.count(), target.space.size(place)});
  } while (source.more());
}

}  // namespace garland::embedded
