// Parser: ALTER TABLE and ALTER MATERIALIZED VIEW (guide pages r_ALTER_TABLE, r_ALTER_TABLE_APPEND,
// r_ALTER_MATERIALIZED_VIEW).
#include "sql/recursive_parser.h"

namespace garland::sql {

AlterTable Parser::alter_table(QualifiedName table, bool materialized_view) {
  AlterTable result{std::move(table), RenameTable{}, materialized_view};
  if (at(Keyword::kAdd)) {
    result.action = add_action();
  } else if (at(Keyword::kDrop)) {
    result.action = drop_action();
  } else if (at(Keyword::kRename)) {
    result.action = rename_action();
  } else if (at(Keyword::kAlter)) {
    result.action = alter_action();
  } else if (at_word("owner")) {
    take();
    expect(Keyword::kTo);
    result.action = ChangeOwner{name()};
  } else if (accept(Keyword::kAppend)) {
    expect(Keyword::kFrom);
    AppendFrom append{table_name()};
    if (accept_word("ignoreextra")) append.fill = AppendFill::kIgnoreExtra;
    if (append.fill == AppendFill::kNone && accept_word("filltarget")) append.fill = AppendFill::kFillTarget;
    result.action = std::move(append);
  } else if (materialized_view && accept(Keyword::kAuto)) {
    if (!accept_word("refresh")) fail();
    const bool yes = accept(Keyword::kYes);
    if (!yes) expect(Keyword::kNo);
    result.action = ChangeAutoRefresh{yes};
  } else {
    if (at(Keyword::kSet)) refuse_external("SET " + upper_text(peek(1)));
    if (at(Keyword::kPartition)) refuse_external("PARTITION");
    if (at_word("masking")) not_yet("ALTER TABLE … MASKING", peek());
    fail();
  }
  return result;
}

void Parser::refuse_external(std::string_view action) const {
  not_yet("ALTER TABLE … " + std::string(action) + " of an external table", peek());
}

decltype(AlterTable::action) Parser::rename_action() {
  expect(Keyword::kRename);
  if (accept(Keyword::kTo)) return RenameTable{table_name().last()};
  accept(Keyword::kColumn);
  Name from = name();
  expect(Keyword::kTo);
  return RenameColumn{std::move(from), name()};
}

decltype(AlterTable::action) Parser::add_action() {
  expect(Keyword::kAdd);
  if (at(Keyword::kPartition) || (at(Keyword::kIf) && at(Keyword::kNot, 1))) refuse_external("ADD PARTITION");
  if (auto constraint = table_constraint()) return AddConstraint{*std::move(constraint)};
  accept(Keyword::kColumn);
  AddColumn added{column_definition()};
  if (at(Symbol::kComma)) not_in_redshift("adding several columns in one ALTER TABLE", peek());
  return added;
}

decltype(AlterTable::action) Parser::drop_action() {
  expect(Keyword::kDrop);
  if (at(Keyword::kPartition)) refuse_external("DROP PARTITION");
  if (accept(Keyword::kConstraint)) {
    DropConstraint dropped{name()};
    dropped.cascade = cascade();
    return dropped;
  }
  accept(Keyword::kColumn);
  DropColumn dropped{name()};
  dropped.cascade = cascade();
  if (at(Symbol::kComma)) not_in_redshift("dropping several columns in one ALTER TABLE", peek());
  return dropped;
}

decltype(AlterTable::action) Parser::alter_action() {
  if (at_word("autorefresh", 1)) {
    at_ += 2;
    accept(Symbol::kEqual);
    const bool on = accept(Keyword::kTrue);
    if (!on) expect(Keyword::kFalse);
    return ChangeAutoRefresh{on};
  }
  if (at(Keyword::kColumn, 1)) {
    at_ += 2;
    Name column = name();
    if (accept_word("type")) return ChangeColumnType{std::move(column), type()};
    if (at(Keyword::kSet) || at(Keyword::kDrop)) {
      not_in_redshift("ALTER COLUMN … " + upper_text(peek()) + " " + upper_text(peek(1)), peek());
    }
    return encodings(std::move(column));
  }
  ChangeLayout layout;
  do layout_clause(layout);
  while (accept(Symbol::kComma));
  return layout;
}

ChangeEncodings Parser::encodings(Name first) {
  ChangeEncodings result;
  result.columns.push_back({std::move(first), encoding()});
  while (accept(Symbol::kComma)) {
    expect(Keyword::kAlter);
    expect(Keyword::kColumn);
    Name column = name();
    result.columns.push_back({std::move(column), encoding()});
  }
  return result;
}

// ALTER DISTKEY c | DISTSTYLE … | [COMPOUND] SORTKEY … | ENCODE AUTO
void Parser::layout_clause(ChangeLayout& layout) {
  expect(Keyword::kAlter);
  const bool no_dist = layout.dist_style == DistStyle::kDefault;
  const bool no_sort = layout.sort_style == SortStyle::kDefault && !layout.sort_none;
  if (no_dist && accept(Keyword::kDiststyle)) {
    layout.dist_style = dist_style();
    if (layout.dist_style != DistStyle::kKey) return;
    expect(Keyword::kDistkey);
    layout.dist_key = name();
  } else if (no_dist && accept(Keyword::kDistkey)) {
    layout.dist_style = DistStyle::kKey;
    layout.dist_key = name();
  } else if (no_sort) {
    sort_key_clause(layout);
  } else {
    fail();
  }
}

void Parser::sort_key_clause(ChangeLayout& layout) {
  if (!layout.encode_auto && accept(Keyword::kEncode)) {
    expect(Keyword::kAuto);
    layout.encode_auto = true;
    return;
  }
  if (at(Keyword::kInterleaved)) not_in_redshift("ALTER TABLE … ALTER INTERLEAVED SORTKEY", peek());
  const bool compound = accept(Keyword::kCompound);
  expect(Keyword::kSortkey);
  if (!compound && accept(Keyword::kAuto)) {
    layout.sort_style = SortStyle::kAuto;
  } else if (!compound && accept_word("none")) {
    layout.sort_none = true;
  } else {
    layout.sort_style = SortStyle::kCompound;
    layout.sort_keys = names_in_parentheses();
  }
}

}  // namespace garland::sql
