// Parser: FROM.
#include "sql/recursive_parser.h"

namespace garland::sql {
namespace {

template <class T>
TableRef make(T node, Span span) {
  return {std::move(node), span};
}

}  // namespace

std::vector<TableRef> Parser::from_list() {
  std::vector<TableRef> tables;
  do tables.push_back(table_ref());
  while (accept(Symbol::kComma));
  return tables;
}

TableRef Parser::table_ref() {
  Level level(*this);
  return joins(table_primary());
}

TableRef Parser::joins(TableRef left) {
  while (at_join()) {
    left = join(std::move(left));
    grow();
  }
  return left;
}

bool Parser::at_join() const {
  switch (peek().keyword) {
    case Keyword::kJoin:
    case Keyword::kInner:
    case Keyword::kLeft:
    case Keyword::kRight:
    case Keyword::kFull:
    case Keyword::kCross:
    case Keyword::kNatural:
      return true;
    default:
      return false;
  }
}

TableRef Parser::join(TableRef left) {
  Level level(*this);
  const uint32_t start = left.span.begin;
  const bool natural = accept(Keyword::kNatural);
  JoinKind kind = JoinKind::kInner;
  if (!natural && accept(Keyword::kCross)) {
    kind = JoinKind::kCross;
  } else if (at(Keyword::kLeft) || at(Keyword::kRight) || at(Keyword::kFull)) {
    const Keyword side = take().keyword;
    kind = side == Keyword::kLeft ? JoinKind::kLeft : side == Keyword::kRight ? JoinKind::kRight : JoinKind::kFull;
    accept(Keyword::kOuter);
  } else {
    accept(Keyword::kInner);
  }
  expect(Keyword::kJoin);
  TableRef right = table_primary();
  Join result{kind, natural, std::move(left), std::move(right)};
  if (!natural && kind != JoinKind::kCross) {
    // `a join b join c on … on …`: the inner condition belongs to the inner join.
    if (at_join()) {
      TableRef inner = join(std::move(*result.right));
      grow();
      while (at_join()) {
        inner = join(std::move(inner));
        grow();
      }
      result.right = std::move(inner);
    }
    if (accept(Keyword::kUsing)) {
      result.using_columns = names_in_parentheses();
    } else {
      expect(Keyword::kOn);
      result.on = expression();
    }
  }
  return make(std::move(result), since(start));
}

TableRef Parser::table_primary() {
  TableRef result = at(Symbol::kLeftParen) ? table_in_parentheses() : named_table();
  grow();
  while (at(Keyword::kPivot) || at(Keyword::kUnpivot)) {
    result = at(Keyword::kPivot) ? pivot(std::move(result)) : unpivot(std::move(result));
    grow();
  }
  return result;
}

// A parenthesis in FROM holds a query or joins; `((select 1) union …)` shows itself as a query only behind its first
// part.
TableRef Parser::table_in_parentheses() {
  const uint32_t start = begin();
  if (at(Keyword::kValues, 1) && at(Symbol::kLeftParen, 2)) not_in_redshift("VALUES as a table", peek(1));
  if (at_query(1)) {
    DerivedTable table{query_in_parentheses(), std::nullopt};
    table.alias = table_alias();
    return make(std::move(table), since(start));
  }
  take();
  TableRef inner = table_ref();
  auto* derived = std::get_if<DerivedTable>(&inner.node);
  const bool bare = derived != nullptr && !derived->alias;
  if (bare && at_query_continuation()) continue_query(derived->query, inner.span);
  if (!bare && !std::holds_alternative<Join>(inner.node)) fail();
  expect(Symbol::kRightParen);
  if (bare) derived->alias = table_alias();
  inner.span = since(start);
  return inner;
}

TableRef Parser::named_table() {
  const uint32_t start = begin();
  if (at(Keyword::kLateral) && at(Symbol::kLeftParen, 1)) not_in_redshift("LATERAL", peek());
  if (at(Keyword::kUnnest)) return unnest_function();
  if (at(Keyword::kUnpivot)) return unpivoted_object();
  if (at(Keyword::kValues) && at(Symbol::kLeftParen, 1)) not_in_redshift("VALUES as a table", peek());
  std::vector<Attribute> written;
  QualifiedName relation = table_name(&written);
  if (at(Symbol::kLeftParen)) {
    Expr function = call(std::move(relation), start);
    FunctionTable table{std::get<Call>(std::move(function.node)), std::nullopt};
    table.alias = function_alias();
    return make(std::move(table), since(start));
  }
  if (at(Symbol::kDot) || at(Symbol::kLeftBracket)) return path_table(std::move(relation), std::move(written), start);
  accept(Symbol::kStar);  // `table_name [ * ]` (r_FROM_clause30) means the table
  NamedTable table{std::move(relation), table_alias(), std::move(written)};
  return make(std::move(table), since(start));
}

/// A function of catalog rows may have its columns defined: `cols(view_schema name, col_num int)` (PG_GET_COLS). Their
/// types are the function's own.
std::optional<Alias> Parser::function_alias() {
  const bool defined = at_name() && at(Symbol::kLeftParen, 1) && at_name(2) && at_name(3);
  if (!defined) return table_alias();
  Alias alias{name(), {}};
  take();
  do {
    alias.columns.push_back(name());
    type();
  } while (accept(Symbol::kComma));
  expect(Symbol::kRightParen);
  return alias;
}

// QUALIFY straight behind a relation without an alias is taken for its alias, as Redshift does (guide page
// r_QUALIFY_clause).
std::optional<Alias> Parser::table_alias() {
  if (!accept(Keyword::kAs)) {
    if (!at_name()) return std::nullopt;
    if (at_hierarchy()) return std::nullopt;
    if (at(Keyword::kQualify) && (at(TokenKind::kWord, 1) && !is_reserved(peek(1).keyword)))
      throw Error(kSyntaxError, "syntax error at or near \"" + std::string(text(peek(1))) + "\"")
          .hint("Directly behind FROM, QUALIFY needs an alias of the relation before it.")
          .at(peek(1).begin);
  }
  Alias alias{name(), {}};
  if (at(Symbol::kLeftParen) && at_name(1) && at_name(2))
    not_yet("a list of column definitions behind a table", peek());
  if (at(Symbol::kLeftParen)) alias.columns = names_in_parentheses();
  if (accept(Keyword::kAt)) alias.index = name();
  return alias;
}

}  // namespace garland::sql
