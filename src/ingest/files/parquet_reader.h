// Parquet files. Columns are found by name, without regard to case, and their types checked before anything is read
// (duck/parquet.h); each row then goes the way of a JSON object (json_reader.h), so that ranges, lengths, card numbers
// and classes have the rules of all files, and a refused row is kept as its JSON. A row's line is its number, from 1.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "duck/parquet.h"
#include "ingest/files/file_store.h"
#include "ingest/files/source_reader.h"

namespace garland::ingest {

/// `content`: the file's bytes, which are read to their end once the rows are. `store` and `source` must outlive it.
/// Throws 22P04 for a file that is no Parquet, whose columns are not the source's by its drift, or whose types do not
/// fit.
std::unique_ptr<FileReader> read_parquet(const FileSource& source, FileStore& store, const std::string& path,
                                         std::unique_ptr<records::ByteSource> content);

/// The file's columns that no column of the source takes, where the others fit.
std::vector<duck::ParquetColumn> surplus_parquet_columns(const FileSource& source, FileStore& store,
                                                         const std::string& path);

}  // namespace garland::ingest
