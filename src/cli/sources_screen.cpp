#include "cli/sources_screen.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "cli/exit_code.h"
#include "cli/project_sources.h"
#include "cli/table.h"
#include "cli/warehouse_metrics.h"
#include "ingest/files/rejects.h"
#include "ingest/postgres/capture.h"
#include "sql/printer.h"

namespace garland::cli {
namespace {

using Json = nlohmann::ordered_json;

struct Shown {
  SourceState state;
  std::string last_batch;  // in the shop's zone, to the second
  uint64_t waiting = 0;    // rejects
  uint64_t bytes = 0;      // of its tables, on disk
};

/// As garland.toml has it.
struct Configured {
  std::string name;
  const char* kind;
  std::vector<std::string> tables;  // schema.table
};

std::vector<Configured> configured_sources(const ProjectFile& project) {
  const ProjectSources read_from = read_project_sources(project.file);
  std::vector<Configured> sources;
  for (const auto& source : read_from.databases) {
    Configured& read = sources.emplace_back(source.name, "postgres");
    for (const auto& table : source.tables) {
      for (const char* const log : {"", "_changes"})
        read.tables.push_back(source.raw_schema + "." + table.target + log);
    }
  }
  for (const auto& source : read_from.files)
    sources.emplace_back(source.name, "files", std::vector{source.schema + "." + source.table});
  for (const auto& source : read_from.topics) {
    sources.emplace_back(source.name(), "kafka", std::vector{source.table.schema + "." + source.table.table});
  }
  for (const auto& source : read_from.webhooks) {
    sources.emplace_back(source.name(), "events", std::vector{source.table.schema + "." + source.table.table});
  }
  return sources;
}

/// Sources of events have no state: they come when they are sent.
std::vector<SourceState> states_of(const std::vector<Configured>& sources, const Flow* flow) {
  std::vector<SourceState> states = flow ? flow->sources() : std::vector<SourceState>();
  const bool are_running = !states.empty();
  for (const Configured& source : sources) {
    const bool events = source.kind == std::string_view("events");
    if (are_running && !events) continue;
    states.push_back({.name = source.name,
                      .kind = source.kind,
                      .text = !flow    ? "not running"
                              : events ? "listening"
                                       : "starting"});
  }
  return states;
}

std::map<std::string, std::string> last_batches(const ProjectFile& project, engine::Session& session) {
  std::map<std::string, std::string> batches;
  try {
    const auto rows = engine::query_text(
        session, fmt::format("select source, to_char(convert_timezone('UTC', {}, max(finished_at)), "
                             "'YYYY-MM-DD HH24:MI:SS') from ops.batches where status <> 'began' group by source",
                             sql::quote_literal(project.time_zone)));
    for (const engine::TextRow& row : rows) batches[row[0].value_or("")] = row[1].value_or("");
  } catch (const Error& error) {
    if (error.state() != kUndefinedTable && error.state() != kInvalidSchemaName) throw;  // nothing was loaded yet
  }
  return batches;
}

std::vector<Shown> shown_sources(const ProjectFile& project, engine::Session& session, const Flow* flow) {
  const auto batches = last_batches(project, session);
  std::map<std::string, uint64_t> rejects;
  for (const ingest::Reject& reject : ingest::list_rejects(session, {})) ++rejects[reject.source];
  const auto sizes = read_table_sizes(session);
  const auto configured = configured_sources(project);
  std::map<std::string, uint64_t> bytes;
  for (const Configured& source : configured) {
    for (const std::string& table : source.tables) {
      if (const auto size = sizes.find(table); size != sizes.end()) bytes[source.name] += size->second;
    }
  }
  std::vector<Shown> shown;
  for (SourceState& state : states_of(configured, flow)) {
    const auto last = batches.find(state.name);
    const uint64_t waiting = rejects[state.name], size = bytes[state.name];
    shown.push_back({std::move(state), last == batches.end() ? "" : last->second, waiting, size});
  }
  return shown;
}

std::string bytes_text(uint64_t bytes) {
  return bytes < 1'000'000 ? fmt::format("{} kB", (bytes + 999) / 1000) : megabytes(bytes);
}

std::string lag_text(const SourceState& state) {
  if (!state.lag_bytes) return "–";
  return fmt::format("{:.1f} s {}", state.lag_s.value_or(0), bytes_text(*state.lag_bytes));
}

Json json_of(const Shown& shown) {
  const SourceState& state = shown.state;
  Json object = {{"source", state.name}, {"kind", state.kind}, {"state", state.text}, {"healthy", state.healthy}};
  if (!state.hint.empty()) object["hint"] = state.hint;
  object["lag_bytes"] = state.lag_bytes ? Json(*state.lag_bytes) : Json(nullptr);
  object["kept_bytes"] = state.kept_bytes ? Json(*state.kept_bytes) : Json(nullptr);
  object["lag_seconds"] = state.lag_s ? Json(*state.lag_s) : Json(nullptr);
  object["rate"] = state.rate;
  object["taken"] = state.taken;
  object["last_batch"] = shown.last_batch.empty() ? Json(nullptr) : Json(shown.last_batch);
  object["rejects_waiting"] = shown.waiting;
  object["bytes"] = shown.bytes;
  return object;
}

void show_sources(const ProjectFile& project, engine::Session& session, const Flow* flow, const Terminal& terminal,
                  bool json) {
  const std::vector<Shown> sources = shown_sources(project, session, flow);
  std::FILE* out = terminal.out.file;
  if (json) {
    for (const Shown& shown : sources)
      fmt::print(out, "{}\n", json_of(shown).dump(-1, ' ', false, Json::error_handler_t::replace));
    return;
  }
  std::vector<std::vector<std::string>> rows = {
      {"source", "kind", "lag", "rate", fmt::format("last batch ({})", project.time_zone), "rejects", "size", "state"}};
  bool has_rejects = false;
  for (const Shown& shown : sources) {
    const SourceState& state = shown.state;
    has_rejects |= shown.waiting > 0;
    rows.push_back({state.name, state.kind, lag_text(state), fmt::format("{:.0f}/s", state.rate),
                    shown.last_batch.empty() ? "–" : shown.last_batch, thousands(static_cast<int64_t>(shown.waiting)),
                    megabytes(shown.bytes), state.text});
  }
  fmt::print(out, "{}", text_table(rows, {false, false, false, true, false, true, true, false}));
  for (const Shown& shown : sources) {
    if (!shown.state.hint.empty()) fmt::print(out, "{}: {}\n", shown.state.name, shown.state.hint);
  }
  if (!flow) fmt::print(out, "nothing runs: garland up keeps sources flowing, garland run reads them once\n");
  if (has_rejects) fmt::print(out, "garland rejects list\n");
}

}  // namespace

int sources_action(const SourcesArguments& arguments, engine::Session& session, const Flow* flow,
                   const Terminal& terminal) {
  const ProjectFile project = read_project_file(arguments.project);
  if (arguments.action == SourcesAction::kStatus) {
    show_sources(project, session, flow, terminal, arguments.json);
    return kDone;
  }
  const ProjectSources sources = read_project_sources(project.file);
  const auto source = std::ranges::find(sources.databases, arguments.source, &ingest::postgres::PostgresSource::name);
  if (source == sources.databases.end()) {
    if (std::ranges::find(sources.files, arguments.source, &ingest::FileSource::name) != sources.files.end()) {
      throw Error(kObjectNotInPrerequisiteState, fmt::format("source \"{}\" is a folder of files", arguments.source))
          .hint("drop its raw table: the next run loads all its files again");
    }
    throw Error(kUndefinedObject, fmt::format("garland.toml has no source \"{}\"", arguments.source))
        .hint("garland sources status");
  }
  const bool captured = ingest::postgres::forget_position(session, *source, system_clock());
  if (arguments.json) {
    fmt::print(terminal.out.file, "{}\n", Json({{"source", source->name}, {"resnapshot", captured}}).dump());
  } else {
    fmt::print(terminal.out.file, "{}\n",
               !captured ? fmt::format("{} was never captured; its first capture takes a snapshot", source->name)
               : flow    ? fmt::format("{}: a new snapshot is taken when garland up tries it again", source->name)
                         : fmt::format("{}: the next garland run or garland up takes a new snapshot", source->name));
  }
  return kDone;
}

}  // namespace garland::cli
