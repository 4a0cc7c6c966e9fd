// embedded/objects.h on disk: rows of the system table garland_detail.
#pragma once

#include "duck/connection.h"
#include "embedded/objects.h"

namespace garland::embedded {

/// Makes the table, in the open transaction.
void create_objects(duck::Connection& connection);
/// Everything stored, as the changes that make it.
std::vector<ObjectChange> load_objects(duck::Connection& connection);
/// Writes one change, in the open transaction.
void store_objects(duck::Connection& connection, const ObjectChange& change);
/// Functions' schemas are kept by name.
void store_schema_rename(duck::Connection& connection, std::string_view from, std::string_view to);

}  // namespace garland::embedded
