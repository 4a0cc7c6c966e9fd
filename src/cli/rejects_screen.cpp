#include "cli/rejects_screen.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/clock.h"
#include "cli/error_screen.h"
#include "cli/exit_code.h"
#include "cli/project.h"
#include "cli/project_sources.h"
#include "cli/table.h"
#include "ingest/events/replay.h"
#include "ingest/files/rejects.h"
#include "ingest/upkeep.h"

namespace garland::cli {
namespace {

using Json = nlohmann::ordered_json;

std::string line_of(const Json& object) { return object.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n"; }

const ingest::FileSource* files_named(const ProjectSources& sources, const std::string& name) {
  const auto found = std::ranges::find(sources.files, name, &ingest::FileSource::name);
  return found == sources.files.end() ? nullptr : &*found;
}

/// Webhooks and topics.
const ingest::events::EventTable* events_named(const ProjectSources& sources, const std::string& name) {
  for (const auto& source : sources.webhooks) {
    if (source.name() == name) return &source.table;
  }
  for (const auto& source : sources.topics) {
    if (source.name() == name) return &source.table;
  }
  return nullptr;
}

class Rejects {
 public:
  Rejects(const RejectsArguments& arguments, engine::Session& session, const Terminal& terminal)
      : arguments_(arguments), session_(session), terminal_(terminal), file_(read_project_file(arguments.project)) {}

  int list();
  int show();
  int replay(const std::optional<std::string>& mended);
  int drop();

 private:
  struct Replayed {
    uint64_t rows;
    std::string table;
  };
  void print(const Json& object) const { fmt::print(terminal_.out.file, "{}", line_of(object)); }
  std::vector<ingest::Reject> chosen(bool waiting) const;
  Replayed replay(const ingest::Reject& reject, const ProjectSources& sources,
                  const std::optional<std::string>& mended);
  ingest::Vault* vault();

  const RejectsArguments& arguments_;
  engine::Session& session_;
  const Terminal& terminal_;
  const ProjectFile file_;
  std::optional<ingest::Vault> vault_;
};

std::vector<ingest::Reject> Rejects::chosen(bool waiting) const {
  ingest::RejectFilter filter;
  if (arguments_.id) filter.id = ingest::reject_id(*arguments_.id);
  filter.source = arguments_.source;
  filter.waiting = waiting;
  auto rejects = ingest::list_rejects(session_, filter);
  if (!rejects.empty() || !arguments_.id) return rejects;
  filter.waiting = false;
  const bool settled = waiting && !ingest::list_rejects(session_, filter).empty();
  throw Error(kUndefinedObject, settled ? fmt::format("reject {} was replayed or dropped already", *arguments_.id)
                                        : fmt::format("there is no reject {}", *arguments_.id))
      .hint("garland rejects list --all");
}

ingest::Vault* Rejects::vault() {
  if (!vault_) vault_.emplace(session_, ingest::read_sensitive(file_.file), warehouse_folder(file_), system_clock());
  return &*vault_;
}

int Rejects::list() {
  const auto rejects = chosen(!arguments_.all);
  if (arguments_.json) {
    for (const ingest::Reject& reject : rejects) {
      Json object = {{"id", reject.text()},
                     {"source", reject.source},
                     {"file", reject.file},
                     {"line", reject.line},
                     {"reason", reject.reason},
                     {"sqlstate", reject.sqlstate},
                     {"sealed", !reject.payload_key.empty()}};
      if (!reject.column.empty()) object["column"] = reject.column;
      object["rejected_at"] = reject.rejected_at;
      object["state"] = reject.event.empty() ? "waiting" : reject.event;
      print(object);
    }
    return kDone;
  }
  if (rejects.empty()) {
    fmt::print(terminal_.out.file, "{}\n",
               arguments_.all ? "nothing was rejected" : "nothing waits (--all shows what was replayed or dropped)");
    return kDone;
  }
  std::vector<std::vector<std::string>> rows = {{"id", "source", "file", "line", "reason", "state"}};
  for (const ingest::Reject& reject : rejects) {
    rows.push_back({reject.text(), reject.source, reject.file, std::to_string(reject.line), reject.reason,
                    reject.event.empty() ? "waiting" : reject.event});
  }
  fmt::print(terminal_.out.file, "{}", text_table(rows, {false, false, false, true, false, false}, 2));
  return kDone;
}

int Rejects::show() {
  const auto rejects = chosen(false);
  std::string header;
  for (const ingest::Reject& reject : rejects) {
    if (rejects.size() > 1 && reject.line == 0) continue;
    ingest::RejectText text = ingest::reject_text(session_, reject, reject.payload_key.empty() ? nullptr : vault());
    if (arguments_.json) {
      print({{"id", reject.text()}, {"header", text.header}, {"record", text.record}, {"reason", reject.reason}});
      continue;
    }
    if (text.header == header) text.header.clear();  // said once
    fmt::print(terminal_.out.file, "{}", text.text());
    if (!text.header.empty()) header = text.header;
    fmt::print(terminal_.err.file, "{}: {}\n", reject.text(), reject.reason);
  }
  return kDone;
}

Rejects::Replayed Rejects::replay(const ingest::Reject& reject, const ProjectSources& sources,
                                  const std::optional<std::string>& mended) {
  const ingest::FileSource* const files = files_named(sources, reject.source);
  const ingest::events::EventTable* const events = files ? nullptr : events_named(sources, reject.source);
  if (std::ranges::find(sources.databases, reject.source, &ingest::postgres::PostgresSource::name) !=
      sources.databases.end()) {
    throw Error(kFeatureNotSupported,
                fmt::format("reject {} is a row of the database \"{}\", whose rows come from there alone",
                            reject.text(), reject.source))
        .hint("mend the row in the database: its next change brings it, and marks it stale no more");
  }
  if (!files && !events) {
    throw Error(kUndefinedObject, fmt::format("garland.toml has no source \"{}\" any more", reject.source));
  }
  const bool sensitive = ingest::holds_sensitive(files ? ingest::column_plans(*files) : column_plans(*events));
  ingest::Vault* const open = sensitive || !reject.payload_key.empty() ? vault() : nullptr;
  const std::string text = mended ? *mended : ingest::reject_text(session_, reject, open).text();
  uint64_t rows = 0;
  ingest::try_between_others([&] {  // live sources write the same tables
    rows = files ? ingest::replay_reject(session_, reject, *files, text, open, "admin", system_clock())
                 : ingest::events::replay_reject(session_, reject, *events, text, open, "admin", system_clock());
  });
  return {rows, files ? files->schema + "." + files->table : events->schema + "." + events->table};
}

int Rejects::replay(const std::optional<std::string>& mended) {
  const auto rejects = chosen(true);
  if (mended && rejects.size() != 1) {
    throw Error(kInvalidParameterValue, "--from mends one reject").hint("name it with its number: 12.3");
  }
  const ProjectSources sources = read_project_sources(file_.file);
  int code = kDone;
  for (const ingest::Reject& reject : rejects) {
    try {
      const auto [rows, table] = replay(reject, sources, mended);
      if (arguments_.json) {
        print({{"id", reject.text()}, {"state", "replayed"}, {"rows", rows}});
      } else {
        fmt::print(terminal_.out.file, "{} replayed: {} {} into {}\n", reject.text(), rows, rows == 1 ? "row" : "rows",
                   table);
      }
    } catch (const Error& error) {  // the others may be mended already
      code = kDataFailed;
      if (arguments_.json) {
        fmt::print(terminal_.out.file, "{}\n", error_json(error, {}));
      } else {
        fmt::print(terminal_.err.file, "{}", error_screen(terminal_.err, error, {}));
      }
    }
  }
  if (code == kDone && !rejects.empty() && !arguments_.json)
    fmt::print(terminal_.err.file, "garland run brings the models up to date\n");
  return code;
}

int Rejects::drop() {
  if (!arguments_.id && arguments_.source.empty()) {
    throw Error(kInvalidParameterValue, "name what to drop")
        .hint("garland rejects drop 12.3, or 12, or --source orders");
  }
  const uint64_t dropped = ingest::drop_rejects(session_, chosen(true), "admin", system_clock());
  if (arguments_.json) {
    print({{"dropped", dropped}});
  } else {
    fmt::print(terminal_.out.file, "{} {} dropped\n", dropped, dropped == 1 ? "payload" : "payloads");
  }
  return kDone;
}

}  // namespace

int rejects_action(const RejectsArguments& arguments, const std::optional<std::string>& mended,
                   engine::Session& session, const Terminal& terminal) {
  Rejects rejects(arguments, session, terminal);
  switch (arguments.action) {
    case RejectsAction::kList:
      return rejects.list();
    case RejectsAction::kShow:
      return rejects.show();
    case RejectsAction::kReplay:
      return rejects.replay(mended);
    case RejectsAction::kDrop:
      return rejects.drop();
  }
  return kUsage;
}

}  // namespace garland::cli
