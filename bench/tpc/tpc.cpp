// bench_tpc SUITE SCALE FOLDER [--extension FILE] [--runs N] [--query N]
//
// Runs the queries of TPC-H or TPC-DS (SUITE: tpch, tpcds) in Redshift's dialect on the embedded engine, and DuckDB's
// own text of them on DuckDB, over the same rows, and compares the answers. DuckDB's extension of that name makes the
// rows and holds the texts; what Redshift says in other words stands in bench/tpc/dialect.toml. FOLDER keeps the data
// between runs. Prints PASS or FAIL for each query; with --runs the medians of N alternating runs too, and with --json
// these as one JSON object a line.
#include <fmt/format.h>
#include <toml++/toml.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <map>

#include "base/error.h"
#include "duck/database.h"
#include "embedded/embedded.h"
#include "engine/text.h"
#include "tpc/compare.h"

namespace {

using namespace garland;
using namespace garland::bench;
namespace fs = std::filesystem;

struct Options {
  std::string suite;
  double scale = 1;
  fs::path folder, extension, dialect;
  int runs = 0;
  int query = 0;
};

std::string quoted(const fs::path& path) { return "'" + path.string() + "'"; }

template <class Fetch>
void append_rows(Answer& answer, Fetch fetch) {
  while (const engine::Batch* batch = fetch()) {
    for (size_t row = 0; row < batch->rows; ++row) {
      engine::TextRow& fields = answer.rows.emplace_back();
      for (const engine::Column& column : batch->columns) {
        fields.emplace_back();
        if (!column.is_null(row)) engine::append_text(fields.back().emplace(), column, row);
      }
    }
  }
}

// ---- the peer

Answer ask_peer(duck::Connection& peer, const std::string& sql) {
  duck::Result result = peer.query(sql);
  Answer answer{result.types(), {}};
  append_rows(answer, [&] { return result.fetch(); });
  return answer;
}

std::vector<std::string> texts(duck::Connection& peer, const std::string& sql) {
  std::vector<std::string> result;
  for (const auto& row : ask_peer(peer, sql).rows) result.push_back(*row.at(0));
  return result;
}

/// The rows, in DuckDB's own file and as CSV.
void make_data(duck::Connection& peer, const Options& options) {
  const std::string generator = options.suite == "tpch" ? "dbgen" : "dsdgen";
  peer.query(fmt::format("CALL {}(sf = {}, catalog = 'w', schema = 'main')", generator, options.scale));
  fs::create_directories(options.folder / "csv");
  for (const std::string& table : texts(peer, "SELECT table_name FROM duckdb_tables() WHERE database_name = 'w'")) {
    peer.query(fmt::format("COPY w.main.{} TO {} (HEADER false, NULLSTR '\\N')", table,
                           quoted(options.folder / "csv" / (table + ".csv"))));
  }
}

// ---- ours

std::string redshift_type(const std::string& type) { return type == "VARCHAR" ? "varchar(256)" : type; }

void create_tables(duck::Connection& peer, engine::Session& session) {
  std::map<std::string, std::string> columns;
  const Answer found = ask_peer(peer,
                                "SELECT table_name, column_name, data_type FROM duckdb_columns() WHERE database_name = "
                                "'w' ORDER BY table_name, column_index");
  for (const auto& row : found.rows) {
    std::string& list = columns[*row[0]];
    list += (list.empty() ? "" : ", ") + *row[1] + " " + redshift_type(*row[2]);
  }
  for (const auto& [table, list] : columns) engine::run(session, fmt::format("create table {} ({})", table, list));
}

void load_tables(duck::Connection& peer, engine::Session& session, const Options& options) {
  engine::Transaction transaction(session);
  create_tables(peer, session);
  for (const auto& entry : fs::directory_iterator(options.folder / "csv")) {
    engine::run(session,
                fmt::format("copy {} from {} csv null as '\\\\N'", entry.path().stem().string(), quoted(entry.path())));
  }
  transaction.commit();
  fs::remove_all(options.folder / "csv");
}

Answer ask_ours(engine::Session& session, const std::string& sql) {
  Answer answer;
  const auto statement = session.prepare(sql);
  for (const auto& column : statement->columns()) answer.types.push_back(column.type);
  const auto cursor = statement->execute();
  append_rows(answer, [&] { return cursor->fetch(); });
  return answer;
}

// ---- queries

struct Query {
  std::string name;
  std::string theirs;
  std::string ours;
};

std::string replaced(std::string text, const std::string& what, const std::string& with, const std::string& name) {
  size_t at = text.find(what);
  if (at == std::string::npos) throw Error(kInternalError, name + " does not hold: " + what);
  for (; at != std::string::npos; at = text.find(what, at + with.size())) text.replace(at, what.size(), with);
  return text;
}

std::vector<Query> read_queries(duck::Connection& peer, const Options& options) {
  const Answer found =
      ask_peer(peer, fmt::format("SELECT query_nr, query FROM {}_queries() ORDER BY 1", options.suite));
  const toml::table dialect = toml::parse_file(options.dialect.string());
  std::vector<Query> queries;
  for (const auto& row : found.rows) {
    const int number = std::stoi(*row[0]);
    if (options.query != 0 && options.query != number) continue;
    Query query{fmt::format("{}_q{:02}", options.suite, number), *row[1], *row[1]};
    query.ours.erase(query.ours.find_last_not_of("; \n") + 1);
    if (const auto* edits = dialect[query.name].as_array()) {
      for (const auto& edit : *edits) {
        const toml::table& table = *edit.as_table();
        const auto text = [&](const char* key) { return table[key].value_or(std::string()); };
        if (table.contains("redshift")) query.ours = replaced(query.ours, text("duckdb"), text("redshift"), query.name);
        if (table.contains("peer")) query.theirs = replaced(query.theirs, text("duckdb"), text("peer"), query.name);
      }
    }
    queries.push_back(std::move(query));
  }
  return queries;
}

template <class Work>
double seconds_of(Work work) {
  const auto begun = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
}

double median(std::vector<double> values) {
  std::ranges::nth_element(values, values.begin() + static_cast<ptrdiff_t>(values.size() / 2));
  return values[values.size() / 2];
}

/// False when the answers differ.
bool compare(const Query& query, duck::Connection& peer, engine::Session& session) {
  std::optional<std::string> fault;
  try {
    fault = difference(ask_ours(session, query.ours), ask_peer(peer, query.theirs));
  } catch (const Error& error) {
    fault = fmt::format("{} {} {}", error.state().text(), error.message(), error.detail());
    if (error.position()) fault->append(" at: " + query.ours.substr(*error.position(), 60));
  }
  fmt::print("{} {}{}\n", fault ? "FAIL" : "PASS", query.name, fault ? ": " + *fault : "");
  std::fflush(stdout);
  return !fault;
}

void time_query(const Query& query, duck::Connection& peer, engine::Session& session, int runs) {
  std::vector<double> own, other;
  for (int i = 0; i < runs; ++i) {
    own.push_back(seconds_of([&] { ask_ours(session, query.ours); }));
    other.push_back(seconds_of([&] { ask_peer(peer, query.theirs); }));
  }
  fmt::print("TIME {} {:.6f} {:.6f}\n", query.name, median(own), median(other));
  std::fflush(stdout);
}

int run(const Options& options) {
  fs::create_directories(options.folder);
  const fs::path ready = options.folder / "ready";
  if (!fs::exists(ready)) {
    fs::remove_all(options.folder);
    fs::create_directories(options.folder / "store");
  }
  duck::Database database({});
  database.attach(options.folder / "peer.duckdb");
  duck::Connection peer = database.connect();
  peer.query("LOAD " + quoted(options.extension));
  if (!fs::exists(ready)) make_data(peer, options);
  const auto engine =
      embedded::open({.data_folder = options.folder / "store", .copy_folders = {options.folder / "csv"}});
  const auto session = engine->open_session({"admin", "dev", "bench_tpc"});
  if (!fs::exists(ready)) load_tables(peer, *session, options);
  std::ofstream(ready) << "all tables are loaded\n";
  peer.query("USE w");
  peer.query("SET default_null_order = 'NULLS_LAST_ON_ASC_FIRST_ON_DESC'");  // Redshift's
  int passed = 0, failed = 0;
  for (const Query& query : read_queries(peer, options)) {
    const bool same = compare(query, peer, *session);
    ++(same ? passed : failed);
    if (same && options.runs > 0) time_query(query, peer, *session, options.runs);
  }
  fmt::print("{} passed, {} failed, 0 skipped\n", passed, failed);
  return failed == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) try {
  Options options;
  CLI::App app("TPC-H and TPC-DS in Redshift's dialect against DuckDB's own answers");
  app.add_option("suite", options.suite, "tpch or tpcds")->required()->check(CLI::IsMember({"tpch", "tpcds"}));
  app.add_option("scale", options.scale, "scale factor: 1 is about a gigabyte")->required();
  app.add_option("folder", options.folder, "keeps the data between runs")->required();
  app.add_option("--extension", options.extension, "DuckDB's extension of the suite's name")->required();
  app.add_option("--dialect", options.dialect, "what Redshift says in other words")->required();
  app.add_option("--runs", options.runs, "alternating runs to time");
  app.add_option("--query", options.query, "this query only");
  CLI11_PARSE(app, argc, argv);
  return run(options);
} catch (const Error& error) {
  fmt::print(stderr, "bench_tpc: {} {}\n", error.what(), error.detail());
  return 1;
} catch (const std::exception& error) {
  fmt::print(stderr, "bench_tpc: {}\n", error.what());
  return 1;
}
