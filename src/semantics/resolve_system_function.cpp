// Calls of functions that ask the catalog (system_functions.h).
#include "semantics/resolver.h"
#include "semantics/system_functions.h"
#include "sql/parser.h"

namespace garland::semantics {

/// Nothing when the call is of another function.
std::optional<BoundExpr> Resolver::system_function(const sql::Call& call, const std::string& name, Span span,
                                                   Scope& scope) {
  if (!find_system_function(name, call.arguments.size(), false) &&
      !find_system_function(name, call.arguments.size(), true)) {
    return std::nullopt;
  }
  std::vector<BoundExpr> bound;
  for (const sql::Expr& argument : call.arguments) bound.push_back(settled(expression(argument, scope)));
  const SystemFunction* function = find_system_function(name, bound.size(), bound[0].type.is_numeric());
  if (!function) return std::nullopt;
  FunctionMatch leader;
  leader.leader_only = true;
  note_function(leader, name, span);
  const Depth depth(*this);
  const std::vector<BoundExpr>* outer = std::exchange(system_arguments_, &bound);
  const size_t outer_first = std::exchange(first_common_table_, common_tables_.size());
  ++hidden_;
  const auto restore = [&] {
    --hidden_;
    first_common_table_ = outer_first;
    system_arguments_ = outer;
  };
  try {
    BoundExpr result = expression(sql::parse_expression(function->expression), scope);
    restore();
    return result;
  } catch (...) {
    restore();
    throw;
  }
}

}  // namespace garland::semantics
