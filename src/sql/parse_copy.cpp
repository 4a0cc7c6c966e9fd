// Parser: COPY (guide page r_COPY).
#include "sql/copy_options.h"
#include "sql/literals.h"
#include "sql/recursive_parser.h"

namespace garland::sql {

Copy Parser::copy() {
  expect(Keyword::kCopy);
  Copy result;
  result.table = table_name();
  if (at(Symbol::kLeftParen)) result.columns = names_in_parentheses();
  expect(Keyword::kFrom);
  const uint32_t start = begin();
  result.source = text_of_string();
  result.source_span = since(start);
  while (peek().kind == TokenKind::kWord) result.options.push_back(copy_option());
  return result;
}

// FORMAT [AS] only introduces the format's own option, so it leaves no trace.
CopyOption Parser::copy_option() {
  const uint32_t start = begin();
  if (at_word("format")) {
    take();
    accept(Keyword::kAs);
  }
  if (at_word("job")) not_yet("COPY … JOB", peek());
  CopyOption option{upper_text(peek()), {}};
  if (find_copy_option(option.name) == nullptr) fail();
  take();
  copy_arguments(option);
  option.span = since(start);
  return option;
}

void Parser::copy_arguments(CopyOption& option) {
  const CopyOptionRule& rule = *find_copy_option(option.name);
  const bool as = accept(Keyword::kAs);
  for (;;) {
    const Token& token = peek();
    const size_t limit = rule.name == "SHAPEFILE" ? 3 : 1;
    if (option.arguments.size() == limit) return;
    if (rule.argument == CopyArgument::kString && at_string()) {
      option.arguments.push_back(string_value(text_, take(), UnknownEscape::kKeep));
    } else if (rule.argument == CopyArgument::kNumber && token.kind == TokenKind::kNumber) {
      option.arguments.emplace_back(text(take()));
    } else if (token.kind == TokenKind::kWord && takes_word(rule, upper_text(token))) {
      option.arguments.push_back(upper_text(take()));
    } else {
      if (option.arguments.empty() && (rule.required || as)) fail();
      return;
    }
  }
}

}  // namespace garland::sql
