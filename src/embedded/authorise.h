// Whether a session may run a plan: what its statement reads and writes, as semantics found it, against the privileges
// of its user. Superusers may everything. Guide page r_Privileges.
#pragma once

#include "embedded/context.h"

namespace garland::embedded {

/// Throws 42501. A view's tables are read with the view's own right: only the view itself is checked.
void authorise(const Plan& plan, const Identity& who);

}  // namespace garland::embedded
