// Functions that act while a statement's values are collected: SET_CONFIG, PG_CANCEL_BACKEND, PG_TERMINATE_BACKEND
// (guide pages of these names).
#pragma once

#include <optional>
#include <string_view>

#include "duck/value.h"

namespace garland::embedded {

class Context;

/// The session value `name` ("set_config:…", "pg_cancel_backend:802"), which acts; nothing when it is no such one.
/// Throws what SET throws; 0A000 for stopping a session that is there.
std::optional<duck::Value> control_value(Context& context, std::string_view name);

}  // namespace garland::embedded
