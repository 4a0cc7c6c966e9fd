// drift = "evolve": what a source's files and its configuration have and its raw table has not becomes columns of it,
// and a column that the configuration makes wider becomes wider there (integer → bigint, varchar(10) → varchar(40) …).
//
// A new name in a header becomes a column of type VARCHAR(65535) (of Parquet: of the file's own type), named in lower
// case with _ for what is no letter and no digit; rows that were there, and files without it, have NULL. It may be
// given another type (alter table), and stands in the raw table for good. Headers are looked at before any file is
// loaded, since a table that is being loaded cannot change.
#pragma once

#include <string>
#include <vector>

#include "engine/engine.h"
#include "ingest/files/config.h"
#include "ingest/files/file_store.h"

namespace garland::ingest {

/// Adds the configured columns that the raw table, where there is one, lacks, and widens those whose configured type is
/// wider. `notices` get a line for each that is widened. Outside a transaction. Throws 42804 for a type that is
/// narrower.
void fit_to_configuration(engine::Session& session, const FileSource& source, std::vector<std::string>& notices);

/// The source with the columns that headers have brought to its raw table.
FileSource with_added_columns(engine::Session& session, const FileSource& source);

/// Adds what headers of the files bring now, and gives the source with all its columns. `notices` get a line for each.
/// A file whose header cannot be read, or does not fit otherwise, brings nothing. Outside a transaction.
FileSource fit_to_headers(engine::Session& session, const FileSource& source, FileStore& store,
                          const std::vector<std::string>& files, std::vector<std::string>& notices);

}  // namespace garland::ingest
