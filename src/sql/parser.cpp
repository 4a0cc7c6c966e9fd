#include "sql/parser.h"

#include "sql/recursive_parser.h"

namespace garland::sql {

Statement parse_statement(std::string_view text, QuotedNames names) { return Parser(text, names).whole_statement(); }
Query parse_query(std::string_view text, QuotedNames names) { return Parser(text, names).whole_query(); }
Expr parse_expression(std::string_view text) { return Parser(text).whole_expression(); }

std::vector<Comment> leading_comments(std::string_view text) {
  std::vector<Comment> comments;
  try {
    Lexer(text).skip_blanks([&](Span span) {
      const bool block = text[span.begin] == '/';
      const size_t size = span.end - span.begin - (block ? 4 : 2);
      comments.push_back({std::string(text.substr(span.begin + 2, size)), span});
    });
  } catch (const Error&) {
    // An unterminated comment is the parser's to report.
  }
  return comments;
}

std::vector<Span> split_statements(std::string_view text) {
  std::vector<Span> spans;
  Lexer lexer(text);
  size_t begin = 0;
  bool empty = true;
  const auto close = [&](size_t end) {
    while (begin < end && (text[begin] == ' ' || (text[begin] >= '\t' && text[begin] <= '\r'))) ++begin;
    while (end > begin && (text[end - 1] == ' ' || (text[end - 1] >= '\t' && text[end - 1] <= '\r'))) --end;
    if (!empty) spans.push_back({static_cast<uint32_t>(begin), static_cast<uint32_t>(end)});
    empty = true;
  };
  try {
    for (;;) {
      const Token token = lexer.next();
      if (token.kind == TokenKind::kEnd) break;
      if (token.symbol == Symbol::kSemicolon) {
        close(token.begin);
        begin = token.end;
      } else {
        empty = false;
      }
    }
  } catch (const Error&) {
    empty = false;
  }
  close(text.size());
  return spans;
}

}  // namespace garland::sql
