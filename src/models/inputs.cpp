#include "models/inputs.h"

#include <fmt/format.h>

#include <algorithm>

#include "models/build_sql.h"
#include "models/run.h"

namespace garland::models {
namespace {

bool written_by_runs(const ModelName& name) {
  for (const semantics::Relation& relation : ops_relations()) {
    if (relation.schema == name.schema && relation.name == name.name) return true;
  }
  return false;
}

bool has_batches(engine::Session& session, const ModelName& name) {
  auto statement = session.prepare("select * from " + quoted(name));
  const auto& columns = statement->columns();
  return std::any_of(columns.begin(), columns.end(),
                     [](const engine::ResultColumn& column) { return column.name == "_batch_id"; });
}

}  // namespace

std::optional<std::string> input_version(engine::Session& session, const RunClock& clock, const ModelName& name) {
  if (name == ModelName{"ops", "clock"})
    return fmt::format("{} {} {}", clock.as_of_ts, clock.as_of_date, clock.shop_tz);
  if (written_by_runs(name) || !relation_exists(session, name)) return std::nullopt;
  if (has_batches(session, name)) {
    auto row = engine::query_text(session, fmt::format("select max(_batch_id), count(*) from {}", quoted(name))).at(0);
    return fmt::format("batch {} rows {}", row[0].value_or("none"), *row[1]);
  }
  if (name.schema != "ops") return std::nullopt;
  return fmt::format("rows {}", *engine::query_text(session, "select count(*) from " + quoted(name)).at(0).at(0));
}

}  // namespace garland::models
