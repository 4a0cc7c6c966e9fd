// COPY of Parquet (guide page copy-usage_notes-copy-from-columnar): columns by position, as many as are to be loaded.
#include <cstdlib>

#include "duck/parquet.h"
#include "embedded/copy.h"

namespace garland::embedded {

namespace {

using duck::is_nested;
using engine::Type;
using engine::TypeId;

using FileColumn = duck::ParquetColumn;

[[noreturn]] void scan_error(CopyRun& run, const std::string& file, size_t column, const std::string& reason) {
  records::LoadError error;
  error.column = column;
  error.fault = {1223, kDatatypeMismatch, reason, 0};
  run.log.error(file, error);
  throw Error(kInternalError, "Spectrum Scan Error").detail(file + ": " + reason);
}

/// What a column of the file is read as; types that Parquet lacks come as text.
std::string read_type(const Type& type) {
  const bool is_text = type.id == TypeId::kTimeTz || type.id == TypeId::kHllSketch ||
                       type.id == TypeId::kIntervalYearToMonth || type.id == TypeId::kIntervalDayToSecond;
  return is_text ? "VARCHAR" : duck_type(type);
}

std::string expression(const FileColumn& column, const Type& type, bool serialize) {
  const std::string name = duck::quoted_identifier(column.name);
  if (is_nested(column.type) && serialize) return "to_json(" + name + ")::VARCHAR";
  if (column.type == "BLOB" && type.is_string()) return "decode(" + name + ")";
  return name + "::" + read_type(type);
}

/// A decimal of another scale is cut to the column's.
std::string decimal_expression(const FileColumn& column, const Type& type) {
  const size_t comma = column.type.find(',');
  const int scale = comma == std::string::npos ? 0 : std::atoi(column.type.c_str() + comma + 1);
  const std::string name = duck::quoted_identifier(column.name);
  const std::string wanted = "DECIMAL(" + std::to_string(type.precision) + "," + std::to_string(type.scale) + ")";
  if (scale <= type.scale) return name + "::" + wanted;
  return "trunc(" + name + ", " + std::to_string(type.scale) + ")::" + wanted;
}

std::string select_of(CopyRun& run, const std::string& file, const std::vector<FileColumn>& found) {
  std::string list;
  for (size_t i = 0; i < run.columns.size(); ++i) {
    const Type& type = run.columns[i].type;
    list += i == 0 ? "" : ", ";
    if (i >= found.size()) {
      list += "NULL::" + read_type(type);
      continue;
    }
    const bool nested = is_nested(found[i].type);
    if (!duck::parquet_fits(found[i].type, type) || (nested && !run.request.serialize_to_json)) {
      scan_error(run, file, i,
                 "column '" + found[i].name + "' of type " + found[i].type + " is not compatible with column '" +
                     run.columns[i].name + "' of type " + to_string(type) +
                     (nested ? "; nested values need SERIALIZETOJSON" : ""));
    }
    list += type.id == TypeId::kDecimal ? decimal_expression(found[i], type)
                                        : expression(found[i], type, run.request.serialize_to_json);
  }
  return "SELECT " + list + " FROM read_parquet(" + duck::quoted_literal(file) + ")";
}

/// The rules of text fields hold for strings too: length, NOT NULL, ACCEPTINVCHARS; SUPER takes text as a JSON string.
class StringRules {
 public:
  StringRules(CopyRun& run, const std::string& file, const std::vector<FileColumn>& found)
      : run_(run), file_(file), found_(found), loader_(run.columns, run.request.load.fields), rows_(loader_.types()) {
    for (const auto& column : run.columns) any_ |= column.type.is_string() || column.type.id == TypeId::kSuper;
  }

  void append(const engine::Batch& batch) {
    refuse_nulls(batch);
    if (!any_) return run_.append(batch);
    rows_.clear();
    for (size_t row = 0; row < batch.rows; ++row) {
      for (size_t i = 0; i < batch.columns.size(); ++i) {
        const Type& type = run_.columns[i].type;
        if (batch.columns[i].is_null(row)) continue;
        if (type.is_string() || type.id == TypeId::kSuper) set(batch.columns[i], i, row);
      }
      rows_.end_row();
    }
    engine::Batch out = batch;
    const engine::Batch& strings = rows_.batch();
    for (size_t i = 0; i < out.columns.size(); ++i) {
      const Type& type = run_.columns[i].type;
      if (type.is_string() || type.id == TypeId::kSuper) out.columns[i] = strings.columns[i];
    }
    run_.append(out);
  }

 private:
  void refuse_nulls(const engine::Batch& batch) {
    for (size_t i = 0; i < batch.columns.size(); ++i) {
      if (!run_.columns[i].not_null || !batch.columns[i].validity) continue;
      for (size_t row = 0; row < batch.rows; ++row) {
        if (batch.columns[i].is_null(row)) {
          scan_error(run_, file_, i, "Missing data for not-null field '" + run_.columns[i].name + "'");
        }
      }
    }
  }

  void set(const engine::Column& column, size_t index, size_t row) {
    std::string_view text = column.values<std::string_view>()[row];
    const bool nested = index < found_.size() && (is_nested(found_[index].type) || found_[index].type == "JSON");
    if (run_.columns[index].type.id == TypeId::kSuper && !nested) {
      json_.clear();
      records::append_json_string(json_, text);
      text = json_;
    }
    if (const auto fault = loader_.set(rows_, index, {text, true})) {
      scan_error(run_, file_, index, "column '" + run_.columns[index].name + "': " + fault->reason);
    }
  }

  CopyRun& run_;
  const std::string& file_;
  const std::vector<FileColumn>& found_;
  records::FieldLoader loader_;
  engine::BatchBuilder rows_;
  std::string json_;
  bool any_ = false;
};

}  // namespace

void copy_parquet_file(CopyRun& run, const std::string& file) {
  duck::Connection& connection = run.space.files().connection();
  try {
    const auto found = duck::parquet_columns(connection, file);
    const bool fewer = found.size() < run.columns.size() && run.request.load.fill_record;
    if (found.size() != run.columns.size() && !fewer) {
      scan_error(run, file, records::LoadError::kNoColumn,
                 "Unmatched number of columns between table and file. Table columns: " +
                     std::to_string(run.columns.size()) + ", Data columns: " + std::to_string(found.size()));
    }
    duck::Prepared prepared = connection.prepare(select_of(run, file, found));
    duck::Result rows = prepared.stream();
    std::vector<Type> types;
    for (const auto& column : run.columns) types.push_back(column.type);
    rows.expect(types);
    StringRules rules(run, file, found);
    while (const engine::Batch* batch = rows.fetch()) rules.append(*batch);
  } catch (const duck::DuckError& error) {
    run.context.activity.check();
    const bool range = error.text().starts_with("Conversion Error") || error.text().starts_with("Out of Range");
    scan_error(run, file, records::LoadError::kNoColumn,
               range ? "a value is out of its column's range" : "the file could not be read as Parquet");
  }
}

}  // namespace garland::embedded
