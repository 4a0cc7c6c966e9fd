#include "warehouse.h"

#include <array>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <utility>

#include "base/error.h"
#include "embedded/embedded.h"
#include "mentions.h"
#include "sql/parser.h"

namespace garland::conformance {

namespace {

constexpr int64_t kMemoryBytes = int64_t{1} << 30;
constexpr std::array<std::pair<const char*, const char*>, 4> kGiven = {{{"category", "category_pipe.txt"},
                                                                        {"date", "date2008_pipe.txt"},
                                                                        {"event", "allevents_pipe.txt"},
                                                                        {"venue", "venue_pipe.txt"}}};

std::vector<std::string> statements_of(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::ostringstream read;
  read << in.rdbuf();
  if (!in) throw std::runtime_error("cannot read " + file.string());
  const std::string text = read.str();
  std::vector<std::string> statements;
  for (const sql::Span span : sql::split_statements(text))
    statements.push_back(text.substr(span.begin, span.end - span.begin));
  return statements;
}

}  // namespace

std::unique_ptr<engine::Engine> open_warehouse(const std::filesystem::path& folder) {
  embedded::Options options;
  options.data_folder = folder;
  options.threads = 1;
  options.memory_limit_bytes = kMemoryBytes;
  return embedded::open(options);
}

std::unique_ptr<engine::Session> open_session(engine::Engine& engine) {
  return engine.open_session({.user = "admin", .database = "dev", .application_name = "conformance"});
}

void make_template(const std::filesystem::path& folder, const std::filesystem::path& tables,
                   const std::filesystem::path& tickit) {
  embedded::Options options;
  options.data_folder = folder;
  options.threads = 1;
  options.copy_folders = {tickit};
  const auto engine = embedded::open(options);
  const auto session = open_session(*engine);
  for (const std::string& statement : statements_of(tables)) engine::run(*session, statement);
  for (const auto& [table, file] : kGiven)
    engine::run(*session, std::string("copy ") + table + " from '" + (tickit / file).string() + "' delimiter '|'");
}

void copy_template(const std::filesystem::path& from, const std::filesystem::path& to) {
  std::filesystem::create_directories(to);
  for (const auto& entry : std::filesystem::directory_iterator(from)) {
    if (entry.is_regular_file() && entry.path().extension() != ".lock")
      std::filesystem::copy_file(entry.path(), to / entry.path().filename());
  }
}

std::set<std::string> tables_without_rows(const std::filesystem::path& tables) {
  std::set<std::string> names;
  for (const std::string& statement : statements_of(tables)) {
    const Mentions mentions = mentions_of(statement);
    if (mentions.creates) {
      names.insert(mentions.target);
    } else {
      names.erase(mentions.target);  // the file gives its rows
    }
  }
  for (const auto& [table, file] : kGiven) names.erase(table);
  return names;
}

}  // namespace garland::conformance
