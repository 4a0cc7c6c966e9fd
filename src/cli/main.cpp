// garland: the program's command line.
#include <fmt/format.h>
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>
#include <functional>

#include "base/failpoint.h"
#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/logging.h"
#include "cli/shown_errors.h"
#include "cli/terminal.h"
#include "cli/version.h"

namespace garland::cli {
namespace {

constexpr const char* kFooter = R"(
load and model   garland run --project examples/online-retail --data ../shared/data/online-retail
ask              garland sql "select * from marts.season_pace"      (without a statement: a prompt)
keep going       garland up                                         (sources flow in, models follow, port 5439 answers)
serve            garland serve                                      (answers on port 5439 as a Redshift cluster does)
look             garland sources status                             (lag, rate and rejects of each source)
                 garland check                                      (parses and resolves every model; touches nothing)

Exit codes: 0 done; 1 files refused, models or tests failed, rows differ; 2 the command line or the project is wrong (nothing was
touched); 3 the environment failed (disk, permission, another owner); 130 interrupted, state safe.
The warehouse lies in <project>/.garland; GARLAND_DATA moves it. NO_COLOR turns colours off.)";

/// The command that the parser found, with what its errors need.
struct Chosen {
  std::function<int()> run;
  const std::string* project = nullptr;
  bool json = false;
};

/// Makes the command one that can be chosen. What is passed must outlive the parser.
template <class Arguments>
void choose(CLI::App& command, const Arguments& arguments, int (*run)(const Arguments&), Chosen& chosen) {
  command.final_callback([&arguments, run, &chosen] {
    chosen.run = [&arguments, run] { return run(arguments); };
    if constexpr (requires { arguments.project; }) {
      chosen.project = &arguments.project;
    } else {
      chosen.project = &arguments.serve.project;
    }
    if constexpr (requires { arguments.json; }) chosen.json = arguments.json;
  });
}

struct Arguments {
  RunArguments run;
  SqlArguments sql;
  CheckArguments check;
  ServeArguments serve;
  UpArguments up;
  SourcesArguments sources;
  KeysArguments keys;
  RejectsArguments rejects;
  ForgetArguments forget;
  ReconcileArguments reconcile;
};

void add_project_option(CLI::App& command, std::string& project) {
  command.add_option("--project", project, "The project's folder (with garland.toml)")
      ->type_name("DIR")
      ->capture_default_str();
}

void add_run(CLI::App& app, RunArguments& arguments, Chosen& chosen) {
  CLI::App* run =
      app.add_subcommand("run", "Load new source files, build and test what is stale, publish, print the answers");
  run->footer(
      "Example: garland run --project examples/online-retail --data ../shared/data/online-retail\n\n"
      "Where garland serve has the warehouse, the server does the run; it looks the same here.");
  add_project_option(*run, arguments.project);
  run->add_option("--data", arguments.data, "The folder of source files (default: the project's own)")
      ->type_name("DIR");
  run->add_option("--select", arguments.select,
                  "Models to build: name, schema.*, +name (what it reads), name+ (what reads it)");
  run->add_flag("--full", arguments.full, "Build all selected models, also those that are not stale");
  run->add_option("--as-of", arguments.as_of, "The day that models see as today")->type_name("YYYY-MM-DD");
  run->add_flag("--json", arguments.json, "One JSON object a line on stdout");
  choose(*run, arguments, run_command, chosen);
}

void add_sql(CLI::App& app, SqlArguments& arguments, Chosen& chosen) {
  CLI::App* sql = app.add_subcommand("sql", "Run SQL (Redshift's dialect) on the warehouse");
  sql->footer(
      "Example: garland sql --project examples/online-retail \"select category, sum(net_sales) from "
      "marts.sales_by_category group by 1\"");
  sql->add_option("statement", arguments.sql, "Statements, separated by semicolons; none: a prompt, or stdin");
  add_project_option(*sql, arguments.project);
  sql->add_option("--file,-f", arguments.file, "Read the statements from a file")->type_name("FILE");
  sql->add_flag("--json", arguments.json, "One JSON object a row");
  choose(*sql, arguments, sql_command, chosen);
}

void add_check(CLI::App& app, CheckArguments& arguments, Chosen& chosen) {
  CLI::App* check = app.add_subcommand("check", "Parse and resolve every model, test and answer; touch nothing");
  check->footer("Example: garland check --project examples/online-retail");
  add_project_option(*check, arguments.project);
  check->add_flag("--json", arguments.json, "One JSON object a line on stdout");
  choose(*check, arguments, check_command, chosen);
}

/// What `serve` and `up` share.
void add_serving(CLI::App& app, ServeArguments& arguments) {
  add_project_option(app, arguments.project);
  app.add_option("--host", arguments.host, "The address to listen on (default: 127.0.0.1, this machine only)")
      ->type_name("ADDRESS");
  app.add_option("--http-port", arguments.http_port,
                 "Answer the Redshift Data API (http here, https for all) and /metrics (Prometheus) on this port; 0: "
                 "one that is\n"
                 "free (default: off)")
      ->type_name("PORT");
  app.add_option("--port", arguments.port, "The port; 0: one that is free (default: 5439)")->type_name("PORT");
}

void add_serve(CLI::App& app, ServeArguments& arguments, Chosen& chosen) {
  CLI::App* serve =
      app.add_subcommand("serve", "Answer on a port as a Redshift cluster does, for drivers and BI tools");
  serve->footer(
      "Example: garland serve --project examples/online-retail\n"
      "         psql \"host=127.0.0.1 port=5439 dbname=dev user=admin sslmode=require\"\n\n"
      "The first start makes a certificate and a password for admin, which is shown once. GARLAND_ADMIN_PASSWORD sets\n"
      "the password. Ctrl-C stops when the sessions are idle, at the latest after [serve] drain_s; twice: now.");
  add_serving(*serve, arguments);
  choose(*serve, arguments, serve_command, chosen);
}

void add_up(CLI::App& app, UpArguments& arguments, Chosen& chosen) {
  CLI::App* up =
      app.add_subcommand("up", "Keep everything going: sources flow in, models follow, the endpoint answers");
  up->footer(
      "Example: garland up --project examples/christmas-shop\n"
      "         garland sources status --project examples/christmas-shop\n\n"
      "Databases are followed all the time, folders and buckets are looked at every ten seconds; a source that is away "
      "is tried "
      "again.\n"
      "Ctrl-C stops everything after its step; twice: now. Nothing is lost either way.");
  add_serving(*up, arguments.serve);
  up->add_option("--data", arguments.data, "The folder of source files (default: the project's own)")->type_name("DIR");
  up->add_option("--as-of", arguments.as_of, "The day that models see as today")->type_name("YYYY-MM-DD");
  up->add_option("--models-every", arguments.models_every_s, "Seconds between two runs of the models, at least")
      ->type_name("SECONDS")
      ->capture_default_str()
      ->check(CLI::Range(0, 86'400));
  choose(*up, arguments, up_command, chosen);
}

void add_sources(CLI::App& app, SourcesArguments& arguments, Chosen& chosen) {
  CLI::App* sources = app.add_subcommand("sources", "How the project's sources do");
  sources->require_subcommand(1);
  const auto add = [&](SourcesAction action, const char* name, const char* help) {
    CLI::App* added = sources->add_subcommand(name, help);
    added->callback([&arguments, action] { arguments.action = action; });
    add_project_option(*added, arguments.project);
    added->add_flag("--json", arguments.json, "One JSON object a line on stdout");
    return added;
  };
  CLI::App* status = add(SourcesAction::kStatus, "status", "Lag, rate, last batch and rejects of each source");
  status->footer("Example: garland sources status --project examples/christmas-shop");
  CLI::App* resnapshot =
      add(SourcesAction::kResnapshot, "resnapshot",
          "Copy a database's tables anew at the next capture: after a restore, a fail-over, a lost slot, new tables");
  resnapshot->add_option("source", arguments.source, "Its name in garland.toml")->required();
  resnapshot->footer(
      "Example: garland sources resnapshot shop\n\n"
      "Its slot is dropped and made anew. Change logs stay; rows that are gone get a delete there, marked _gap.");
  choose(*sources, arguments, sources_command, chosen);
}

void add_keys(CLI::App& app, KeysArguments& arguments, Chosen& chosen) {
  CLI::App* keys = app.add_subcommand("keys", "List, make or drop the access keys of the Data API");
  keys->footer(
      "Example: eval \"$(garland keys --make analyst)\"\n"
      "         aws redshift-data execute-statement --endpoint-url http://127.0.0.1:5440 --region us-east-1 \\\n"
      "             --workgroup-name garland --database dev --sql 'select 1'");
  add_project_option(*keys, arguments.project);
  keys->add_option("--make", arguments.make_for, "Make a key for this user of the warehouse")->type_name("USER");
  keys->add_option("--drop", arguments.drop, "Drop this key")->type_name("KEY");
  keys->add_flag("--json", arguments.json, "One JSON object a key");
  choose(*keys, arguments, keys_command, chosen);
}

CLI::App* add_rejects_action(CLI::App& rejects, RejectsArguments& arguments, RejectsAction action, const char* name,
                             const char* what) {
  CLI::App* sub = rejects.add_subcommand(name, what);
  add_project_option(*sub, arguments.project);
  sub->add_option("--source", arguments.source, "Only of this source")->type_name("NAME");
  sub->add_flag("--json", arguments.json, "One JSON object a line on stdout");
  sub->callback([&arguments, action] { arguments.action = action; });
  return sub;
}

void add_rejects(CLI::App& app, RejectsArguments& arguments, Chosen& chosen) {
  CLI::App* rejects = app.add_subcommand("rejects", "Look at, mend, load or drop what loading refused");
  rejects->require_subcommand(1);
  rejects->footer(
      "Example: garland rejects list\n"
      "         garland rejects show 12.3 > row.csv      (12.3: the third reject of batch 12; 12: all of it)\n"
      "         garland rejects replay 12.3 --from row.csv");
  constexpr const char* kId = "12.3: a reject; 12: all of a batch";
  CLI::App* list =
      add_rejects_action(*rejects, arguments, RejectsAction::kList, "list", "List what waits to be mended");
  list->add_option("id", arguments.id, kId);
  list->add_flag("--all", arguments.all, "Also what was replayed or dropped");
  CLI::App* show = add_rejects_action(*rejects, arguments, RejectsAction::kShow, "show",
                                      "Print records as they came, with their header; sealed ones are opened");
  show->add_option("id", arguments.id, kId)->required();
  CLI::App* replay = add_rejects_action(*rejects, arguments, RejectsAction::kReplay, "replay",
                                        "Load records again, as they are or mended; they count as part of their file");
  replay->add_option("id", arguments.id, kId);
  replay->add_option("--from", arguments.from, "The mended text, in the source's format with its header; -: stdin")
      ->type_name("FILE");
  CLI::App* drop =
      add_rejects_action(*rejects, arguments, RejectsAction::kDrop, "drop",
                         "Delete records for good; where they came from, and that they were dropped, stays");
  drop->add_option("id", arguments.id, kId);
  choose(*rejects, arguments, rejects_command, chosen);
}

void add_forget(CLI::App& app, ForgetArguments& arguments, Chosen& chosen) {
  CLI::App* forget = app.add_subcommand("forget", "Destroy the keys to a person's sealed originals, for good");
  forget->footer("Example: garland forget --customer 4711");
  add_project_option(*forget, arguments.project);
  forget->add_option("--customer", arguments.customer, "The shop's customer id, as the sources' \"subject\" has it")
      ->type_name("ID")
      ->required();
  forget->add_flag("--yes", arguments.yes, "Do not ask");
  forget->add_flag("--json", arguments.json, "One JSON object on stdout");
  choose(*forget, arguments, forget_command, chosen);
}

void add_reconcile(CLI::App& app, ReconcileArguments& arguments, Chosen& chosen) {
  CLI::App* reconcile = app.add_subcommand("reconcile", "Compare captured databases with the warehouse, row by row");
  reconcile->footer(
      "Example: garland reconcile shop\n\n"
      "Reads the whole tables at the source. Exit code 1: rows differ; ops.reconciliations keeps the results.");
  reconcile->add_option("source", arguments.source, "The source's name (default: all databases)")->type_name("SOURCE");
  add_project_option(*reconcile, arguments.project);
  reconcile->add_flag("--json", arguments.json, "One JSON object a table");
  choose(*reconcile, arguments, reconcile_command, chosen);
}

/// A crash leaves no copy of memory on the disk, which may hold keys and personal data.
void forbid_core_dumps() {
  const rlimit none{0, 0};
  setrlimit(RLIMIT_CORE, &none);
}

int run_main(int argc, char** argv) {
  forbid_core_dumps();
  CLI::App app{"Garland: a data warehouse for an online retailer of Christmas goods. Redshift SQL, on this machine."};
  app.footer(kFooter);
  app.set_version_flag("--version", fmt::format("garland {}", kVersion));
  app.require_subcommand(1);
  Arguments arguments;
  Chosen chosen;
  LogArguments& log = arguments.serve.log;
  app.add_flag("--verbose", log.verbose, "Log what happens inside to stderr");
  app.add_flag("--log-json", log.json, "Log as JSON lines (GARLAND_LOG=json, or text, says so too)");
  add_run(app, arguments.run, chosen);
  add_sql(app, arguments.sql, chosen);
  add_check(app, arguments.check, chosen);
  add_serve(app, arguments.serve, chosen);
  add_up(app, arguments.up, chosen);
  add_sources(app, arguments.sources, chosen);
  add_keys(app, arguments.keys, chosen);
  add_rejects(app, arguments.rejects, chosen);
  add_forget(app, arguments.forget, chosen);
  add_reconcile(app, arguments.reconcile, chosen);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kDone : kUsage;
  }
  return with_shown_errors(own_terminal(), ".", false, [&] {
    configure_command_logging(log);
    set_failpoints(std::getenv("GARLAND_FAILPOINTS"));
    arguments.up.serve.log = log;
    return with_shown_errors(own_terminal(), *chosen.project, chosen.json, chosen.run);
  });
}

}  // namespace
}  // namespace garland::cli

int main(int argc, char** argv) { return garland::cli::run_main(argc, argv); }
