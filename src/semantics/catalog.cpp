#include "semantics/catalog.h"

namespace garland::semantics {

const ColumnDef* Relation::find_column(std::string_view column) const {
  for (const ColumnDef& definition : columns) {
    if (definition.name == column) return &definition;
  }
  return nullptr;
}

std::vector<const Function*> Catalog::find_functions(std::string_view, std::string_view) const { return {}; }

}  // namespace garland::semantics
