#include "page_run.h"

#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>
#include <regex>
#include <stdexcept>

extern "C" {  // glibc 2.36's header does not say it itself
#include <sys/pidfd.h>
}

#include "printed.h"
#include "sql/parser.h"
#include "warehouse.h"

namespace garland::conformance {

namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr int kStatementTimeoutS = 30;
constexpr auto kQuietAtMost = std::chrono::seconds(kStatementTimeoutS * 3);  // then the process hangs
constexpr int kLookAfterMs = 1000;

/// The child's exit status is 0 when `work` returned. Does not return in the child.
pid_t start(const std::function<void()>& work) {
  const pid_t child = fork();
  if (child < 0) throw std::runtime_error("cannot start a process");
  if (child > 0) return child;
  int status = 0;
  try {
    work();
  } catch (const std::exception& error) {
    fmt::print(stderr, "conformance: {}\n", error.what());
    status = 1;
  }
  _exit(status);
}

// ---- in the child

/// Where the engine says that the object is there already, the page's own begins anew: guide pages make their tables
/// again in each section.
Answer ask_anew(engine::Session& session, const std::string& sql, bool shows_error) {
  static const std::regex kExists("relation \"([^\"]+)\" already exists", std::regex::icase);
  Answer answer = ask(session, sql, kStatementTimeoutS);
  std::string said = answer.message;
  for (const std::string& notice : answer.notices) said += "\n" + notice;
  std::smatch found;
  if (shows_error || !std::regex_search(said, found, kExists)) return answer;
  const std::string name = found[1];
  for (const char* kind : {"table", "view", "materialized view"})
    ask(session, fmt::format("drop {} \"{}\" cascade", kind, name), kStatementTimeoutS);
  return ask(session, sql, kStatementTimeoutS);
}

/// Several statements in one text: all run, the last one that fails or returns rows answers.
Answer ask_all(engine::Session& session, const std::string& text, bool shows_error) {
  Answer last;
  const std::vector<sql::Span> spans = sql::split_statements(text);
  for (const sql::Span span : spans) {
    Answer answer = ask_anew(session, text.substr(span.begin, span.end - span.begin), shows_error);
    if (answer.failed) return answer;
    if (!answer.columns.empty() || last.columns.empty()) last = std::move(answer);
  }
  if (spans.empty()) last = {.failed = true, .sqlstate = "42601", .message = "no statement"};
  return last;
}

nlohmann::json write(const Judged& judged) {
  return {{"is_parsed", judged.is_parsed},
          {"is_output_judged", judged.is_output_judged},
          {"verdict", static_cast<int>(judged.verdict)},
          {"note", judged.note},
          {"got", judged.got}};
}

Judged read(const nlohmann::json& json) {
  return {json["is_parsed"], json["is_output_judged"], static_cast<Verdict>(json["verdict"].get<int>()), json["note"],
          json["got"]};
}

void run_page(const Page& page, const Setting& setting, const fs::path& folder, const std::set<size_t>& crashing) {
  copy_template(setting.warehouse, folder / "data");
  const auto engine = open_warehouse(folder / "data");
  const auto session = open_session(*engine);
  Given given(setting.without_rows);
  std::ofstream out(folder / "results.jsonl");
  for (size_t i = 0; i < page.examples.size(); ++i) {
    const Example& example = page.examples[i];
    const Mentions mentions = mentions_of(example.sql);
    const bool is_in_scope = setting.scope.holds(example);
    Judged judged;
    if (!crashing.contains(i)) {
      const bool shows_error = example.output && read_printed(*example.output).kind == Printed::Kind::kError;
      const Answer answer = ask_all(*session, example.sql, shows_error);
      if (session->transaction_status() == engine::TransactionStatus::kFailed)
        ask(*session, "rollback", kStatementTimeoutS);
      given.after(mentions, is_in_scope);
      judged = judge(example, mentions, answer, given, setting.scope.holds_output(example));
    }
    out << write(judged).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) << std::endl;
  }
}

// ---- in the parent

/// One page's run: started anew behind a statement at which its process died.
struct Running {
  size_t page = 0;
  pid_t process = 0;
  int ended = -1;  // a pidfd: readable when the process has ended
  fs::path folder;
  std::set<size_t> crashing;
  size_t lines = 0;
  Clock::time_point changed = Clock::now();
};

std::vector<Judged> results_of(const fs::path& folder) {
  std::vector<Judged> results;
  std::ifstream in(folder / "results.jsonl");
  for (std::string line; std::getline(in, line) && !in.eof();) results.push_back(read(nlohmann::json::parse(line)));
  return results;
}

class Runs {
 public:
  Runs(const std::vector<Page>& pages, const Setting& setting) : pages_(pages), setting_(setting) {
    results_.resize(pages.size());
  }

  std::vector<std::vector<Judged>> run(size_t at_once) {
    size_t next = 0;
    while (next < pages_.size() || !running_.empty()) {
      while (running_.size() < at_once && next < pages_.size()) begin({.page = next++});
      wait_for_an_end();
    }
    return std::move(results_);
  }

 private:
  void begin(Running run) {
    run.folder = setting_.folder / fmt::format("page-{}", run.page);
    fs::remove_all(run.folder);
    fs::create_directories(run.folder);
    run.process = start([&] { run_page(pages_[run.page], setting_, run.folder, run.crashing); });
    run.ended = pidfd_open(run.process, 0);
    if (run.ended < 0) throw std::runtime_error("cannot watch a process");
    running_.push_back(std::move(run));
  }

  void wait_for_an_end() {
    std::vector<pollfd> ends;
    for (const Running& run : running_) ends.push_back({run.ended, POLLIN, 0});
    if (poll(ends.data(), ends.size(), kLookAfterMs) <= 0) return kill_hanging();
    for (size_t i = ends.size(); i-- > 0;) {
      if (ends[i].revents == 0) continue;
      Running run = std::move(running_[i]);
      running_.erase(running_.begin() + static_cast<std::ptrdiff_t>(i));
      end(std::move(run));
    }
  }

  void end(Running run) {
    close(run.ended);
    int status = 0;
    waitpid(run.process, &status, 0);
    std::vector<Judged> results = results_of(run.folder);
    const size_t wanted = pages_[run.page].examples.size();
    if (results.size() < wanted) {  // died at the next one
      fmt::print(stderr, "conformance: the process died at {} {} (status {})\n", pages_[run.page].name,
                 pages_[run.page].examples[results.size()].n, status);
      if (!run.crashing.insert(results.size()).second) throw std::runtime_error("a page cannot be run");
      return begin({.page = run.page, .crashing = run.crashing});
    }
    for (const size_t at : run.crashing) results[at].note = "the process died";
    results_[run.page] = std::move(results);
    fs::remove_all(run.folder);
  }

  void kill_hanging() {
    for (Running& run : running_) {
      const size_t lines = results_of(run.folder).size();
      if (lines != run.lines) run.changed = Clock::now();
      run.lines = lines;
      if (Clock::now() - run.changed > kQuietAtMost) kill(run.process, SIGKILL);
    }
  }

  const std::vector<Page>& pages_;
  const Setting& setting_;
  std::vector<std::vector<Judged>> results_;
  std::vector<Running> running_;
};

}  // namespace

void prepare_template(const fs::path& warehouse, const fs::path& tables, const fs::path& tickit) {
  const pid_t process = start([&] { make_template(warehouse, tables, tickit); });
  int status = 0;
  waitpid(process, &status, 0);
  if (status != 0) throw std::runtime_error("the guide's tables cannot be made");
}

std::vector<std::vector<Judged>> run_pages(const std::vector<Page>& pages, const Setting& setting, size_t at_once) {
  return Runs(pages, setting).run(at_once);
}

}  // namespace garland::conformance
