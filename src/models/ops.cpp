#include "models/ops.h"

#include <fmt/format.h>

#include <chrono>

#include "base/utf8.h"
#include "models/build_sql.h"
#include "semantics/plain_table.h"
#include "sql/printer.h"

namespace garland::models {
namespace {

using engine::Type;
using engine::TypeId;

struct OpsColumn {
  const char* name;
  Type type;
  bool not_null = false;
};
struct OpsTable {
  const char* name;
  std::vector<OpsColumn> columns;
};

constexpr Type kBig = Type::of(TypeId::kBigint);
constexpr Type kInt = Type::of(TypeId::kInteger);
constexpr Type kMoment = Type::of(TypeId::kTimestamp);
constexpr Type kMomentTz = Type::of(TypeId::kTimestampTz);
constexpr Type kDay = Type::of(TypeId::kDate);
constexpr Type kSeconds = Type::of(TypeId::kDouble);
constexpr Type kFlag = Type::of(TypeId::kBoolean);
constexpr Type kWord = Type::varchar(16);
constexpr Type kHash = Type::varchar(32);
constexpr Type kZone = Type::varchar(64);
constexpr Type kModel = Type::varchar(2 * kMaxIdentifierBytes + 1);
constexpr Type kTestName = Type::varchar(4096);
constexpr Type kText = Type::varchar(kMaxVarcharBytes);
constexpr bool kNotNull = true;

const std::vector<OpsTable>& tables() {
  static const std::vector<OpsTable> kTables{
      {"runs",
       {{"run_id", kBig, kNotNull},
        {"step", kInt, kNotNull},
        {"state", kWord, kNotNull},
        {"recorded_at", kMoment, kNotNull},
        {"as_of_ts", kMomentTz, kNotNull},
        {"as_of_date", kDay, kNotNull},
        {"shop_tz", kZone, kNotNull},
        {"cut", kBig},
        {"selector", kText},
        {"message", kText}}},
      {"run_models",
       {{"run_id", kBig, kNotNull},
        {"cut", kBig},
        {"model", kModel, kNotNull},
        {"kind", kWord, kNotNull},
        {"state", kWord, kNotNull},
        {"row_count", kBig, kNotNull},
        {"seconds", kSeconds, kNotNull},
        {"definition", kHash, kNotNull},
        {"fingerprint", kHash, kNotNull},
        {"reason", kText},
        {"recorded_at", kMoment, kNotNull}}},
      {"test_results",
       {{"run_id", kBig, kNotNull},
        {"model", kModel},
        {"test", kTestName, kNotNull},
        {"passed", kFlag, kNotNull},
        {"failures", kBig, kNotNull},
        {"message", kText},
        {"fingerprint", kHash},
        {"recorded_at", kMoment, kNotNull}}},
      {"test_failures",
       {{"run_id", kBig, kNotNull},
        {"model", kModel},
        {"test", kTestName, kNotNull},
        {"row_no", kInt, kNotNull},
        {"row_json", kText, kNotNull}}},
  };
  return kTables;
}

const OpsTable& table(std::string_view name) {
  for (const OpsTable& candidate : tables()) {
    if (candidate.name == name) return candidate;
  }
  throw Error(kInternalError, fmt::format("no table ops.{}", name));
}

constexpr std::string_view kClockView =
    "create or replace view ops.clock as "
    "select clock_run.as_of_ts, clock_run.as_of_date, clock_run.shop_tz from (select 1 as one) as one_row "
    "left join (select as_of_ts, as_of_date, shop_tz from ops.runs where step = 1 and run_id = "
    "coalesce(cast(nullif(current_setting('garland.run', true), '') as bigint), (select max(run_id) from ops.runs "
    "where "
    "state = 'published'))"
    ") as clock_run on true with no schema binding";

using Values = std::vector<engine::ParameterValue>;

void insert(engine::Session& session, std::string_view name, const std::vector<Values>& rows) {
  if (rows.empty()) return;
  std::string markers;
  std::vector<Type> types;
  for (const OpsColumn& column : table(name).columns) {
    types.push_back(column.type);
    markers += fmt::format("{}${}", markers.empty() ? "" : ", ", types.size());
  }
  auto statement = session.prepare(fmt::format("insert into ops.{} values ({})", name, markers), types);
  for (const Values& row : rows) {
    auto cursor = statement->execute(row);
    while (cursor->fetch()) {
    }
  }
}

std::string stored_text(const std::string& text) { return std::string(first_bytes(text, kMaxVarcharBytes)); }
std::string stored_test(const std::string& name) { return std::string(first_bytes(name, kTestName.length)); }
engine::ParameterValue optional_number(const std::optional<int64_t>& number) {
  return number ? engine::ParameterValue(std::to_string(*number)) : std::nullopt;
}

int64_t number_of(engine::Session& session, const char* query) {
  return std::stoll(engine::query_text(session, query).at(0).at(0).value());
}

ModelName model_name(const std::string& text) {
  size_t dot = text.find('.');
  return {text.substr(0, dot), text.substr(dot + 1)};
}

std::string date_text(int32_t days) {
  std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{days}}};
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()));
}

std::string moment_text(int64_t micros) {
  constexpr int64_t kDayMicros = 86'400'000'000;
  int64_t days = micros / kDayMicros - (micros % kDayMicros < 0);
  int64_t rest = micros - days * kDayMicros;
  return fmt::format("{} {:02}:{:02}:{:02}.{:06}", date_text(static_cast<int32_t>(days)), rest / 3'600'000'000,
                     rest / 60'000'000 % 60, rest / 1'000'000 % 60, rest % 1'000'000);
}

}  // namespace

bool relation_exists(engine::Session& session, const ModelName& name) {
  try {
    session.prepare("select * from " + quoted(name));
    return true;
  } catch (const Error& error) {
    return error.state() != kUndefinedTable && error.state() != kInvalidSchemaName;
  }
}

void prepare_ops(engine::Session& session) {
  engine::run(session, "create schema if not exists ops");
  for (const OpsTable& wanted : tables()) {
    std::string columns;
    for (const OpsColumn& column : wanted.columns) {
      columns += fmt::format("{}{} {}{}", columns.empty() ? "" : ", ", column.name, engine::to_string(column.type),
                             column.not_null ? " not null" : "");
    }
    if (!relation_exists(session, {"ops", wanted.name})) {
      engine::run(session, fmt::format("create table if not exists ops.{} ({})", wanted.name, columns));
    }
  }
  if (!relation_exists(session, {"ops", "clock"})) engine::run(session, kClockView);
}

std::vector<semantics::Relation> ops_relations() {
  std::vector<semantics::Relation> relations;
  for (const OpsTable& known : tables()) relations.push_back(semantics::plain_table("ops", known.name, known.columns));
  relations.push_back(semantics::plain_table(
      "ops", "clock", std::vector<OpsColumn>{{"as_of_ts", kMomentTz}, {"as_of_date", kDay}, {"shop_tz", kZone}}));
  return relations;
}

RunClock run_clock(engine::Session& session, const RunOptions& options, const Clock& clock) {
  std::string zone = sql::quote_literal(options.shop_tz);
  RunClock now;
  now.shop_tz = options.shop_tz;
  if (options.as_of_date) {
    now.as_of_date = date_text(*options.as_of_date);
  } else {
    std::string today = fmt::format("select cast(cast('{}+00' as timestamp with time zone) at time zone {} as date)",
                                    moment_text(clock.now_us()), zone);
    now.as_of_date = engine::query_text(session, today).at(0).at(0).value();
  }
  std::string end = fmt::format("select cast('{} 23:59:59.999999' as timestamp) at time zone {}", now.as_of_date, zone);
  now.as_of_ts = engine::query_text(session, end).at(0).at(0).value();
  return now;
}

std::string OpsStore::now() const { return moment_text(clock_.now_us()); }

int64_t OpsStore::next_run() { return number_of(session_, "select coalesce(max(run_id), 0) + 1 from ops.runs"); }
int64_t OpsStore::next_cut() { return number_of(session_, "select coalesce(max(cut), 0) + 1 from ops.runs"); }

std::map<ModelName, PublishedModel> OpsStore::published_models() {
  std::map<ModelName, PublishedModel> models;
  auto rows = engine::query_text(session_,
                                 "select model, run_id, kind, row_count, definition, fingerprint from ("
                                 "select model, run_id, kind, row_count, definition, fingerprint, row_number() over "
                                 "(partition by model order by run_id desc) as age "
                                 "from ops.run_models where state = 'published') as versions where age = 1");
  for (const engine::TextRow& row : rows) {
    models[model_name(*row[0])] = {std::stoll(*row[1]), *row[2] == "view", std::stoull(*row[3]), *row[4], *row[5]};
  }
  return models;
}

std::map<std::string, std::string> OpsStore::passed_tests() {
  std::map<std::string, std::string> tests;
  auto rows = engine::query_text(
      session_,
      "select test, fingerprint from ("
      "select test, fingerprint, passed, row_number() over (partition by test order by run_id desc) as age "
      "from ops.test_results where model is null) as results where age = 1 and passed");
  for (const engine::TextRow& row : rows) tests[*row[0]] = row[1].value_or("");
  return tests;
}

void OpsStore::add_run(const RunRow& row) {
  insert(
      session_, "runs",
      {{std::to_string(row.run), std::to_string(row.step), row.state, now(), row.clock.as_of_ts, row.clock.as_of_date,
        row.clock.shop_tz, optional_number(row.cut), stored_text(row.selector), stored_text(row.message)}});
}

void OpsStore::add_models(int64_t run, std::optional<int64_t> cut, const std::vector<RunModelRow>& rows) {
  std::vector<Values> values;
  for (const RunModelRow& row : rows) {
    values.push_back({std::to_string(run), optional_number(cut), row.model.text(), row.is_view ? "view" : "table",
                      row.state, std::to_string(row.rows), fmt::format("{:.6f}", row.seconds), row.definition,
                      row.fingerprint, stored_text(row.reason), now()});
  }
  insert(session_, "run_models", values);
}

void OpsStore::add_tests(int64_t run, const std::vector<TestRow>& rows) {
  std::vector<Values> results, failures;
  for (const TestRow& row : rows) {
    engine::ParameterValue model = row.model ? engine::ParameterValue(row.model->text()) : std::nullopt;
    std::string test = stored_test(row.outcome.name);
    results.push_back({std::to_string(run), model, test, row.outcome.passed ? "t" : "f",
                       std::to_string(row.outcome.failures), stored_text(row.outcome.message), row.fingerprint, now()});
    for (size_t i = 0; i < row.samples.size(); ++i) {
      failures.push_back({std::to_string(run), model, test, std::to_string(i + 1), row.samples[i]});
    }
  }
  insert(session_, "test_failures", failures);
  insert(session_, "test_results", results);
}

}  // namespace garland::models
