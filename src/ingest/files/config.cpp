#include "ingest/files/config.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "ingest/files/tables.h"

namespace garland::ingest {
namespace {

constexpr std::string_view kQuarantine = "such files are refused";

using Reader = TomlReader;

/// Throws for keys that the source's format does not have.
void refuse_keys(const Reader& reader, const toml::table& table, Reader::Keys keys, std::string_view format) {
  for (const std::string_view key : keys) {
    if (const toml::node* node = table.get(key))
      throw reader.error(*node, fmt::format("\"{}\" has no meaning for format = \"{}\"", key, format));
  }
}

SourceColumn read_column(const Reader& reader, const toml::node& node, const FileSource& source,
                         const SensitiveSettings& settings) {
  const toml::table* table = node.as_table();
  if (!table) throw reader.error(node, "a column must be a table: { name = \"…\", type = \"…\" }");
  reader.allow_keys(*table, "a column",
                    {"name", "type", "header", "path", "required", "pii", "country", "country_from"});
  SourceColumn column;
  column.name = read_column_name(reader, *table);
  column.type = read_column_type(reader, *table, column.name);
  if (source.format == FileFormat::kNdjson) {
    refuse_keys(reader, *table, {"header"}, "ndjson");
    column.path = read_json_path(reader, *table);
    column.required = reader.value<bool>(*table, "required", "true or false").value_or(false);
  } else {
    refuse_keys(reader, *table, {"path", "required"}, source.format == FileFormat::kCsv ? "csv" : "parquet");
  }
  column.header = reader.text(*table, "header").value_or(column.name);
  if (!source.header && table->contains("header")) {
    throw reader.error(*table->get("header"), "the source has header = false, so columns have no header names");
  }
  column.sensitive = read_class(reader, *table, column.name, settings);
  if (column.sensitive)
    check_class_type(reader.place(table->get("pii")->source()), column.name, column.sensitive->pii, column.type);
  return column;
}

void read_columns(const Reader& reader, const toml::table& table, FileSource& source,
                  const SensitiveSettings& settings) {
  const toml::array* columns = reader.array(table, "columns");
  if ((!columns || columns->empty()) && source.rest.empty())
    throw reader.error(table, fmt::format("source \"{}\" needs \"columns\"", source.name));
  std::set<std::string> names = {source.rest};
  static const toml::array kNone;
  for (const toml::node& node : columns ? *columns : kNone) {
    source.columns.push_back(read_column(reader, node, source, settings));
    const std::string& name = source.columns.back().name;
    if (!names.insert(name).second) throw reader.error(node, fmt::format("column \"{}\" stands here twice", name));
  }
  if (raw_columns(source).size() > kMaxColumns) {
    throw reader.error(table, fmt::format("{} columns; a table has at most {}", source.columns.size(), kMaxColumns));
  }
  source.subject = check_columns(reader.place((columns ? static_cast<const toml::node&>(*columns) : table).source()),
                                 column_plans(source), reader.text(table, "subject"));
}

void read_path(const Reader& reader, const toml::table& table, FileSource& source, bool has_s3) {
  source.path = reader.needed_text(table, fmt::format("source \"{}\"", source.name), "path");
  const toml::node& node = *table.get("path");
  if (const size_t scheme = source.path.find("://"); scheme != std::string::npos) {
    const std::string bucket = source.path.substr(scheme + 3, source.path.find('/', scheme + 3) - scheme - 3);
    if (!source.path.starts_with("s3://"))
      throw reader.error(node, fmt::format("files at {} are not read", source.path.substr(0, scheme + 3)))
          .hint("files lie in the data folder or in a bucket: s3://bucket/orders/*.csv.gz");
    if (bucket.empty() || bucket.find_first_of("*?[") != std::string::npos)
      throw reader.error(node, "\"path\" must name one bucket: s3://bucket/orders/*.csv.gz");
    if (!has_s3)
      throw reader.error(node, "\"path\" is in a bucket of S3, and there is no [s3]")
          .hint("add [s3] with endpoint and region; keys come from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY");
    return;
  }
  const std::filesystem::path path(source.path);
  const bool leaves = std::any_of(path.begin(), path.end(), [](const auto& part) { return part == ".."; });
  if (path.is_absolute() || leaves) {
    throw reader.error(node, "\"path\" must stay in the data folder")
        .hint("it is relative to the folder given with --data");
  }
}

/// Members that no column takes come without notice in any line: a column for each would be a column for each misspelt
/// one. So what evolves is `rest`.
Drift read_json_drift(const Reader& reader, const toml::table& table, const std::string& rest) {
  const auto drift = read_drift(reader, table, kQuarantine);
  if (!drift) return Drift::kFreeze;
  const bool evolves = *drift == Drift::kEvolve;
  if (evolves == !rest.empty()) return *drift;
  throw reader
      .error(*table.get("drift"),
             evolves ? "drift = \"evolve\" of files of JSON needs a \"rest\""
                     : fmt::format("drift = \"{}\" does not go with \"rest\", which takes every member",
                                   *reader.text(table, "drift")))
      .hint("rest = \"payload\" keeps what no column takes in a column of type SUPER; it goes with drift = \"evolve\"");
}

void read_csv_format(const Reader& reader, const toml::table& table, FileSource& source) {
  refuse_keys(reader, table, {"rest", "max_line_bytes"}, "csv");
  source.header = reader.value<bool>(table, "header", "true or false").value_or(true);
  if (const toml::node* node = table.get("drift"); node && !source.header)
    throw reader.error(*node, "the source has header = false, so its files show no new columns");
  source.drift = read_drift(reader, table, kQuarantine).value_or(Drift::kQuarantine);
  source.delimiter = reader.character(table, "delimiter", false).value_or(',');
  source.quote = reader.character(table, "quote", true).value_or('"');
  const std::string clash = "\r\n";
  if (clash.find(source.delimiter) != std::string::npos || clash.find(source.quote) != std::string::npos ||
      source.delimiter == source.quote) {
    throw reader.error(table, "\"delimiter\" and \"quote\" must be two different characters, no line ends");
  }
  source.null_text = reader.text(table, "null_text").value_or("");
  const int64_t skip = reader.value<int64_t>(table, "skip_lines", "a number").value_or(0);
  if (skip < 0) throw reader.error(*table.get("skip_lines"), "\"skip_lines\" must not be negative");
  source.skip_lines = static_cast<uint64_t>(skip);
  if (const toml::array* ignore = reader.array(table, "ignore")) {
    for (const toml::node& node : *ignore) {
      if (!node.is_string()) throw reader.error(node, "\"ignore\" lists header names");
      source.ignore.push_back(*node.value<std::string>());
    }
  }
}

void read_format(const Reader& reader, const toml::table& table, FileSource& source) {
  const std::string format = reader.text(table, "format").value_or("csv");
  if (format == "csv") return read_csv_format(reader, table, source);
  if (format == "parquet") {
    refuse_keys(reader, table,
                {"header", "delimiter", "quote", "null_text", "skip_lines", "ignore", "rest", "max_line_bytes"},
                format);
    source.format = FileFormat::kParquet;
    source.max_line_bytes = kMaxSuperBytes;
    source.drift = read_drift(reader, table, kQuarantine).value_or(Drift::kQuarantine);
    return;
  }
  if (format != "ndjson") {
    throw reader.error(*table.get("format"), fmt::format("files of format \"{}\" are not known", format))
        .hint("format = \"csv\" (any delimited text), \"ndjson\" (a JSON object a line) or \"parquet\"");
  }
  refuse_keys(reader, table, {"header", "delimiter", "quote", "null_text", "skip_lines", "ignore"}, format);
  source.format = FileFormat::kNdjson;
  JsonShape shape = json_shape(source);
  read_json_shape(reader, table, shape);
  source.rest = std::move(shape.rest);
  source.max_line_bytes = shape.max_bytes;
  source.drift = read_json_drift(reader, table, source.rest);
}

FileSource read_source(const Reader& reader, const toml::node& node, const SensitiveSettings& settings, bool has_s3) {
  const toml::table* table = node.as_table();
  if (!table) throw reader.error(node, "a source must be a table: [[source]]");
  reader.allow_keys(*table, "[[source]]",
                    {"name", "kind", "path", "table", "columns", "format", "header", "drift", "delimiter", "quote",
                     "null_text", "skip_lines", "ignore", "rest", "max_line_bytes", "contract", "allow_duplicates",
                     "max_reject_share", "subject"});
  FileSource source;
  source.place = reader.place(table->source());
  source.name = reader.needed_text(*table, "[[source]]", "name");
  if (source.name.size() > kMaxIdentifierBytes) throw reader.error(*table->get("name"), "the name is too long");
  read_path(reader, *table, source, has_s3);
  RawTableName raw = read_raw_table_name(reader, *table, source.name);
  source.schema = std::move(raw.schema);
  source.table = std::move(raw.table);
  read_format(reader, *table, source);
  read_columns(reader, *table, source, settings);
  source.contract = read_contract(reader, *table);
  if (source.format == FileFormat::kParquet && !source.contract.trailer.empty())
    throw reader.error(*table->get("contract"), "a Parquet file has no last line: \"trailer\" has no meaning");
  source.allow_duplicates = reader.value<bool>(*table, "allow_duplicates", "true or false").value_or(false);
  source.max_reject_share = reader.share(*table, "max_reject_share", source.max_reject_share);
  return source;
}

}  // namespace

JsonShape json_shape(const FileSource& source) {
  JsonShape shape;
  for (const SourceColumn& column : source.columns)
    shape.columns.push_back({column.name, column.type, column.path, column.required, column.sensitive});
  shape.rest = source.rest;
  shape.max_bytes = source.max_line_bytes;
  shape.what = source.format == FileFormat::kParquet ? "row" : "line";
  return shape;
}

const std::vector<std::string>& name_endings(FileFormat format) {
  static const std::vector<std::string> kCsv = {".csv"}, kNdjson = {".ndjson", ".jsonl"}, kParquet = {".parquet"};
  if (format == FileFormat::kParquet) return kParquet;
  return format == FileFormat::kCsv ? kCsv : kNdjson;
}

std::vector<ColumnPlan> column_plans(const FileSource& source) { return column_plans(json_shape(source)); }

std::vector<FileSource> read_sources(const std::filesystem::path& garland_toml) {
  const Reader reader(garland_toml);
  const toml::table root = reader.parse();
  std::vector<FileSource> sources;
  const toml::array* tables = reader.array(root, "source");
  if (!tables) return sources;
  const SensitiveSettings settings = read_sensitive(garland_toml);
  for (const toml::node& node : *tables) {
    if (source_kind(reader, node) != "files") continue;
    sources.push_back(read_source(reader, node, settings, root.contains("s3")));
    for (size_t i = 0; i + 1 < sources.size(); ++i) {
      const bool same_table = sources[i].schema == sources.back().schema && sources[i].table == sources.back().table;
      if (sources[i].name != sources.back().name && !same_table) continue;
      throw reader.error(node, same_table
                                   ? fmt::format("sources \"{}\" and \"{}\" have one table, {}.{}", sources[i].name,
                                                 sources.back().name, sources[i].schema, sources[i].table)
                                   : fmt::format("two sources are named \"{}\"", sources[i].name));
    }
  }
  return sources;
}

}  // namespace garland::ingest
