// WITH, also recursive (guide page r_WITH_clause).
#include "semantics/ast_walk.h"
#include "semantics/resolver.h"

namespace garland::semantics {
namespace {

[[noreturn]] void refuse(std::string message, Span span) {
  throw Error(kInvalidRecursion, std::move(message)).at(span.begin);
}

bool mentions(const sql::Query& query, const std::string& name) {
  bool found = false;
  walk_query(query, overloaded{[&](const sql::TableRef& ref) {
                                 const auto* table = std::get_if<sql::NamedTable>(&ref.node);
                                 found = found ||
                                         (table && table->name.parts.size() == 1 && table->name.last().text == name);
                               },
                               [](const auto&) {}});
  return found;
}

}  // namespace

std::vector<BoundCte> Resolver::common_tables(const std::vector<sql::Cte>& with, bool recursive, Scope* outer) {
  std::vector<BoundCte> bound;
  bound.reserve(with.size());
  for (size_t i = 0; i < with.size(); ++i) {
    for (size_t j = 0; j < i; ++j) {
      if (with[j].name.text != with[i].name.text) continue;
      throw Error(kDuplicateAlias, "WITH query name \"" + with[i].name.text + "\" specified more than once")
          .at(with[i].name.span.begin);
    }
    bound.push_back(common_table(with[i], recursive, outer));
  }
  return bound;
}

BoundCte Resolver::common_table(const sql::Cte& cte, bool recursive, Scope* outer) {
  const bool loops = recursive && mentions(*cte.query, cte.name.text);
  const int32_t number = next_cte_++;
  BoundCte bound{number, cte.name.text, {}, loops, BoundQuery{}};
  if (loops) {
    const size_t entry = common_tables_.size();
    common_tables_.push_back({cte.name.text, number, {}, true, false, false});
    *bound.query = recursive_table(cte, entry, outer);
    bound.recursive = common_tables_[entry].mentioned;
    bound.columns = common_tables_[entry].columns;
    common_tables_[entry].open = false;
    return bound;
  }
  *bound.query = query(*cte.query, outer);
  bound.columns = bound.query->columns;
  rename_columns(bound.columns, cte.columns, cte.name.text, cte.name.span);
  common_tables_.push_back({cte.name.text, number, bound.columns, false, true, false});
  return bound;
}

/// Anchor UNION ALL recursive member; the anchor gives the columns' types, the member must have the same ones.
BoundQuery Resolver::recursive_table(const sql::Cte& cte, size_t entry, Scope* outer) {
  const Depth depth(*this);
  const sql::Query& definition = *cte.query;
  const auto* operation = std::get_if<sql::SetOperation>(&definition.body.node);
  if (!operation || operation->op != sql::SetOp::kUnion || !operation->all) {
    refuse(
        "recursive query \"" + cte.name.text + "\" does not have the form non-recursive-term UNION ALL recursive-term",
        cte.name.span);
  }
  if (cte.columns.empty()) refuse("recursive query \"" + cte.name.text + "\" must have a column list", cte.name.span);
  if (!definition.order_by.empty())
    refuse("ORDER BY in a recursive query is not supported", definition.order_by[0].expr.span);
  if (definition.limit) refuse("LIMIT in a recursive query is not supported", definition.limit->span);
  if (definition.offset) refuse("OFFSET in a recursive query is not supported", definition.offset->span);
  if (outer) refuse("WITH RECURSIVE is not supported in a subquery", cte.name.span);

  BoundQuery bound;
  const size_t visible = common_tables_.size();
  bound.with = common_tables(definition.with, definition.recursive, outer);
  BoundBody anchor = side(*operation->left, outer, bound.columns);
  if (auto* select = std::get_if<BoundSelect>(&anchor.node)) settle_outputs(*select, bound.columns);
  rename_columns(bound.columns, cte.columns, cte.name.text, cte.name.span);
  common_tables_[entry].columns = bound.columns;
  common_tables_[entry].columns_known = true;
  std::vector<OutputColumn> columns;
  BoundBody member = side(*operation->right, outer, columns);
  if (auto* select = std::get_if<BoundSelect>(&member.node)) settle_outputs(*select, columns);
  if (columns.size() != bound.columns.size()) {
    throw Error(kSyntaxError, "each UNION query must have the same number of columns").at(operation->right->span.begin);
  }
  for (size_t i = 0; i < columns.size(); ++i) {
    const Type& first = bound.columns[i].type;
    if (columns[i].type.id != first.id) {
      throw Error(kDatatypeMismatch, "recursive query \"" + cte.name.text + "\" column " + std::to_string(i + 1) +
                                         " has type " + engine::to_string(first) + " in non-recursive term but type " +
                                         engine::to_string(columns[i].type) + " overall")
          .hint("cast the output of the non-recursive term to the correct type")
          .at(operation->right->span.begin);
    }
    convert_output(member, columns, i, first, CastContext::kAssignment);
  }
  common_tables_.resize(visible);
  bound.body = BoundBody{BoundSetOperation{sql::SetOp::kUnion, true, std::move(anchor), std::move(member)}};
  return bound;
}

}  // namespace garland::semantics
