// What a statement names, without a catalog: relations and functions.
#include <algorithm>

#include "semantics/ast_walk.h"
#include "semantics/resolve.h"

namespace garland::semantics {
namespace {

/// Follows CTE names: each is in sight in the CTEs after it (in itself too, if recursive) and in the query's body.
class RelationFinder {
 public:
  std::vector<sql::QualifiedName> names;

  void query(const sql::Query& query) {
    const size_t outer = in_sight_.size();
    common_tables(query.with, query.recursive);
    walking::Walker<RelationFinder> walker(*this);
    walker.body(query.body);
    walker.orders(query.order_by);
    walker.optional(query.limit);
    walker.optional(query.offset);
    in_sight_.resize(outer);
  }

  void common_tables(const std::vector<sql::Cte>& with, bool recursive) {
    for (const sql::Cte& cte : with) {
      if (recursive) in_sight_.push_back(cte.name.text);
      query(*cte.query);
      if (!recursive) in_sight_.push_back(cte.name.text);
    }
  }

  // The walker shows each node before it goes below; queries are walked here instead, and are not entered again.
  void operator()(const sql::TableRef& ref) {
    const auto* table = std::get_if<sql::NamedTable>(&ref.node);
    if (!table) return;
    if (is_path(*table)) return;
    aliases_.push_back(table->alias ? table->alias->name.text : table->name.last().text);
    if (table->name.parts.size() == 1 && std::ranges::find(in_sight_, table->name.last().text) != in_sight_.end())
      return;
    names.push_back(table->name);
  }
  bool enters(const sql::Query& inner) {
    query(inner);
    return false;
  }
  void operator()(const auto&) {}

 private:
  /// `from t, t.items x`: an array of a relation that stands before it.
  bool is_path(const sql::NamedTable& table) const {
    return table.name.parts.size() > 1 && std::ranges::find(aliases_, table.name.parts[0].text) != aliases_.end();
  }

  std::vector<std::string> in_sight_;
  std::vector<std::string> aliases_;
};

/// CTEs of UPDATE and DELETE are in sight in the whole statement.
template <class Change>
void find_in_change(RelationFinder& finder, const Change& change, const std::vector<sql::TableRef>& tables) {
  finder.common_tables(change.with, false);
  walking::Walker<RelationFinder> walker(finder);
  walker.table_refs(tables);
  walker.optional(change.where);
  if constexpr (requires { change.assignments; }) {
    for (const sql::Assignment& assignment : change.assignments) walker.value(assignment.value);
  }
}

}  // namespace

std::vector<sql::QualifiedName> referenced_relations(const sql::Statement& statement) {
  RelationFinder finder;
  if (const auto* update = std::get_if<sql::Update>(&statement.node)) {
    find_in_change(finder, *update, update->from);
  } else if (const auto* deletion = std::get_if<sql::Delete>(&statement.node)) {
    find_in_change(finder, *deletion, deletion->using_tables);
  } else {
    walk(statement, finder);
  }
  return std::move(finder.names);
}

std::vector<CalledFunction> called_functions(const sql::Statement& statement) {
  std::vector<CalledFunction> functions;
  const auto add = [&](const sql::Call& call, Span span) {
    functions.push_back({call.function.last().text, call.function.span.end > 0 ? call.function.span : span});
  };
  walk(statement, overloaded{[&](const sql::Expr& expr) {
                               if (const auto* call = std::get_if<sql::Call>(&expr.node)) add(*call, expr.span);
                             },
                             [&](const sql::TableRef& ref) {
                               if (const auto* table = std::get_if<sql::FunctionTable>(&ref.node))
                                 add(table->call, ref.span);
                             },
                             [](const auto&) {}});
  return functions;
}

}  // namespace garland::semantics
