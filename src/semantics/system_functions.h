// Functions that ask the catalog: HAS_TABLE_PRIVILEGE, FORMAT_TYPE, PG_GET_VIEWDEF … Each is an expression in Redshift
// SQL over the engine's system relations, with its arguments as $1, $2, …; the leader node runs them (guide pages
// r_System_information_functions, c_SQL_functions_leader_node_only).
#pragma once

#include <cstddef>
#include <string_view>

namespace garland::semantics {

struct SystemFunction {
  std::string_view name;
  size_t arguments;
  std::string_view expression;
  /// The first argument: any type, a number only, or a string only.
  enum class First { kAny, kNumber, kString } first = First::kAny;
};

/// A relation's name as `oid::regclass` shows it, with its schema where the search path does not lead to it.
inline constexpr std::string_view kRelationNameOfOid =
    "(select case when r.visible then r.name else r.schemaname || '.' || r.name end from garland_base.relations r "
    "where "
    "r.oid = $1)";

/// nullptr when there is none of the name with so many arguments; `number`: whether the first one is a number.
const SystemFunction* find_system_function(std::string_view name, size_t arguments, bool number);

}  // namespace garland::semantics
