// Where a snapshot's rows wait until all of them are there: raw.<table>__snapshot, beside the raw table that they will
// be or replace. Only its owner may read it, and it goes with the snapshot's end.
#pragma once

#include "ingest/postgres/applier.h"

namespace garland::ingest::postgres {

/// The same table of the source, the twin its target.
SourceTable twin_of(SourceTable table);

/// The change log, the raw table's columns where there is a raw table, as the source has them now; what they had before
/// stays. In transactions of its own. Throws F0000 for columns that garland.toml names and the source lacks, 42804 when
/// the raw table's cannot become the source's.
void prepare_raw_tables(const CaptureContext& context, const SourceTable& table);

/// Makes the twin, empty; one that is there goes. In a transaction of its own.
void make_twin(const CaptureContext& context, const SourceTable& table);

/// Outside a transaction.
bool has_raw_table(const CaptureContext& context, const SourceTable& table);

/// In the open transaction: the twin becomes the raw table, by its name where there was none, else its rows replace
/// those there, so that what hangs on the raw table (grants, views, policies) stays. Rows that were there and have gone
/// get a delete in the change log, whose moment nobody knows (`_gap`). Gives the number of rows.
uint64_t publish_twin(const CaptureContext& context, const SourceTable& table, bool has_raw_table, Lsn position,
                      const BatchContext& batch);

}  // namespace garland::ingest::postgres
