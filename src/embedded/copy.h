// COPY (guide pages r_COPY, copy-parameters-*, copy-usage_notes-copy-from-columnar).
#pragma once

#include "embedded/context.h"
#include "embedded/copy_request.h"
#include "embedded/file_space.h"
#include "embedded/load_log.h"
#include "embedded/table_writer.h"

namespace garland::embedded {

/// Loads the files into the table, in the context's transaction (started, the table's lock held). Refused lines are
/// counted against MAXERROR and explained in the load log (load_log.h), which stays also when the load fails. Throws
/// XX000 when too many lines were refused.
Outcome copy(Context& context, const Plan& plan, const semantics::BoundCopy& statement);

/// One COPY on its way: what its formats share.
struct CopyRun {
  Context& context;
  const semantics::Relation& table;
  const CopyRequest& request;
  FileSpace& space;
  const std::vector<records::LoadColumn>& columns;
  TableWriter& writer;
  LoadLog& log;
  uint64_t rows = 0;   // loaded, or with NOLOAD found good
  uint64_t bytes = 0;  // of the files

  /// Throws when the refused lines have become too many.
  void refuse(const std::string& file, const records::LoadError& error);
  void append(const engine::Batch& batch);
};

/// Delimited text, CSV, FIXEDWIDTH and JSON.
void copy_text_file(CopyRun& run, const std::string& file);
void copy_parquet_file(CopyRun& run, const std::string& file);

/// XX000, as Redshift words it; the detail names the file, the line and the reason.
Error load_failure(const semantics::Relation& table, const std::string& file, const records::LoadError& error);

}  // namespace garland::embedded
