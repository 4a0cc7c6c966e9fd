// The embedded engine's sessions: the contract of engine/engine.h over one DuckDB connection.
//
// A session has at most one live stream. Before anything else runs on its connection, the open cursor's remaining rows
// go into a spool. Outside a transaction block every statement is a transaction of its own, which a query's cursor
// keeps open until its end.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "embedded/context.h"
#include "embedded/ddl.h"
#include "embedded/declared_cursor.h"
#include "engine/engine.h"

namespace garland::sql {
class ShowParameters;
}

namespace garland::embedded {

class QueryCursor;

/// A statement's text and, between executions, its plan and what was prepared of it.
class SqlStatement;

class SqlSession : public engine::Session {
 public:
  SqlSession(Warehouse& warehouse, const engine::Login& login);
  ~SqlSession() override;

  std::unique_ptr<engine::Statement> prepare(std::string_view sql, std::span<const engine::Type> types) override;
  std::unique_ptr<engine::Load> load(std::string_view table, const std::vector<std::string>& columns) override;
  engine::TransactionStatus transaction_status() const override;
  void fail_transaction() override;
  std::vector<engine::Notice> take_notices() override;
  std::string setting(std::string_view name) const override;
  uint64_t statement_id() const override { return context_.activity.id(); }
  void cancel(uint64_t statement_id) override { context_.activity.cancel(statement_id); }
  int64_t number() const override { return context_.session_number(); }
  void will_end(std::string_view reason) override { context_.end_reason = reason; }
  int64_t query_id() const override {
    return context_.running_query != 0 ? context_.running_query : context_.last_query;
  }

  // ---- for the session's statements, cursors and loads

  std::unique_ptr<engine::Cursor> execute(SqlStatement& statement, Parameters values);
  Context& context() { return context_; }
  /// The next rows of the live cursor. On an error the transaction fails and the error is thrown as garland::Error.
  const engine::Batch* fetch_live(QueryCursor& cursor);
  /// The cursor is destroyed or at its end.
  void close_live(QueryCursor& cursor);
  /// A step of a load: drains the live cursor, watches cancel and timeout; an error fails the transaction, after
  /// `give_up` has freed the connection.
  void work(const std::function<void()>& step, const std::function<void()>& give_up);
  /// The load is finished: outside a block its transaction is committed.
  void commit_load(const std::function<void()>& last_step, const std::function<void()>& give_up);
  /// The load is given up: what it wrote goes, and with it an open block's transaction.
  void abandon_load() noexcept;

  /// The plan for the session's catalog and settings of now. `exact`: names in double quotes keep their case, whatever
  /// the settings say.
  PlanPtr plan(const std::string& sql, const std::vector<engine::Type>& types, bool exact);
  /// Whether nothing that the plan was made from has changed.
  bool is_current(const Plan& plan);

 private:
  enum class Block { kNone, kOpen, kFailed };

  void require_usable(const sql::Statement& statement) const;
  void drain();
  void fail();
  void finish_statement();
  /// In a catch block: the current exception as garland::Error.
  [[noreturn]] void rethrow();
  void start_statement();
  PlanPtr lock_and_start(SqlStatement& statement);
  std::unique_ptr<engine::Cursor> dispatch(const PlanPtr& plan, Parameters values);
  std::unique_ptr<engine::Cursor> open_query(const PlanPtr& plan, Parameters values);
  Outcome run_statement(const Plan& plan, Parameters values);
  std::unique_ptr<engine::Cursor> run(SqlStatement& statement, Parameters values);
  std::unique_ptr<engine::Cursor> run_closed(const sql::ShowParameters& open, Parameters values);

  // ---- session_statements.cpp
  /// What a statement returns, known before it runs.
  std::vector<engine::ResultColumn> result_columns(const Plan& plan);
  /// Throws 25001 for what cannot run inside a block, 25006 for a write in a read-only transaction.
  void check_block(const semantics::BoundStatement& statement) const;
  std::unique_ptr<engine::Cursor> run_plain(const Plan& plan, Parameters values);
  std::unique_ptr<engine::Cursor> run_named(const Plan& plan);
  std::unique_ptr<engine::Cursor> explain(const Plan& plan);
  Outcome simple(const sql::Statement& statement);
  Outcome set(const sql::Set& statement);
  Outcome set_seed(const sql::Set& statement);
  Outcome set_transaction(const sql::SetTransaction& statement);
  Outcome prepare_statement(const sql::Prepare& statement);
  std::unique_ptr<engine::Cursor> execute_prepared(const sql::Execute& statement);
  std::optional<std::string> argument(const sql::Expr& expr, const engine::Type& type);
  SqlStatement& prepared(const sql::Name& name);
  Outcome deallocate(const sql::Deallocate& statement);
  Outcome declare(const sql::DeclareCursor& statement, const Plan& plan, Parameters values);
  DeclaredCursor& declared(const sql::Name& name);
  Outcome close(const sql::CloseCursor& statement);

  semantics::Relation relation_to_load(std::string_view table);
  std::unique_ptr<engine::Cursor> show(const sql::Show& statement);
  Outcome set_session_authorization(const sql::SetSessionAuthorization& statement);
  Outcome begin(const sql::Begin& statement);
  Outcome commit();
  Outcome rollback();

  Context context_;
  PlanCache plans_;
  Block block_ = Block::kNone;
  bool read_only_ = false;          // of the open block
  bool default_read_only_ = false;  // SET SESSION CHARACTERISTICS
  std::map<std::string, std::shared_ptr<SqlStatement>> prepared_;
  std::unique_ptr<DeclaredCursor> declared_;  // at most one, says Redshift
  QueryCursor* live_ = nullptr;
  bool load_open_ = false;
};

class SqlStatement : public engine::Statement {
 public:
  SqlStatement(SqlSession& session, std::string sql, std::vector<engine::Type> types, bool exact = false);

  const std::vector<engine::Type>& parameters() const override { return plan_->bound.parameters; }
  const std::vector<engine::ResultColumn>& columns() const override { return plan_->columns; }
  std::unique_ptr<engine::Cursor> execute(Parameters values) override { return session_.execute(*this, values); }

  /// Planned again when the catalog or the settings changed. Throws 0A000 when the result's columns changed with them.
  const PlanPtr& fresh_plan();
  const PlanPtr& plan() const { return plan_; }
  const std::string& sql() const { return sql_; }

 private:
  SqlSession& session_;
  std::string sql_;
  std::vector<engine::Type> types_;
  bool exact_;
  PlanPtr plan_;
};

}  // namespace garland::embedded
