// The audit: who came and went, what was changed about users and privileges, what ran (management guide, "Database
// audit logging": connection log, user log, user activity log). Rows of three system tables of the warehouse file,
// garland_connection_log, garland_user_log and garland_statement_log (system_tables.h), which no statement can change:
// they are written here, and only what is older than the retention is removed again. What ended less than kEvery before
// the process was killed is not there.
#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "base/clock.h"
#include "duck/connection.h"
#include "embedded/history.h"

namespace garland::embedded {

/// One thread writes what the history has, in a transaction of its own, at most kEvery after it happened. Thread-safe.
class Audit {
 public:
  static constexpr auto kEvery = std::chrono::milliseconds(500);

  /// `connection` is the audit's own; `keep_days` 0: for ever. The others must outlive it. Numbers statements on from
  /// those that are written.
  Audit(duck::Connection connection, History& history, const Clock& clock, int32_t keep_days);
  Audit(const Audit&) = delete;
  Audit& operator=(const Audit&) = delete;
  /// Writes what is left.
  ~Audit();

  /// What happened before is written when it returns, or kept for later where the disk fails (which is logged).
  void flush() noexcept;

 private:
  void run();
  void write(const Unwritten& rows);
  void forget_old();

  duck::Connection connection_;
  History& history_;
  const Clock& clock_;
  const int32_t keep_days_;
  int64_t forgotten_us_ = 0;  // when old rows were removed last
  std::mutex writing_;        // guards the connection and forgotten_us_
  std::mutex mutex_;
  std::condition_variable changed_;
  bool closing_ = false;
  std::thread thread_;
};

}  // namespace garland::embedded
