#include "endpoint/stoppable_engine.h"

#include "base/error.h"

namespace garland::endpoint {

class StoppableEngine::StoppableLoad : public engine::Load {
 public:
  StoppableLoad(const StoppableEngine& engine, std::unique_ptr<engine::Load> load)
      : engine_(engine), load_(std::move(load)) {}

  void append(const engine::Batch& batch) override {
    engine_.require_running();
    load_->append(batch);
  }
  uint64_t finish() override {
    engine_.require_running();
    return load_->finish();
  }

 private:
  const StoppableEngine& engine_;
  std::unique_ptr<engine::Load> load_;
};

class StoppableEngine::StoppableSession : public engine::Session {
 public:
  StoppableSession(StoppableEngine& engine, std::unique_ptr<engine::Session> session)
      : engine_(engine), session_(std::move(session)) {
    const std::lock_guard lock(engine_.mutex_);
    engine_.sessions_.insert(session_.get());
  }
  ~StoppableSession() override {
    const std::lock_guard lock(engine_.mutex_);
    engine_.sessions_.erase(session_.get());
  }

  std::unique_ptr<engine::Statement> prepare(std::string_view sql, std::span<const engine::Type> types) override {
    if (sql != "rollback") engine_.require_running();  // which is how work is given up
    return session_->prepare(sql, types);
  }
  std::unique_ptr<engine::Load> load(std::string_view table, const std::vector<std::string>& columns) override {
    engine_.require_running();
    return std::make_unique<StoppableLoad>(engine_, session_->load(table, columns));
  }
  engine::TransactionStatus transaction_status() const override { return session_->transaction_status(); }
  void fail_transaction() override { session_->fail_transaction(); }
  std::vector<engine::Notice> take_notices() override { return session_->take_notices(); }
  std::string setting(std::string_view name) const override { return session_->setting(name); }
  uint64_t statement_id() const override { return session_->statement_id(); }
  void cancel(uint64_t statement_id) override { session_->cancel(statement_id); }

 private:
  StoppableEngine& engine_;
  std::unique_ptr<engine::Session> session_;
};

std::unique_ptr<engine::Session> StoppableEngine::open_session(const engine::Login& login) {
  require_running();
  return std::make_unique<StoppableSession>(*this, engine_.open_session(login));
}

void StoppableEngine::stop() {
  stopped_ = true;
  const std::lock_guard lock(mutex_);
  for (engine::Session* session : sessions_) session->cancel(session->statement_id());
}

void StoppableEngine::require_running() const {
  if (stopped_) throw Error(kQueryCanceled, "the command was stopped");
}

}  // namespace garland::endpoint
