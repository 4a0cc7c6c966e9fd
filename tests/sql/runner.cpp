#include "runner.h"

#include <algorithm>
#include <future>
#include <map>
#include <memory>
#include <regex>
#include <thread>

#include "base/error.h"
#include "embedded/embedded.h"
#include "endpoint/server.h"
#include "engine/engine.h"
#include "engine/text.h"
#include "files.h"
#include "redshift/redshift.h"
#include "script.h"
#include "sql/parser.h"
#include "sql/printer.h"

namespace garland::sqltest {

namespace {

using namespace std::chrono_literals;
constexpr auto kBlockedFor = 200ms;  // a statement that has not ended by then waits for a lock
constexpr auto kWaitAtMost = 60s;

/// What a statement did.
struct Result {
  bool failed = false;
  std::string sqlstate, message, place;
  std::string types, tag;
  uint64_t count = 0;
  bool has_columns = false;
  std::vector<std::string> rows;
};

void read_rows(engine::Cursor& cursor, Result& result) {
  for (const engine::ResultColumn& column : cursor.columns()) {
    result.types += (result.types.empty() ? "" : " | ") + engine::to_string(column.type);
  }
  result.has_columns = !cursor.columns().empty();
  while (const engine::Batch* batch = cursor.fetch()) {
    for (size_t row = 0; row < batch->rows; ++row) {
      std::vector<std::optional<std::string>> values(batch->columns.size());
      for (size_t i = 0; i < batch->columns.size(); ++i) {
        if (!batch->columns[i].is_null(row)) engine::append_text(values[i].emplace(), batch->columns[i], row);
      }
      result.rows.push_back(render_row(values));
    }
  }
  result.tag = cursor.command_tag();
  result.count = cursor.row_count();
}

Result execute(engine::Session& session, const std::string& sql,
               const std::vector<std::optional<std::string>>& values) {
  Result result;
  try {
    auto statement = session.prepare(sql);
    auto cursor = statement->execute(values);
    read_rows(*cursor, result);
  } catch (const Error& error) {
    result.failed = true;
    result.sqlstate = error.state().text();
    result.message = error.message();
    if (error.position()) {
      LineColumn place = line_column(sql, *error.position());
      result.place = std::to_string(place.line) + ":" + std::to_string(place.column);
    }
  } catch (const std::exception& error) {
    result.failed = true;
    result.sqlstate = "?????";
    result.message = std::string("not an Error: ") + error.what();
  }
  return result;
}

std::string reprinted(const std::string& sql) {
  try {
    return sql::print(sql::parse_statement(sql, sql::QuotedNames::kKeep));
  } catch (const Error&) {
    return sql;  // the error is what the test is about
  }
}

std::string describe(const Result& result) {
  if (result.failed)
    return "error " + result.sqlstate + (result.place.empty() ? "" : " at " + result.place) + " " + result.message;
  if (!result.has_columns) return result.tag + " (" + std::to_string(result.count) + " rows)";
  std::string text = result.types;
  for (const std::string& row : result.rows) text += "\n" + row;
  return text;
}

std::string describe(const Expectation& expected) {
  switch (expected.kind) {
    case Expectation::Kind::kOk:
      return "no error";
    case Expectation::Kind::kError:
      return "error " + expected.sqlstate + (expected.place.empty() ? "" : " at " + expected.place) + " " +
             expected.pattern;
    case Expectation::Kind::kCount:
      return std::to_string(expected.count) + " rows";
    case Expectation::Kind::kTag:
      return expected.tag;
    case Expectation::Kind::kRows:
      break;
  }
  std::string text = expected.types;
  for (const std::string& row : expected.rows) text += "\n" + row;
  return text;
}

bool error_fits(const Expectation& expected, const Result& result, const Options& options) {
  if (!result.failed || result.sqlstate != expected.sqlstate) return false;
  if (!options.reprint && !expected.place.empty() && expected.place != result.place) return false;
  return expected.pattern.empty() || std::regex_search(result.message, std::regex(expected.pattern));
}

/// A `?` fits any type.
bool types_fit(std::string_view expected, std::string_view got) {
  auto take = [](std::string_view& list) {
    size_t end = std::min(list.find(" | "), list.size());
    std::string_view type = list.substr(0, end);
    list.remove_prefix(std::min(end + 3, list.size()));
    return type;
  };
  while (!expected.empty() && !got.empty()) {
    std::string_view wanted = take(expected), type = take(got);
    if (wanted != "?" && wanted != type) return false;
  }
  return expected.empty() && got.empty();
}

bool fits(const Expectation& expected, Result result, const Options& options) {
  if (expected.kind == Expectation::Kind::kError) return error_fits(expected, result, options);
  if (result.failed) return false;
  switch (expected.kind) {
    case Expectation::Kind::kCount:
      return result.count == expected.count;
    case Expectation::Kind::kTag:
      return result.tag == expected.tag;
    case Expectation::Kind::kRows:
      break;
    default:
      return true;
  }
  std::vector<std::string> rows = expected.rows;
  if (expected.sort == Sort::kRows) {
    std::sort(rows.begin(), rows.end());
    std::sort(result.rows.begin(), result.rows.end());
  }
  return types_fit(expected.types, result.types) && result.rows == rows;
}

/// A server in front of the engine, and an engine of libpq's sessions with it.
class Served {
 public:
  Served(engine::Engine& engine, const std::filesystem::path& folder)
      : tls_(net::ServerTls::self_made(folder, {"127.0.0.1"})),
        server_(engine, tls_, options(folder)),
        thread_([this] { server_.run(); }),
        clients_(redshift::open({.host = folder.string()})) {}
  ~Served() {
    server_.stop();
    server_.stop();  // a second time: nothing is waited for
    thread_.join();
  }
  engine::Engine& clients() { return *clients_; }

 private:
  static endpoint::ServerOptions options(const std::filesystem::path& folder) {
    endpoint::ServerOptions options;
    options.port = 0;
    options.local_socket = folder / ".s.PGSQL.5439";
    return options;
  }

  net::ServerTls tls_;
  endpoint::Server server_;
  std::thread thread_;
  std::unique_ptr<engine::Engine> clients_;
};

/// A script's engine, its sessions and its files.
class Run {
 public:
  explicit Run(const Options& options) : options_(options) {
    std::filesystem::create_directory(files());
    embedded::Options engine_options;
    engine_options.data_folder = folder_.path() / "data";
    engine_options.copy_folders = {files()};
    engine_options.threads = 2;
    engine_ = embedded::open(engine_options);
    if (options_.served) server_ = std::make_unique<Served>(*engine_, folder_.path());
  }

  ~Run() {
    for (auto& [name, session] : sessions_) {
      if (session.running.valid() && session.running.wait_for(0s) != std::future_status::ready) {
        session.session->cancel(session.session->statement_id());
      }
    }
  }

  Outcome record(const Record& record) {
    if (!record.skip.empty()) return {Outcome::Kind::kSkipped, record.line, record.skip};
    switch (record.kind) {
      case Record::Kind::kFile:
        write_file(files() / record.file_name, with_files(record.file_content));
        return {Outcome::Kind::kPassed, record.line, ""};
      case Record::Kind::kWait:
        return wait(record);
      case Record::Kind::kBlocked:
        return blocked(record);
      case Record::Kind::kStatement:
        break;
    }
    Client& client = session(record.session);
    std::string sql = with_files(record.sql);
    if (options_.reprint) sql = reprinted(sql);
    if (record.background) {
      client.expected = record.expected;
      client.running = std::async(
          std::launch::async, [&client, sql, values = record.values] { return execute(*client.session, sql, values); });
      return {Outcome::Kind::kPassed, record.line, ""};
    }
    return judged(record, record.expected, execute(*client.session, sql, record.values));
  }

 private:
  struct Client {
    std::unique_ptr<engine::Session> session;
    std::future<Result> running;
    Expectation expected;  // of what is running
  };

  std::filesystem::path files() const { return folder_.path() / "files"; }

  std::string with_files(std::string sql) const {
    constexpr std::string_view kPlaceholder = "${FILES}";
    for (size_t at; (at = sql.find(kPlaceholder)) != std::string::npos;)
      sql.replace(at, kPlaceholder.size(), files().string());
    return sql;
  }

  Client& session(const std::string& name) {
    Client& client = sessions_[name];
    if (!client.session)
      client.session = (server_ ? server_->clients() : *engine_)
                           .open_session({.user = "admin", .database = "dev", .application_name = "sql_tests"});
    return client;
  }

  Outcome judged(const Record& record, const Expectation& expected, const Result& result) const {
    if (fits(expected, result, options_)) return {Outcome::Kind::kPassed, record.line, ""};
    return {Outcome::Kind::kFailed, record.line,
            "expected:\n" + describe(expected) + "\ngot:\n" + describe(result) + "\nsql:\n" + record.sql};
  }

  Outcome wait(const Record& record) {
    Client& client = session(record.session);
    if (!client.running.valid())
      return {Outcome::Kind::kFailed, record.line, "nothing runs in session " + record.session};
    if (client.running.wait_for(kWaitAtMost) != std::future_status::ready) {
      return {Outcome::Kind::kFailed, record.line, "the statement did not end"};
    }
    return judged(record, client.expected, client.running.get());
  }

  Outcome blocked(const Record& record) {
    Client& client = session(record.session);
    bool waits = client.running.valid() && client.running.wait_for(kBlockedFor) != std::future_status::ready;
    return {waits ? Outcome::Kind::kPassed : Outcome::Kind::kFailed, record.line,
            waits ? "" : "the statement does not wait"};
  }

  Options options_;
  TemporaryFolder folder_;
  std::unique_ptr<engine::Engine> engine_;
  std::unique_ptr<Served> server_;
  std::map<std::string, Client> sessions_;  // destroyed before the engine
};

}  // namespace

std::vector<Outcome> run_script(const std::filesystem::path& path, const Options& options) {
  std::vector<Outcome> outcomes;
  try {
    std::vector<Record> records = read_script(read_file(path));
    Run run(options);
    for (const Record& record : records) outcomes.push_back(run.record(record));
  } catch (const std::exception& error) {
    outcomes.push_back({Outcome::Kind::kFailed, 0, error.what()});
  }
  return outcomes;
}

}  // namespace garland::sqltest
