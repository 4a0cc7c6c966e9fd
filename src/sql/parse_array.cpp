// Parser: what PostgreSQL's clients write with arrays when they ask the catalog. Redshift has no array types (guide
// page c_unsupported-postgresql-datatypes), its leader node has PostgreSQL's.
//   x = any (array[a, b])    x <> all (array[a, b])    IN and NOT IN
//   x = any (v)              x <> all (v)              a comparison with a call of "any" or "all"
//   array[1, 2] as name      in a select list          the text that the catalog has for such a vector
#include "sql/recursive_parser.h"

namespace garland::sql {

Expr Parser::array_comparison(Box<Expr> left, BinaryOp op, Quantifier quantifier) {
  const bool all = quantifier == Quantifier::kAll;
  const uint32_t start = tokens_[at_ - 1].begin;
  const Span word = since(start);
  expect(Symbol::kLeftParen);
  if (!at(Keyword::kArray) || !at(Symbol::kLeftBracket, 1)) {
    Call call{{{{all ? "all" : "any", word}}, word}, {}};
    call.arguments.push_back(expression());
    expect(Symbol::kRightParen);
    return {Binary{op, std::move(left), wrap(std::move(call), start)}, {}};
  }
  if (op != (all ? BinaryOp::kNotEqual : BinaryOp::kEqual)) not_yet("ANY or ALL of an array", peek());
  at_ += 2;
  std::vector<Expr> list = expressions();
  expect(Symbol::kRightBracket);
  if (!at(Symbol::kRightParen)) not_yet("an expression of ARRAY[…]", peek());
  take();
  return {InList{std::move(left), std::move(list), all}, {}};
}

Expr Parser::vector_item() {
  const uint32_t start = begin();
  const Token array = take();
  take();
  std::string text = "{";
  do {
    const Expr item = expression();
    const auto* cast = std::get_if<Cast>(&item.node);
    const auto* number = std::get_if<NumberLiteral>(cast ? &cast->operand->node : &item.node);
    if (!number || number->text.find_first_not_of("0123456789") != std::string::npos)
      not_in_redshift("ARRAY[…]", array);
    text += (text.size() > 1 ? "," : "") + number->text;
  } while (accept(Symbol::kComma));
  expect(Symbol::kRightBracket);
  if (!at(Keyword::kAs)) not_in_redshift("ARRAY[…]", array);
  return wrap(StringLiteral{text + "}"}, start);
}

}  // namespace garland::sql
