// A source's text → batches, as its configuration says: whole files, and refused records that come again.
#pragma once

#include <memory>

#include "ingest/files/config.h"
#include "records/byte_source.h"
#include "records/csv.h"

namespace garland::ingest {

/// Refuses records with card numbers where none should be. Where the source has sensitive columns, no reason and no
/// error repeats a value. `leading_lines`: whether the lines that the source skips stand before the header.
records::CsvReader read_source_text(const FileSource& source, std::unique_ptr<records::ByteSource> text,
                                    bool leading_lines = true);

}  // namespace garland::ingest
