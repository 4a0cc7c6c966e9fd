// The entry: one statement, its parameters, and what is only known at its end.
#include "semantics/resolve.h"

#include "semantics/ast_walk.h"
#include "semantics/resolver.h"

namespace garland::semantics {
namespace {

/// Parameters are numbered before anything else, because session values follow them.
int32_t highest_parameter(const sql::Statement& statement) {
  int32_t highest = 0;
  walk(statement, overloaded{[&](const sql::Expr& expr) {
                               if (const auto* parameter = std::get_if<sql::Parameter>(&expr.node)) {
                                 highest = std::max(highest, static_cast<int32_t>(parameter->number));
                               }
                             },
                             [](const auto&) {}});
  return highest;
}

constexpr int32_t kMaxParameters = 32767;  // int2 in the protocol's Bind message

}  // namespace

Resolver::Depth::Depth(Resolver& resolver) : resolver_(resolver) {
  if (++resolver_.depth_ > kMaxNesting) {
    --resolver_.depth_;
    throw Error(kStatementTooComplex, "statement is nested too deeply")
        .detail("At most " + std::to_string(kMaxNesting) + " levels, those of views included");
  }
}

BoundStatement Resolver::resolve(const sql::Statement& statement) {
  user_parameters_ = std::max(highest_parameter(statement), static_cast<int32_t>(options_.parameter_types.size()));
  if (user_parameters_ > kMaxParameters) {
    throw Error(kProgramLimitExceeded, "a statement has at most " + std::to_string(kMaxParameters) + " parameters");
  }
  result_.parameters.assign(static_cast<size_t>(user_parameters_), Type{});
  std::ranges::copy(options_.parameter_types, result_.parameters.begin());
  std::visit([&](const auto& node) { this->statement(node); }, statement.node);
  check_function_places();
  for (size_t i = 0; i < result_.parameters.size(); ++i) {
    if (result_.parameters[i].id != engine::TypeId::kUnknown) continue;
    throw Error(kIndeterminateDatatype, "could not determine data type of parameter $" + std::to_string(i + 1));
  }
  return std::move(result_);
}

namespace {

/// The SELECT that may have an INTO: the first of a chain of set operations.
template <class Body>
auto first_select(Body& body) -> decltype(std::get_if<sql::Select>(&body.node)) {
  if (auto* select = std::get_if<sql::Select>(&body.node)) return select;
  auto* operation = std::get_if<sql::SetOperation>(&body.node);
  if (!operation) return nullptr;
  Body& left = *operation->left;
  return first_select(left);
}

}  // namespace

/// SELECT … INTO is CREATE TABLE AS (guide page r_SELECT_INTO).
bool Resolver::select_into(const sql::Query& query) {
  const sql::Select* first = first_select(query.body);
  if (!first || !first->into) return false;
  const sql::IntoTable& into = **first->into;
  sql::Query without = query;
  first_select(without.body)->into.reset();
  statement(sql::CreateTableAs{into.name, into.temporary, {}, {}, std::move(without)});
  return true;
}

void Resolver::statement(const sql::Query& query) {
  if (select_into(query)) return;
  BoundQuery bound = this->query(query, nullptr);
  result_.columns = bound.columns;
  result_.node = std::move(bound);
}

/// Redshift runs some functions on the leader node only and others on the compute nodes only (guide pages
/// c_SQL_functions_leader_node_only, c_sql-functions-compute-node).
void Resolver::check_function_places() const {
  if (leader_only_ && reads_user_table_) {
    throw Error(kFeatureNotSupported,
                "Specified types or functions (one per INFO message) not supported on Redshift tables.")
        .detail("Function \"" + leader_only_->name + "\" runs on the leader node only")
        .at(leader_only_->span.begin);
  }
  if (compute_only_ && !reads_user_table_) {
    throw Error(
        kFeatureNotSupported,
        "One or more of the used functions must be applied on at least one user created tables. Examples of user "
        "table only functions are LISTAGG, MEDIAN, PERCENTILE_CONT, etc")
        .at(compute_only_->span.begin);
  }
}

BoundStatement resolve(const sql::Statement& statement, const Catalog& catalog, const ResolveOptions& options) {
  return Resolver(catalog, options).resolve(statement);
}

}  // namespace garland::semantics
