#include "semantics/sketch_rules.h"

#include "base/error.h"

namespace garland::semantics {

void check_ordered(const Type& type, size_t at) {
  if (type.id != engine::TypeId::kHllSketch) return;
  throw Error(kUndefinedFunction, "could not identify an ordering operator for type hllsketch")
      .hint("Order by hll_cardinality() of the sketch.")
      .at(at);
}

void check_told_apart(const Type& type, size_t at) {
  if (type.id != engine::TypeId::kHllSketch) return;
  throw Error(kUndefinedFunction, "could not identify an equality operator for type hllsketch").at(at);
}

void check_told_apart(std::span<const OutputColumn> columns, size_t at) {
  for (const OutputColumn& column : columns) check_told_apart(column.type, at);
}

}  // namespace garland::semantics
