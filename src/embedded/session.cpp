#include "embedded/session.h"

#include <new>

#include "base/log.h"
#include "embedded/access_statements.h"
#include "embedded/authorise.h"
#include "embedded/copy.h"
#include "embedded/cursor.h"
#include "embedded/definitions.h"
#include "embedded/dml.h"
#include "embedded/failure.h"
#include "embedded/load.h"
#include "embedded/materialized.h"
#include "embedded/show_objects.h"
#include "embedded/system_tables.h"
#include "embedded/unload.h"
#include "semantics/resolve.h"
#include "sql/parser.h"
#include "sql/show_parameters.h"

namespace garland::embedded {

using engine::Type;

namespace {

/// Those that run others start when the other one does; VACUUM has a transaction for each table. A query that reads no
/// relation needs no snapshot, which takes DuckDB longer than the query.
bool needs_transaction(const Plan& plan) {
  if (plan.is<semantics::BoundQuery>() && plan.bound.uses.empty()) return false;
  if (plan.is<semantics::BoundExplain>() || std::holds_alternative<sql::Vacuum>(plan.ast.node)) return false;
  const auto* plain = plan.is<semantics::BoundPlain>();
  return !plain || defines(plain->statement) || is_access_statement(plain->statement);
}

/// Directly or through one view: it is shown up to the statement before.
bool reads_audit(const Plan& plan) {
  return std::ranges::any_of(plan.bound.uses, [&](const semantics::Use& use) {
    if (is_audit_table(use.relation)) return true;
    const semantics::Relation* view = plan.catalog->find_relation(use.relation);
    return view && names_audit_table(view->view_text);
  });
}

StatementEnd ended_by(const Error& error) { return {0, std::string(error.state().text()), error.message()}; }

/// What the exception that is being handled says of the statement; DuckDB's own words are nobody's business.
StatementEnd current_failure() {
  if (std::current_exception()) {
    try {
      throw;
    } catch (const Error& error) {
      return ended_by(error);
    } catch (const duck::DuckError& error) {
      return ended_by(to_error(error));
    } catch (const std::exception&) {
    }
  }
  return ended_by(Error(kInternalError, "internal error"));
}

Error aborted() {
  return Error(kInFailedSqlTransaction,
               "current transaction is aborted, commands ignored until end of transaction block");
}

}  // namespace

// ---- statements

SqlStatement::SqlStatement(SqlSession& session, std::string sql, std::vector<Type> types, bool exact)
    : session_(session),
      sql_(std::move(sql)),
      types_(std::move(types)),
      exact_(exact),
      plan_(session.plan(sql_, types_, exact_)) {}

const PlanPtr& SqlStatement::fresh_plan() {
  if (session_.is_current(*plan_)) return plan_;
  PlanPtr plan = session_.plan(sql_, types_, exact_);
  const auto same = [](const engine::ResultColumn& a, const engine::ResultColumn& b) {
    return a.name == b.name && a.type == b.type;
  };
  if (!std::ranges::equal(plan->columns, plan_->columns, same)) {
    throw Error(kFeatureNotSupported, "cached plan must not change result type")
        .hint("A relation of the statement changed: prepare it again.");
  }
  plan_ = std::move(plan);
  return plan_;
}

bool SqlSession::is_current(const Plan& plan) {
  return plan.is_for(*context_.catalog(), context_.settings.plan_generation());
}

PlanPtr SqlSession::plan(const std::string& sql, const std::vector<Type>& types, bool exact) {
  const auto catalog = context_.catalog();
  const std::string key = context_.identity().name + (exact ? "||" : "|") + PlanCache::key(sql, types);
  if (PlanPtr cached = plans_.find(key, *catalog, context_.settings.plan_generation())) return cached;
  auto made = std::make_shared<Plan>();
  made->open_show = sql::ShowParameters::find(sql);
  const auto& open = made->open_show;
  made->ast = sql::parse_statement(open ? open->form() : sql,
                                   exact ? sql::QuotedNames::kKeep : context_.settings.quoted_names());
  require_usable(made->ast);
  if (const auto* shown = std::get_if<sql::ShowObjects>(&made->ast.node)) {
    const sql::Query query = sql::parse_query(show_query(*shown, *catalog, !open));
    made->bound = semantics::resolve({query, {}}, *catalog, {open ? std::vector<Type>() : types, {}, true});
    if (open) made->bound.parameters.assign(static_cast<size_t>(open->count()), Type::varchar(kMaxVarcharBytes));
  } else {
    made->bound = semantics::resolve(made->ast, *catalog, {types, context_.settings.super_rules()});
  }
  made->catalog = catalog;
  made->settings_generation = context_.settings.plan_generation();
  made->columns = result_columns(*made);
  try {
    authorise(*made, context_.identity());
  } catch (const Error& error) {
    if (context_.running_query == 0) context_.refused_query(made->ast, sql, error);
    throw;
  }
  const bool session_only =
      std::holds_alternative<sql::Execute>(made->ast.node) || std::holds_alternative<sql::Fetch>(made->ast.node);
  if (!session_only) plans_.put(key, made);
  return made;
}

// ---- the contract

SqlSession::SqlSession(Warehouse& warehouse, const engine::Login& login) : context_(warehouse, login) {}

SqlSession::~SqlSession() {
  context_.activity.end();  // nobody interrupts a connection that goes
  if (live_) live_->detach();
}

std::unique_ptr<engine::Statement> SqlSession::prepare(std::string_view sql, std::span<const Type> types) {
  const LogScope scope(context_.log_owner());
  const int64_t last_query = context_.last_query;
  try {
    return std::make_unique<SqlStatement>(*this, std::string(sql), std::vector<Type>(types.begin(), types.end()));
  } catch (...) {
    if (context_.last_query == last_query) {  // else the history, and its line, have it
      const StatementEnd refused = current_failure();
      log_event(spdlog::level::info, "statement refused",
                {{"user", context_.login.user}, {"sqlstate", refused.sqlstate}});
    }
    if (block_ == Block::kOpen) fail();
    rethrow();
  }
}

engine::TransactionStatus SqlSession::transaction_status() const {
  switch (block_) {
    case Block::kNone:
      return engine::TransactionStatus::kIdle;
    case Block::kOpen:
      return engine::TransactionStatus::kOpen;
    case Block::kFailed:
      break;
  }
  return engine::TransactionStatus::kFailed;
}

void SqlSession::fail_transaction() {
  const LogScope scope(context_.log_owner());
  if (block_ == Block::kOpen) fail();
}

std::vector<engine::Notice> SqlSession::take_notices() { return std::exchange(context_.notices, {}); }

std::string SqlSession::setting(std::string_view name) const {
  const std::string& user = context_.authorization.user().value_or(context_.login.user);
  if (name == "session_authorization") return user;
  if (name != "is_superuser") return context_.settings.show(name);
  const User* found = context_.transaction.catalog()->access().find_user(user);
  return found && found->super ? "on" : "off";
}

// ---- one statement's life

void SqlSession::require_usable(const sql::Statement& statement) const {
  if (block_ == Block::kFailed && !ends_transaction(statement)) throw aborted();
}

void SqlSession::start_statement() {
  drain();
  if (load_open_) {
    throw Error(kObjectNotInPrerequisiteState, "a load is open in this session: finish it first, or give it up");
  }
  context_.activity.begin(context_.settings.statement_timeout_ms());
  context_.statement_start_us = context_.warehouse.options().clock->now_us();
  if (block_ == Block::kNone) context_.transaction_start_us = context_.statement_start_us;
}

std::unique_ptr<engine::Cursor> SqlSession::execute(SqlStatement& statement, Parameters values) {
  const LogScope scope(context_.log_owner());
  start_statement();
  try {
    require_usable(statement.plan()->ast);
    context_.begin_query(statement.plan()->ast, statement.sql());
    auto cursor = run(statement, values);
    if (!live_) {
      const uint64_t rows = cursor->row_count();
      finish_statement();
      context_.end_query({rows});
    }
    return cursor;
  } catch (...) {
    fail();
    rethrow();
  }
}

std::unique_ptr<engine::Cursor> SqlSession::run(SqlStatement& statement, Parameters values) {
  if (statement.plan()->open_show) return run_closed(*statement.plan()->open_show, values);
  check_block(statement.plan()->bound);
  const PlanPtr plan = lock_and_start(statement);
  return dispatch(plan, values);
}

std::unique_ptr<engine::Cursor> SqlSession::run_closed(const sql::ShowParameters& open, Parameters values) {
  try {
    SqlStatement closed(*this, open.closed(values), {}, true);
    return run(closed, {});
  } catch (const Error& error) {
    if (!error.position()) throw;
    throw Error(error.state(), error.message())
        .hint(error.hint())
        .detail(error.detail());  // no place in the user's text
  }
}

PlanPtr SqlSession::lock_and_start(SqlStatement& statement) {
  for (;;) {
    const PlanPtr plan = statement.fresh_plan();
    for (const NeededLock& needed : locks_of(*plan)) {
      context_.transaction.lock(needed.key, needed.mode, needed.relation);
    }
    if (reads_audit(*plan)) context_.warehouse.audit().flush();
    if (needs_transaction(*plan)) context_.transaction.start();
    // Others may have changed the catalog before the locks were held and the snapshot was taken.
    if (statement.fresh_plan() == plan) return plan;
  }
}

void SqlSession::finish_statement() {
  context_.activity.end();  // before the commit: nothing may interrupt that
  if (block_ == Block::kNone) context_.transaction.commit();
}

void SqlSession::fail() {
  context_.end_query(current_failure());
  if (live_) {
    live_->keep_error(std::make_exception_ptr(aborted()));
    live_->detach();
    live_ = nullptr;
  }
  context_.activity.end();
  context_.transaction.rollback();
  declared_.reset();
  if (block_ == Block::kOpen) block_ = Block::kFailed;
}

void SqlSession::rethrow() {
  try {
    throw;
  } catch (const duck::DuckError& error) {
    context_.activity.check();
    throw to_error(error);
  } catch (const std::bad_alloc&) {
    throw Error(kOutOfMemory, "out of memory");
  }
}

void SqlSession::drain() {
  if (!live_) return;
  QueryCursor& cursor = *live_;
  try {
    cursor.drain();
    cursor.detach();
    live_ = nullptr;
    finish_statement();
    context_.end_query({cursor.row_count()});
  } catch (...) {
    fail();
    try {
      rethrow();
    } catch (...) {
      cursor.keep_error(std::current_exception());
    }
  }
}

const engine::Batch* SqlSession::fetch_live(QueryCursor& cursor) {
  const LogScope scope(context_.log_owner());
  try {
    if (const engine::Batch* batch = cursor.next_of_stream()) return batch;
    cursor.detach();
    live_ = nullptr;
    finish_statement();
    context_.end_query({cursor.row_count()});
    return nullptr;
  } catch (...) {
    fail();
    try {
      rethrow();
    } catch (...) {
      cursor.keep_error(std::current_exception());
      throw;
    }
  }
}

void SqlSession::close_live(QueryCursor& cursor) {
  const LogScope scope(context_.log_owner());
  cursor.detach();
  live_ = nullptr;
  try {
    finish_statement();
    context_.end_query({cursor.row_count()});
  } catch (const std::exception& error) {
    spdlog::warn("closing a cursor: {}", error.what());
  }
}

// ---- execution

std::unique_ptr<engine::Cursor> SqlSession::dispatch(const PlanPtr& plan, Parameters values) {
  if (plan->is<semantics::BoundQuery>()) return open_query(plan, values);
  if (plan->is<semantics::BoundPlain>()) return run_plain(*plan, values);
  if (plan->is<semantics::BoundNamed>()) return run_named(*plan);
  if (plan->is<semantics::BoundExplain>()) return explain(*plan);
  Outcome outcome = run_statement(*plan, values);
  for (const semantics::Use& use : plan->bound.uses) {
    const bool written = use.access != semantics::Access::kSelect && use.access != semantics::Access::kDrop;
    if (written && use.column < 0) mark_stale(context_, use.relation);
  }
  if (plan->is<semantics::BoundTruncate>() && block_ == Block::kOpen) commit();  // guide page r_TRUNCATE
  return std::make_unique<FinishedCursor>(std::move(outcome));
}

std::unique_ptr<engine::Cursor> SqlSession::open_query(const PlanPtr& plan, Parameters values) {
  auto& query = plan->prepared;
  if (!query) {
    const auto parameters = static_cast<int32_t>(plan->bound.parameters.size() + plan->bound.session_values.size());
    query.emplace(translate_query(*plan->is<semantics::BoundQuery>(), Context::names(*plan), parameters), nullptr);
  }
  std::shared_ptr<duck::Prepared> prepared = query->prepared;
  if (!prepared) {
    prepared = std::make_shared<duck::Prepared>(context_.connection.prepare(query->translation.sql));
    if (plan->bound.uses.empty()) query->prepared = prepared;
  }
  duck::Result result = prepared->stream(context_.values(query->translation, *plan, values));
  std::vector<Type> types;
  for (const auto& column : plan->columns) types.push_back(column.type);
  result.expect(types);
  auto cursor = std::make_unique<QueryCursor>(*this, plan, std::move(prepared), std::move(result));
  live_ = cursor.get();
  return cursor;
}

Outcome SqlSession::run_statement(const Plan& plan, Parameters values) {
  using namespace semantics;
  return std::visit(
      overloaded{[&](const BoundInsert& node) { return insert(context_, plan, node, values); },
                 [&](const BoundUpdate& node) { return update(context_, plan, node, values); },
                 [&](const BoundDelete& node) { return delete_rows(context_, plan, node, values); },
                 [&](const BoundMerge& node) { return merge(context_, plan, node, values); },
                 [&](const BoundCopy& node) { return copy(context_, plan, node); },
                 [&](const BoundUnload& node) { return unload(context_, plan, node, values); },
                 [&](const BoundCreateTable& node) { return create_table(context_, node); },
                 [&](const BoundCreateTableAs& node) { return create_table_as(context_, plan, node, values); },
                 [&](const BoundCreateView& node) { return create_view(context_, plan, node); },
                 [&](const BoundDrop& node) { return drop(context_, plan, node); },
                 [&](const BoundAlterTable& node) { return alter_table(context_, node); },
                 [&](const BoundTruncate& node) { return truncate(context_, plan, node); },
                 [&](const BoundCreateMaterializedView& node) {
                   create_materialized_view(context_, plan, node);
                   return Outcome{"CREATE MATERIALIZED VIEW"};
                 },
                 [&](const BoundFunction& node) { return create_function(context_, node); },
                 [&](const BoundChangeFunction& node) { return change_function(context_, node); },
                 [](const auto&) -> Outcome { throw Error(kInternalError, "a statement of an unknown kind"); }},
      plan.bound.node);
}

/// Superusers become other users; everybody may become the login's user again.
Outcome SqlSession::set_session_authorization(const sql::SetSessionAuthorization& statement) {
  if (statement.user) {
    const User wanted = named_user(context_.catalog()->snapshot().access(), *statement.user);
    if (wanted.name != context_.login.user && !context_.login_user().super) {
      throw Error(kInsufficientPrivilege, "permission denied to set session authorization");
    }
  }
  if (statement.local && block_ == Block::kNone) {
    context_.notice("WARNING", kNoActiveSqlTransaction, "SET LOCAL can only be used in transaction blocks");
  }
  std::optional<std::string> user;
  if (statement.user && statement.user->text != context_.login.user) user = statement.user->text;
  context_.authorization.set(std::move(user), statement.local);
  return {"SET"};
}

std::unique_ptr<engine::Cursor> SqlSession::show(const sql::Show& statement) {
  const Type text = Type::varchar(kMaxVarcharBytes);
  if (statement.name != "all") {
    engine::BatchBuilder rows({text});
    rows.set_string(0, context_.settings.show(statement.name));
    rows.end_row();
    return std::make_unique<FinishedCursor>(Outcome{"SHOW"}, std::vector<engine::ResultColumn>{{statement.name, text}},
                                            std::move(rows));
  }
  engine::BatchBuilder rows({text, text});
  for (const auto& [name, value] : context_.settings.all()) {
    if (rows.full()) throw Error(kProgramLimitExceeded, "too many settings to show at once");
    rows.set_string(0, name);
    rows.set_string(1, value);
    rows.end_row();
  }
  return std::make_unique<FinishedCursor>(
      Outcome{"SHOW"}, std::vector<engine::ResultColumn>{{"name", text}, {"setting", text}}, std::move(rows));
}

// ---- transaction blocks

Outcome SqlSession::begin(const sql::Begin& statement) {
  if (block_ != Block::kNone) {
    context_.notice("WARNING", kActiveSqlTransaction, "there is already a transaction in progress");
    return {"BEGIN"};
  }
  block_ = Block::kOpen;
  read_only_ = statement.modes.read_only.value_or(default_read_only_);
  context_.settings.begin_transaction();
  context_.authorization.begin_transaction();
  return {"BEGIN"};
}

Outcome SqlSession::commit() {
  switch (block_) {
    case Block::kNone:
      context_.notice("WARNING", kNoActiveSqlTransaction, "there is no transaction in progress");
      return {"COMMIT"};
    case Block::kFailed:
      return rollback();
    case Block::kOpen:
      break;
  }
  declared_.reset();
  context_.activity.end();  // nothing may interrupt a commit
  try {
    context_.transaction.commit();
  } catch (...) {
    block_ = Block::kNone;
    context_.settings.end_transaction(false);
    context_.authorization.end_transaction(false);
    throw;
  }
  block_ = Block::kNone;
  context_.settings.end_transaction(true);
  context_.authorization.end_transaction(true);
  return {"COMMIT"};
}

Outcome SqlSession::rollback() {
  if (block_ == Block::kNone) {
    context_.notice("WARNING", kNoActiveSqlTransaction, "there is no transaction in progress");
    return {"ROLLBACK"};
  }
  declared_.reset();
  context_.transaction.rollback();
  block_ = Block::kNone;
  context_.settings.end_transaction(false);
  context_.authorization.end_transaction(false);
  return {"ROLLBACK"};
}

// ---- loads

void SqlSession::work(const std::function<void()>& step, const std::function<void()>& give_up) {
  const LogScope scope(context_.log_owner());
  drain();
  context_.activity.begin(context_.settings.statement_timeout_ms());
  try {
    step();
    context_.activity.check();
    context_.activity.end();
  } catch (...) {
    load_open_ = false;
    give_up();
    fail();
    rethrow();
  }
}

std::unique_ptr<engine::Load> SqlSession::load(std::string_view table, const std::vector<std::string>& columns) {
  const LogScope scope(context_.log_owner());
  start_statement();
  std::unique_ptr<engine::Load> result;
  try {
    if (block_ == Block::kFailed) throw aborted();
    const semantics::Relation relation = relation_to_load(table);
    if (!relation.temporary) mark_stale(context_, relation.oid);
    result = std::make_unique<TableLoad>(*this, relation, columns);
    context_.activity.end();
  } catch (...) {
    fail();
    rethrow();
  }
  load_open_ = true;
  return result;
}

semantics::Relation SqlSession::relation_to_load(std::string_view table) {
  const size_t dot = table.find('.');
  const std::string_view schema = dot == std::string_view::npos ? "" : table.substr(0, dot);
  const std::string_view name = dot == std::string_view::npos ? table : table.substr(dot + 1);
  for (;;) {
    const auto catalog = context_.catalog();
    const semantics::Relation* found = catalog->find_relation(schema, name);
    if (!found) throw Error(kUndefinedTable, "relation \"" + std::string(table) + "\" does not exist");
    if (found->kind != semantics::RelationKind::kTable) {
      throw Error(kWrongObjectType, "\"" + std::string(table) + "\" is not a table");
    }
    if (!found->temporary) context_.transaction.lock({found->oid, ""}, LockMode::kShared, found->name);
    context_.transaction.start();
    if (context_.catalog() == catalog) return *found;
  }
}

void SqlSession::commit_load(const std::function<void()>& last_step, const std::function<void()>& give_up) {
  work(
      [&] {
        last_step();
        context_.activity.end();
        if (block_ == Block::kNone) context_.transaction.commit();
      },
      give_up);
  load_open_ = false;
}

void SqlSession::abandon_load() noexcept {
  load_open_ = false;
  if (context_.transaction.started()) fail();
}

}  // namespace garland::embedded
