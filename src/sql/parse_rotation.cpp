// Parser: what FROM has besides tables and joins (PIVOT, UNPIVOT, arrays of SUPER), and CONNECT BY. Guide pages
// r_FROM_clause30, r_FROM_clause-pivot-unpivot-examples, r_FROM_clause-unnest-examples, query-super,
// r_CONNECT_BY_clause.
#include "sql/recursive_parser.h"

namespace garland::sql {

TableRef Parser::unnest_function() {
  const uint32_t start = take().begin;
  expect(Symbol::kLeftParen);
  Unnest result{UnnestForm::kFunction, expression(), std::nullopt};
  expect(Symbol::kRightParen);
  if (at(Keyword::kWith) && at(Keyword::kOffset, 1)) {
    at_ += 2;
    result.form = UnnestForm::kFunctionWithOffset;
  }
  result.alias = table_alias();
  return {std::move(result), since(start)};
}

TableRef Parser::unpivoted_object() {
  const uint32_t start = take().begin;
  Unnest result{UnnestForm::kUnpivot, primary(), std::nullopt};
  if (at(Symbol::kDot) || at(Symbol::kLeftBracket)) result.value = navigation(std::move(result.value));
  result.alias = table_alias();
  return {std::move(result), since(start)};
}

/// A path that is no mere name: `t.a[0].b`, `t.a.b.c`.
TableRef Parser::path_table(QualifiedName name, std::vector<Attribute> written, uint32_t begin) {
  while (at(Symbol::kDot)) {
    take();
    if (written.empty()) {
      for (const Name& part : name.parts) written.push_back({part.text, false});
    }
    written.push_back(attribute());
    name.parts.push_back(label());
  }
  Expr path = column_reference(std::move(name.parts), std::move(written), begin);
  if (at(Symbol::kLeftBracket)) path = navigation(std::move(path));
  Unnest result{UnnestForm::kPath, std::move(path), std::nullopt};
  result.alias = table_alias();
  return {std::move(result), since(begin)};
}

TableRef Parser::pivot(TableRef input) {
  const Level level(*this);
  const uint32_t start = input.span.begin;
  take();
  expect(Symbol::kLeftParen);
  Pivot result{std::move(input), expression(), std::nullopt, {}, {}, std::nullopt};
  if (accept(Keyword::kAs)) {
    result.aggregate_alias = label();
  } else if (at_name()) {
    result.aggregate_alias = name();
  }
  expect(Keyword::kFor);
  result.column = name();
  expect(Keyword::kIn);
  expect(Symbol::kLeftParen);
  do {
    PivotValue value{expression(), std::nullopt};
    if (accept(Keyword::kAs)) {
      value.alias = label();
    } else if (at_name()) {
      value.alias = name();
    }
    result.values.push_back(std::move(value));
  } while (accept(Symbol::kComma));
  expect(Symbol::kRightParen);
  expect(Symbol::kRightParen);
  result.alias = table_alias();
  return {std::move(result), since(start)};
}

TableRef Parser::unpivot(TableRef input) {
  const Level level(*this);
  const uint32_t start = input.span.begin;
  take();
  bool include = false;
  if (at(Keyword::kInclude) || at(Keyword::kExclude)) {
    include = take().keyword == Keyword::kInclude;
    expect(Keyword::kNulls);
  }
  expect(Symbol::kLeftParen);
  Unpivot result{std::move(input), include, name(), {}, {}, std::nullopt};
  expect(Keyword::kFor);
  result.name = name();
  expect(Keyword::kIn);
  expect(Symbol::kLeftParen);
  do {
    UnpivotColumn column{name(), std::nullopt};
    if (accept(Keyword::kAs)) {
      column.alias = label();
    } else if (at_name()) {
      column.alias = name();
    }
    result.columns.push_back(std::move(column));
  } while (accept(Symbol::kComma));
  expect(Symbol::kRightParen);
  expect(Symbol::kRightParen);
  result.alias = table_alias();
  return {std::move(result), since(start)};
}

bool Parser::at_hierarchy(size_t ahead) const {
  return (at(Keyword::kStart, ahead) && at(Keyword::kWith, ahead + 1)) ||
         (at(Keyword::kConnect, ahead) && at(Keyword::kBy, ahead + 1));
}

/// START WITH and CONNECT BY, in either order.
void Parser::hierarchy(Select& select) {
  while (at_hierarchy()) {
    const Token& first = peek();
    const bool start = at(Keyword::kStart);
    at_ += 2;
    if (start ? select.start_with.has_value() : select.connect_by.has_value()) fail(first);
    in_connect_by_ = !start;
    (start ? select.start_with : select.connect_by) = expression();
    in_connect_by_ = false;
  }
  if (!select.connect_by) fail();
}

}  // namespace garland::sql
