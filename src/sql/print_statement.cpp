// Writer: statements other than definitions, and the public functions.
#include "base/ascii.h"
#include "sql/copy_options.h"
#include "sql/literals.h"
#include "sql/printer.h"
#include "sql/writer.h"

namespace garland::sql {

void Writer::statement(const Statement& statement) {
  std::visit([&](const auto& each) { node(each); }, statement.node);
}

void Writer::value(const ValueOrDefault& value) {
  std::visit(overloaded{[&](const Expr& expr) { expression(expr); }, [&](const DefaultMarker&) { write("default"); }},
             value);
}

void Writer::value_row(const std::vector<ValueOrDefault>& row) {
  parenthesised_list(row, [&](const ValueOrDefault& each) { value(each); });
}

void Writer::assignments(const std::vector<Assignment>& assignments) {
  list(assignments, [&](const Assignment& each) {
    identifier(each.column.text);
    write(" = ");
    value(each.value);
  });
}

void Writer::node(const Insert& insert) {
  write("insert into ");
  qualified_name(insert.table);
  optional_names(insert.columns);
  std::visit(overloaded{
                 [&](const Values& values) {
                   write(" values ");
                   list(values.rows, [&](const auto& row) { value_row(row); });
                 },
                 [&](const Box<Query>& source) {
                   write(" ");
                   query(*source);
                 },
                 [&](const DefaultMarker&) { write(" default values"); },
             },
             insert.source);
}

void Writer::node(const Update& update) {
  with(update.with, update.recursive);
  write("update ");
  qualified_name(update.table);
  if (update.alias) alias(Alias{*update.alias, {}});
  write(" set ");
  assignments(update.assignments);
  if (!update.from.empty()) {
    write(" from ");
    tables(update.from);
  }
  if (update.where) {
    write(" where ");
    expression(*update.where);
  }
}

void Writer::node(const Delete& del) {
  with(del.with, del.recursive);
  write("delete from ");
  qualified_name(del.table);
  if (del.alias) alias(Alias{*del.alias, {}});
  if (!del.using_tables.empty()) {
    write(" using ");
    tables(del.using_tables);
  }
  if (del.where) {
    write(" where ");
    expression(*del.where);
  }
}

void Writer::node(const Merge& merge) {
  write("merge into ");
  qualified_name(merge.target);
  write(" using ");
  join_operand(merge.source);
  write(" on ");
  expression(merge.on);
  if (merge.remove_duplicates) write(" remove duplicates");
  if (merge.matched) {
    write(" when matched then ");
    std::visit(overloaded{
                   [&](const MergeUpdate& update) {
                     write("update set ");
                     assignments(update.assignments);
                   },
                   [&](const MergeDelete&) { write("delete"); },
               },
               *merge.matched);
  }
  if (!merge.not_matched) return;
  write(" when not matched then insert");
  optional_names(merge.not_matched->columns);
  write(" values ");
  value_row(merge.not_matched->values);
}

void Writer::node(const Copy& copy) {
  write("copy ");
  qualified_name(copy.table);
  optional_names(copy.columns);
  write(" from ");
  literal(copy.source);
  for (const CopyOption& option : copy.options) copy_option(option, CopyVerb::kCopy);
}

void Writer::node(const Unload& unload) {
  Writer inner;
  inner.query(*unload.query);
  write("unload (");
  literal(inner.take());
  write(") to ");
  literal(unload.target);
  for (const CopyOption& option : unload.options) copy_option(option, CopyVerb::kUnload);
  if (unload.partition_by.empty()) return;
  write(" partition by");
  optional_names(unload.partition_by);
  if (unload.partition_include) write(" include");
}

void Writer::copy_option(const CopyOption& option, CopyVerb verb) {
  write(" ");
  const auto write_lower = [&](std::string_view word) {
    for (const char c : word) text_ += ascii_lower(c);
  };
  write_lower(option.name);
  const CopyOptionRule* rule = find_copy_option(option.name, verb);
  for (const std::string& argument : option.arguments) {
    write(" ");
    const bool word = rule != nullptr && takes_word(*rule, argument);
    if (word || (rule != nullptr && rule->argument == CopyArgument::kNumber)) {
      write_lower(argument);
    } else {
      literal(argument);
    }
  }
}

void Writer::node(const Begin& begin) {
  write("begin");
  transaction_modes(begin.modes);
}

// A name with an underscore cannot be mistaken for another form of SET or SHOW (SET SESSION …, SHOW TABLES); others are
// quoted.
void Writer::setting_name(std::string_view name) {
  bool plain = name == "timezone" || name == "datestyle" || name.find('_') != std::string_view::npos;
  for (size_t begin = 0; plain && begin <= name.size();) {
    const std::string_view part = name.substr(begin, name.find('.', begin) - begin);
    plain = is_plain_identifier(part);
    begin += part.size() + 1;
  }
  if (plain) return write(name);
  text_ += '"';
  for (char c : name) text_ += c == '"' ? "\"\"" : std::string(1, c);
  text_ += '"';
}

void Writer::node(const Set& set) {
  write(set.local ? "set local " : "set ");
  setting_name(set.name);
  write(" to ");
  if (set.values.empty()) return write("default");
  list(set.values, [&](const std::string& value) { literal(value); });
}

void Writer::node(const Reset& reset) {
  write("reset ");
  reset.name == "all" ? write("all") : setting_name(reset.name);
}

void Writer::node(const Show& show) {
  write("show ");
  show.name == "all" ? write("all") : setting_name(show.name);
}

std::string print(const Statement& statement) {
  Writer writer;
  writer.statement(statement);
  return writer.take();
}

std::string print(const Query& query) {
  Writer writer;
  writer.query(query);
  return writer.take();
}

std::string print(const Expr& expr) {
  Writer writer;
  writer.expression(expr);
  return writer.take();
}

std::string print(const QualifiedName& name) {
  Writer writer;
  writer.qualified_name(name);
  return writer.take();
}

std::string quote_identifier(std::string_view name) {
  Writer writer;
  writer.identifier(name);
  return writer.take();
}

std::string quote_literal(std::string_view value) {
  Writer writer;
  writer.literal(value);
  return writer.take();
}

}  // namespace garland::sql
