#include "embedded/copy.h"

#include <algorithm>

#include "embedded/copy_files.h"
#include "embedded/defaults.h"

namespace garland::embedded {

namespace {

std::vector<records::LoadColumn> load_columns(const semantics::Relation& table, const std::vector<int32_t>& targets) {
  std::vector<records::LoadColumn> columns;
  for (const int32_t target : targets) {
    const semantics::ColumnDef& column = table.columns[static_cast<size_t>(target)];
    columns.push_back({column.name, column.type, column.not_null});
  }
  return columns;
}

/// EXPLICIT_IDS: identities take the file's values.
semantics::Relation without_generated_ids(semantics::Relation table) {
  for (semantics::ColumnDef& column : table.columns) {
    if (column.identity) column.identity->by_default = true;
  }
  return table;
}

/// The file's paths; when it names none, names decide after all.
void read_paths(CopyRequest& request, FileSpace& space) {
  if (request.json_paths.empty()) return;
  const std::string place = space.find_one(request.json_paths);
  if (place.empty()) {
    throw Error(kUndefinedFile, "The specified JSONPaths file \"" + request.json_paths + "\" does not exist");
  }
  auto paths = records::read_json_paths(space.read(place));
  if (paths) {
    request.load.paths = std::move(*paths);
  } else {
    request.load.mapping = records::JsonMapping::kNames;
  }
}

void tell(Context& context, const semantics::Relation& table, uint64_t rows, uint64_t errors, bool no_load) {
  const SqlState fine("00000");
  const std::string start = "Load into table '" + table.name + "' completed, ";
  const std::string verb = no_load ? "checked" : "loaded";
  context.notice("INFO", fine, start + std::to_string(rows) + " record(s) " + verb + " successfully.");
  if (errors == 0) return;
  context.notice("INFO", fine,
                 start + std::to_string(errors) +
                     " record(s) could not be loaded.  Check 'stl_load_errors' system table "
                     "for details.");
}

}  // namespace

Error load_failure(const semantics::Relation& table, const std::string& file, const records::LoadError& error) {
  std::string detail = file;
  if (error.line > 0) detail += ", line " + std::to_string(error.line);
  return Error(kInternalError,
               "Load into table '" + table.name + "' failed.  Check 'stl_load_errors' system table for details.")
      .detail(detail + ": " + error.fault.reason)
      .in({file, error.line, 0});
}

void CopyRun::refuse(const std::string& file, const records::LoadError& error) {
  log.error(file, error);
  if (log.errors() >= request.max_errors) throw load_failure(table, file, error);
}

void CopyRun::append(const engine::Batch& batch) {
  context.activity.check();
  rows += batch.rows;
  if (!request.no_load && batch.rows > 0) writer.append(batch);
}

Outcome copy(Context& context, const Plan& plan, const semantics::BoundCopy& statement) {
  const semantics::Relation& table = *plan.catalog->find_relation(statement.table);
  const auto& options = statement.statement.options;
  CopyRequest request = read_copy_options(options);
  FileSpace space(context.warehouse, options);
  read_paths(request, space);
  const auto files = files_to_copy(space, statement.statement.source, request.manifest);
  const bool explicit_ids = std::ranges::any_of(options, [](const auto& each) { return each.name == "EXPLICIT_IDS"; });
  const semantics::Relation written = explicit_ids ? without_generated_ids(table) : table;
  const auto columns = load_columns(written, statement.targets);
  TableWriter writer(context, written, statement.targets);
  set_defaults(context, writer, written, statement.targets);
  LoadLog log(context, table, columns);
  CopyRun run{context, table, request, space, columns, writer, log};
  LoadLog::Summary summary{false, statement.statement.source, request.format, 0, files.size(), 0};
  context.last_copy_count = 0;
  try {
    for (const std::string& file : files) {
      run.bytes += space.size(file);
      request.parquet ? copy_parquet_file(run, file) : copy_text_file(run, file);
    }
    writer.finish();
  } catch (...) {
    summary.bytes = run.bytes;
    log.write(summary);
    throw;
  }
  const uint64_t loaded = request.no_load ? 0 : run.rows;
  summary.completed = true;
  summary.rows = loaded;
  summary.bytes = run.bytes;
  log.write(summary);
  context.last_copy_count = static_cast<int64_t>(loaded);
  context.last_copy_id = context.running_query;
  tell(context, table, run.rows, log.errors(), request.no_load);
  return {"COPY " + std::to_string(loaded), loaded};
}

}  // namespace garland::embedded
