// The values of columns' DEFAULT expressions.
#pragma once

#include <optional>

#include "embedded/context.h"
#include "embedded/table_writer.h"

namespace garland::embedded {

/// Row 0 of a one-column batch.
struct DefaultValue {
  duck::Result result;  // holds the batch
  const engine::Batch* batch = nullptr;
};

/// The default of column number `column` of the table as the session sees it now; nothing when it has none.
std::optional<DefaultValue> default_value(Context& context, const semantics::Relation& table, int32_t column);
/// Gives the writer the defaults of all columns but the targets.
void set_defaults(Context& context, TableWriter& writer, const semantics::Relation& table,
                  const std::vector<int32_t>& targets);

}  // namespace garland::embedded
