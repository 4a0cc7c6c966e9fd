#include "embedded/unload.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>

#include "embedded/failure.h"
#include "engine/text.h"
#include "records/json_path.h"

namespace garland::embedded {

namespace {

using engine::Type;
using engine::TypeId;
using Format = UnloadRequest::Format;

const char* format_name(Format format) {
  switch (format) {
    case Format::kCsv:
      return "CSV";
    case Format::kJson:
      return "JSON";
    case Format::kParquet:
      return "PARQUET";
    default:
      return "TEXT";
  }
}

const char* packing_name(records::Packing packing) {
  switch (packing) {
    case records::Packing::kGzip:
      return "GZIP";
    case records::Packing::kBzip2:
      return "BZIP2";
    case records::Packing::kZstd:
      return "ZSTD";
    case records::Packing::kNone:
      break;
  }
  return "NONE";
}

/// Rows of the query, in the columns that the files hold.
class QueryRows {
 public:
  QueryRows(Context& context, duck::Result result, std::vector<size_t> columns)
      : context_(context), result_(std::move(result)), columns_(std::move(columns)) {}

  /// The row at hand; nullptr at the end.
  const engine::Batch* current() {
    while (!ended_ && (!batch_ || row_ == batch_->rows)) {
      context_.activity.check();
      batch_ = result_.fetch();
      row_ = 0;
      ended_ = batch_ == nullptr;
    }
    return ended_ ? nullptr : batch_;
  }
  size_t row() const { return row_; }
  /// The rows from the current one up to `end`, of the files' columns only.
  const engine::Batch& take(size_t end) {
    out_.columns.clear();
    out_.rows = end - row_;
    for (const size_t column : columns_) out_.columns.push_back(from_row(batch_->columns[column]));
    row_ = end;
    return out_;
  }

 private:
  engine::Column from_row(engine::Column column) {
    if (row_ == 0) return column;
    if (column.validity) {
      std::vector<uint64_t>& bits = validity_.emplace_back(engine::kBatchRows / 64, 0);
      for (size_t i = row_; i < batch_->rows; ++i) {
        if (!column.is_null(i)) bits[(i - row_) / 64] |= uint64_t{1} << ((i - row_) % 64);
      }
      if (validity_.size() > columns_.size()) validity_.pop_front();
      column.validity = bits.data();
    }
    column.data = static_cast<const char*>(column.data) + row_ * engine::value_width(column.type);
    return column;
  }

  Context& context_;
  duck::Result result_;
  std::vector<size_t> columns_;
  const engine::Batch* batch_ = nullptr;
  size_t row_ = 0;
  bool ended_ = false;
  engine::Batch out_;
  std::deque<std::vector<uint64_t>> validity_;
};

class AllRows final : public RowSource {
 public:
  explicit AllRows(QueryRows& rows) : rows_(rows) {}
  const engine::Batch* next() override {
    const engine::Batch* batch = rows_.current();
    return batch ? &rows_.take(batch->rows) : nullptr;
  }

 private:
  QueryRows& rows_;
};

/// Hive's form of a value in a folder's name.
std::string folder_value(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool special = static_cast<unsigned char>(c) < 0x20 || c == 0x7F ||
                         std::string_view("\"#%'*/:=?\\{}[]^").find(c) != std::string_view::npos;
    out += special ? fmt::format("%{:02X}", static_cast<unsigned char>(c)) : std::string(1, c);
  }
  return out;
}

/// Rows come sorted by the partition columns: a run ends where their values change.
class PartitionRows final : public RowSource {
 public:
  PartitionRows(QueryRows& rows, const std::vector<int32_t>& by) : rows_(rows), by_(by) {
    const engine::Batch* batch = rows_.current();
    for (const int32_t column : by_) key_.push_back(value(*batch, column, rows_.row()));
  }
  const engine::Batch* next() override {
    const engine::Batch* batch = rows_.current();
    if (!batch || !same(*batch, rows_.row())) return nullptr;
    size_t end = rows_.row() + 1;
    while (end < batch->rows && same(*batch, end)) ++end;
    return &rows_.take(end);
  }
  /// `a=1/b=x/`
  std::string folder(const std::vector<semantics::OutputColumn>& columns) const {
    std::string path;
    for (size_t i = 0; i < by_.size(); ++i) {
      path += columns[static_cast<size_t>(by_[i])].name + "=";
      path += (key_[i] ? folder_value(*key_[i]) : "__HIVE_DEFAULT_PARTITION__") + "/";
    }
    return path;
  }

 private:
  using Value = std::optional<std::string>;
  static Value value(const engine::Batch& batch, int32_t index, size_t row) {
    const engine::Column& column = batch.columns[static_cast<size_t>(index)];
    if (column.is_null(row)) return std::nullopt;
    if (column.type.is_string()) return std::string(column.values<std::string_view>()[row]);
    std::string text;
    engine::append_text(text, column, row);
    return text;
  }
  bool same(const engine::Batch& batch, size_t row) const {
    for (size_t i = 0; i < by_.size(); ++i) {
      if (value(batch, by_[i], row) != key_[i]) return false;
    }
    return true;
  }

  QueryRows& rows_;
  const std::vector<int32_t>& by_;
  std::vector<Value> key_;
};

std::string json_text(std::string_view text) {
  std::string out;
  records::append_json_string(out, text);
  return out;
}

std::string schema_element(const UnloadColumn& column) {
  std::string type = to_string(column.type);
  std::string more;
  if (column.type.is_string()) more = fmt::format(", \"length\": {}", column.type.length);
  if (column.type.id == TypeId::kDecimal) {
    more = fmt::format(", \"precision\": {}, \"scale\": {}", column.type.precision, column.type.scale);
  }
  return fmt::format("      {{\"name\": {}, \"type\": {{ \"base\": {}{} }}}}", json_text(column.name),
                     json_text(type.substr(0, type.find('('))), more);
}

/// Guide page r_UNLOAD_command_examples, "Unload VENUE with MANIFEST VERBOSE".
std::string manifest_text(const UnloadRequest& request, const std::vector<UnloadedFile>& files,
                          const std::vector<UnloadColumn>& columns) {
  std::string entries, elements;
  uint64_t bytes = 0, rows = 0;
  const bool meta = request.verbose || request.format == Format::kParquet;
  for (const UnloadedFile& file : files) {
    bytes += file.bytes;
    rows += file.rows;
    entries += entries.empty() ? "" : ",\n";
    entries += "    {\"url\":" + json_text(file.place);
    if (meta && request.verbose) {
      entries += fmt::format(", \"meta\": {{ \"content_length\": {}, \"record_count\": {} }}", file.bytes, file.rows);
    } else if (meta) {
      entries += fmt::format(", \"meta\": {{ \"content_length\": {} }}", file.bytes);
    }
    entries += "}";
  }
  std::string text = "{\n  \"entries\": [\n" + entries + "\n  ]";
  if (request.verbose) {
    for (const UnloadColumn& column : columns) elements += (elements.empty() ? "" : ",\n") + schema_element(column);
    text += ",\n  \"schema\": {\n    \"elements\": [\n" + elements + "\n    ]\n  },\n";
    text += fmt::format("  \"meta\": {{\n    \"content_length\": {},\n    \"record_count\": {}\n  }},\n", bytes, rows);
    text += "  \"author\": {\n    \"name\": \"Amazon Redshift\",\n    \"version\": \"1.0.0\"\n  }";
  }
  return text + "\n}\n";
}

/// One UNLOAD on its way.
class Unloading {
 public:
  Unloading(Context& context, const semantics::BoundUnload& statement)
      : context_(context),
        statement_(statement),
        columns_(statement.query.columns),
        request_(read_unload_options(statement.statement.options, columns_.size())),
        space_(context.warehouse, statement.statement.options),
        start_(space_.target(with_slash(statement))) {
    for (size_t i = 0; i < columns_.size(); ++i) {
      if (!statement.statement.partition_include && is_partition(i)) continue;
      shown_.push_back(i);
      written_.push_back({columns_[i].name, columns_[i].type});
    }
  }

  void make_room() {
    if (request_.clean) {
      if (FileSpace::is_remote(start_)) {
        throw Error(kFeatureNotSupported, "CLEANPATH on s3:// is not supported yet");
      }
      if (statement_.partition_by.empty()) clean(start_);
      return;
    }
    if (request_.overwrite || space_.beginning_with(start_).empty()) return;
    throw Error(kInternalError,
                "Specified unload destination \"" + statement_.statement.target +
                    "\" is not empty. Consider using a different bucket / prefix, manually removing the "
                    "target files, or using the ALLOWOVERWRITE option.");
  }

  void write(duck::Result result) {
    std::vector<Type> types;
    for (const auto& column : columns_) types.push_back(column.type);
    result.expect(types);
    QueryRows rows(context_, std::move(result), shown_);
    if (statement_.partition_by.empty()) {
      AllRows all(rows);
      write_run(start_, all);
    }
    while (!statement_.partition_by.empty() && rows.current()) {
      PartitionRows partition(rows, statement_.partition_by);
      const std::string start = start_ + partition.folder(columns_);
      if (request_.clean) clean(start);
      write_run(start, partition);
    }
    if (request_.manifest) write_manifest();
  }

  uint64_t rows() const {
    uint64_t count = 0;
    for (const UnloadedFile& file : files_) count += file.rows - (request_.header ? 1 : 0);
    return count;
  }

  UnloadSummary summary(std::string error) const {
    return {statement_.statement.target,
            format_name(request_.format),
            packing_name(request_.packing),
            std::move(error),
            files_,
            rows()};
  }
  const std::vector<UnloadedFile>& files() const { return files_; }

 private:
  bool is_partition(size_t column) const {
    return std::ranges::count(statement_.partition_by, static_cast<int32_t>(column)) > 0;
  }
  /// PARTITION BY makes folders below the target.
  static std::string with_slash(const semantics::BoundUnload& statement) {
    const std::string& target = statement.statement.target;
    return statement.partition_by.empty() || target.ends_with('/') ? target : target + "/";
  }
  void clean(const std::string& start) {
    for (const std::string& place : space_.beginning_with(start)) space_.remove(place);
  }
  void write_run(const std::string& start, RowSource& rows) {
    UnloadTarget target{space_, request_, start, files_};
    request_.format == Format::kParquet ? write_parquet(target, written_, rows) : write_text(target, written_, rows);
  }
  void write_manifest() {
    const auto sink = space_.create(start_ + "manifest", request_.overwrite);
    sink->write(manifest_text(request_, files_, written_));
    sink->close();
  }

  Context& context_;
  const semantics::BoundUnload& statement_;
  const std::vector<semantics::OutputColumn>& columns_;
  UnloadRequest request_;
  FileSpace space_;
  std::string start_;
  std::vector<size_t> shown_;
  std::vector<UnloadColumn> written_;
  std::vector<UnloadedFile> files_;
};

/// Sorted by the partition columns; within a partition the query's own order stays.
std::string sorted(const std::string& sql, const semantics::BoundUnload& statement) {
  if (statement.partition_by.empty()) return sql;
  std::string names;
  for (size_t i = 0; i < statement.query.columns.size(); ++i) names += (i == 0 ? "o" : ", o") + std::to_string(i);
  std::string keys;
  for (const int32_t column : statement.partition_by) keys += "o" + std::to_string(column) + ", ";
  return "SELECT " + names + " FROM (SELECT *, row_number() OVER () AS place FROM (" + sql + ") AS q(" + names +
         ")) ORDER BY " + keys + "place";
}

[[noreturn]] void fail(Error error, const std::vector<UnloadedFile>& files) {
  std::string detail = error.detail();
  if (!files.empty()) {
    detail += detail.empty() ? "" : " ";
    detail += "Written before the failure:";
    for (size_t i = 0; i < files.size() && i < 100; ++i) detail += " " + files[i].place;
    if (files.size() > 100) detail += fmt::format(" and {} more", files.size() - 100);
  }
  throw error.detail(detail);
}

}  // namespace

Outcome unload(Context& context, const Plan& plan, const semantics::BoundUnload& statement, Parameters values) {
  context.last_unload_count = 0;
  Unloading unloading(context, statement);
  unloading.make_room();
  const auto parameters = static_cast<int32_t>(plan.bound.parameters.size() + plan.bound.session_values.size());
  const Translation translation = translate_query(statement.query, Context::names(plan), parameters);
  duck::Prepared prepared = context.connection.prepare(sorted(translation.sql, statement));
  try {
    unloading.write(prepared.stream(context.values(translation, plan, values)));
  } catch (const Error& error) {
    write_unload_log(context, unloading.summary(error.message()));
    fail(error, unloading.files());
  } catch (const duck::DuckError& error) {
    context.activity.check();
    const Error told = to_error(error);
    write_unload_log(context, unloading.summary(told.message()));
    fail(told, unloading.files());
  }
  write_unload_log(context, unloading.summary(""));
  const uint64_t rows = unloading.rows();
  context.last_unload_count = static_cast<int64_t>(rows);
  context.last_unload_id = context.running_query;
  context.notice("INFO", SqlState("00000"),
                 "UNLOAD completed, " + std::to_string(rows) + " record(s) unloaded successfully.");
  return {"UNLOAD", rows};
}

}  // namespace garland::embedded
