#include "ingest/files/parquet_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/error.h"
#include "ingest/json_reader.h"
#include "records/csv_layout.h"
#include "records/printable.h"

namespace garland::ingest {
namespace {

using duck::ParquetColumn;
using engine::TypeId;

/// What `work` gives; what DuckDB says against it is the file's fault, or its store's.
template <class Work>
auto of_store(FileStore& store, const std::string& path, Work work) -> decltype(work()) {
  try {
    return work();
  } catch (const duck::DuckError& error) {
    store.check_reached(path, error);
    throw Error(kBadCopyFileFormat, "the file could not be read as Parquet").hint("deliver the file again");
  }
}

std::string text_of(const ParquetColumn& column, const engine::Type& type) {
  const std::string name = duck::quoted_identifier(column.name);
  if (type.id == TypeId::kSuper && (duck::is_nested(column.type) || column.type == "JSON"))
    return "to_json(" + name + ")";
  if (column.type == "BLOB" && type.id == TypeId::kVarbyte) return "hex(" + name + ")";
  if (column.type == "BLOB") return "decode(" + name + ")";
  if (type.id == TypeId::kTimestamp) return name + "::TIMESTAMP::VARCHAR";
  return name + "::VARCHAR";
}

struct ParquetLayout {
  records::Layout names;
  std::vector<ParquetColumn> columns;
};

ParquetLayout layout_of(const FileSource& source, FileStore& store, const std::string& path, bool pass_over_surplus) {
  ParquetLayout layout;
  layout.columns = of_store(store, path, [&] {
    return duck::parquet_columns(store.files().connection(), duck::glob_text(store.location(path)));
  });
  std::vector<std::string> names;
  for (const ParquetColumn& column : layout.columns) names.push_back(column.name);
  records::CsvOptions options = csv_options(source);
  options.pass_over_surplus = options.pass_over_surplus || pass_over_surplus;
  options.show_values = true;  // these are names, whatever the rows hold
  layout.names = records::layout_by_header(csv_columns(source), names, options);
  return layout;
}

std::string select_of(const FileSource& source, const ParquetLayout& layout, const std::string& location) {
  std::string list;
  for (size_t i = 0; i < source.columns.size(); ++i) {
    if (layout.names.fields[i] == records::Layout::kNoField) continue;
    const ParquetColumn& column = layout.columns[layout.names.fields[i]];
    const engine::Type& type = source.columns[i].type;
    if (!duck::parquet_fits(column.type, type)) {
      throw Error(kBadCopyFileFormat, fmt::format("its column \"{}\" is {}, which does not fit {}",
                                                  records::printable(column.name), column.type, to_string(type)))
          .hint("give the column of garland.toml a type that takes it");
    }
    list += fmt::format("{}{} := {}", list.empty() ? "" : ", ", duck::quoted_identifier(source.columns[i].name),
                        text_of(column, type));
  }
  return fmt::format("SELECT to_json(struct_pack({}))::VARCHAR FROM read_parquet({}, hive_partitioning = false)", list,
                     duck::quoted_literal(duck::glob_text(location)));
}

class ParquetReader final : public FileReader {
 public:
  ParquetReader(const FileSource& source, FileStore& store, std::string path,
                std::unique_ptr<records::ByteSource> content)
      : store_(store),
        path_(std::move(path)),
        content_(std::move(content)),
        shape_(json_shape(source)),
        reader_(shape_),
        rows_(reader_.types()) {
    const ParquetLayout layout = layout_of(source, store, path_, false);
    notice_ = layout_notice(layout.names.missing, layout.names.surplus);
    const std::string select = select_of(source, layout, store.location(path_));
    of_store(store_, path_, [&] {
      statement_.emplace(store.files().connection().prepare(select));
      objects_.emplace(statement_->stream());
    });
  }

  const records::CsvChunk* next() override {
    rows_.clear();
    row_lines_.clear();
    refusals_.clear();
    const engine::Batch* objects = of_store(store_, path_, [&] { return objects_->fetch(); });
    if (!objects) {
      std::vector<char> buffer(256u << 10);
      while (content_->read(buffer.data(), buffer.size()) > 0) {
      }
      return nullptr;
    }
    for (size_t row = 0; row < objects->rows; ++row) take(objects->columns[0].values<std::string_view>()[row]);
    chunk_ = {&rows_.batch(), row_lines_, refusals_};
    return &chunk_;
  }

  uint64_t records() const override { return records_; }
  uint64_t lines() const override { return records_; }
  uint64_t bytes() const override { return bytes_; }
  std::string notice() const override { return notice_; }

 private:
  void take(std::string_view object) {
    ++records_;
    bytes_ += object.size();
    auto fault = reader_.read(object, rows_);
    if (!fault) return row_lines_.push_back(records_);
    records::Refusal refusal;
    refusal.line = records_;
    refusal.column = std::move(fault->column);
    refusal.state = fault->state;
    refusal.reason = std::move(fault->reason);
    refusal.record = std::string(object);
    refusals_.push_back(std::move(refusal));
  }

  FileStore& store_;
  const std::string path_;
  const std::unique_ptr<records::ByteSource> content_;
  const JsonShape shape_;
  JsonReader reader_;
  std::string notice_;
  std::optional<duck::Prepared> statement_;
  std::optional<duck::Result> objects_;
  engine::BatchBuilder rows_;
  std::vector<uint64_t> row_lines_;
  std::vector<records::Refusal> refusals_;
  records::CsvChunk chunk_;
  uint64_t records_ = 0, bytes_ = 0;
};

}  // namespace

std::unique_ptr<FileReader> read_parquet(const FileSource& source, FileStore& store, const std::string& path,
                                         std::unique_ptr<records::ByteSource> content) {
  return std::make_unique<ParquetReader>(source, store, path, std::move(content));
}

std::vector<ParquetColumn> surplus_parquet_columns(const FileSource& source, FileStore& store,
                                                   const std::string& path) {
  const ParquetLayout layout = layout_of(source, store, path, true);
  std::vector<ParquetColumn> surplus;
  for (const ParquetColumn& column : layout.columns) {
    if (std::ranges::find(layout.names.surplus, column.name) != layout.names.surplus.end()) surplus.push_back(column);
  }
  return surplus;
}

}  // namespace garland::ingest
