#include "endpoint/data_api/actions.h"

#include <algorithm>
#include <set>

#include "net/digest.h"
#include "sql/printer.h"

namespace garland::endpoint {

using nlohmann::json;

namespace {

constexpr size_t kMostSqlBytes = 200u << 10;  // of one request
constexpr size_t kMostBatch = 40;
constexpr int kMostWait = 30;
constexpr size_t kPageBytes = 1u << 20;
constexpr size_t kPageRows = 1000;  // of lists

[[noreturn]] void invalid(const std::string& why) { throw Error(kInvalidParameterValue, why); }

std::string text_of(const json& body, const char* name) {
  const auto found = body.find(name);
  if (found == body.end() || found->is_null()) return "";
  if (!found->is_string()) invalid(std::string(name) + " must be a string");
  return found->get<std::string>();
}

std::string needed(const json& body, const char* name) {
  std::string text = text_of(body, name);
  if (text.empty()) invalid(std::string(name) + " is required");
  return text;
}

int64_t number_of(const json& body, const char* name, int64_t least, int64_t most, int64_t otherwise) {
  const auto found = body.find(name);
  if (found == body.end() || found->is_null()) return otherwise;
  if (!found->is_number_integer() || found->get<int64_t>() < least || found->get<int64_t>() > most) {
    invalid(std::string(name) + " must be a whole number from " + std::to_string(least) + " to " +
            std::to_string(most));
  }
  return found->get<int64_t>();
}

double seconds(int64_t us) { return static_cast<double>(us) / 1e6; }

std::map<std::string, std::string> parameters_of(const json& body) {
  std::map<std::string, std::string> parameters;
  const auto given = body.find("Parameters");
  if (given == body.end()) return parameters;
  if (!given->is_array()) invalid("Parameters must be a list");
  for (const json& parameter : *given) {
    if (!parameter.is_object()) invalid("Parameters must be a list of name and value");
    const std::string name = needed(parameter, "name");
    if (!parameters.emplace(name, needed(parameter, "value")).second)
      invalid("the parameter " + name + " is given twice");
  }
  return parameters;
}

std::vector<std::string> texts_of(const json& body, bool batch) {
  if (!batch) return {needed(body, "Sql")};
  const auto given = body.find("Sqls");
  if (given == body.end() || !given->is_array() || given->empty()) invalid("Sqls is required");
  if (given->size() > kMostBatch) invalid("a batch has at most " + std::to_string(kMostBatch) + " statements");
  std::vector<std::string> texts;
  for (const json& sql : *given) {
    if (!sql.is_string()) invalid("Sqls must be a list of strings");
    texts.push_back(sql.get<std::string>());
  }
  return texts;
}

std::vector<ApiPart> parts_of(const json& body, bool batch, const std::map<std::string, std::string>& parameters) {
  std::map<std::string, bool> used;
  std::vector<ApiPart> parts;
  size_t bytes = 0;
  for (std::string& sql : texts_of(body, batch)) {
    bytes += sql.size();
    if (bytes > kMostSqlBytes) invalid("the SQL of a request has at most 200 KB");
    ApiPart& part = parts.emplace_back();
    part.numbered = number_parameters(sql, parameters, used);
    part.sql = std::move(sql);
  }
  for (const auto& [name, value] : parameters) {
    if (!used.contains(name)) invalid("the parameter " + name + " is not used by a statement");
  }
  return parts;
}

RecordFormat format_of(const json& body) {
  const std::string format = text_of(body, "ResultFormat");
  if (format.empty() || format == "JSON") return RecordFormat::kJson;
  if (format != "CSV") invalid("ResultFormat must be JSON or CSV");
  return RecordFormat::kCsv;
}

/// Where a page begins, as the page before said.
size_t offset_of(const json& body) {
  const std::string token = text_of(body, "NextToken");
  if (token.empty()) return 0;
  const auto decoded = net::from_base64(token);
  if (!decoded || decoded->empty() || decoded->size() > 18 ||
      decoded->find_first_not_of("0123456789") != std::string::npos) {
    invalid("NextToken is not valid");
  }
  return std::stoull(*decoded);
}

std::string token_at(size_t offset) { return net::base64(std::to_string(offset)); }

/// A page of the list; `NextToken` when there is more.
json page(const json& body, const char* name, const std::vector<json>& all) {
  const size_t from = std::min(offset_of(body), all.size());
  const auto most = static_cast<size_t>(number_of(body, "MaxResults", 0, kPageRows, kPageRows));
  const size_t to = std::min(all.size(), from + (most == 0 ? kPageRows : most));
  json reply{{name, json(std::vector<json>(all.begin() + static_cast<ptrdiff_t>(from),
                                           all.begin() + static_cast<ptrdiff_t>(to)))}};
  if (to < all.size()) reply["NextToken"] = token_at(to);
  return reply;
}

json part_json(const ApiPart& part) {
  json reply{{"Status", status_name(part.status)},
             {"CreatedAt", seconds(part.created_us)},
             {"UpdatedAt", seconds(part.updated_us)},
             {"Duration", part.duration_ns},
             {"QueryString", part.sql},
             {"HasResultSet", part.has_result},
             {"ResultRows", is_over(part.status) ? static_cast<int64_t>(part.rows) : -1},
             {"ResultSize", part.result ? static_cast<int64_t>(part.result->bytes) : int64_t{0}},
             {"RedshiftQueryId", part.query}};
  if (!part.error.empty()) reply["Error"] = part.error;
  return reply;
}

bool is_known(const std::string& action) {
  static const std::set<std::string> kActions{"ExecuteStatement",   "BatchExecuteStatement", "DescribeStatement",
                                              "GetStatementResult", "GetStatementResultV2",  "CancelStatement",
                                              "ListStatements",     "ListDatabases",         "ListSchemas",
                                              "ListTables",         "DescribeTable",         "ListSessions"};
  return kActions.contains(action);
}

bool is_execution(const std::string& action) {
  return action == "ExecuteStatement" || action == "BatchExecuteStatement";
}

/// "<uuid>" or, of a part, "<uuid>:<number>".
std::string whole_id(const std::string& id) { return id.substr(0, id.find(':')); }

std::vector<engine::TextRow> query(engine::Engine& engine, const engine::Login& login, const std::string& sql,
                                   const std::vector<engine::ParameterValue>& values) {
  const auto session = engine.open_session(login);
  return engine::query_text(*session, sql, values);
}

std::string pattern_of(const json& body, const char* name) {
  const std::string pattern = text_of(body, name);
  return pattern.empty() ? "%" : pattern;
}

}  // namespace

Actions::Call Actions::begin(const std::string& action, const std::string& body, const std::string& user,
                             const engine::Client& client) {
  if (!is_known(action)) throw Error(kInvalidParameterValue, "unknown operation " + action);
  Call call{action, user, client, json::parse(body, nullptr, false), "", 0};
  if (!call.body.is_object()) invalid("the body is no JSON object");
  call.wait_s = static_cast<int>(number_of(call.body, "WaitTimeSeconds", 0, kMostWait, 0));
  if (is_execution(action)) {
    call.statement = submit(call);
  } else if (action == "DescribeStatement" || action.starts_with("GetStatementResult")) {
    call.statement = whole_id(needed(call.body, "Id"));
    statement(call);
  }
  return call;
}

bool Actions::is_ready(const Call& call) const {
  return call.statement.empty() || !statements_.is_running(call.statement, call.user);
}

ApiReply Actions::finish(const Call& call) {
  if (is_execution(call.action)) return {200, submitted(call).dump()};
  if (call.action == "DescribeStatement") return {200, describe(call).dump()};
  if (call.action == "GetStatementResult") return {200, result(call, RecordFormat::kJson)};
  if (call.action == "GetStatementResultV2") return {200, result(call, RecordFormat::kCsv)};
  if (call.action == "CancelStatement") {
    const std::string id = whole_id(needed(call.body, "Id"));
    if (!statements_.find(id, call.user)) throw Error(kUndefinedObject, "Query does not exist.");
    if (!statements_.cancel(id, call.user)) invalid("Could not cancel a query that is already in a final state.");
    return {200, R"({"Status":true})"};
  }
  if (call.action == "ListStatements") return {200, list_statements(call).dump()};
  if (call.action == "ListDatabases") return {200, list_databases(call).dump()};
  if (call.action == "ListSchemas") return {200, list_schemas(call).dump()};
  if (call.action == "ListTables") return {200, list_tables(call).dump()};
  if (call.action == "ListSessions") return {200, list_sessions(call).dump()};
  return {200, describe_table(call).dump()};
}

// ---- statements

/// The user who signed, or, for superusers, whom DbUser names.
engine::Login Actions::login(const Call& call) const {
  engine::Login login;
  login.user = text_of(call.body, "DbUser");
  if (login.user.empty()) login.user = call.user;
  if (login.user != call.user) {
    const auto signer = engine_.account(call.user);
    if (!signer || !signer->super) invalid("only a superuser's key may name another DbUser");
  }
  const std::string database = text_of(call.body, "Database");
  if (!database.empty()) login.database = database;
  login.application_name = "redshift-data";
  login.client = call.client;
  return login;
}

std::string Actions::submit(const Call& call) {
  if (call.body.value("WithEvent", json()) == true) invalid("events are not supported: leave WithEvent out");
  ApiStatement made;
  made.batch = call.action == "BatchExecuteStatement";
  made.user = call.user;
  made.login = login(call);
  made.name = text_of(call.body, "StatementName");
  made.client_token = text_of(call.body, "ClientToken");
  made.session = text_of(call.body, "SessionId");
  if (const int64_t seconds = number_of(call.body, "SessionKeepAliveSeconds", 0, kMostKeepAliveSeconds, -1);
      seconds >= 0) {
    made.keep_alive_s = static_cast<int32_t>(seconds);
  }
  made.format = format_of(call.body);
  const std::string mode = text_of(call.body, "ExecutionMode");
  if (!mode.empty() && mode != "TRANSACTION" && mode != "AUTO_COMMIT") {
    invalid("ExecutionMode must be TRANSACTION or AUTO_COMMIT");
  }
  made.auto_commit = mode == "AUTO_COMMIT";
  made.parameters = parameters_of(call.body);
  made.parts = parts_of(call.body, made.batch, made.parameters);
  return statements_.submit(std::move(made));
}

ApiStatement Actions::statement(const Call& call) {
  auto found = statements_.find(call.statement, call.user);
  if (!found) throw Error(kUndefinedObject, "Query does not exist.");
  return *std::move(found);
}

json Actions::submitted(const Call& call) {
  const ApiStatement made = statement(call);
  json reply{{"Id", made.id},
             {"CreatedAt", seconds(made.created_us)},
             {"DbUser", made.login.user},
             {"Database", made.login.database},
             {"Status", status_name(made.status)},
             {"RedshiftPid", made.process},
             {"HasResultSet", made.parts.back().has_result}};
  if (!made.session.empty()) reply["SessionId"] = made.session;
  for (const char* name : {"ClusterIdentifier", "WorkgroupName", "SecretArn"}) {
    if (const std::string text = text_of(call.body, name); !text.empty()) reply[name] = text;
  }
  return reply;
}

json Actions::describe(const Call& call) {
  const ApiStatement made = statement(call);
  const std::string id = needed(call.body, "Id");
  json reply = part_json(id == made.id && !made.batch ? made.parts.front() : part(call, made));
  reply["Id"] = id;
  if (id == made.id) {
    reply["Status"] = status_name(made.status);
    reply["UpdatedAt"] = seconds(made.updated_us);
  }
  reply["DbUser"] = made.login.user;
  reply["Database"] = made.login.database;
  reply["RedshiftPid"] = made.process;
  if (!made.session.empty()) reply["SessionId"] = made.session;
  reply["ResultFormat"] = made.format == RecordFormat::kJson ? "JSON" : "CSV";
  for (const auto& [name, value] : made.parameters)
    reply["QueryParameters"].push_back({{"name", name}, {"value", value}});
  if (made.batch && id == made.id) {
    reply["ExecutionMode"] = made.auto_commit ? "AUTO_COMMIT" : "TRANSACTION";
    for (size_t i = 0; i < made.parts.size(); ++i) {
      json sub = part_json(made.parts[i]);
      sub["Id"] = made.id + ":" + std::to_string(i + 1);
      reply["SubStatements"].push_back(std::move(sub));
      if (!made.parts[i].error.empty()) reply["Error"] = made.parts[i].error;
    }
  }
  return reply;
}

/// The part that the id names; of a batch as a whole, its last one.
const ApiPart& Actions::part(const Call& call, const ApiStatement& statement) const {
  const std::string id = needed(call.body, "Id");
  const size_t colon = id.find(':');
  if (colon == std::string::npos) return statement.parts.back();
  const std::string number = id.substr(colon + 1);
  for (size_t i = 0; i < statement.parts.size(); ++i) {
    if (number == std::to_string(i + 1)) return statement.parts[i];
  }
  throw Error(kUndefinedObject, "Query does not exist.");
}

std::string Actions::result(const Call& call, RecordFormat format) {
  const ApiStatement made = statement(call);
  const ApiPart& wanted = part(call, made);
  if (made.format != format) {
    invalid(format == RecordFormat::kJson ? "The result is CSV: ask for it with GetStatementResultV2."
                                          : "The result is JSON: ask for it with GetStatementResult.");
  }
  if (wanted.status != ApiStatus::kFinished) throw Error(kUndefinedObject, "Query is not finished.");
  if (!wanted.has_result)
    throw Error(kUndefinedObject, "Query does not have result. Please check query status with DescribeStatement.");
  if (!wanted.result) throw Error(kUndefinedObject, "The result has expired.");
  const ApiResult& rows = *wanted.result;
  json reply{{"TotalNumRows", rows.records.size()}, {"ColumnMetadata", json::array()}};
  for (const engine::ResultColumn& column : rows.columns) reply["ColumnMetadata"].push_back(column_metadata(column));
  const size_t from = std::min(offset_of(call.body), rows.records.size());
  size_t to = from;
  std::string records;
  for (; to < rows.records.size() && (to == from || records.size() + rows.records[to].size() <= kPageBytes); ++to) {
    if (format == RecordFormat::kJson && to > from) records += ',';
    records += rows.records[to];
  }
  if (to < rows.records.size()) reply["NextToken"] = token_at(to);
  if (format == RecordFormat::kCsv) {
    reply["ResultFormat"] = "CSV";
    reply["Records"] = json::array({json{{"CSVRecords", records}}});
    return reply.dump();
  }
  std::string body = reply.dump();  // the rows are JSON already
  body.back() = ',';
  return body + "\"Records\":[" + records + "]}";
}

json Actions::list_statements(const Call& call) {
  const std::string status = text_of(call.body, "Status"), name = text_of(call.body, "StatementName");
  std::vector<json> all;
  for (const ApiStatement& made : statements_.list(call.user)) {
    if (!status.empty() && status != "ALL" && status != status_name(made.status)) continue;
    if (!made.name.starts_with(name)) continue;
    json listed{{"Id", made.id},
                {"Status", status_name(made.status)},
                {"CreatedAt", seconds(made.created_us)},
                {"UpdatedAt", seconds(made.updated_us)},
                {"IsBatchStatement", made.batch},
                {"ResultFormat", made.format == RecordFormat::kJson ? "JSON" : "CSV"},
                {"QueryString", made.parts.front().sql}};
    if (!made.name.empty()) listed["StatementName"] = made.name;
    if (!made.session.empty()) listed["SessionId"] = made.session;
    for (const ApiPart& part : made.parts) listed["QueryStrings"].push_back(part.sql);
    all.push_back(std::move(listed));
  }
  return page(call.body, "Statements", all);
}

/// Without a status, those that are open.
json Actions::list_sessions(const Call& call) const {
  const std::string id = text_of(call.body, "SessionId"), wanted = text_of(call.body, "Status");
  if (!id.empty() && !wanted.empty()) invalid("SessionId and Status cannot be given together");
  std::vector<json> all;
  for (const ApiSession& session : statements_.sessions(call.user)) {
    const bool idle = session.statement.empty();
    const bool closed = session.closed || (idle && session.expires_us <= clock_.now_us());
    const std::string status = closed ? "CLOSED" : idle ? "AVAILABLE" : "BUSY";
    if (id.empty() ? (wanted.empty() ? closed : status != wanted) : session.id != id) continue;
    json listed{{"SessionId", session.id},
                {"Status", status},
                {"CreatedAt", seconds(session.created_us)},
                {"UpdatedAt", seconds(session.updated_us)},
                {"Database", session.login.database},
                {"DbUser", session.login.user},
                {"SessionAliveSeconds", session.keep_alive_s},
                {"SessionTtl", seconds(session.expires_us)}};
    if (status == "BUSY") listed["CurrentStatementId"] = session.statement;
    all.push_back(std::move(listed));
  }
  if (!id.empty() && all.empty()) throw Error(kUndefinedObject, "Session does not exist.");
  return page(call.body, "Sessions", all);
}

// ---- what is there

json Actions::list_databases(const Call& call) const {
  std::vector<json> all;
  for (const auto& row : query(engine_, login(call), "select datname from pg_database order by 1", {})) {
    all.emplace_back(row[0].value_or(""));
  }
  return page(call.body, "Databases", all);
}

json Actions::list_schemas(const Call& call) const {
  needed(call.body, "Database");
  std::vector<json> all;
  for (const auto& row :
       query(engine_, login(call),
             "select schema_name from information_schema.schemata where schema_name like $1 order by 1",
             {pattern_of(call.body, "SchemaPattern")})) {
    all.emplace_back(row[0].value_or(""));
  }
  return page(call.body, "Schemas", all);
}

json Actions::list_tables(const Call& call) const {
  needed(call.body, "Database");
  std::vector<json> all;
  const auto rows =
      query(engine_, login(call),
            "select table_name, case table_type when 'VIEW' then 'VIEW' else 'TABLE' end, table_schema from "
            "information_schema.tables where table_schema like $1 and table_name like $2 order by 3, 1",
            {pattern_of(call.body, "SchemaPattern"), pattern_of(call.body, "TablePattern")});
  for (const auto& row : rows) {
    all.push_back({{"name", row[0].value_or("")}, {"type", row[1].value_or("")}, {"schema", row[2].value_or("")}});
  }
  return page(call.body, "Tables", all);
}

json Actions::describe_table(const Call& call) const {
  needed(call.body, "Database");
  const std::string table = needed(call.body, "Table"), schema = text_of(call.body, "Schema");
  const auto session = engine_.open_session(login(call));
  const std::string name = (schema.empty() ? "" : sql::quote_identifier(schema) + ".") + sql::quote_identifier(table);
  const auto statement = session->prepare("select * from " + name);
  std::vector<json> all;
  for (const engine::ResultColumn& column : statement->columns()) all.push_back(column_metadata(column));
  const auto defaults = engine::query_text(*session,
                                           "select column_name, column_default from information_schema.columns where "
                                           "table_name = $1 and (table_schema = $2 or $2 = '')",
                                           std::vector<engine::ParameterValue>{table, schema});
  for (json& column : all) {
    for (const auto& row : defaults) {
      if (row[0] == column["name"].get<std::string>() && row[1]) column["columnDefault"] = *row[1];
    }
  }
  json reply = page(call.body, "ColumnList", all);
  reply["TableName"] = table;
  return reply;
}

ApiReply error_reply(const Error& error) {
  const SqlState state = error.state();
  std::string type = "ValidationException";
  unsigned status = 400;
  if (state == kInvalidAuthorization) {
    type = "InvalidSignatureException";
    status = 403;
  } else if (state == kUndefinedObject) {
    type = "ResourceNotFoundException";
  } else if (state == kTooManyConnections) {
    type = "ActiveStatementsExceededException";
  } else if (state == kTooManySessions) {
    type = "ActiveSessionsExceededException";
  } else if (state.error_class() == "XX" || state.error_class() == "58") {
    type = "InternalServerException";
    status = 500;
  }
  json body{{"__type", type}, {"message", error.message()}, {"Message", error.message()}};
  if (type == "ResourceNotFoundException") body["ResourceId"] = "";
  return {status, body.dump(-1, ' ', false, json::error_handler_t::replace)};
}

}  // namespace garland::endpoint
