// The `[[source]]` tables of a project's garland.toml.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/error.h"
#include "engine/type.h"
#include "ingest/files/contract.h"
#include "ingest/json_reader.h"
#include "ingest/sensitive/columns.h"
#include "ingest/toml_columns.h"
#include "semantics/catalog.h"

namespace garland::ingest {

/// CSV and other delimited text; NDJSON: a JSON object a line; both plain, gzip or zstd, told by the file's first
/// bytes. Parquet.
enum class FileFormat { kCsv, kNdjson, kParquet };

struct SourceColumn {
  std::string name;  // lower case, as in the raw table
  engine::Type type;
  std::string header;  // kCsv, kParquet: the file's name of it; the same as `name` where it is not given
  std::optional<ColumnClass> sensitive = std::nullopt;  // type is that of the original
  std::string path = "";                                // kNdjson: `$.product.sku`; empty: the member named so
  bool required = false;                                // kNdjson: a line without a value is refused
  bool added = false;  // by a header: the file's name of it is what makes `name` (records::plain_name())
};

/// A folder or glob of files that go to one raw table.
struct FileSource {
  std::string name;  // stands in _source
  FileFormat format = FileFormat::kCsv;
  std::string path;  // relative to the data folder, or s3://bucket/…; *, ?, […] within a name, ** for any folders; a
                     // folder means the files in it whose names end as the format's do
  std::string schema, table;  // of the raw table
  std::vector<SourceColumn> columns;
  std::optional<size_t> subject;   // the column of the shop's customer id, whose originals a row holds
  bool allow_duplicates = false;   // land a file whose content has landed under another path
  double max_reject_share = 0.01;  // of a file's lines; past it the file is refused whole
  FileContract contract;
  FilePlace place;  // where the table stands in garland.toml

  /// What a header does that is not as configured (kCsv), or the names of a file's columns (kParquet).
  ///                    quarantine        freeze                 evolve
  ///   a new name       file refused      left out               becomes a column (evolve.h)
  ///   a name missing   file refused      NULL                   NULL; file refused when the column has a class: it may
  ///                                                             be there under another name, in clear
  /// Freeze and evolve leave a notice in ops.batches, and refuse a header that has less than half of the columns.
  /// Of kNdjson, a new name is a member that no column takes: under evolve it goes to `rest`, without which there is no
  /// evolve and beside which nothing else. A member that is missing is always NULL.
  Drift drift = Drift::kQuarantine;

  // kCsv
  bool header = true;  // the first record names the columns; false: columns in file order
  char delimiter = ',';
  char quote = '"';
  std::string null_text;            // an unquoted field with this text is NULL, beside the empty one
  uint64_t skip_lines = 0;          // physical lines before the header
  std::vector<std::string> ignore;  // header names that are not loaded

  // kNdjson
  std::string rest;                    // the SUPER column of what no column takes; empty: that is not kept
  uint64_t max_line_bytes = 1u << 20;  // longer lines are refused
};

/// How lines of NDJSON become rows.
JsonShape json_shape(const FileSource& source);

/// How the names of a format's files end, without .gz and .zst.
const std::vector<std::string>& name_endings(FileFormat format);

/// The columns as files bring them, `rest` last.
std::vector<ColumnPlan> column_plans(const FileSource& source);

/// Reads them in file order; an absent `source` gives none. Other parts of the file are not looked at. Throws F0000
/// with file, line and column: text that is no TOML, unknown or missing keys (with the nearest known one), types that
/// Redshift lacks, names twice.
std::vector<FileSource> read_sources(const std::filesystem::path& garland_toml);

/// The raw tables of the sources (one each, in order of their names) and the tables of ops that loading writes, for
/// checks without an engine. The vault is not among them: models do not read it.
std::vector<semantics::Relation> ingest_relations(const std::vector<FileSource>& sources);

}  // namespace garland::ingest
