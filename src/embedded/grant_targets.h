// What GRANT and REVOKE are about: the objects that a statement names (guide page r_GRANT).
#pragma once

#include <string>
#include <vector>

#include "embedded/context.h"

namespace garland::embedded {

struct Target {
  ObjectKey key;
  std::string name;
  const semantics::Relation* relation = nullptr;
};

/// All of them; those of ALL … IN SCHEMA too. Throws 42P01, 42883, 42725 and the like at the name.
std::vector<Target> targets(Context& context, const sql::Grant& statement);

/// By name; throw 3F000, 3D000.
Oid schema_oid(const SessionCatalog& catalog, const sql::Name& name);
Oid database_oid(Context& context, const sql::Name& name);

}  // namespace garland::embedded
