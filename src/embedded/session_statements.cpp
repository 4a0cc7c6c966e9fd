// SqlSession: statements about the session itself: settings, prepared statements, cursors, EXPLAIN.
#include <charconv>

#include "base/box.h"
#include "embedded/access_statements.h"
#include "embedded/cursor.h"
#include "embedded/definitions.h"
#include "embedded/explain.h"
#include "embedded/materialized.h"
#include "embedded/session.h"
#include "embedded/upkeep.h"
#include "engine/text.h"
#include "semantics/origins.h"
#include "semantics/resolve.h"
#include "sql/parser.h"
#include "sql/printer.h"
#include "sql/statement_name.h"

namespace garland::embedded {

using engine::Type;
using engine::TypeId;

namespace {

/// Those that change rows or definitions; `temporary` says whether a relation is.
bool writes(const semantics::BoundStatement& statement, const std::function<bool(Oid)>& temporary) {
  using namespace semantics;
  return std::visit(overloaded{[](const BoundQuery&) { return false; }, [](const BoundExplain&) { return false; },
                               [&](const BoundInsert& node) { return !temporary(node.table); },
                               [&](const BoundUpdate& node) { return !temporary(node.table); },
                               [&](const BoundDelete& node) { return !temporary(node.table); },
                               [&](const BoundMerge& node) { return !temporary(node.table); },
                               [](const BoundNamed& node) {
                                 return std::holds_alternative<sql::CommentOn>(node.statement.node) ||
                                        std::holds_alternative<sql::RefreshMaterializedView>(node.statement.node);
                               },
                               [](const auto&) { return true; }},
                    statement.node);
}

/// What Redshift runs as a transaction of its own only.
bool stands_alone(const semantics::BoundStatement& statement) {
  if (const auto* alter = std::get_if<semantics::BoundAlterTable>(&statement.node)) {
    return std::holds_alternative<sql::ChangeColumnType>(alter->statement.action) ||
           std::holds_alternative<sql::AppendFrom>(alter->statement.action);
  }
  if (const auto* named = std::get_if<semantics::BoundNamed>(&statement.node)) {
    return std::holds_alternative<sql::Vacuum>(named->statement.node);
  }
  const auto* plain = std::get_if<semantics::BoundPlain>(&statement.node);
  if (!plain) return false;
  return std::holds_alternative<sql::CreateDatabase>(plain->statement.node) ||
         std::holds_alternative<sql::Drop>(plain->statement.node);
}

std::string_view name_of(const semantics::BoundStatement& statement) {
  if (const auto* alter = std::get_if<semantics::BoundAlterTable>(&statement.node)) {
    return std::holds_alternative<sql::AppendFrom>(alter->statement.action) ? "ALTER TABLE APPEND"
                                                                            : "ALTER TABLE ALTER COLUMN";
  }
  if (const auto* named = std::get_if<semantics::BoundNamed>(&statement.node)) {
    return sql::statement_name(named->statement);
  }
  return sql::statement_name(std::get<semantics::BoundPlain>(statement.node).statement);
}

/// A declared parameter type: lengths of strings do not count, as PostgreSQL ignores them.
Type parameter_type(const sql::TypeName& name) {
  const Type type = semantics::resolve_type(name);
  if (type.id == TypeId::kVarchar) return Type::varchar(kMaxVarcharBytes);
  constexpr int32_t kLongestChar = 4096;
  return type.id == TypeId::kChar ? Type::character(kLongestChar) : type;
}

}  // namespace

namespace {

std::shared_ptr<const engine::ColumnOrigin> column_origin(const semantics::Origin& origin,
                                                          const SessionCatalog& catalog) {
  const semantics::Relation* relation = catalog.find_relation(origin.relation);
  const auto index = static_cast<size_t>(origin.column);
  if (!relation || index >= relation->columns.size()) return nullptr;  // a late-binding view keeps no columns
  const semantics::ColumnDef& column = relation->columns[index];
  engine::ColumnOrigin shown{relation->oid,  column.attnum, relation->schema,
                             relation->name, column.name,   column.not_null};
  return std::make_shared<const engine::ColumnOrigin>(std::move(shown));
}

}  // namespace

std::vector<engine::ResultColumn> SqlSession::result_columns(const Plan& plan) {
  std::vector<engine::ResultColumn> columns;
  if (const auto* show = std::get_if<sql::Show>(&plan.ast.node)) {
    const Type text = Type::varchar(kMaxVarcharBytes);
    if (show->name == "all") return {{"name", text}, {"setting", text}};
    return {{show->name, text}};
  }
  if (const auto* execute = std::get_if<sql::Execute>(&plan.ast.node)) return prepared(execute->name).columns();
  if (const auto* fetch = std::get_if<sql::Fetch>(&plan.ast.node)) return declared(fetch->cursor).columns();
  for (const auto& column : plan.bound.columns) columns.push_back({column.name, column.type, nullptr});
  if (const auto* query = plan.is<semantics::BoundQuery>()) {
    const auto origins = semantics::origins(*query);
    for (size_t i = 0; i < columns.size(); ++i) {
      if (origins[i]) columns[i].origin = column_origin(*origins[i], *plan.catalog);
    }
  }
  return columns;
}

void SqlSession::check_block(const semantics::BoundStatement& statement) const {
  if (block_ == Block::kOpen && stands_alone(statement)) {
    throw Error(kActiveSqlTransaction, std::string(name_of(statement)) + " cannot run inside a transaction block");
  }
  if (!(block_ == Block::kOpen ? read_only_ : default_read_only_)) return;
  const auto temporary = [&](Oid oid) { return context_.transaction.temporary()->find(oid) != nullptr; };
  const auto* plain = std::get_if<semantics::BoundPlain>(&statement.node);
  if (plain ? defines(plain->statement) || is_access_statement(plain->statement) : writes(statement, temporary)) {
    throw Error(kReadOnlySqlTransaction, "transaction is read-only");
  }
}

std::unique_ptr<engine::Cursor> SqlSession::run_plain(const Plan& plan, Parameters values) {
  const sql::Statement& statement = std::get<semantics::BoundPlain>(plan.bound.node).statement;
  if (const auto* shown = std::get_if<sql::Show>(&statement.node)) return show(*shown);
  if (auto done = run_access(context_, statement)) return std::make_unique<FinishedCursor>(*std::move(done));
  if (const auto* execute = std::get_if<sql::Execute>(&statement.node)) return execute_prepared(*execute);
  if (const auto* fetched = std::get_if<sql::Fetch>(&statement.node)) {
    return declared(fetched->cursor).fetch(fetched->count);
  }
  if (const auto* cursor = std::get_if<sql::DeclareCursor>(&statement.node)) {
    return std::make_unique<FinishedCursor>(declare(*cursor, plan, values));
  }
  return std::make_unique<FinishedCursor>(simple(statement));
}

Outcome SqlSession::simple(const sql::Statement& statement) {
  return std::visit(
      overloaded{[&](const sql::Begin& node) { return begin(node); }, [&](const sql::Commit&) { return commit(); },
                 [&](const sql::Rollback&) { return rollback(); }, [&](const sql::Set& node) { return set(node); },
                 [&](const sql::Reset& node) {
                   context_.settings.reset(node.name);
                   return Outcome{"RESET"};
                 },
                 [&](const sql::SetTransaction& node) { return set_transaction(node); },
                 [&](const sql::SetSessionAuthorization& node) { return set_session_authorization(node); },
                 [&](const sql::Prepare& node) { return prepare_statement(node); },
                 [&](const sql::Deallocate& node) { return deallocate(node); },
                 [&](const sql::CloseCursor& node) { return close(node); },
                 [&](const sql::CreateSchema& node) { return create_schema(context_, node); },
                 [&](const sql::AlterSchema& node) { return alter_schema(context_, node); },
                 [&](const sql::CreateDatabase& node) { return create_database(context_, node); },
                 [&](const sql::AlterDatabase& node) { return alter_database(context_, node); },
                 [&](const sql::Drop& node) { return drop_database(context_, node); },
                 [&](const sql::CommentOn& node) { return comment(context_, node, 0); },
                 [&](const auto&) -> Outcome {
                   throw Error(kFeatureNotSupported,
                               std::string(sql::statement_name(statement)) + " is not supported yet");
                 }},
      statement.node);
}

std::unique_ptr<engine::Cursor> SqlSession::run_named(const Plan& plan) {
  const auto& node = std::get<semantics::BoundNamed>(plan.bound.node);
  if (const auto* compression = std::get_if<sql::AnalyzeCompression>(&node.statement.node)) {
    return std::make_unique<FinishedCursor>(Outcome{"ANALYZE COMPRESSION"}, plan.columns,
                                            analyze_compression(context_, *compression, node.relations));
  }
  Outcome outcome = std::visit(
      overloaded{
          [&](const sql::Lock&) { return Outcome{"LOCK TABLE"}; },  // held since before the snapshot
          [&](const sql::Analyze& each) { return analyze(context_, each, node.relations); },
          [&](const sql::Vacuum& each) { return vacuum(context_, each, node.relations); },
          [&](const sql::CommentOn& each) { return comment(context_, each, node.relations[0]); },
          [&](const sql::RefreshMaterializedView& each) { return refresh(context_, node.relations[0], each.cascade); },
          [](const auto&) -> Outcome { throw Error(kInternalError, "a statement of an unknown kind"); }},
      node.statement.node);
  return std::make_unique<FinishedCursor>(std::move(outcome));
}

std::unique_ptr<engine::Cursor> SqlSession::explain(const Plan& plan) {
  const auto& node = std::get<semantics::BoundExplain>(plan.bound.node);
  const bool verbose = std::get<sql::Explain>(plan.ast.node).verbose;
  engine::BatchBuilder rows({plan.columns[0].type});
  for (const std::string& line : explain_lines(context_, *plan.catalog, *node.statement, verbose)) {
    if (rows.full()) break;
    rows.set_string(0, line);
    rows.end_row();
  }
  return std::make_unique<FinishedCursor>(Outcome{"EXPLAIN"}, plan.columns, std::move(rows));
}

// ---- settings

/// SET SEED (guide pages r_SET, r_RANDOM): what RANDOM gives next; between 0 and 1.
Outcome SqlSession::set_seed(const sql::Set& statement) {
  const std::string value = statement.values.empty() ? "0" : statement.values[0];
  double seed = -1;
  const auto [end, code] = std::from_chars(value.data(), value.data() + value.size(), seed);
  if (code != std::errc() || end != value.data() + value.size() || !(seed >= 0 && seed <= 1)) {
    throw Error(kInvalidParameterValue, "invalid value for parameter \"seed\": \"" + value + "\"");
  }
  context_.run("SELECT setseed(" + std::to_string(seed) + ")");
  return {"SET"};
}

Outcome SqlSession::set(const sql::Set& statement) {
  if (statement.name == "seed") return set_seed(statement);
  if (statement.local && block_ == Block::kNone) {
    context_.notice("WARNING", kNoActiveSqlTransaction, "SET LOCAL can only be used in transaction blocks");
  }
  context_.settings.set(statement.name, statement.values, statement.local);
  return {"SET"};
}

/// Every isolation level is serializable (guide page r_BEGIN).
Outcome SqlSession::set_transaction(const sql::SetTransaction& statement) {
  if (!statement.modes.read_only) return {"SET"};
  if (statement.session) {
    default_read_only_ = *statement.modes.read_only;
  } else if (block_ == Block::kOpen) {
    read_only_ = *statement.modes.read_only;
  }
  return {"SET"};
}

// ---- prepared statements (guide pages r_PREPARE, r_EXECUTE, r_DEALLOCATE)

Outcome SqlSession::prepare_statement(const sql::Prepare& statement) {
  const std::string& name = statement.name.text;
  if (prepared_.contains(name)) {
    throw Error(kDuplicatePreparedStatement, "prepared statement \"" + name + "\" already exists")
        .at(statement.name.span.begin);
  }
  std::vector<Type> types;
  for (const sql::TypeName& type : statement.types) types.push_back(parameter_type(type));
  prepared_[name] = std::make_shared<SqlStatement>(*this, sql::print(*statement.statement), std::move(types));
  return {"PREPARE"};
}

SqlStatement& SqlSession::prepared(const sql::Name& name) {
  const auto found = prepared_.find(name.text);
  if (found != prepared_.end()) return *found->second;
  throw Error(kUndefinedPreparedStatement, "prepared statement \"" + name.text + "\" does not exist")
      .at(name.span.begin);
}

std::unique_ptr<engine::Cursor> SqlSession::execute_prepared(const sql::Execute& statement) {
  prepared(statement.name);
  const std::shared_ptr<SqlStatement> inner = prepared_.at(statement.name.text);
  const std::vector<Type> types = inner->parameters();
  if (statement.arguments.size() != types.size()) {
    throw Error(kSyntaxError, "wrong number of parameters for prepared statement \"" + statement.name.text + "\"")
        .detail("Expected " + std::to_string(types.size()) + " parameters but got " +
                std::to_string(statement.arguments.size()) + ".")
        .at(statement.name.span.begin);
  }
  std::vector<engine::ParameterValue> values;
  for (size_t i = 0; i < types.size(); ++i) values.push_back(argument(statement.arguments[i], types[i]));
  return run(*inner, values);
}

/// The argument's value as the parameter's text form: text as it is, anything else cast to the parameter's type.
std::optional<std::string> SqlSession::argument(const sql::Expr& expr, const Type& type) {
  const auto catalog = context_.catalog();
  const auto planned = [&](const std::string& text) {
    Plan plan;
    plan.ast.node = sql::parse_query(text);
    plan.catalog = catalog;
    plan.bound = semantics::resolve(plan.ast, *catalog);
    return plan;
  };
  const std::string written = sql::print(expr);
  Plan plan = planned("select (" + written + ")");
  const Type given = plan.bound.columns[0].type;
  if (!given.is_string() && given != type) {
    plan = planned("select cast(" + written + " as " + engine::to_string(type) + ")");
  }
  const auto parameters = static_cast<int32_t>(plan.bound.session_values.size());
  duck::Result result = context_.run(
      translate_query(std::get<semantics::BoundQuery>(plan.bound.node), Context::names(plan), parameters), plan, {});
  result.expect(std::span(&plan.bound.columns[0].type, 1));
  const engine::Batch* batch = result.fetch();
  if (!batch || batch->columns[0].is_null(0)) return std::nullopt;
  std::string value;
  engine::append_text(value, batch->columns[0], 0);
  return value;
}

Outcome SqlSession::deallocate(const sql::Deallocate& statement) {
  if (!statement.name) {
    prepared_.clear();
    return {"DEALLOCATE"};
  }
  prepared(*statement.name);
  prepared_.erase(statement.name->text);
  return {"DEALLOCATE"};
}

// ---- cursors (guide pages declare, fetch, close)

Outcome SqlSession::declare(const sql::DeclareCursor& statement, const Plan& plan, Parameters values) {
  if (block_ == Block::kNone) {
    throw Error(kNoActiveSqlTransaction, "DECLARE CURSOR may only be used in transaction blocks")
        .at(statement.name.span.begin);
  }
  if (declared_ && declared_->name() == statement.name.text) {
    throw Error(kDuplicateCursor, "cursor \"" + statement.name.text + "\" already exists")
        .at(statement.name.span.begin);
  }
  if (declared_) {
    throw Error(kFeatureNotSupported, "only one cursor can be open in a session")
        .hint("Close cursor \"" + declared_->name() + "\" first.")
        .at(statement.name.span.begin);
  }
  SqlStatement inner(*this, sql::print(*statement.query), plan.bound.parameters);
  const std::unique_ptr<engine::Cursor> rows = run(inner, values);
  auto cursor = std::make_unique<DeclaredCursor>(statement.name.text, rows->columns());
  while (const engine::Batch* batch = rows->fetch()) cursor->add(*batch);
  declared_ = std::move(cursor);
  return {"DECLARE CURSOR"};
}

DeclaredCursor& SqlSession::declared(const sql::Name& name) {
  if (declared_ && declared_->name() == name.text) return *declared_;
  throw Error(kUndefinedCursor, "cursor \"" + name.text + "\" does not exist").at(name.span.begin);
}

Outcome SqlSession::close(const sql::CloseCursor& statement) {
  if (statement.cursor) declared(*statement.cursor);
  declared_.reset();
  return {"CLOSE CURSOR"};
}

}  // namespace garland::embedded
