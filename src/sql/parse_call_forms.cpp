// Parser: calls whose arguments are no plain list (guide pages r_TRY_CAST, r_object_transform_function). They are
// Calls all the same; the tree's arguments stand for their parts:
//   try_cast(x as t)                         x, cast(null as t)
//   object_transform(x keep p, … set q, v …)  x, a Row of the kept paths, a Row of paths and values
#include "sql/recursive_parser.h"

namespace garland::sql {

bool Parser::special_arguments(Call& call) {
  if (call.function.parts.size() != 1) return false;
  const std::string& name = call.function.last().text;
  if (name == "try_cast") return try_cast_arguments(call), true;
  if (name == "object_transform") return transform_arguments(call), true;
  return false;
}

void Parser::try_cast_arguments(Call& call) {
  call.arguments.push_back(expression());
  const uint32_t start = begin();
  expect(Keyword::kAs);
  call.arguments.push_back(wrap(Cast{Expr{NullLiteral{}, {}}, type()}, start));
}

void Parser::transform_arguments(Call& call) {
  call.arguments.push_back(expression());
  for (const std::string_view word : {"keep", "set"}) {
    const uint32_t start = begin();
    Row part;
    if (accept_word(word)) part.fields = expressions();
    call.arguments.push_back(wrap(std::move(part), start));
  }
}

}  // namespace garland::sql
