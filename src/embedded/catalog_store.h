// The catalog on disk: rows of the system tables, in the warehouse file itself, written in the transaction that changes
// the catalog.
#pragma once

#include "duck/connection.h"
#include "embedded/snapshot.h"

namespace garland::embedded {

/// The format of the file's own tables. Newer programs migrate older files; older programs refuse newer ones.
/// 2: users, groups, roles and grants. 3: garland_detail.
inline constexpr int kFormat = 3;

/// The file's format number, or 0 when the file is new (empty). Throws XX001 when it holds something else.
int stored_format(duck::Connection& connection);
/// Makes the system tables and their first rows, in the open transaction.
void create_catalog(duck::Connection& connection);
/// Makes the system tables that came after the file was made, in the open transaction.
void add_system_tables(duck::Connection& connection);
/// Changes the tables of an older file to kFormat, in the open transaction.
void migrate_catalog(duck::Connection& connection, int from);

struct LoadedCatalog {
  CatalogSnapshot snapshot;
  Oid last_oid = 0;  // the highest one ever stored
};
LoadedCatalog load_catalog(duck::Connection& connection);

/// Writes one change, in the open transaction. `before` is the catalog without it. Temporary relations are never
/// written.
void store_change(duck::Connection& connection, const CatalogChange& change, const CatalogSnapshot& before);

}  // namespace garland::embedded
