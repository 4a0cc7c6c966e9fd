// What every file above sql/ reads besides precompiled.h: the trees of SQL, as written and as bound.
#pragma once

#include "precompiled.h"
#include "semantics/bound.h"
