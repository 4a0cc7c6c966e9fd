// Parser: definitions (guide pages r_CREATE_TABLE_NEW, r_CREATE_TABLE_AS, r_CREATE_VIEW, r_CREATE_SCHEMA, r_DROP_TABLE,
// r_ALTER_TABLE, r_TRUNCATE).
#include "sql/recursive_parser.h"

namespace garland::sql {

Statement::Node Parser::create() {
  expect(Keyword::kCreate);
  bool or_replace = false;
  if (accept(Keyword::kOr)) {
    expect(Keyword::kReplace);
    or_replace = true;
  }
  if (accept(Keyword::kView)) return create_view(or_replace);
  if (accept_word("function")) return create_function(or_replace);
  if (or_replace) fail();
  if (accept_word("materialized")) return create_materialized_view();
  if (accept_word("database")) return create_database();
  if (accept(Keyword::kSchema)) return create_schema();
  const bool local = accept(Keyword::kLocal);
  const bool temporary = accept(Keyword::kTemp) || accept(Keyword::kTemporary);
  if (local && !temporary) fail();
  expect(Keyword::kTable);
  return create_table(temporary);
}

// `(a, b)` before AS names the columns of a CTAS; otherwise a parenthesis holds definitions.
bool Parser::at_column_list() const {
  return at(Symbol::kLeftParen) && at_name(1) && (at(Symbol::kComma, 2) || at(Symbol::kRightParen, 2));
}

Statement::Node Parser::create_table(bool temporary) {
  CreateTable table;
  table.temporary = temporary;
  table.if_not_exists = if_not_exists();
  table.name = table_name();
  table.temporary |= table.name.last().text.starts_with('#');
  if (!at(Symbol::kLeftParen) || at_column_list()) return create_table_as(std::move(table));
  table_elements(table);
  if (at_word("inherits")) not_in_redshift("INHERITS", peek());
  table_attributes(table.attributes);
  if (table.attributes.by_position) fail();
  if (at(Keyword::kPartition)) not_in_redshift("PARTITION BY", peek());
  if (at_word("tablespace")) not_in_redshift("TABLESPACE", peek());
  if (at(Keyword::kUsing)) not_yet("CREATE TABLE … USING", peek());
  return table;
}

Statement::Node Parser::create_table_as(CreateTable table) {
  std::vector<Name> columns;
  if (at(Symbol::kLeftParen)) columns = names_in_parentheses();
  table_attributes(table.attributes);
  if (table.if_not_exists || !at(Keyword::kAs)) fail();
  take();
  return CreateTableAs{std::move(table.name), table.temporary, std::move(columns), std::move(table.attributes),
                       boxed_query()};
}

void Parser::table_elements(CreateTable& table) {
  expect(Symbol::kLeftParen);
  do {
    if (accept(Keyword::kLike)) {
      LikeClause like{table_name()};
      if (at(Keyword::kIncluding) || at(Keyword::kExcluding)) {
        like.including_defaults = take().keyword == Keyword::kIncluding;
        expect(Keyword::kDefaults);
      }
      table.elements.emplace_back(std::move(like));
    } else if (auto constraint = table_constraint()) {
      table.elements.emplace_back(*std::move(constraint));
    } else {
      table.elements.emplace_back(column_definition());
    }
  } while (accept(Symbol::kComma));
  expect(Symbol::kRightParen);
}

std::optional<TableConstraint> Parser::table_constraint() {
  std::optional<Name> constraint_name;
  if (accept(Keyword::kConstraint)) constraint_name = name();
  if (at(Keyword::kCheck)) not_in_redshift("a CHECK constraint", peek());
  TableConstraint result{ConstraintKind::kUnique, std::move(constraint_name)};
  if (accept(Keyword::kPrimary)) {
    expect(Keyword::kKey);
    result.kind = ConstraintKind::kPrimaryKey;
  } else if (accept(Keyword::kForeign)) {
    expect(Keyword::kKey);
    result.kind = ConstraintKind::kForeignKey;
  } else if (!accept(Keyword::kUnique)) {
    if (result.name) fail();
    return std::nullopt;
  }
  result.columns = names_in_parentheses();
  if (result.kind == ConstraintKind::kForeignKey) result.references = reference();
  return result;
}

Reference Parser::reference() {
  expect(Keyword::kReferences);
  Reference result{table_name()};
  if (at(Symbol::kLeftParen)) result.columns = names_in_parentheses();
  return result;
}

ColumnDefinition Parser::column_definition() {
  ColumnDefinition column{name(), type()};
  while (column_attribute(column) || column_constraint(column)) {
  }
  return column;
}

bool Parser::column_attribute(ColumnDefinition& column) {
  if (at(Keyword::kDefault) || at(Keyword::kIdentity) || at(Keyword::kGenerated))
    return default_or_identity(column), true;
  if (!column.encode && at(Keyword::kEncode)) return column.encode = encoding(), true;
  if (!column.dist_key && accept(Keyword::kDistkey)) return column.dist_key = true;
  if (!column.sort_key && accept(Keyword::kSortkey)) return column.sort_key = true;
  if (column.case_sensitive || !accept(Keyword::kCollate)) return false;
  column.case_sensitive = accept(Keyword::kCaseSensitive);
  if (!*column.case_sensitive) expect(Keyword::kCaseInsensitive);
  return true;
}

void Parser::default_or_identity(ColumnDefinition& column) {
  const Token& first = peek();
  if (column.default_value || column.identity) fail(first);
  if (accept(Keyword::kDefault)) {
    column.default_value = expression(Reach::kRestricted);
  } else if (accept(Keyword::kIdentity)) {
    column.identity = identity(false);
  } else {
    take();
    expect(Keyword::kBy);
    expect(Keyword::kDefault);
    expect(Keyword::kAs);
    expect(Keyword::kIdentity);
    column.identity = identity(true);
  }
}

// A bare IDENTITY (guide pages c_Examples_of_INSERT_30, r_CREATE_TABLE_examples) counts from 1.
Identity Parser::identity(bool by_default) {
  if (!at(Symbol::kLeftParen)) return {.by_default = by_default};
  expect(Symbol::kLeftParen);
  const int64_t seed = signed_integer();
  expect(Symbol::kComma);
  const int64_t step = signed_integer();
  expect(Symbol::kRightParen);
  return {seed, step, by_default};
}

std::string Parser::encoding() {
  expect(Keyword::kEncode);
  return label().text;
}

bool Parser::column_constraint(ColumnDefinition& column) {
  if (at(Keyword::kCheck)) not_in_redshift("a CHECK constraint", peek());
  if (accept(Keyword::kNull)) return true;
  if (accept(Keyword::kNot)) {
    expect(Keyword::kNull);
    return column.not_null = true;
  }
  if (accept(Keyword::kUnique)) return column.unique = true;
  if (accept(Keyword::kPrimary)) {
    expect(Keyword::kKey);
    return column.primary_key = true;
  }
  if (column.references || !at(Keyword::kReferences)) return false;
  column.references = reference();
  return true;
}

void Parser::table_attributes(TableAttributes& attributes) {
  while (table_attribute(attributes)) {
  }
}

bool Parser::table_attribute(TableAttributes& attributes) {
  if (!attributes.backup && accept(Keyword::kBackup)) {
    attributes.backup = accept(Keyword::kYes);
    if (!*attributes.backup) expect(Keyword::kNo);
    return true;
  }
  if (attributes.dist_style == DistStyle::kDefault && accept(Keyword::kDiststyle))
    return attributes.dist_style = dist_style(), true;
  if (!attributes.dist_key && accept(Keyword::kDistkey)) {
    std::vector<Name> columns = key_columns(attributes);
    if (columns.size() != 1) fail(tokens_[at_ - 1]);
    attributes.dist_key = std::move(columns[0]);
    return true;
  }
  if (!attributes.encode_auto && at(Keyword::kEncode) && at(Keyword::kAuto, 1))
    return at_ += 2, attributes.encode_auto = true;
  const bool interleaved = at(Keyword::kInterleaved);
  const bool style_named = interleaved || at(Keyword::kCompound);
  const bool free = attributes.sort_style == SortStyle::kDefault && attributes.sort_keys.empty();
  if (!free || !at(Keyword::kSortkey, style_named ? 1 : 0)) return false;
  at_ += style_named ? 2 : 1;
  if (!style_named && accept(Keyword::kAuto)) return attributes.sort_style = SortStyle::kAuto, true;
  if (style_named) attributes.sort_style = interleaved ? SortStyle::kInterleaved : SortStyle::kCompound;
  attributes.sort_keys = key_columns(attributes);
  return true;
}

// The columns of a key by name, or all keys of a CTAS by number.
std::vector<Name> Parser::key_columns(TableAttributes& attributes) {
  const bool first_key = !attributes.dist_key && attributes.sort_keys.empty();
  if (first_key) attributes.by_position = at(TokenKind::kNumber, 1);
  if (!attributes.by_position) return names_in_parentheses();
  expect(Symbol::kLeftParen);
  std::vector<Name> numbers;
  do {
    const uint32_t start = begin();
    const int32_t number = unsigned_integer();
    numbers.push_back({std::to_string(number), since(start)});
  } while (accept(Symbol::kComma));
  expect(Symbol::kRightParen);
  return numbers;
}

DistStyle Parser::dist_style() {
  if (accept(Keyword::kAuto)) return DistStyle::kAuto;
  if (accept(Keyword::kEven)) return DistStyle::kEven;
  if (accept(Keyword::kKey)) return DistStyle::kKey;
  expect(Keyword::kAll);
  return DistStyle::kAll;
}

Statement::Node Parser::create_view(bool or_replace) {
  QualifiedName view_name = qualified_name();
  std::vector<Name> columns;
  if (at(Symbol::kLeftParen)) columns = names_in_parentheses();
  expect(Keyword::kAs);
  CreateView view{std::move(view_name), or_replace, false, std::move(columns), boxed_query()};
  if (accept(Keyword::kWith)) {
    expect(Keyword::kNo);
    expect(Keyword::kSchema);
    expect(Keyword::kBinding);
    view.late_binding = true;
  }
  return view;
}

Statement::Node Parser::create_schema() {
  CreateSchema schema;
  schema.if_not_exists = if_not_exists();
  const bool named = at_name();
  if (named) schema.name = name();
  if (accept(Keyword::kAuthorization)) {
    schema.owner = name();
    if (!named) schema.name = *schema.owner;
  } else if (!named) {
    fail();
  }
  if (accept(Keyword::kQuota)) schema.quota = quota();
  if (at(Keyword::kCreate) || at(Keyword::kGrant)) not_yet("CREATE SCHEMA with elements", peek());
  return schema;
}

bool Parser::cascade() {
  if (accept(Keyword::kCascade)) return true;
  accept(Keyword::kRestrict);
  return false;
}

Statement::Node Parser::drop() {
  expect(Keyword::kDrop);
  if (accept_word("function")) return drop_function();
  Drop result{ObjectKind::kTable};
  if (accept(Keyword::kView)) {
    result.kind = ObjectKind::kView;
  } else if (accept(Keyword::kSchema)) {
    result.kind = ObjectKind::kSchema;
  } else if (accept_word("database")) {
    result.kind = ObjectKind::kDatabase;
  } else if (accept_word("materialized")) {
    expect(Keyword::kView);
    result.kind = ObjectKind::kMaterializedView;
  } else {
    expect(Keyword::kTable);
  }
  const bool is_database = result.kind == ObjectKind::kDatabase;
  result.if_exists = !is_database && if_exists();
  do {
    result.names.push_back(table_name());
    const bool one_part = result.kind == ObjectKind::kSchema || is_database;
    if (one_part && result.names.back().parts.size() > 1) fail(tokens_[at_ - 1]);
  } while (!is_database && accept(Symbol::kComma));
  if (at(Keyword::kDrop)) not_yet("DROP SCHEMA … DROP EXTERNAL DATABASE", peek());
  if (is_database) {
    result.force = accept_word("force");
  } else {
    result.cascade = cascade();
  }
  return result;
}

Statement::Node Parser::alter() {
  expect(Keyword::kAlter);
  if (accept(Keyword::kSchema)) return alter_schema();
  if (accept_word("database")) return alter_database();
  if (accept_word("function")) return alter_function();
  const bool materialized_view = accept_word("materialized");
  expect(materialized_view ? Keyword::kView : Keyword::kTable);
  QualifiedName table = table_name();
  if (at(Keyword::kRow)) return row_level_security(std::move(table));
  return alter_table(std::move(table), materialized_view);
}

Statement::Node Parser::truncate() {
  expect(Keyword::kTruncate);
  accept(Keyword::kTable);
  return Truncate{table_name()};
}

}  // namespace garland::sql
