// Parser: COPY and UNLOAD (guide pages r_COPY, r_UNLOAD).
#include "sql/copy_options.h"
#include "sql/literals.h"
#include "sql/parser.h"
#include "sql/recursive_parser.h"

namespace garland::sql {
namespace {

/// Where in a quoted text an escape stood: its value is one byte shorter there.
QuotedPlace quoted_place(std::string_view source, const Token& token) {
  QuotedPlace place;
  size_t at = source.find('\'', token.begin);
  if (token.kind == TokenKind::kDollarString) {
    at = source.find('$', token.begin + 1);
    place.begin = static_cast<uint32_t>(at + 1);
    return place;
  }
  place.begin = static_cast<uint32_t>(++at);
  for (uint32_t value = 0; at + 1 < token.end; ++at, ++value) {
    const bool escape = source[at] == '\\' || (source[at] == '\'' && source[at + 1] == '\'');
    if (!escape) continue;
    place.escapes.push_back(value);
    ++at;
  }
  return place;
}

}  // namespace

Copy Parser::copy() {
  expect(Keyword::kCopy);
  Copy result;
  result.table = table_name();
  if (at(Symbol::kLeftParen)) result.columns = names_in_parentheses();
  expect(Keyword::kFrom);
  if (at_word("stdin")) not_in_redshift("COPY … FROM STDIN", peek());
  const uint32_t start = begin();
  result.source = text_of_string();
  result.source_span = since(start);
  while (peek().kind == TokenKind::kWord) {
    if (at_word("job")) not_yet("COPY … JOB", peek());
    result.options.push_back(copy_option(CopyVerb::kCopy));
  }
  return result;
}

Unload Parser::unload() {
  take();
  expect(Symbol::kLeftParen);
  if (!at_string()) fail();
  Unload result;
  result.place = quoted_place(text_, peek());
  const std::string text = string_value(text_, take());
  try {
    result.query = Box<Query>(parse_query(text));
  } catch (Error& error) {
    if (error.position()) error.at(result.place.at(static_cast<uint32_t>(*error.position())));
    throw;
  }
  expect(Symbol::kRightParen);
  expect(Keyword::kTo);
  const uint32_t start = begin();
  result.target = text_of_string();
  result.target_span = since(start);
  while (peek().kind == TokenKind::kWord) {
    if (at_word("partition")) {
      partition_by(result);
    } else {
      result.options.push_back(copy_option(CopyVerb::kUnload));
    }
  }
  return result;
}

void Parser::partition_by(Unload& unload) {
  if (!unload.partition_by.empty()) fail();
  take();
  expect(Keyword::kBy);
  unload.partition_by = names_in_parentheses();
  unload.partition_include = accept_word("include");
}

// FORMAT [AS] and WITH only introduce an option, so they leave no trace.
CopyOption Parser::copy_option(CopyVerb verb) {
  const uint32_t start = begin();
  if (at_word("format")) {
    take();
    accept(Keyword::kAs);
    if (!at_word("csv") && !at_word("json") && !at_word("parquet") && !at_word("avro") && !at_word("orc") &&
        !at_word("shapefile") && !at_word("delimiter") && !at_word("fixedwidth")) {
      fail_option();
    }
  } else if (at_word("with") && at_word("credentials", 1)) {
    take();
  }
  CopyOption option{upper_text(peek()), {}};
  const CopyOptionRule* rule = find_copy_option(option.name, verb);
  if (rule == nullptr) fail_option();
  take();
  copy_arguments(option, *rule);
  if (option.name == "TOKEN") option.name = "SESSION_TOKEN";
  option.span = since(start);
  return option;
}

void Parser::copy_arguments(CopyOption& option, const CopyOptionRule& rule) {
  const bool as = accept(Keyword::kAs);
  for (;;) {
    const Token& token = peek();
    if (option.arguments.size() == rule.limit) return;
    if (rule.argument == CopyArgument::kString && at_string()) {
      option.arguments.push_back(string_value(text_, take(), UnknownEscape::kKeep));
    } else if (rule.argument == CopyArgument::kNumber && token.kind == TokenKind::kNumber) {
      option.arguments.emplace_back(text(take()));
    } else if (token.kind == TokenKind::kWord && takes_word(rule, upper_text(token))) {
      option.arguments.push_back(upper_text(take()));
    } else {
      if (option.arguments.empty() && (rule.required || as)) fail_option();
      return;
    }
  }
}

/// A misplaced string may be a secret: it is not shown.
void Parser::fail_option() const {
  if (at_string()) throw Error(kSyntaxError, "syntax error at or near \"'***'\"").at(peek().begin);
  fail();
}

}  // namespace garland::sql
