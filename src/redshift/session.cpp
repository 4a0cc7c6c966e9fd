#include "redshift/session.h"

#include "engine/text.h"
#include "redshift/cursor.h"

namespace garland::redshift {

using engine::TransactionStatus;
using engine::Type;

namespace {

class PgStatement : public engine::Statement {
 public:
  PgStatement(PgSession& session, std::string name, std::string sql)
      : session_(session), name_(std::move(name)), sql_(std::move(sql)) {
    const Connection& connection = session_.connection();
    const Result described(PQdescribePrepared(connection.get(), name_.c_str()));
    if (PQresultStatus(described.get()) != PGRES_COMMAND_OK) throw connection.error_of(described.get(), sql_);
    for (int i = 0; i < PQnparams(described.get()); ++i) {
      parameters_.push_back(type_of_wire(PQparamtype(described.get(), i), -1));
    }
    columns_ = columns_of(described.get());
  }
  ~PgStatement() override { session_.close(std::move(name_)); }

  const std::vector<Type>& parameters() const override { return parameters_; }
  const std::vector<engine::ResultColumn>& columns() const override { return columns_; }
  std::unique_ptr<engine::Cursor> execute(std::span<const engine::ParameterValue> values) override {
    session_.settle();
    std::vector<const char*> texts;
    for (const engine::ParameterValue& value : values) texts.push_back(value ? value->c_str() : nullptr);
    PGconn* connection = session_.connection().get();
    const int count = static_cast<int>(texts.size());
    if (!PQsendQueryPrepared(connection, name_.c_str(), count, texts.data(), nullptr, nullptr, 0)) {
      throw session_.connection().lost();
    }
    PQsetSingleRowMode(connection);
    return std::make_unique<PgCursor>(session_, sql_);
  }

 private:
  PgSession& session_;
  std::string name_, sql_;
  std::vector<Type> parameters_;
  std::vector<engine::ResultColumn> columns_;
};

}  // namespace

PgSession::PgSession(const Options& options, const engine::Login& login) : connection_(options, login) {}

PgSession::~PgSession() = default;

std::unique_ptr<engine::Statement> PgSession::prepare(std::string_view sql, std::span<const Type> types) {
  settle();
  close_unused();
  if (sql.find('\0') != std::string_view::npos) {
    throw Error(kCharacterNotInRepertoire, "the statement holds a zero byte").at(sql.find('\0'));
  }
  std::vector<Oid> oids;
  for (const Type& type : types) oids.push_back(type.id == engine::TypeId::kUnknown ? 0 : engine::oid(type));
  std::string name = "s" + std::to_string(++prepared_);
  std::string text(sql);
  const Result made(
      PQprepare(connection_.get(), name.c_str(), text.c_str(), static_cast<int>(oids.size()), oids.data()));
  if (PQresultStatus(made.get()) != PGRES_COMMAND_OK) throw connection_.error_of(made.get(), sql);
  return std::make_unique<PgStatement>(*this, std::move(name), std::move(text));
}

std::unique_ptr<engine::Load> PgSession::load(std::string_view, const std::vector<std::string>&) {
  throw Error(kFeatureNotSupported, "bulk loads over a connection are not supported yet").hint("Use COPY.");
}

TransactionStatus PgSession::transaction_status() const {
  switch (PQtransactionStatus(connection_.get())) {
    case PQTRANS_INTRANS:
      return TransactionStatus::kOpen;
    case PQTRANS_INERROR:
      return TransactionStatus::kFailed;
    case PQTRANS_ACTIVE:
      return active_ ? active_->status_before() : TransactionStatus::kIdle;
    default:
      return TransactionStatus::kIdle;
  }
}

/// The server fails a block for nothing but a statement of it that fails.
void PgSession::fail_transaction() {
  settle();
  if (transaction_status() != TransactionStatus::kOpen) return;
  const Result failed(PQexec(connection_.get(), "select garland_fail_transaction()"));
}

std::string PgSession::setting(std::string_view name) const {
  const std::string wanted(name);
  if (const char* known = PQparameterStatus(connection_.get(), wanted.c_str())) return known;
  const std::string text = "SHOW " + wanted;
  const Result shown(PQexec(connection_.get(), text.c_str()));
  if (PQresultStatus(shown.get()) != PGRES_TUPLES_OK) throw connection_.error_of(shown.get(), text);
  return PQntuples(shown.get()) > 0 ? PQgetvalue(shown.get(), 0, 0) : "";
}

void PgSession::cancel(uint64_t statement_id) {
  const std::lock_guard lock(running_mutex_);
  if (running_ && statement_id == statement_id_) connection_.cancel();
}

void PgSession::settle() {
  if (active_) active_->keep_rest();
}

void PgSession::begin(PgCursor& cursor) {
  active_ = &cursor;
  const std::lock_guard lock(running_mutex_);
  ++statement_id_;
  running_ = true;
}

void PgSession::end() {
  active_ = nullptr;
  const std::lock_guard lock(running_mutex_);
  running_ = false;
}

/// In a failed block the server runs nothing: they wait until it has ended.
void PgSession::close_unused() {
  if (transaction_status() == TransactionStatus::kFailed) return;
  for (const std::string& name : unused_)
    const Result closed(PQexec(connection_.get(), ("DEALLOCATE " + name).c_str()));
  unused_.clear();
}

}  // namespace garland::redshift
