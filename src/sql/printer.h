// Statements → Redshift SQL text on one line that parses back to an equal tree. A tree within a few levels of
// kMaxNesting may need parentheses that take its text beyond that limit (54001).
//
// The text is for Redshift's own reading: its string literals double backslashes. It is not SQL of any other engine.
#pragma once

#include <optional>
#include <string>

#include "sql/ast/statement.h"

namespace garland::sql {

std::string print(const Statement& statement);
std::string print(const Query& query);
std::string print(const Expr& expr);
/// The statement as logs and histories may show it: CREATE USER and ALTER USER without their passwords, COPY and UNLOAD
/// without their keys; nothing for statements that hold no secret.
std::optional<std::string> redacted(const Statement& statement);
/// `"Weird name"` when it needs quotes, else as it is; parts joined by dots.
std::string print(const QualifiedName& name);
std::string quote_identifier(std::string_view name);
std::string quote_literal(std::string_view value);

}  // namespace garland::sql
