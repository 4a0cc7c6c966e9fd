// Users, groups, roles, owners and grants on disk: tables garland_… of the warehouse file.
#pragma once

#include "duck/connection.h"
#include "embedded/access.h"

namespace garland::embedded {

/// Makes the tables and what a new warehouse begins with, in the open transaction.
void create_access(duck::Connection& connection);
/// Everything stored, as the changes that make it.
std::vector<AccessChange> load_access(duck::Connection& connection);
/// Writes one change, in the open transaction.
void store_access(duck::Connection& connection, const AccessChange& change);

}  // namespace garland::embedded
