// Views: expanded from their text where they are read, and their text when they are made.
#include "semantics/ast_walk.h"
#include "semantics/resolver.h"
#include "sql/parser.h"
#include "sql/printer.h"

namespace garland::semantics {
namespace {

/// Names of the columns a view shows: its own list where it has one.
void name_columns(const Relation& view, std::vector<OutputColumn>& columns) {
  const bool late = view.kind == RelationKind::kLateBindingView;
  const size_t declared = late ? view.view_columns.size() : view.columns.size();
  if (declared > columns.size()) {
    throw Error(kObjectNotInPrerequisiteState, "view \"" + view.name + "\" has more columns than its query")
        .hint("create the view again");
  }
  for (size_t i = 0; i < declared; ++i) columns[i].name = late ? view.view_columns[i] : view.columns[i].name;
}

}  // namespace

/// Errors inside the text are about the view: they point to its mention.
BoundRelation Resolver::expanded_view(const Relation& view, Span span) {
  const Depth depth(*this);
  try {
    const HiddenText text(*this, nullptr);
    BoundQuery bound = query(sql::parse_query(view.view_text, sql::QuotedNames::kKeep), nullptr);
    std::vector<OutputColumn> columns = bound.columns;
    name_columns(view, columns);
    return BoundRelation{BoundSubquery{std::move(bound), view.oid}, -1, std::move(columns)};
  } catch (const Error& error) {
    Error outside(error.state(), error.message());
    outside.detail(error.detail().empty() ? "in view " + view.schema + "." + view.name : error.detail())
        .hint(error.hint());
    if (hidden_ == 0) outside.at(span.begin);
    throw outside;
  }
}

/// The query with the schema of every relation and the columns of every `*` written out.
std::string Resolver::canonical_view_text(const sql::Query& query, const std::vector<sql::Name>& names, Relation& view,
                                          BoundCreateView& bound) {
  sql::Query text = query;
  ViewRecord record;
  record_ = &record;
  BoundQuery resolved = this->query(text, nullptr);
  record_ = nullptr;
  std::vector<OutputColumn> columns = resolved.columns;
  rename_columns(columns, names, view.name, names.empty() ? query.span : names[0].span);
  int16_t attnum = 0;
  for (const OutputColumn& column : columns) {
    ColumnDef definition;
    definition.attnum = ++attnum;
    definition.name = column.name;
    definition.type = column.type;
    definition.may_have_trailing_blanks = column.may_have_trailing_blanks;
    view.columns.push_back(std::move(definition));
  }
  bound.query = std::move(resolved);
  walk_query(text, overloaded{[&](sql::TableRef& ref) {
                                auto* table = std::get_if<sql::NamedTable>(&ref.node);
                                if (!table) return;
                                const auto known = record.schemas.find(table);
                                if (known == record.schemas.end()) return;
                                const sql::Name name = table->name.last();
                                table->name.parts = {sql::Name{known->second, name.span}, name};
                              },
                              [&](sql::Select& select) {
                                const auto known = record.items.find(&select);
                                if (known != record.items.end()) select.items = std::move(known->second);
                              },
                              [](auto&) {}});
  return sql::print(text);
}

namespace {

/// A standard view is replaced only by one that shows the same columns (guide page r_CREATE_VIEW).
void check_replacement(const Relation& present, const Relation& view, Span span) {
  if (present.kind != RelationKind::kView || view.kind != RelationKind::kView) return;
  const auto refuse = [&](const std::string& what) {
    throw Error(kInvalidTableDefinition, "cannot change " + what).at(span.begin);
  };
  if (present.columns.size() != view.columns.size()) refuse("number of columns in view");
  for (size_t i = 0; i < view.columns.size(); ++i) {
    const std::string& name = present.columns[i].name;
    if (view.columns[i].name != name) refuse("name of view column \"" + name + "\"");
    if (view.columns[i].type != present.columns[i].type) refuse("data type of view column \"" + name + "\"");
  }
}

}  // namespace

void Resolver::statement(const sql::CreateView& create) {
  Relation view = new_relation(create.name, false, create.or_replace);
  if (create.name.last().text.starts_with('#')) {
    throw Error(kFeatureNotSupported, "temporary views are not supported").at(create.name.span.begin);
  }
  BoundCreateView bound{create.or_replace, {}, std::nullopt};
  const Relation* const present = catalog_.find_relation(view.schema, view.name);
  if (present) {
    if (present->kind != RelationKind::kView && present->kind != RelationKind::kLateBindingView) {
      throw Error(kWrongObjectType, "\"" + view.name + "\" is not a view").at(create.name.span.begin);
    }
    view.oid = present->oid;
  }
  if (user_parameters_ > 0)
    throw Error(kUndefinedParameter, "there is no parameter $1").hint("a view has no parameters");
  if (create.late_binding) {
    for (const sql::QualifiedName& name : referenced_relations(sql::Statement{create, {}})) {
      if (name.parts.size() > 1) continue;
      throw Error(kFeatureNotSupported,
                  "All the relation names inside should be qualified when creating VIEW WITH NO SCHEMA BINDING.")
          .at(name.span.begin);
    }
    view.kind = RelationKind::kLateBindingView;
    view.view_text = sql::print(*create.query);
    for (const sql::Name& name : create.columns) view.view_columns.push_back(name.text);
  } else {
    view.kind = RelationKind::kView;
    view.view_text = canonical_view_text(*create.query, create.columns, view, bound);
  }
  for (size_t i = 0; i < view.columns.size(); ++i) {
    for (size_t j = 0; j < i; ++j) {
      if (view.columns[i].name != view.columns[j].name) continue;
      throw Error(kDuplicateColumn, "column \"" + view.columns[i].name + "\" specified more than once")
          .at(create.query->span.begin);
    }
  }
  if (present) check_replacement(*present, view, create.name.span);
  bound.view = std::move(view);
  result_.node = std::move(bound);
}

}  // namespace garland::semantics
