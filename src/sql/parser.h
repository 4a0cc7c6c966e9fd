// Redshift SQL text → statements. Recursive descent, expressions by precedence (Pratt). Knows no catalog: it accepts
// what is well-formed Redshift and leaves meaning to semantics/.
//
// Limits: kMaxNesting levels (54001), kMaxStatementBytes (54000). No input makes it crash or hang.
#pragma once

#include <string_view>
#include <vector>

#include "sql/ast/statement.h"

namespace garland::sql {

/// Whether names in double quotes fold to lower case, as Redshift does unless enable_case_sensitive_identifier is on
/// (guide page r_enable_case_sensitive_identifier). Printed text names everything exactly: read it with kKeep.
enum class QuotedNames : bool { kFold, kKeep };

/// Exactly one statement, with or without a final semicolon. Throws Error(42601) "syntax error at or near …" with the
/// offset of the token; a construct that Redshift lacks, or that Garland does not do yet, throws 0A000 with its name.
Statement parse_statement(std::string_view text, QuotedNames names = QuotedNames::kFold);

/// A single query (SELECT, WITH, or in parentheses); used for views kept as text.
Query parse_query(std::string_view text, QuotedNames names = QuotedNames::kFold);

/// A single expression; used for defaults kept as text.
Expr parse_expression(std::string_view text);

/// A comment that stands before the statement's first token, with its delimiters removed; used for model annotations.
struct Comment {
  std::string text;
  Span span;
};
std::vector<Comment> leading_comments(std::string_view text);

/// The spans of the statements of a multi-statement text, split at semicolons outside quotes and comments; empty ones
/// are left out. Never throws: a text that does not tokenise ends with a last span that reaches to its end.
std::vector<Span> split_statements(std::string_view text);

}  // namespace garland::sql
