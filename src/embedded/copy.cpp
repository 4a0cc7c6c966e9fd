#include "embedded/copy.h"

#include <unistd.h>

#include <algorithm>
#include <charconv>

#include "embedded/copy_files.h"
#include "embedded/defaults.h"
#include "embedded/row_appender.h"
#include "embedded/system_tables.h"
#include "embedded/table_writer.h"
#include "records/csv.h"

namespace garland::embedded {

namespace {

/// What a COPY's options ask for.
struct CopyFormat {
  records::CsvOptions csv;
  records::Compression compression = records::Compression::kAuto;
};

Error unsupported(const sql::CopyOption& option) {
  return Error(kFeatureNotSupported, "COPY option " + option.name + " is not supported").at(option.span.begin);
}

char single_character(const sql::CopyOption& option) {
  const std::string& text = option.arguments.empty() ? std::string() : option.arguments.back();
  if (text == "\\t") return '\t';
  if (text.size() != 1) {
    throw Error(kInvalidParameterValue, "COPY " + option.name + " must be a single ASCII character")
        .at(option.span.begin);
  }
  return text[0];
}

uint64_t number(const sql::CopyOption& option) {
  uint64_t value = 1;
  if (option.arguments.empty()) return value;
  const std::string& text = option.arguments.back();
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc() || end != text.data() + text.size()) {
    throw Error(kInvalidParameterValue, "COPY " + option.name + " must be a number").at(option.span.begin);
  }
  return value;
}

/// Options that mean nothing for local files, or whose only effect is on a cluster.
bool is_harmless(const std::string& name) {
  static constexpr std::string_view kNames[] = {"IAM_ROLE",      "REGION",     "COMPUPDATE",    "STATUPDATE",
                                                "FORMAT",        "COMPROWS",   "ACCESS_KEY_ID", "SECRET_ACCESS_KEY",
                                                "SESSION_TOKEN", "CREDENTIALS"};
  return std::ranges::count(kNames, name) > 0;
}

void apply(const sql::CopyOption& option, CopyFormat& format, bool& csv) {
  const std::string& name = option.name;
  const auto argument_is = [&](std::string_view word) {
    return !option.arguments.empty() && option.arguments.back() == word;
  };
  if (name == "CSV" || (name == "FORMAT" && argument_is("CSV"))) {
    csv = true;
  } else if (name == "DELIMITER") {
    format.csv.delimiter = single_character(option);
  } else if (name == "QUOTE") {
    format.csv.quote = single_character(option);
  } else if (name == "IGNOREHEADER") {
    format.csv.skip_lines = number(option);
  } else if (name == "GZIP") {
    format.compression = records::Compression::kGzip;
  } else if (name == "NULL" && !option.arguments.empty()) {
    format.csv.null_text = option.arguments.back();
  } else if (name == "ROUNDEC") {
    format.csv.truncate_decimals = false;
  } else if (name == "EMPTYASNULL") {
    format.csv.empty_strings_are_null = true;
  } else if (name == "IGNOREBLANKLINES") {
    format.csv.skip_blank_lines = true;
  } else if (name == "MAXERROR") {
    if (number(option) > 1) throw unsupported(option);
  } else if (name == "DATEFORMAT" || name == "TIMEFORMAT") {
    if (!argument_is("auto") && !argument_is("AUTO")) throw unsupported(option);
  } else if (name == "ENCODING") {
    if (!argument_is("UTF8")) throw unsupported(option);
  } else if (name == "FORMAT" || !is_harmless(name)) {
    throw unsupported(option);
  }
}

CopyFormat format_of(const sql::Copy& statement) {
  CopyFormat format;
  format.csv.header = records::HeaderRow::kNone;
  format.csv.empty_strings_are_null = false;
  format.csv.null_text = "\\N";
  format.csv.truncate_decimals = true;
  bool csv = false;
  bool delimiter = false, quote = false;
  for (const sql::CopyOption& option : statement.options) {
    apply(option, format, csv);
    delimiter |= option.name == "DELIMITER";
    quote |= option.name == "QUOTE";
  }
  if (!csv && quote) throw Error(kSyntaxError, "COPY QUOTE needs CSV");
  if (!csv && !delimiter) format.csv.delimiter = '|';  // guide page copy-parameters-data-format
  if (!csv) format.csv.quote = 0;
  return format;
}

/// A line that failed a COPY.
struct BadLine {
  std::string file;
  records::Refusal refusal;
  const semantics::ColumnDef* column = nullptr;
};

/// In a transaction of its own, on a connection of its own: it stays when the COPY's is rolled back.
void record(Context& context, const semantics::Relation& table, const BadLine& bad) {
  duck::Connection connection = context.warehouse.database().connect();
  connection.query("BEGIN");
  RowAppender rows(connection, system_table(kStlLoadErrors));
  rows.number(100).number(0).number(table.oid).number(context.statement_start_us).number(getpid());
  rows.number(static_cast<int32_t>(context.activity.id())).text(bad.file);
  rows.number(static_cast<int64_t>(bad.refusal.line)).text(bad.refusal.column);
  rows.text(bad.column ? to_string(bad.column->type) : "");
  rows.text(bad.column && bad.column->type.length > 0 ? std::to_string(bad.column->type.length) : "").number(0);
  rows.text(printable(bad.refusal.record)).text("").number(0).text(bad.refusal.reason);
  rows.end_row();
  rows.finish();
  connection.query("COMMIT");
}

Error failure(const semantics::Relation& table, const BadLine& bad) {
  return Error(bad.refusal.state, "Load into table '" + table.name + "' failed: " + bad.refusal.reason)
      .detail(bad.file + ", line " + std::to_string(bad.refusal.line))
      .hint("Check 'stl_load_errors' system table for details.")
      .in({bad.file, bad.refusal.line, 0});
}

/// Reads files into a table until the first bad line.
class Copying {
 public:
  Copying(Context& context, const semantics::Relation& table, const semantics::BoundCopy& statement)
      : context_(context),
        table_(table),
        format_(format_of(statement.statement)),
        writer_(context, table, statement.targets) {
    set_defaults(context, writer_, table, statement.targets);
    for (const int32_t target : statement.targets) {
      const semantics::ColumnDef& column = table.columns[static_cast<size_t>(target)];
      columns_.push_back({column.name, column.type, ""});
    }
  }

  void read(const std::filesystem::path& file) {
    records::CsvReader reader(records::open_file(file, format_.compression), columns_, format_.csv);
    while (const records::CsvChunk* chunk = reader.next()) {
      context_.activity.check();
      if (!chunk->refusals.empty()) refuse(file, chunk->refusals.front());
      if (chunk->batch && chunk->batch->rows > 0) append(file, *chunk);
    }
  }

  uint64_t finish() { return writer_.finish(); }

 private:
  void append(const std::filesystem::path& file, const records::CsvChunk& chunk) {
    refuse_nulls(file, chunk);
    writer_.append(*chunk.batch);
  }

  /// NOT NULL is the table's rule, not the file's: the line is found here.
  void refuse_nulls(const std::filesystem::path& file, const records::CsvChunk& chunk) {
    for (size_t i = 0; i < columns_.size(); ++i) {
      const engine::Column& column = chunk.batch->columns[i];
      if (!column.validity || !definition(columns_[i].name)->not_null) continue;
      for (size_t row = 0; row < chunk.batch->rows; ++row) {
        if (!column.is_null(row)) continue;
        records::Refusal refusal;
        refusal.line = chunk.lines[row];
        refusal.column = columns_[i].name;
        refusal.state = kNotNullViolation;
        refusal.reason = "Missing data for not-null field " + columns_[i].name;
        refuse(file, refusal);
      }
    }
  }

  const semantics::ColumnDef* definition(std::string_view name) const {
    const auto found = std::ranges::find(table_.columns, name, &semantics::ColumnDef::name);
    return found == table_.columns.end() ? nullptr : &*found;
  }

  [[noreturn]] void refuse(const std::filesystem::path& file, const records::Refusal& refusal) {
    const BadLine bad{file.string(), refusal, definition(refusal.column)};
    record(context_, table_, bad);
    throw failure(table_, bad);
  }

  Context& context_;
  const semantics::Relation& table_;
  CopyFormat format_;
  TableWriter writer_;
  std::vector<records::CsvColumn> columns_;
};

}  // namespace

Outcome copy(Context& context, const Plan& plan, const semantics::BoundCopy& statement) {
  const semantics::Relation& table = *plan.catalog->find_relation(statement.table);
  const auto files = files_to_copy(statement.statement.source, context.warehouse.options());
  Copying copying(context, table, statement);
  for (const auto& file : files) copying.read(file);
  const uint64_t rows = copying.finish();
  context.notice(
      "INFO", SqlState("00000"),
      "Load into table '" + table.name + "' completed, " + std::to_string(rows) + " record(s) loaded successfully.");
  return {"COPY " + std::to_string(rows), rows};
}

}  // namespace garland::embedded
