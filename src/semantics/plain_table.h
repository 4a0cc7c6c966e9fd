// A table of a schema that is known before it exists: for checks without an engine.
#pragma once

#include <string>
#include <vector>

#include "semantics/catalog.h"

namespace garland::semantics {

/// `Column` has name, type and not_null.
template <class Column>
Relation plain_table(const std::string& schema, const std::string& name, const std::vector<Column>& columns) {
  Relation relation;
  relation.schema = schema;
  relation.name = name;
  for (const Column& column : columns) {
    ColumnDef& added = relation.columns.emplace_back();
    added.attnum = static_cast<int16_t>(relation.columns.size());
    added.name = column.name;
    added.type = column.type;
    added.not_null = column.not_null;
  }
  return relation;
}

}  // namespace garland::semantics
