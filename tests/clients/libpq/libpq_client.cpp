// What a program that uses libpq sees: results in both formats, prepared statements, single rows, pipelines, errors,
// notices, cancelling. The server and the login come from libpq's own variables (PGHOST, PGPORT, PGUSER, PGPASSWORD …),
// the tables from tests/clients/everything.py.
#include <gtest/gtest.h>
#include <libpq-fe.h>

#include <array>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace {

using namespace std::string_literals;

constexpr const char* kEndless =
    "select count(*) from numbers a, numbers b, numbers c where (a.n * b.n + c.n) % 1000003 = -1";

struct Clear {
  void operator()(PGresult* result) const { PQclear(result); }
  void operator()(PGconn* connection) const { PQfinish(connection); }
};
using Result = std::unique_ptr<PGresult, Clear>;
using Connection = std::unique_ptr<PGconn, Clear>;

Connection connect(const std::string& options = "sslmode=require") {
  return Connection(PQconnectdb((options + " connect_timeout=20").c_str()));
}

class Libpq : public testing::Test {
 protected:
  void SetUp() override {
    connection_ = connect();
    ASSERT_EQ(PQstatus(connection_.get()), CONNECTION_OK) << PQerrorMessage(connection_.get());
  }
  PGconn* connection() { return connection_.get(); }

  Result run(const std::string& text) { return Result(PQexec(connection(), text.c_str())); }
  Result run(const std::string& text, const std::vector<const char*>& values, int format = 0) {
    const int count = static_cast<int>(values.size());
    return Result(PQexecParams(connection(), text.c_str(), count, nullptr, values.data(), nullptr, nullptr, format));
  }
  void expect_value(const Result& result, const std::string& value) {
    ASSERT_EQ(PQresultStatus(result.get()), PGRES_TUPLES_OK) << PQresultErrorMessage(result.get());
    ASSERT_EQ(PQntuples(result.get()), 1);
    EXPECT_EQ(text(result, 0, 0), value);
  }
  void expect_state(const Result& result, const char* state) {
    ASSERT_EQ(PQresultStatus(result.get()), PGRES_FATAL_ERROR);
    EXPECT_STREQ(PQresultErrorField(result.get(), PG_DIAG_SQLSTATE), state) << PQresultErrorMessage(result.get());
  }
  void expect_usable() { expect_value(run("select 42"), "42"); }
  static std::string text(const Result& result, int row, int column) {
    return {PQgetvalue(result.get(), row, column), static_cast<size_t>(PQgetlength(result.get(), row, column))};
  }

  Connection connection_;
};

// ---- the login

TEST(LibpqLogin, ScramBoundToTheTlsChannel) {
  const Connection connection = connect("sslmode=require channel_binding=require");
  ASSERT_EQ(PQstatus(connection.get()), CONNECTION_OK) << PQerrorMessage(connection.get());
  EXPECT_TRUE(PQsslInUse(connection.get()));
  EXPECT_TRUE(PQconnectionUsedPassword(connection.get()));
}

TEST(LibpqLogin, PlainOnThisMachine) {
  const Connection connection = connect("sslmode=disable");
  ASSERT_EQ(PQstatus(connection.get()), CONNECTION_OK) << PQerrorMessage(connection.get());
  EXPECT_FALSE(PQsslInUse(connection.get()));
}

TEST(LibpqLogin, WrongPassword) {
  for (const char* mode : {"require", "disable"}) {
    const Connection connection = connect("password=Fruitcake-2026 sslmode="s + mode);
    EXPECT_EQ(PQstatus(connection.get()), CONNECTION_BAD);
    EXPECT_NE(std::string(PQerrorMessage(connection.get())).find("password authentication failed for user"),
              std::string::npos)
        << PQerrorMessage(connection.get());
  }
}

TEST(LibpqLogin, OldestAndNewestTls) {
  for (const char* version : {"TLSv1.2", "TLSv1.3"}) {
    const std::string bounds = "ssl_min_protocol_version="s + version + " ssl_max_protocol_version=" + version;
    const Connection connection = connect("sslmode=require " + bounds);
    ASSERT_EQ(PQstatus(connection.get()), CONNECTION_OK) << PQerrorMessage(connection.get());
    EXPECT_STREQ(PQsslAttribute(connection.get(), "protocol"), version);
  }
  const Connection old = connect("sslmode=require ssl_min_protocol_version=TLSv1 ssl_max_protocol_version=TLSv1.1");
  EXPECT_EQ(PQstatus(old.get()), CONNECTION_BAD);
}

TEST_F(Libpq, ParametersOfTheServer) {
  EXPECT_STREQ(PQparameterStatus(connection(), "server_version"), "8.0.2");
  EXPECT_EQ(PQserverVersion(connection()), 80002);
  EXPECT_EQ(PQprotocolVersion(connection()), 3);
  EXPECT_STREQ(PQparameterStatus(connection(), "standard_conforming_strings"), "on");
  EXPECT_STREQ(PQparameterStatus(connection(), "integer_datetimes"), "on");
  EXPECT_NE(PQbackendPID(connection()), 0);
  EXPECT_EQ(PQtransactionStatus(connection()), PQTRANS_IDLE);
}

TEST_F(Libpq, StartupOptionsAreSettings) {
  const Connection other = connect("sslmode=require options='-c query_group=carols' application_name=choir");
  ASSERT_EQ(PQstatus(other.get()), CONNECTION_OK) << PQerrorMessage(other.get());
  expect_value(Result(PQexec(other.get(), "show query_group")), "carols");
  expect_value(Result(PQexec(other.get(), "show application_name")), "choir");
}

// ---- values

struct Binary {
  const char* column;
  Oid type;
  std::string bytes;  // of row 1
};

std::vector<Binary> binary_values() {
  return {
      {"c_smallint", 21, "\0\1"s},
      {"c_integer", 23, "\0\0\0\2"s},
      {"c_bigint", 20, "\0\0\0\0\0\0\0\3"s},
      {"c_decimal", 1700, "\0\2\0\0\0\0\0\2\0\4\x13\x88"s},  // 4.50: digits 4 and 5000, weight 0, scale 2
      {"c_wide", 1700, "\0\2\0\0\0\0\0\x0a\0\6\x1b\x58"s},   // 6.7000000000
      {"c_real", 700, "\x3f\0\0\0"s},
      {"c_double", 701, "\x3f\xd0\0\0\0\0\0\0"s},
      {"c_boolean", 16, "\1"s},
      {"c_char", 1042, "ab    "s},
      {"c_varchar", 1043, "Stollen"s},
      {"c_date", 1082, "\0\0\x26\x7e"s},              // 9854 days since 2000
      {"c_time", 1083, "\0\0\0\x0f\x81\xab\x5a\0"s},  // 66600 s
      {"c_timetz", 1266, "\0\0\0\x0d\xd4\x84\x12\0\0\0\0\0"s},
      {"c_timestamp", 1114, "\0\3\x06\x64\x29\xec\x9a\0"s},
      {"c_timestamptz", 1184, "\0\3\x06\x62\x7c\xc5\x52\0"s},
      {"c_y2m", 1188, "\0\0\0\x0e"s},                  // 14 months
      {"c_d2s", 1190, "\0\0\0\x3f\xc6\x19\x81\xa0"s},  // 273906.5 s
      {"c_super", 4000, R"({"a":[1,2.5,null]})"s},
      {"c_varbyte", 6551, "\xc0\xff\xee"s},
  };
}

std::string hex(std::string_view bytes) {
  std::string out;
  for (const unsigned char byte : bytes) {
    std::array<char, 3> digits{};
    std::snprintf(digits.data(), digits.size(), "%02x", byte);
    out += digits.data();
  }
  return out;
}

TEST_F(Libpq, EveryTypeInBinary) {
  for (const Binary& value : binary_values()) {
    const Result result = run("select "s + value.column + " from everything where id in (1, 4) order by id", {}, 1);
    ASSERT_EQ(PQresultStatus(result.get()), PGRES_TUPLES_OK) << PQresultErrorMessage(result.get());
    EXPECT_EQ(PQftype(result.get(), 0), value.type) << value.column;
    EXPECT_EQ(PQfformat(result.get(), 0), 1) << value.column;
    EXPECT_EQ(hex(text(result, 0, 0)), hex(value.bytes)) << value.column;
    EXPECT_TRUE(PQgetisnull(result.get(), 1, 0)) << value.column;
  }
}

TEST_F(Libpq, BinaryValuesComeBackAsParameters) {
  for (const Binary& value : binary_values()) {
    const std::string query = "select id from everything where "s + value.column + " = $1 and id = 1";
    if (value.type == 4000) continue;  // SUPER is compared by path
    const char* bytes = value.bytes.data();
    const int length = static_cast<int>(value.bytes.size()), format = 1;
    const Result result(PQexecParams(connection(), query.c_str(), 1, &value.type, &bytes, &length, &format, 0));
    ASSERT_EQ(PQresultStatus(result.get()), PGRES_TUPLES_OK) << value.column << PQresultErrorMessage(result.get());
    EXPECT_EQ(PQntuples(result.get()), 1) << value.column;
  }
}

TEST_F(Libpq, DecimalsInBinaryAtTheirEnds) {
  std::string nines = "000a0009400000000063";
  for (int i = 0; i < 9; ++i) nines += "270f";
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"cast(0 as decimal(12,2))", "0000000000000002"},
      {"cast(-0.01 as decimal(12,2))", "0001ffff400000020064"},
      {"cast(10000 as decimal(12,2))", "00010001000000020001"},
      {"cast(123456789.12 as decimal(12,2))", "0004000200000002000109291a8504b0"},
      {"cast('-99999999999999999999999999999999999999' as decimal(38,0))", nines},
  };
  for (const auto& [expression, bytes] : cases) {
    const Result result = run("select " + expression, {}, 1);
    ASSERT_EQ(PQresultStatus(result.get()), PGRES_TUPLES_OK) << PQresultErrorMessage(result.get());
    EXPECT_EQ(hex(text(result, 0, 0)), bytes) << expression;
  }
}

TEST_F(Libpq, DescribesColumns) {
  const Result result = run("select c_decimal, c_varchar, c_char, c_integer from everything where false");
  ASSERT_EQ(PQnfields(result.get()), 4);
  EXPECT_EQ(PQfmod(result.get(), 0), (12 << 16) + 2 + 4);
  EXPECT_EQ(PQfmod(result.get(), 1), 44);
  EXPECT_EQ(PQfmod(result.get(), 2), 10);
  EXPECT_EQ(PQfsize(result.get(), 3), 4);
  EXPECT_STREQ(PQcmdStatus(result.get()), "SELECT");
  const Result table = run("select oid from pg_class where relname = 'everything'");
  EXPECT_EQ(std::to_string(PQftable(result.get(), 0)), text(table, 0, 0)) << "where the column comes from";
  EXPECT_EQ(PQftablecol(result.get(), 0), 5);
}

// ---- the extended protocol

TEST_F(Libpq, PreparedStatementIsDescribedAndReused) {
  Result made(PQprepare(connection(), "sum",
                        "select n + $1, c_varchar from numbers, everything where n = $2 and id = $3", 0, nullptr));
  ASSERT_EQ(PQresultStatus(made.get()), PGRES_COMMAND_OK) << PQresultErrorMessage(made.get());
  const Result described(PQdescribePrepared(connection(), "sum"));
  ASSERT_EQ(PQresultStatus(described.get()), PGRES_COMMAND_OK) << PQresultErrorMessage(described.get());
  ASSERT_EQ(PQnparams(described.get()), 3);
  EXPECT_EQ(PQparamtype(described.get(), 0), 20U);
  EXPECT_EQ(PQparamtype(described.get(), 1), 20U);
  EXPECT_EQ(PQparamtype(described.get(), 2), 23U);
  ASSERT_EQ(PQnfields(described.get()), 2);
  EXPECT_EQ(PQftype(described.get(), 0), 20U);
  EXPECT_EQ(PQftype(described.get(), 1), 1043U);
  for (int n = 0; n < 3; ++n) {
    const std::string number = std::to_string(n);
    const std::array<const char*, 3> values{"100", number.c_str(), "1"};
    expect_value(Result(PQexecPrepared(connection(), "sum", 3, values.data(), nullptr, nullptr, 0)),
                 std::to_string(100 + n));
  }
  expect_state(Result(PQprepare(connection(), "sum", "select 1", 0, nullptr)), "42P05");
  EXPECT_EQ(PQresultStatus(run("deallocate sum").get()), PGRES_COMMAND_OK);
  expect_state(Result(PQexecPrepared(connection(), "sum", 0, nullptr, nullptr, nullptr, 0)), "26000");
  expect_usable();
}

TEST_F(Libpq, NumberOfParametersIsChecked) {
  Result made(PQprepare(connection(), "two", "select $1::int + $2::int", 0, nullptr));
  const std::array<const char*, 1> values{"1"};
  expect_state(Result(PQexecPrepared(connection(), "two", 1, values.data(), nullptr, nullptr, 0)), "08P01");
  expect_usable();
}

TEST_F(Libpq, ParameterThatIsNoValue) {
  expect_state(run("select $1::int", {"seven"}), "22P02");
  expect_usable();
  const char* bytes = "\0\1";
  const int length = 2, format = 1;
  const Oid type = 23;
  expect_state(Result(PQexecParams(connection(), "select $1", 1, &type, &bytes, &length, &format, 0)), "22P03");
  expect_usable();
}

TEST_F(Libpq, EmptyQueryAndSeveralInOneParse) {
  EXPECT_EQ(PQresultStatus(run("").get()), PGRES_EMPTY_QUERY);
  EXPECT_EQ(PQresultStatus(run("  -- nothing\n").get()), PGRES_EMPTY_QUERY);
  EXPECT_EQ(PQresultStatus(run("", {}).get()), PGRES_EMPTY_QUERY);
  expect_state(run("select 1; select 2", {}), "42601");
  expect_usable();
}

TEST_F(Libpq, SeveralStatementsOfASimpleQuery) {
  ASSERT_TRUE(PQsendQuery(connection(), "select 1; select 'two'; select 3 where false"));
  std::vector<std::string> seen;
  while (Result result{PQgetResult(connection())}) {
    seen.push_back(PQntuples(result.get()) ? text(result, 0, 0) : "no row");
  }
  EXPECT_EQ(seen, (std::vector<std::string>{"1", "two", "no row"}));
}

TEST_F(Libpq, SingleRowMode) {
  ASSERT_TRUE(PQsendQuery(connection(), "select n from numbers order by n"));
  ASSERT_TRUE(PQsetSingleRowMode(connection()));
  int rows = 0;
  while (Result result{PQgetResult(connection())}) {
    if (PQresultStatus(result.get()) == PGRES_SINGLE_TUPLE) {
      EXPECT_EQ(text(result, 0, 0), std::to_string(rows++));
    } else {
      EXPECT_EQ(PQresultStatus(result.get()), PGRES_TUPLES_OK) << PQresultErrorMessage(result.get());
    }
  }
  EXPECT_EQ(rows, 10000);
}

TEST_F(Libpq, ErrorAmongRows) {
  ASSERT_TRUE(PQsendQuery(connection(), "select 1 / (9000 - n) from numbers order by n"));
  ASSERT_TRUE(PQsetSingleRowMode(connection()));
  std::string state;
  while (Result result{PQgetResult(connection())}) {
    if (const char* field = PQresultErrorField(result.get(), PG_DIAG_SQLSTATE)) state = field;
  }
  EXPECT_EQ(state, "22012");
  expect_usable();
}

TEST_F(Libpq, Pipeline) {
  ASSERT_TRUE(PQenterPipelineMode(connection()));
  for (int i = 0; i < 3; ++i) {
    const char* query = i == 1 ? "select * from nowhere" : "select 7";
    ASSERT_TRUE(PQsendQueryParams(connection(), query, 0, nullptr, nullptr, nullptr, nullptr, 0));
  }
  ASSERT_TRUE(PQpipelineSync(connection()));
  ASSERT_TRUE(PQsendQueryParams(connection(), "select 8", 0, nullptr, nullptr, nullptr, nullptr, 0));
  ASSERT_TRUE(PQpipelineSync(connection()));
  std::vector<ExecStatusType> seen;
  for (int ends = 0; ends < 2;) {
    const Result result(PQgetResult(connection()));
    if (!result) continue;
    seen.push_back(PQresultStatus(result.get()));
    if (seen.back() == PGRES_PIPELINE_SYNC) ++ends;
  }
  EXPECT_EQ(seen, (std::vector<ExecStatusType>{PGRES_TUPLES_OK, PGRES_FATAL_ERROR, PGRES_PIPELINE_ABORTED,
                                               PGRES_PIPELINE_SYNC, PGRES_TUPLES_OK, PGRES_PIPELINE_SYNC}));
  ASSERT_TRUE(PQexitPipelineMode(connection()));
  expect_usable();
}

TEST_F(Libpq, CursorIsAPortal) {
  run("begin");
  EXPECT_EQ(PQresultStatus(run("declare walk cursor for select n, 'x' as letter from numbers order by n").get()),
            PGRES_COMMAND_OK);
  const Result described(PQdescribePortal(connection(), "walk"));
  ASSERT_EQ(PQresultStatus(described.get()), PGRES_COMMAND_OK) << PQresultErrorMessage(described.get());
  EXPECT_EQ(PQnfields(described.get()), 2);
  const Result rows = run("fetch 3 from walk");
  EXPECT_EQ(PQntuples(rows.get()), 3);
  EXPECT_STREQ(PQcmdStatus(rows.get()), "FETCH 3");
  run("close walk");
  EXPECT_EQ(PQresultStatus(run("commit").get()), PGRES_COMMAND_OK);
}

// ---- errors, notices, transactions, cancelling

TEST_F(Libpq, ErrorHasItsFields) {
  const Result result = run("select 'é', no_such_column from everything");
  expect_state(result, "42703");
  EXPECT_STREQ(PQresultErrorField(result.get(), PG_DIAG_SEVERITY), "ERROR");
  EXPECT_STREQ(PQresultErrorField(result.get(), PG_DIAG_STATEMENT_POSITION), "13");  // characters, not bytes
  EXPECT_NE(PQresultErrorField(result.get(), PG_DIAG_MESSAGE_PRIMARY), nullptr);
  expect_usable();
}

TEST_F(Libpq, Notices) {
  std::vector<std::string> heard;
  PQsetNoticeReceiver(
      connection(),
      [](void* into, const PGresult* notice) {
        static_cast<std::vector<std::string>*>(into)->push_back(PQresultErrorField(notice, PG_DIAG_SEVERITY));
      },
      &heard);
  EXPECT_EQ(PQresultStatus(run("drop table if exists never_made").get()), PGRES_COMMAND_OK);
  EXPECT_EQ(heard, std::vector<std::string>{"INFO"});
}

TEST_F(Libpq, TransactionStatus) {
  EXPECT_STREQ(PQcmdStatus(run("begin").get()), "BEGIN");
  EXPECT_EQ(PQtransactionStatus(connection()), PQTRANS_INTRANS);
  expect_state(run("select * from nowhere"), "42P01");
  EXPECT_EQ(PQtransactionStatus(connection()), PQTRANS_INERROR);
  expect_state(run("select 1"), "25P02");
  expect_state(run("select 1", {}), "25P02");
  EXPECT_STREQ(PQcmdStatus(run("commit").get()), "ROLLBACK");
  EXPECT_EQ(PQtransactionStatus(connection()), PQTRANS_IDLE);
}

TEST_F(Libpq, AffectedRows) {
  run("create temp table counted (i int)");
  EXPECT_STREQ(PQcmdTuples(run("insert into counted values (1), (2), (3)").get()), "3");
  EXPECT_STREQ(PQcmdTuples(run("update counted set i = i + 1 where i > $1", {"1"}).get()), "2");
  EXPECT_STREQ(PQcmdTuples(run("delete from counted").get()), "3");
}

/// Cancels what the connection runs, once it runs.
void cancel_soon(PGconn* connection) {
  const Connection other = connect();
  const char* running =
      "select count(*) from stv_recents where status = 'Running' and query like '%1000003%' and query not like "
      "'%recents%'";
  for (bool runs = false; !runs;) {
    const Result count(PQexec(other.get(), running));
    ASSERT_EQ(PQresultStatus(count.get()), PGRES_TUPLES_OK) << PQresultErrorMessage(count.get());
    runs = std::string(PQgetvalue(count.get(), 0, 0)) != "0";
  }
  PGcancel* cancel = PQgetCancel(connection);
  std::array<char, 256> error{};
  EXPECT_TRUE(PQcancel(cancel, error.data(), error.size())) << error.data();
  PQfreeCancel(cancel);
}

TEST_F(Libpq, Cancel) {
  for (const bool extended : {false, true}) {
    std::thread canceller(cancel_soon, connection());
    const Result result = extended ? run(kEndless, {}) : run(kEndless);
    canceller.join();
    expect_state(result, "57014");
    expect_usable();
  }
}

TEST_F(Libpq, CancelWithAWrongKeyDoesNothing) {
  const Connection other = connect();
  PGcancel* cancel = PQgetCancel(other.get());
  std::array<char, 256> error{};
  PQcancel(cancel, error.data(), error.size());  // nothing runs there
  PQfreeCancel(cancel);
  expect_usable();
  expect_value(Result(PQexec(other.get(), "select 1")), "1");
}

TEST_F(Libpq, CopyIsRefused) {
  for (const char* text : {"copy numbers from stdin", "copy numbers to stdout"}) {
    const Result result = run(text);
    ASSERT_EQ(PQresultStatus(result.get()), PGRES_FATAL_ERROR);
    expect_usable();
  }
}

TEST_F(Libpq, FunctionCallIsRefused) {
  int length = 0;
  std::array<int, 1> out{};
  const Result result(PQfn(connection(), 1598, out.data(), &length, 0, nullptr, 0));
  EXPECT_EQ(PQresultStatus(result.get()), PGRES_FATAL_ERROR);
  expect_usable();
}

TEST_F(Libpq, ManyConnections) {
  std::vector<Connection> all;
  for (int i = 0; i < 50; ++i) {
    all.push_back(connect(i % 2 ? "sslmode=require" : "sslmode=disable"));
    ASSERT_EQ(PQstatus(all.back().get()), CONNECTION_OK) << PQerrorMessage(all.back().get());
  }
  for (const Connection& one : all) expect_value(Result(PQexec(one.get(), "select count(*) from everything")), "4");
}

}  // namespace
