#include "ingest/files/evolve.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "ingest/files/parquet_reader.h"
#include "ingest/files/source_reader.h"
#include "ingest/files/tables.h"
#include "records/csv_layout.h"
#include "records/printable.h"
#include "sql/printer.h"

namespace garland::ingest {
namespace {

void add_column(engine::Session& session, const FileSource& source, const std::string& name, const engine::Type& type) {
  engine::run(session, fmt::format("alter table {} add column {} {}", raw_table(source), sql::quote_identifier(name),
                                   to_string(type)));
}

SourceColumn added_column(const std::string& name, const engine::Type& type) {
  SourceColumn column{name, type, name};
  column.added = true;
  return column;
}

void widen(engine::Session& session, const FileSource& source, const TableColumn& column, const engine::Type& type,
           std::vector<std::string>& notices) {
  const std::string was = to_string(column.type);
  if (widens(type, column.type)) {
    throw Error(kDatatypeMismatch, fmt::format("column \"{}\" of table {}.{} is {}, and {} is narrower", column.name,
                                               source.schema, source.table, was, to_string(type)))
        .in(source.place)
        .hint(fmt::format("a raw column only gets wider: write type = \"{}\" again, and cast in staging", was));
  }
  if (!widens(column.type, type)) return;  // another type: check_raw_table() says so
  widen_column(session, raw_table(source), column.name, type);
  notices.push_back(fmt::format("column {}.{}.{} was {} and is {} now", source.schema, source.table, column.name, was,
                                to_string(type)));
}

std::set<std::string> raw_names(const FileSource& source) {
  std::set<std::string> names;
  for (const TableColumn& column : raw_columns(source)) names.insert(column.name);
  return names;
}

struct Surplus {
  std::string name;
  engine::Type type = engine::Type::varchar(kMaxVarcharBytes);
};

/// The names of a file's header that no column takes.
std::vector<Surplus> surplus_of(const FileSource& source, FileStore& store, const std::string& file) {
  std::vector<Surplus> surplus;
  try {
    if (source.format == FileFormat::kParquet) {
      for (const duck::ParquetColumn& column : surplus_parquet_columns(source, store, file))
        surplus.push_back({column.name, duck::type_for_parquet(column.type)});
      return surplus;
    }
    records::CsvOptions options = csv_options(source);
    options.pass_over_surplus = true;
    const auto header = records::read_header(*store.open(file), options);
    for (std::string& name : records::layout_by_header(csv_columns(source), header, options).surplus)
      surplus.push_back({std::move(name)});
  } catch (const Error&) {  // loading the file comes to the same, and says so
  }
  return surplus;
}

}  // namespace

void fit_to_configuration(engine::Session& session, const FileSource& source, std::vector<std::string>& notices) {
  if (source.drift != Drift::kEvolve) return;
  const auto found = columns_of(session, raw_table(source));
  if (!found) return;
  for (const TableColumn& column : raw_columns(source)) {
    const auto at = std::ranges::find(*found, column.name, &engine::ResultColumn::name);
    if (at == found->end()) {
      add_column(session, source, column.name, column.type);
    } else if (at->type != column.type) {
      widen(session, source, {column.name, at->type}, column.type, notices);
    }
  }
}

FileSource with_added_columns(engine::Session& session, const FileSource& source) {
  FileSource fitted = source;
  if (source.drift != Drift::kEvolve) return fitted;
  const auto found = columns_of(session, raw_table(source));
  if (!found) return fitted;
  const std::set<std::string> known = raw_names(source);
  for (const engine::ResultColumn& column : *found) {
    const bool is_own = column.name.starts_with('_');  // no header's: left by a widening that was interrupted
    if (!is_own && !known.contains(column.name)) fitted.columns.push_back(added_column(column.name, column.type));
  }
  return fitted;
}

FileSource fit_to_headers(engine::Session& session, const FileSource& source, FileStore& store,
                          const std::vector<std::string>& files, std::vector<std::string>& notices) {
  FileSource fitted = with_added_columns(session, source);
  if (source.drift != Drift::kEvolve || source.format == FileFormat::kNdjson) return fitted;
  std::set<std::string> known = raw_names(fitted);
  for (const std::string& file : files) {
    for (const auto& [header, type] : surplus_of(fitted, store, file)) {
      const std::string name = records::plain_name(header);
      if (name.empty() || known.size() >= kMaxColumns || !known.insert(name).second) continue;
      add_column(session, source, name, type);
      fitted.columns.push_back(added_column(name, type));
      notices.push_back(fmt::format("{} has a new column \"{}\": {}.{}.{}", file, records::printable(header),
                                    source.schema, source.table, name));
    }
  }
  return fitted;
}

}  // namespace garland::ingest
