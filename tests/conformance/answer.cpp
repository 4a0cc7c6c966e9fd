#include "answer.h"

#include <fmt/format.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "base/error.h"
#include "engine/text.h"

namespace garland::conformance {

namespace {

constexpr size_t kMostRows = 20'000;  // no page prints more than a few dozen

/// Cancels what the session runs when the time is up.
class Alarm {
 public:
  Alarm(engine::Session& session, int timeout_s) : thread_([this, &session, timeout_s] { wait(session, timeout_s); }) {}
  ~Alarm() {
    {
      const std::lock_guard lock(mutex_);
      is_done_ = true;
    }
    changed_.notify_one();
    thread_.join();
  }

 private:
  void wait(engine::Session& session, int timeout_s) {
    std::unique_lock lock(mutex_);
    const auto done = [&] { return is_done_; };
    if (changed_.wait_for(lock, std::chrono::seconds(timeout_s), done)) return;
    do {
      session.cancel(session.statement_id());
    } while (!changed_.wait_for(lock, std::chrono::milliseconds(200), done));
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  bool is_done_ = false;
  std::thread thread_;  // last: it uses the others
};

void read(engine::Cursor& cursor, Answer& answer) {
  answer.columns = cursor.columns();
  while (const engine::Batch* batch = cursor.fetch()) {
    for (size_t row = 0; row < batch->rows && answer.rows.size() < kMostRows; ++row) {
      engine::TextRow& values = answer.rows.emplace_back(batch->columns.size());
      for (size_t i = 0; i < values.size(); ++i) {
        if (!batch->columns[i].is_null(row)) engine::append_text(values[i].emplace(), batch->columns[i], row);
      }
    }
  }
  answer.tag = cursor.command_tag();
}

}  // namespace

Answer ask(engine::Session& session, const std::string& sql, int timeout_s) {
  Answer answer;
  try {
    const Alarm alarm(session, timeout_s);
    const auto statement = session.prepare(sql);
    read(*statement->execute(), answer);
  } catch (const Error& error) {
    answer.failed = true;
    answer.sqlstate = error.state().text();
    answer.message = error.message();
  } catch (const std::exception& error) {
    answer.failed = true;
    answer.sqlstate = "XX000";
    answer.message = std::string("not an Error: ") + error.what();
  }
  for (const engine::Notice& notice : session.take_notices()) answer.notices.push_back(notice.message);
  return answer;
}

std::string show(const Answer& answer, size_t most_rows) {
  std::string text;
  for (const std::string& notice : answer.notices) text += "NOTICE: " + notice + "\n";
  if (answer.failed) return text + fmt::format("ERROR {}: {}\n", answer.sqlstate, answer.message);
  if (answer.columns.empty()) return text + answer.tag + "\n";
  for (size_t i = 0; i < answer.columns.size(); ++i)
    text += fmt::format("{}{} ({})", i ? " | " : "", answer.columns[i].name, engine::to_string(answer.columns[i].type));
  text += "\n";
  for (size_t row = 0; row < std::min(answer.rows.size(), most_rows); ++row) {
    for (size_t i = 0; i < answer.rows[row].size(); ++i)
      text += fmt::format("{}{}", i ? " | " : "", answer.rows[row][i].value_or("NULL"));
    text += "\n";
  }
  return text + fmt::format("({} rows)\n", answer.rows.size());
}

}  // namespace garland::conformance
