// What a statement is called in messages: "CREATE TABLE", "INSERT".
#pragma once

#include <string_view>

#include "sql/ast/statement.h"

namespace garland::sql {

std::string_view statement_name(const Statement& statement);
/// DROP TABLE, DROP VIEW, …
std::string_view drop_name(ObjectKind kind);

}  // namespace garland::sql
