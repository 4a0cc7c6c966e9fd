#include "embedded/context.h"

#include <map>
#include <utility>

#include "base/log.h"
#include "embedded/functions_format.h"
#include "embedded/session_control.h"
#include "embedded/system_relations.h"
#include "engine/text.h"
#include "sql/printer.h"

namespace garland::embedded {

using engine::Type;
using engine::TypeId;

namespace {

constexpr int64_t kDayUs = 86'400'000'000;

/// One value in a column of its own.
class OneValue {
 public:
  explicit OneValue(const Type& type) : builder_({type}) {}
  engine::BatchBuilder& builder() { return builder_; }
  duck::Value take() {
    builder_.end_row();
    return duck::Value::of(builder_.batch().columns[0], 0);
  }

 private:
  engine::BatchBuilder builder_;
};

/// '{pg_catalog,public}': the search path's schemas that exist, as an array prints (r_CURRENT_SCHEMAS); the catalog's,
/// which is always searched, where `implicit`.
std::string visible_schemas(const SessionCatalog& catalog, const std::vector<std::string>& path,
                            const std::string& user, bool implicit) {
  std::string list = implicit ? "pg_catalog" : "";
  for (const std::string& schema : path) {
    const std::string& name = schema == "$user" ? user : schema;
    if (!catalog.has_schema(name) || (implicit && name == "pg_catalog")) continue;
    list.append(list.empty() ? "" : ",").append(name);
  }
  return "{" + list + "}";
}

}  // namespace

Error field_error(engine::TextFault fault, std::string_view text, const Type& type) {
  const std::string name = to_string(type);
  switch (fault) {
    case engine::TextFault::kOverflow:
      return Error(kNumericValueOutOfRange, "value \"" + std::string(text) + "\" is out of range for type " + name);
    case engine::TextFault::kTooLong:
      return Error(kStringDataRightTruncation, "value too long for type " + name);
    case engine::TextFault::kInvalidUtf8:
      return Error(kCharacterNotInRepertoire, "invalid byte sequence for encoding \"UTF8\"");
    case engine::TextFault::kNotNull:
      return Error(kNotNullViolation, "null value is not allowed");
    case engine::TextFault::kInvalid:
      break;
  }
  const SqlState state = type.is_datetime() ? kInvalidDatetimeFormat : kInvalidTextRepresentation;
  return Error(state, "invalid input syntax for type " + name + ": \"" + std::string(text) + "\"");
}

/// Drivers give dates with a zone behind ('2026-12-24 +00'), which says nothing about a date.
std::string_view without_offset(std::string_view text) {
  const size_t blank = text.find_last_of(' ');
  if (blank == std::string_view::npos || blank + 1 == text.size()) return text;
  const std::string_view offset = text.substr(blank + 1);
  const bool is_offset = (offset[0] == '+' || offset[0] == '-') && offset.size() > 1 &&
                         offset.find_first_not_of("0123456789:", 1) == std::string_view::npos;
  return is_offset ? text.substr(0, blank) : text;
}

duck::Value read_value(const engine::ParameterValue& given, const Type& type) {
  if (!given) return duck::Value::null();
  const std::string_view text = type.id == TypeId::kDate ? without_offset(*given) : std::string_view(*given);
  OneValue value(type.id == TypeId::kUnknown ? Type::varchar(kMaxVarcharBytes) : type);
  if (const auto fault = engine::read_field(text, type, value.builder(), 0)) throw field_error(*fault, text, type);
  return value.take();
}

Context::Context(Warehouse& shared, engine::Login user)
    : warehouse(shared),
      login(std::move(user)),
      connection(shared.database().connect()),
      activity(shared.watchdog(),
               [this] {
                 connection.interrupt();
                 warehouse.locks().wake(transaction.owner());
               }),
      settings([this](const std::string& name) { return known_time_zone(name); }),
      transaction(shared, connection, [this] { activity.check(); }, login.waits) {
  const User user_row = login_user();
  warehouse.history_of_queries().connect({session_number(), user_row.id, login.user, login.database,
                                          login.application_name, warehouse.options().clock->now_us(), login.client});
  if (!login.application_name.empty()) settings.set("application_name", {login.application_name}, false);
}

Context::~Context() {
  end_query({0, std::string(kAdminShutdown.text()), "the session ended"});
  warehouse.history_of_queries().disconnect(session_number(), end_reason, warehouse.options().clock->now_us());
}

namespace {

/// SYS_QUERY_HISTORY.query_type
std::string_view query_type(const sql::Statement& statement) {
  const sql::Statement::Node& node = statement.node;
  if (std::holds_alternative<sql::Query>(node)) return "SELECT";
  if (std::holds_alternative<sql::Insert>(node)) return "INSERT";
  if (std::holds_alternative<sql::Update>(node)) return "UPDATE";
  if (std::holds_alternative<sql::Delete>(node)) return "DELETE";
  if (std::holds_alternative<sql::Merge>(node)) return "MERGE";
  if (std::holds_alternative<sql::Copy>(node)) return "COPY";
  if (std::holds_alternative<sql::CreateTableAs>(node)) return "CTAS";
  const bool is_ddl = std::holds_alternative<sql::CreateTable>(node) || std::holds_alternative<sql::CreateView>(node) ||
                      std::holds_alternative<sql::CreateSchema>(node) || std::holds_alternative<sql::Drop>(node) ||
                      std::holds_alternative<sql::AlterTable>(node) || std::holds_alternative<sql::Truncate>(node);
  return is_ddl ? "DDL" : "UTILITY";
}

/// One line for each statement that is over. Texts and messages stay out: they may hold customers' data.
void log_statement(const QueryRecord& query, int64_t slow_ms) {
  const bool failed = !query.sqlstate.empty();
  const double duration_ms = static_cast<double>(query.end_us - query.start_us) / 1e3;
  const bool slow = slow_ms > 0 && duration_ms >= static_cast<double>(slow_ms);
  const auto level = failed || slow ? spdlog::level::info : spdlog::level::debug;
  if (!spdlog::should_log(level)) return;
  const auto rows = static_cast<int64_t>(query.rows);
  const LogField user{"user", query.session.user_name}, type{"type", query.type}, duration{"duration_ms", duration_ms};
  if (failed) {
    log_event(level, "statement failed", {user, type, {"sqlstate", query.sqlstate}, duration});
  } else {
    log_event(level, slow ? "slow statement" : "statement", {user, type, duration, {"rows", rows}});
  }
}

}  // namespace

SessionRecord Context::session_record() {
  const Identity& who = identity();
  return {session_number(), who.user, who.name, login.database, login.application_name, 0};
}

std::string Context::shown_text(const sql::Statement& statement) {
  const std::optional<std::string> redacted = sql::redacted(statement);
  return redacted ? *redacted : sql::print(statement);
}

void Context::refused_query(const sql::Statement& statement, const std::string& text, const Error& error) {
  statement_start_us = warehouse.options().clock->now_us();
  begin_query(statement, text);
  end_query({0, std::string(error.state().text()), error.message()});
}

void Context::begin_query(const sql::Statement& statement, const std::string& text) {
  QueryRecord record;
  record.session = session_record();
  record.transaction = static_cast<int64_t>(transaction.number());
  const std::string group = settings.show("query_group");
  record.label = group == "unset" ? "default" : group;  // guide page r_STL_QUERY
  record.type = query_type(statement);
  record.start_us = statement_start_us;
  const std::optional<std::string> redacted = sql::redacted(statement);
  running_query = warehouse.history_of_queries().begin(std::move(record), redacted ? *redacted : text);
  LogScope::set_query(running_query);
}

void Context::end_query(const StatementEnd& end) {
  if (running_query == 0) return;
  const std::optional<QueryRecord> ended =
      warehouse.history_of_queries().end(running_query, end, warehouse.options().clock->now_us());
  if (ended) log_statement(*ended, warehouse.options().slow_statement_ms);
  last_query = std::exchange(running_query, 0);
}

User Context::login_user() {
  const CatalogSnapshotPtr current = transaction.catalog();
  const User* found = current->access().find_user(login.user);
  if (!found || !found->login || found->id == kSystemUser) {
    throw Error(kInvalidAuthorization, "user \"" + login.user + "\" does not exist or may not log in");
  }
  return *found;
}

const Identity& Context::identity() {
  const CatalogSnapshotPtr current = transaction.catalog();
  const std::string& name = authorization.user().value_or(login.user);
  if (identity_version_ == current->version() && identity_.name == name) return identity_;
  const User* found = current->access().find_user(name);
  if (!found) throw Error(kInvalidAuthorization, "user \"" + name + "\" does not exist");
  identity_ = current->access().identity(*found);
  identity_version_ = current->version();
  return identity_;
}

std::shared_ptr<const SessionCatalog> Context::catalog() {
  const std::string user = authorization.user().value_or(login.user);
  CatalogSnapshotPtr current = transaction.catalog();
  CatalogSnapshotPtr temporary = transaction.temporary();
  if (!catalog_ || catalog_->version() != current->version() || catalog_->temporary_version() != temporary->version() ||
      catalog_settings_ != settings.plan_generation() || catalog_user_ != user) {
    catalog_ =
        std::make_shared<const SessionCatalog>(std::move(current), std::move(temporary), transaction.temporary_schema(),
                                               settings.search_path(), user, login.database);
    catalog_user_ = user;
    catalog_settings_ = settings.plan_generation();
  }
  return catalog_;
}

std::string Context::physical_name(const semantics::Relation& relation) {
  return (relation.temporary ? "temp.main.t" : "w.main.t") + std::to_string(relation.oid);
}

PhysicalNames Context::names(const Plan& plan) {
  const SessionCatalog* catalog = plan.catalog.get();
  const auto relation = [catalog](Oid oid) -> const semantics::Relation& {
    const semantics::Relation* found = catalog->find_relation(oid);
    if (!found) throw Error(kInternalError, "a plan names relation " + std::to_string(oid) + ", which is not there");
    return *found;
  };
  const auto computed = [catalog](Oid oid) {
    const StoredRelation* stored = catalog->stored(oid);
    return stored && stored->computed;
  };
  return {[relation](Oid oid) { return physical_name(relation(oid)); }, relation, computed};
}

std::vector<duck::Value> Context::values(const Translation& translation, const Plan& plan, Parameters values) {
  const auto& types = plan.bound.parameters;
  if (values.size() != types.size()) {
    throw Error(kUndefinedParameter, "the statement has " + std::to_string(types.size()) + " parameters, but " +
                                         std::to_string(values.size()) + " values were given");
  }
  std::vector<duck::Value> result;
  for (size_t i = 0; i < types.size(); ++i) result.push_back(read_value(values[i], types[i]));
  for (const std::string& name : plan.bound.session_values) result.push_back(session_value(name));
  std::map<semantics::Oid, SystemRows> computed;  // each one once a statement
  for (const ListParameter& list : translation.lists) {
    std::vector<duck::Value> elements;
    if (list.relation == 0) {
      for (const auto& text : list.values) elements.push_back(read_value(text, list.element));
    } else {
      auto rows = computed.find(list.relation);
      if (rows == computed.end()) rows = computed.emplace(list.relation, computed_rows(*this, list.relation)).first;
      for (const auto& text : rows->second.column(list.column)) {
        elements.push_back(text ? duck::Value::text(*text) : duck::Value::null());
      }
    }
    while (result.size() + 1 < static_cast<size_t>(list.parameter)) result.push_back(duck::Value::null());
    result.push_back(duck::Value::list(list.element, elements));
  }
  return result;
}

duck::Result Context::run(const Translation& translation, const Plan& plan, Parameters given) {
  const std::vector<duck::Value> bound = values(translation, plan, given);
  return connection.prepare(translation.sql).run(bound);
}

duck::Result Context::evaluate(const semantics::BoundExpr& expr, const Plan& plan, Parameters given) {
  semantics::BoundSelect select{.outputs = {{"value", expr}}, .from = {semantics::BoundNothing{}, -1, {}}};
  semantics::BoundQuery query{.with = {}, .body = {std::move(select)}, .columns = {{"value", expr.type}}};
  const auto count = static_cast<int32_t>(plan.bound.parameters.size() + plan.bound.session_values.size());
  duck::Result result = run(translate_query(query, names(plan), count), plan, given);
  result.expect(std::span(&expr.type, 1));
  return result;
}

void Context::notice(std::string severity, SqlState state, std::string message) {
  notices.push_back({std::move(severity), std::string(state.text()), std::move(message)});
}

duck::Value Context::timestamp(int64_t value_us, TypeId type) {
  OneValue value(Type::of(type));
  value.builder().set<int64_t>(0, value_us);
  return value.take();
}

int64_t Context::local_time(int64_t utc_us) {
  if (settings.time_zone() == "UTC") return utc_us;
  std::vector<duck::Value> arguments;
  arguments.push_back(duck::Value::text(settings.time_zone()));
  arguments.push_back(timestamp(utc_us, TypeId::kTimestampTz));
  duck::Result result = connection.prepare("SELECT timezone($1, $2::TIMESTAMPTZ)").run(arguments);
  return result.fetch()->columns[0].values<int64_t>()[0];
}

bool Context::known_time_zone(const std::string& name) {
  std::vector<duck::Value> arguments;
  arguments.push_back(duck::Value::text(name));
  duck::Result result =
      connection.prepare("SELECT count(*) FROM pg_timezone_names() WHERE lower(name) = lower($1)").run(arguments);
  return result.fetch()->columns[0].values<int64_t>()[0] > 0;
}

/// TIMEOFDAY() as text: 'Thu Sep 19 22:53:50.333525 2013 UTC' (r_TIMEOFDAY_function); the time of the transaction's
/// start.
duck::Value Context::time_value(const std::string& name) {
  const int64_t local = local_time(transaction_start_us);
  if (name == "timeofday") {
    static const std::vector<DatePiece> kFormat = parse_date_format("FMDy FMMon DD HH24:MI:SS.US YYYY");
    const int64_t now = local_time(warehouse.options().clock->now_us());
    return duck::Value::text(format_moment(now, kFormat) + " " + settings.time_zone());
  }
  const int64_t time = (local % kDayUs + kDayUs) % kDayUs;
  if (name == "localtime") {
    OneValue value(Type::of(TypeId::kTime));
    value.builder().set<int64_t>(0, time);
    return value.take();
  }
  OneValue value(Type::of(TypeId::kTimeTz));
  value.builder().set<engine::TimeTz>(0, {time, static_cast<int32_t>((local - transaction_start_us) / 1'000'000)});
  return value.take();
}

duck::Value Context::session_value(const std::string& name) {
  constexpr std::string_view kSetting = "current_setting:";
  if (name == "getdate") return timestamp(local_time(statement_start_us), TypeId::kTimestamp);
  if (name == "sysdate") return timestamp(local_time(transaction_start_us), TypeId::kTimestamp);
  if (name == "localtimestamp") return timestamp(local_time(transaction_start_us), TypeId::kTimestamp);
  if (name == "current_timestamp") return timestamp(transaction_start_us, TypeId::kTimestampTz);
  if (name == "current_date") {
    const int64_t local = local_time(transaction_start_us);
    OneValue value(Type::of(TypeId::kDate));
    value.builder().set<int32_t>(0, static_cast<int32_t>((local - ((local % kDayUs + kDayUs) % kDayUs)) / kDayUs));
    return value.take();
  }
  if (name == "timeofday" || name == "current_time" || name == "localtime") return time_value(name);
  if (name == "current_user") return duck::Value::text(identity().name);
  if (name == "session_user") return duck::Value::text(identity().name);
  if (name == "current_user_id") return duck::Value::bigint(identity().user);
  if (name == "current_schema") return duck::Value::text(catalog()->creation_schema());
  if (name == "current_database") return duck::Value::text(login.database);
  if (name == "pg_backend_pid") return duck::Value::bigint(session_number());
  if (name == "pg_last_query_id") return duck::Value::bigint(last_query == 0 ? -1 : last_query);
  if (name == "pg_last_copy_count") return duck::Value::bigint(last_copy_count);
  if (name == "pg_last_copy_id") return duck::Value::bigint(last_copy_id);
  if (name == "pg_last_unload_count") return duck::Value::bigint(last_unload_count);
  if (name == "pg_last_unload_id") return duck::Value::bigint(last_unload_id);
  if (name == "current_aws_account" || name == "current_namespace") return duck::Value::null();
  if (std::optional<duck::Value> acted = control_value(*this, name)) return *std::move(acted);
  if (name == "version") {
    return duck::Value::text("PostgreSQL 8.0.2 on i686-pc-linux-gnu, compiled by GCC, Redshift 1.0 (Garland)");
  }
  if (name.starts_with("current_schemas:")) {
    return duck::Value::text(visible_schemas(*catalog(), settings.search_path(), login.user, name.ends_with("t")));
  }
  if (name.starts_with(kSetting)) {
    const std::string setting = name.substr(kSetting.size());
    return duck::Value::text(settings.show(setting));
  }
  constexpr std::string_view kSettingOrNull = "current_setting_or_null:";
  if (name.starts_with(kSettingOrNull)) {
    const std::string setting = name.substr(kSettingOrNull.size());
    return settings.has(setting) ? duck::Value::text(settings.show(setting)) : duck::Value::null();
  }
  throw Error(kFeatureNotSupported, name + " is not supported");
}

}  // namespace garland::embedded
