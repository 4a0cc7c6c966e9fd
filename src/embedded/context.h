// A session's inside: what the parts that execute statements share. Used by the session's thread.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/log.h"
#include "duck/connection.h"
#include "embedded/activity.h"
#include "embedded/authorization.h"
#include "embedded/plan.h"
#include "embedded/settings.h"
#include "embedded/transaction.h"
#include "embedded/translate.h"
#include "embedded/warehouse.h"
#include "engine/engine.h"
#include "engine/text.h"

namespace garland::embedded {

/// What a statement without a stream gives.
struct Outcome {
  std::string tag;
  uint64_t rows = 0;
};

using Parameters = std::span<const engine::ParameterValue>;

class Context {
 public:
  Context(Warehouse& warehouse, engine::Login login);
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;
  ~Context();

  Warehouse& warehouse;
  const engine::Login login;
  duck::Connection connection;
  Activity activity;
  Settings settings;
  Authorization authorization;
  Transaction transaction;
  std::vector<engine::Notice> notices;
  int64_t transaction_start_us = 0;  // UTC
  int64_t statement_start_us = 0;
  int64_t last_copy_count = 0, last_copy_id = -1;  // of the last COPY that completed; the count is 0 after a failure
  int64_t last_unload_count = 0, last_unload_id = -1;
  /// The session's number, its "process" in system views.
  int64_t session_number() const { return static_cast<int64_t>(transaction.owner()); }
  /// The statement that runs, in the warehouse's history; 0: none.
  int64_t running_query = 0;
  int64_t last_query = 0;
  /// Puts a statement into the history, and says how it ended.
  void begin_query(const sql::Statement& statement, const std::string& text);
  void end_query(const StatementEnd& end);
  /// A statement that was refused for want of a privilege, for the history: it never ran.
  void refused_query(const sql::Statement& statement, const std::string& text, const Error& error);
  /// The session as the user that it works as now.
  SessionRecord session_record();
  /// The statement without its secrets, printed.
  static std::string shown_text(const sql::Statement& statement);
  /// For the connection log.
  std::string end_reason;
  /// What log lines name while this session works.
  LogOwner log_owner() const { return {0, session_number(), running_query}; }

  /// The user whose privileges the session has, with its groups and roles of now. Throws 28000 when it was dropped.
  const Identity& identity();
  /// The user that logged in.
  User login_user();

  /// Names as the session sees them now. The same object as long as nothing changed.
  std::shared_ptr<const SessionCatalog> catalog();
  /// Of the plan's relations; valid as long as the plan.
  static PhysicalNames names(const Plan& plan);
  static std::string physical_name(const semantics::Relation& relation);

  /// Runs a statement of our own in the transaction; errors are DuckError.
  duck::Result run(const std::string& sql) { return connection.query(sql); }
  /// Runs a translation to its end, with the values of the plan's parameters and session values.
  duck::Result run(const Translation& translation, const Plan& plan, Parameters values);
  /// By number: the user's values, the session values, the translation's lists. Throws 22P02 … for text that is no
  /// value of its type.
  std::vector<duck::Value> values(const Translation& translation, const Plan& plan, Parameters values);
  /// The value of an expression without columns, as a row of one column, NULL or not.
  duck::Result evaluate(const semantics::BoundExpr& expr, const Plan& plan, Parameters values);

  void notice(std::string severity, SqlState state, std::string message);
  /// A moment as a TIMESTAMP in the session's time zone.
  int64_t local_time(int64_t utc_us);

 private:
  duck::Value session_value(const std::string& name);
  duck::Value time_value(const std::string& name);
  duck::Value timestamp(int64_t value_us, engine::TypeId type);
  bool known_time_zone(const std::string& name);

  std::shared_ptr<const SessionCatalog> catalog_;
  uint64_t catalog_settings_ = 0;
  std::string catalog_user_;
  Identity identity_;
  uint64_t identity_version_ = 0;
};

/// A value from its text form; NULL for nothing. Throws 22P02, 22003, 22001 … as a cast would.
duck::Value read_value(const engine::ParameterValue& text, const engine::Type& type);
/// The error for a field that text readers refused.
Error field_error(engine::TextFault fault, std::string_view text, const engine::Type& type);

}  // namespace garland::embedded
