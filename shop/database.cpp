#include "shop/database.h"

#include "base/error.h"

namespace garland::shop {
namespace {

struct ClearResult {
  void operator()(PGresult* result) const { PQclear(result); }
};
using Result = std::unique_ptr<PGresult, ClearResult>;

/// libpq ends its own messages with a line's end.
std::string trimmed(std::string_view text) { return std::string(text.substr(0, text.find_last_not_of(" \n") + 1)); }

std::string_view part(const PGresult* result, int code) {
  const char* text = PQresultErrorField(result, code);
  return text ? text : "";
}

}  // namespace

int64_t number(const Fields& row, size_t column) { return std::stoll(row[column].value()); }

Money money(const Fields& row, size_t column) { return {std::llround(std::stod(row[column].value()) * 100)}; }

Database::Database(const std::string& uri) {
  const char* names[] = {"dbname", "application_name", "client_encoding", "connect_timeout", nullptr};
  const char* values[] = {uri.c_str(), "garland-shop", "UTF8", "10", nullptr};
  connection_ = PQconnectdbParams(names, values, 1);
  if (PQstatus(connection_) == CONNECTION_OK) {
    PQsetNoticeProcessor(connection_, [](void*, const char*) {}, nullptr);
    return;
  }
  Error failure(kConnectionFailure, "cannot connect to the shop's database: " + trimmed(PQerrorMessage(connection_)));
  PQfinish(connection_);
  throw failure.hint(
      "give --database postgresql://USER@HOST:PORT/NAME; the password comes from PGPASSWORD or ~/.pgpass");
}

Database::~Database() { PQfinish(connection_); }

void Database::check(const PGresult* result) const {
  const ExecStatusType status = PQresultStatus(result);
  if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_COPY_IN) return;
  const auto state = SqlState::of(part(result, PG_DIAG_SQLSTATE));
  if (!state) {
    throw Error(kConnectionFailure,
                "the connection to the shop's database was lost: " + trimmed(PQerrorMessage(connection_)))
        .hint("what was committed stays; start again once the server is back");
  }
  Error error(*state, std::string(part(result, PG_DIAG_MESSAGE_PRIMARY)));
  throw error.detail(std::string(part(result, PG_DIAG_MESSAGE_DETAIL)))
      .hint(std::string(part(result, PG_DIAG_MESSAGE_HINT)));
}

void Database::run(const std::string& sql) {
  finish_copy();
  check(Result(PQexec(connection_, sql.c_str())).get());
}

std::vector<Fields> Database::ask(const std::string& sql, const std::vector<std::string>& parameters) {
  finish_copy();
  std::vector<const char*> values;
  for (const std::string& parameter : parameters) values.push_back(parameter.c_str());
  const Result result(PQexecParams(connection_, sql.c_str(), static_cast<int>(values.size()), nullptr, values.data(),
                                   nullptr, nullptr, 0));
  check(result.get());
  std::vector<Fields> rows(static_cast<size_t>(PQntuples(result.get())));
  for (size_t r = 0; r < rows.size(); ++r) {
    for (int c = 0; c < PQnfields(result.get()); ++c) {
      const bool null = PQgetisnull(result.get(), static_cast<int>(r), c) == 1;
      rows[r].push_back(null ? std::nullopt
                             : std::optional<std::string>(PQgetvalue(result.get(), static_cast<int>(r), c)));
    }
  }
  return rows;
}

void Database::copy(std::string_view table, std::string_view rows) {
  finish_copy();
  check(Result(PQexec(connection_, fmt::format("copy shop.{} from stdin", table).c_str())).get());
  const bool sent = PQputCopyData(connection_, rows.data(), static_cast<int>(rows.size())) == 1 &&
                    PQputCopyEnd(connection_, nullptr) == 1;
  copying_ = table;
  if (!sent) finish_copy();
}

void Database::finish_copy() {
  if (copying_.empty()) return;
  copying_.clear();
  while (const Result result{PQgetResult(connection_)}) check(result.get());
}

namespace field {

void append(std::string& row, std::string_view text) {
  for (const char c : text) {
    switch (c) {
      case '\t':
        row += "\\t";
        break;
      case '\n':
        row += "\\n";
        break;
      case '\r':
        row += "\\r";
        break;
      case '\\':
        row += "\\\\";
        break;
      default:
        row += c;
    }
  }
}

void append(std::string& row, Decimal number) {
  int64_t one = 1;
  for (int i = 0; i < number.scale; ++i) one *= 10;
  if (number.value < 0) row += '-';
  const int64_t size = std::abs(number.value);
  fmt::format_to(std::back_inserter(row), "{}.{:0{}}", size / one, size % one, number.scale);
}

void append(std::string& row, Money amount) { append(row, Decimal{amount.cents, 2}); }

}  // namespace field

Table::Table(Tables& tables, std::string_view name) : database_(tables.database), name_(name) {
  tables.all.push_back(this);
}

void Table::send() {
  if (rows_.empty()) return;
  database_.copy(name_, rows_);
  rows_.clear();
}

void Tables::send() {
  for (Table* table : all) table->send();
}

int64_t Tables::rows() const {
  int64_t rows = 0;
  for (const Table* table : all) rows += table->count();
  return rows;
}

}  // namespace garland::shop
