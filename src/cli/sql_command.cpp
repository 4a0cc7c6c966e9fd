// garland sql: statements from the command line, a file, stdin, or a prompt with history.
#include <editline/readline.h>
#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>

#include "cli/commands.h"
#include "cli/error_screen.h"
#include "cli/exit_code.h"
#include "cli/project.h"
#include "cli/table.h"
#include "cli/terminal.h"
#include "sql/parser.h"
#include "sql/printer.h"

namespace garland::cli {
namespace {

/// A statement's text, and where in its file or command line it begins.
struct Script {
  std::string text;
  std::string place;
};

void show_notices(engine::Session& session) {
  for (const engine::Notice& notice : session.take_notices()) {
    fmt::print(stderr, "{}: {}\n", notice.severity, notice.message);
  }
}

void run_statement(engine::Session& session, std::string_view text, ResultFormat format) {
  const auto statement = session.prepare(text);
  const auto cursor = statement->execute();
  if (cursor->columns().empty()) {
    while (cursor->fetch()) {
    }
    if (format == ResultFormat::kTable) fmt::print("{}\n", cursor->command_tag());
    return;
  }
  const uint64_t rows = print_result(stdout, *cursor, format);
  if (format == ResultFormat::kTable)
    fmt::print("({} {})\n", thousands(static_cast<int64_t>(rows)), rows == 1 ? "row" : "rows");
}

void show_error(const Error& error, std::string_view statement, const Script& script, size_t offset,
                ResultFormat format) {
  std::fflush(stdout);
  const StatementPlace place{script.place, line_column(script.text, offset).line};
  if (format == ResultFormat::kJson) {
    fmt::print("{}\n", error_json(error, statement, place));
  } else {
    fmt::print(stderr, "{}", error_screen(own_terminal().err, error, statement, place));
  }
}

/// Runs every statement up to the first error; returns the exit code.
int run_script(engine::Session& session, const Script& script, ResultFormat format) {
  for (const sql::Span span : sql::split_statements(script.text)) {
    const std::string_view statement = std::string_view(script.text).substr(span.begin, span.end - span.begin);
    try {
      run_statement(session, statement, format);
      show_notices(session);
    } catch (const Error& error) {
      show_notices(session);
      show_error(error, statement, script, span.begin, format);
      return exit_code_of(error);
    }
  }
  return kDone;
}

std::string read_all(std::istream& in) {
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw Error(kUndefinedFile, fmt::format("cannot read the file {}", path));
  return read_all(in);
}

/// True once the text holds a whole statement: something, and a semicolon that ends it.
bool is_complete(const std::string& text) {
  const size_t last = text.find_last_not_of(" \t\r\n");
  if (last == std::string::npos) return false;
  const auto spans = sql::split_statements(text);
  return text[last] == ';' && (spans.empty() || spans.back().end <= last);
}

constexpr const char* kPromptHelp =
    "  Statements end with a semicolon and may span lines.\n"
    "  \\d          tables and views\n"
    "  \\d NAME     a relation's columns\n"
    "  \\q          leave (also: quit, Ctrl-D)\n";

std::string describe_statement(const std::string& name) {
  if (name.empty()) {
    return "select n.nspname as schema, c.relname as name, case c.relkind when 'r' then 'table' else 'view' end as "
           "kind "
           "from pg_class c join pg_namespace n on n.oid = c.relnamespace "
           "where c.relkind in ('r', 'v') and n.nspname not in ('pg_catalog', 'information_schema') order by 1, 2";
  }
  const size_t dot = name.find('.');
  const std::string relation = sql::quote_literal(dot == std::string::npos ? name : name.substr(dot + 1));
  const std::string schema =
      dot == std::string::npos ? "" : " and n.nspname = " + sql::quote_literal(name.substr(0, dot));
  return "select a.attname as column, "
         "case when t.typname = 'numeric' and a.atttypmod > 4 then 'numeric(' || (a.atttypmod - 4) / 65536 || ',' || "
         "(a.atttypmod - 4) % 65536 || ')' "
         "when a.atttypmod > 4 then t.typname || '(' || a.atttypmod - 4 || ')' else t.typname end as type, "
         "a.attnotnull as not_null "
         "from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace "
         "join pg_type t on t.oid = a.atttypid where a.attnum > 0 and not a.attisdropped and c.relname = " +
         relation + schema + " order by a.attnum";
}

/// True when the line was a command of the prompt itself.
bool run_prompt_command(engine::Session& session, const std::string& line, bool& leave) {
  const size_t end = line.find_last_not_of(" \t;");
  const std::string command = end == std::string::npos ? "" : line.substr(0, end + 1);
  if (command == "\\q" || command == "quit" || command == "exit") return leave = true;
  if (command == "\\?" || command == "help") {
    fmt::print("{}", kPromptHelp);
    return true;
  }
  if (command == "\\d" || command.starts_with("\\d ")) {
    const std::string name = command.size() > 3 ? command.substr(3) : "";
    run_script(session, {describe_statement(name), "<prompt>"}, ResultFormat::kTable);
    return true;
  }
  return false;
}

int prompt(engine::Session& session, const std::filesystem::path& history, ResultFormat format) {
  using_history();
  read_history(history.c_str());
  fmt::print("garland · Redshift SQL on this machine · \\? for help, \\q to leave\n");
  std::string text;
  bool leave = false;
  while (!leave) {
    char* line = readline(text.empty() ? "garland> " : "      -> ");
    if (!line) break;
    const std::string typed(line);
    std::free(line);
    if (text.empty() && run_prompt_command(session, typed, leave)) continue;
    text += (text.empty() ? "" : "\n") + typed;
    if (text.find_first_not_of(" \t\r\n") == std::string::npos) text.clear();
    if (!is_complete(text)) continue;
    add_history(text.c_str());
    write_history(history.c_str());
    run_script(session, {text, "<prompt>"}, format);
    text.clear();
  }
  fmt::print("\n");
  return kDone;
}

}  // namespace

int sql_command(const SqlArguments& arguments) {
  const ProjectFile project = read_project_file(arguments.project);
  const auto engine = reach_warehouse(project, project.source_folder);
  const auto session = engine->open_session(local_login("sql"));
  const ResultFormat format = arguments.json ? ResultFormat::kJson : ResultFormat::kTable;
  if (arguments.sql && arguments.file) {
    throw Error(kInvalidParameterValue, "give a statement or --file, not both");
  }
  if (arguments.sql) return run_script(*session, {*arguments.sql, "<command line>"}, format);
  if (arguments.file) return run_script(*session, {read_file(*arguments.file), *arguments.file}, format);
  if (!is_terminal_input()) return run_script(*session, {read_all(std::cin), "<stdin>"}, format);
  return prompt(*session, warehouse_folder(project) / "history", format);
}

}  // namespace garland::cli
