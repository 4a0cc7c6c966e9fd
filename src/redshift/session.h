// engine::Session over a connection. One statement at a time is on the wire: when another one is asked for, the rows
// that an open cursor did not fetch yet are read into memory first.
#pragma once

#include <atomic>
#include <mutex>

#include "redshift/connection.h"

namespace garland::redshift {

class PgCursor;

class PgSession : public engine::Session {
 public:
  PgSession(const Options& options, const engine::Login& login);
  ~PgSession() override;

  std::unique_ptr<engine::Statement> prepare(std::string_view sql, std::span<const engine::Type> types) override;
  std::unique_ptr<engine::Load> load(std::string_view table, const std::vector<std::string>& columns) override;
  engine::TransactionStatus transaction_status() const override;
  void fail_transaction() override;
  std::vector<engine::Notice> take_notices() override { return connection_.take_notices(); }
  std::string setting(std::string_view name) const override;
  uint64_t statement_id() const override { return statement_id_; }
  void cancel(uint64_t statement_id) override;

  // ---- for its statements and cursors
  Connection& connection() { return connection_; }
  /// The wire is free for another statement.
  void settle();
  void begin(PgCursor& cursor);
  void end();
  /// A prepared statement that nobody needs any more.
  void close(std::string name) { unused_.push_back(std::move(name)); }

 private:
  void close_unused();

  mutable Connection connection_;
  PgCursor* active_ = nullptr;
  std::vector<std::string> unused_;
  uint64_t prepared_ = 0;
  std::atomic<uint64_t> statement_id_{0};
  std::mutex running_mutex_;  // guards running_ against cancel()
  bool running_ = false;
};

}  // namespace garland::redshift
