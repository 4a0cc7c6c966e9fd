// Parser: changes of rows (guide pages r_INSERT_30, r_UPDATE, r_DELETE, r_MERGE).
#include "sql/recursive_parser.h"

namespace garland::sql {

// WITH begins a query, an UPDATE or a DELETE.
Statement::Node Parser::with_statement() {
  size_t depth = 0;
  size_t ahead = 1;
  for (; !at(TokenKind::kEnd, ahead); ++ahead) {
    if (at(Symbol::kLeftParen, ahead)) ++depth;
    if (at(Symbol::kRightParen, ahead) && depth-- == 0) break;
    if (depth > 0 || !at(Symbol::kRightParen, ahead)) continue;
    if (at(Keyword::kUpdate, ahead + 1) || at(Keyword::kDelete, ahead + 1)) break;
    if (at_query(ahead + 1) || at(Symbol::kLeftParen, ahead + 1)) break;
  }
  const bool is_update = at(Keyword::kUpdate, ahead + 1);
  if (!is_update && !at(Keyword::kDelete, ahead + 1)) return std::move(*boxed_query());
  std::vector<Cte> with;
  bool recursive = false;
  with_clause(with, recursive);
  if (is_update) {
    Update result = update();
    result.with = std::move(with);
    result.recursive = recursive;
    return result;
  }
  Delete result = delete_statement();
  result.with = std::move(with);
  result.recursive = recursive;
  return result;
}

void Parser::refuse_returning() const {
  if (at(Keyword::kReturning)) not_in_redshift("RETURNING", peek());
  if (at(Keyword::kOn) && at(Keyword::kConflict, 1)) not_in_redshift("ON CONFLICT", peek());
}

Insert Parser::insert() {
  expect(Keyword::kInsert);
  expect(Keyword::kInto);
  Insert result{table_name(), {}, DefaultMarker{}};
  if (at(Symbol::kLeftParen) && at_name(1)) result.columns = names_in_parentheses();
  if (result.columns.empty() && at(Keyword::kDefault)) {
    take();
    expect(Keyword::kValues);
  } else if (accept(Keyword::kValues)) {
    result.source = values();
  } else {
    result.source = boxed_query();
  }
  refuse_returning();
  return result;
}

Values Parser::values() {
  Values result;
  do result.rows.push_back(value_row());
  while (accept(Symbol::kComma));
  return result;
}

std::vector<ValueOrDefault> Parser::value_row() {
  std::vector<ValueOrDefault> row;
  expect(Symbol::kLeftParen);
  do row.push_back(value_or_default());
  while (accept(Symbol::kComma));
  expect(Symbol::kRightParen);
  return row;
}

ValueOrDefault Parser::value_or_default() {
  if (accept(Keyword::kDefault)) return DefaultMarker{};
  return expression();
}

std::optional<Name> Parser::target_alias() {
  if (accept(Keyword::kAs)) return name();
  if (!at_name() || at(Keyword::kSet) || at(Keyword::kReturning)) return std::nullopt;
  return name();
}

std::vector<Assignment> Parser::assignments() {
  std::vector<Assignment> list;
  do {
    Name column = name();
    expect(Symbol::kEqual);
    list.push_back({std::move(column), value_or_default()});
  } while (accept(Symbol::kComma));
  return list;
}

Update Parser::update() {
  expect(Keyword::kUpdate);
  Update result;
  result.table = table_name();
  result.alias = target_alias();
  expect(Keyword::kSet);
  result.assignments = assignments();
  if (accept(Keyword::kFrom)) result.from = from_list();
  if (accept(Keyword::kWhere)) result.where = expression();
  refuse_returning();
  return result;
}

Delete Parser::delete_statement() {
  expect(Keyword::kDelete);
  accept(Keyword::kFrom);
  Delete result;
  result.table = table_name();
  result.alias = target_alias();
  if (accept(Keyword::kUsing)) result.using_tables = from_list();
  if (accept(Keyword::kWhere)) result.where = expression();
  refuse_returning();
  return result;
}

Merge Parser::merge() {
  expect(Keyword::kMerge);
  expect(Keyword::kInto);
  QualifiedName target = table_name();
  expect(Keyword::kUsing);
  TableRef source = table_primary();
  expect(Keyword::kOn);
  Merge result{std::move(target), std::move(source), expression()};
  if (at(Keyword::kRemove) && at(Keyword::kDuplicates, 1)) {
    at_ += 2;
    result.remove_duplicates = true;
    return result;
  }
  if (!at(Keyword::kWhen)) fail();
  if (at(Keyword::kMatched, 1)) {
    at_ += 2;
    expect(Keyword::kThen);
    if (accept(Keyword::kUpdate)) {
      expect(Keyword::kSet);
      result.matched = MergeUpdate{assignments()};
    } else {
      expect(Keyword::kDelete);
      result.matched = MergeDelete{};
    }
  }
  if (accept(Keyword::kWhen)) result.not_matched = merge_insert();
  return result;
}

MergeInsert Parser::merge_insert() {
  expect(Keyword::kNot);
  expect(Keyword::kMatched);
  expect(Keyword::kThen);
  expect(Keyword::kInsert);
  MergeInsert result;
  if (at(Symbol::kLeftParen)) result.columns = names_in_parentheses();
  expect(Keyword::kValues);
  result.values = value_row();
  return result;
}

}  // namespace garland::sql
