#include "semantics/catalog.h"

namespace garland::semantics {

const ColumnDef* Relation::find_column(std::string_view column) const {
  for (const ColumnDef& definition : columns) {
    if (definition.name == column) return &definition;
  }
  return nullptr;
}

}  // namespace garland::semantics
