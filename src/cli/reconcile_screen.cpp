#include "cli/reconcile_screen.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/clock.h"
#include "cli/exit_code.h"
#include "cli/project.h"
#include "cli/project_sources.h"
#include "cli/table.h"
#include "ingest/postgres/reconcile.h"

namespace garland::cli {
namespace {

using Json = nlohmann::ordered_json;
using ingest::postgres::PostgresSource;
using ingest::postgres::ReconciledTable;
using ingest::postgres::Reconciliation;
using ingest::postgres::RowDifference;

std::vector<PostgresSource> chosen(const ProjectFile& file, const std::string& name) {
  auto sources = read_project_sources(file.file).databases;
  if (!name.empty()) std::erase_if(sources, [&](const PostgresSource& source) { return source.name != name; });
  if (!sources.empty()) return sources;
  throw Error(kUndefinedObject, name.empty() ? "garland.toml has no source of kind postgres"
                                             : fmt::format("garland.toml has no database \"{}\"", name));
}

const char* word_of(RowDifference::Kind kind) {
  switch (kind) {
    case RowDifference::Kind::kMissing:
      return "missing in the warehouse";
    case RowDifference::Kind::kSurplus:
      return "only in the warehouse";
    case RowDifference::Kind::kOther:
      break;
  }
  return "with other values";
}

std::string verdict(const ReconciledTable& table) {
  if (!table.reason.empty()) return "not compared";
  if (table.equal()) return "equal";
  return fmt::format("{}{} differ", table.more ? "at least " : "", table.differing);
}

void print_json(std::FILE* out, const Reconciliation& result) {
  for (const ReconciledTable& table : result.tables) {
    Json object = {{"source", result.source},
                   {"table", table.source_table},
                   {"position", result.position},
                   {"equal", table.equal()},
                   {"source_rows", table.source_rows},
                   {"warehouse_rows", table.warehouse_rows},
                   {"unreadable_rows", table.unreadable},
                   {"differing_rows", table.differing},
                   {"more", table.more},
                   {"not_compared", table.not_compared},
                   {"differences", Json::array()}};
    if (!table.reason.empty()) object["reason"] = table.reason;
    for (const RowDifference& each : table.differences) {
      object["differences"].push_back({{"key", each.key}, {"what", word_of(each.kind)}});
    }
    fmt::print(out, "{}\n", object.dump(-1, ' ', false, Json::error_handler_t::replace));
  }
}

void print_screen(std::FILE* out, const Reconciliation& result) {
  fmt::print(out, "{} at {}\n", result.source, result.position);
  std::vector<std::vector<std::string>> rows = {{"table", "rows there", "rows here", "rejected", "verdict"}};
  for (const ReconciledTable& table : result.tables) {
    rows.push_back({table.source_table, std::to_string(table.source_rows), std::to_string(table.warehouse_rows),
                    std::to_string(table.unreadable), verdict(table)});
  }
  fmt::print(out, "{}", text_table(rows, {false, true, true, true, false}, 2));
  for (const ReconciledTable& table : result.tables) {
    if (!table.reason.empty()) fmt::print(out, "  {}: {}\n", table.source_table, table.reason);
    if (!table.not_compared.empty()) {
      fmt::print(out, "  {}: not compared, the warehouse keeps them otherwise: {}\n", table.source_table,
                 fmt::join(table.not_compared, ", "));
    }
    for (const RowDifference& each : table.differences) {
      fmt::print(out, "  {}: {} is {}\n", table.source_table, each.key, word_of(each.kind));
    }
    if (table.differing > table.differences.size()) {
      fmt::print(out, "  {}: and {}{} more\n", table.source_table, table.more ? "at least " : "",
                 table.differing - table.differences.size());
    }
  }
}

}  // namespace

int reconcile_action(const ReconcileArguments& arguments, engine::Session& session, const Flow* flow,
                     const Terminal& terminal, const std::atomic<bool>& stop) {
  const ProjectFile file = read_project_file(arguments.project);
  const std::vector<PostgresSource> sources = chosen(file, arguments.source);
  std::optional<ingest::Vault> vault;
  if (std::ranges::any_of(sources, ingest::postgres::holds_sensitive)) {
    vault.emplace(session, ingest::read_sensitive(file.file), warehouse_folder(file), system_clock());
  }
  bool equal = true;
  for (const PostgresSource& source : sources) {
    const Reconciliation result = ingest::postgres::reconcile(
        session, source, system_clock(), stop, vault ? &*vault : nullptr, flow ? &flow->halt_of(source.name) : nullptr);
    arguments.json ? print_json(terminal.out.file, result) : print_screen(terminal.out.file, result);
    equal = equal && result.equal();
  }
  return equal ? kDone : kDataFailed;
}

}  // namespace garland::cli
