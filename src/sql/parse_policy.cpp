// Parser: policies on rows and columns (guide pages r_CREATE_RLS_POLICY, r_ALTER_RLS_POLICY, r_DROP_RLS_POLICY,
// r_ATTACH_RLS_POLICY, r_DETACH_RLS_POLICY and their like for MASKING POLICY).
#include "sql/recursive_parser.h"

namespace garland::sql {

PolicyKind Parser::policy_words() {
  const PolicyKind kind = at_word("rls") ? PolicyKind::kRowLevelSecurity : PolicyKind::kMasking;
  at_ += 2;
  return kind;
}

Statement::Node Parser::policy_definition() {
  const Keyword verb = take().keyword;
  const PolicyKind kind = policy_words();
  if (verb == Keyword::kCreate) return create_policy(kind);
  if (verb == Keyword::kAlter) {
    AlterPolicy alter{kind, qualified_name()};
    expect(Keyword::kUsing);
    alter.expressions = policy_expressions(kind);
    return alter;
  }
  DropPolicy drop{kind};
  if (accept(Keyword::kIf)) {
    expect(Keyword::kExists);
    drop.if_exists = true;
  }
  drop.name = qualified_name();
  drop.cascade = cascade();
  return drop;
}

CreatePolicy Parser::create_policy(PolicyKind kind) {
  CreatePolicy policy{kind};
  if (accept(Keyword::kIf)) {
    expect(Keyword::kNot);
    expect(Keyword::kExists);
    policy.if_not_exists = true;
  }
  policy.name = qualified_name();
  const bool masking = kind == PolicyKind::kMasking;
  if (masking || at(Keyword::kWith)) {
    expect(Keyword::kWith);
    expect(Symbol::kLeftParen);
    do {
      Name column = name();
      policy.columns.push_back({std::move(column), type()});
    } while (accept(Symbol::kComma));
    expect(Symbol::kRightParen);
    const bool as = !masking && accept(Keyword::kAs);
    if (as || (!masking && at_name())) policy.alias = name();
  }
  expect(Keyword::kUsing);
  policy.expressions = policy_expressions(kind);
  return policy;
}

std::vector<Expr> Parser::policy_expressions(PolicyKind kind) {
  std::vector<Expr> result;
  expect(Symbol::kLeftParen);
  do result.push_back(expression());
  while (kind == PolicyKind::kMasking && accept(Symbol::kComma));
  expect(Symbol::kRightParen);
  return result;
}

AttachPolicy Parser::attach_policy() {
  AttachPolicy result{PolicyKind::kMasking, at_word("detach")};
  take();
  if (!at_word("policy", 1) || (!at_word("rls") && !at_word("masking"))) fail();
  result.kind = policy_words();
  const bool masking = result.kind == PolicyKind::kMasking;
  result.name = qualified_name();
  expect(Keyword::kOn);
  accept(Keyword::kTable);
  do result.tables.push_back(table_name());
  while (!masking && accept(Symbol::kComma));
  if (masking) {
    result.columns = policy_expressions(result.kind);
    if (!result.detach && accept(Keyword::kUsing)) result.inputs = policy_expressions(result.kind);
  }
  expect(result.detach ? Keyword::kFrom : Keyword::kTo);
  do result.grantees.push_back(grantee());
  while (accept(Symbol::kComma));
  if (masking && !result.detach && accept_word("priority")) result.priority = unsigned_integer();
  return result;
}

// ALTER TABLE t ROW LEVEL SECURITY …
RowLevelSecurity Parser::row_level_security(QualifiedName table) {
  RowLevelSecurity result{std::move(table)};
  expect(Keyword::kRow);
  expect(Keyword::kLevel);
  if (!accept_word("security")) fail();
  result.on = accept(Keyword::kOn);
  if (!result.on) expect(Keyword::kOff);
  if (accept_word("conjunction")) {
    if (!accept_word("type")) fail();
    result.conjunction = at(Keyword::kAnd) ? Conjunction::kAnd : Conjunction::kOr;
    if (!accept(Keyword::kAnd)) expect(Keyword::kOr);
  }
  if (accept(Keyword::kFor)) {
    if (!accept_word("datashares")) fail();
    result.for_datashares = true;
  }
  return result;
}

}  // namespace garland::sql
