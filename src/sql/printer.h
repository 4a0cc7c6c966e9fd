// Statements → Redshift SQL text that parses back to an equal tree.
#pragma once

#include <string>

#include "sql/ast/statement.h"

namespace garland::sql {

std::string print(const Statement& statement);
std::string print(const Query& query);
std::string print(const Expr& expr);
/// `"Weird name"` when it needs quotes, else as it is; parts joined by dots.
std::string print(const QualifiedName& name);
std::string quote_identifier(std::string_view name);
std::string quote_literal(std::string_view value);

}  // namespace garland::sql
