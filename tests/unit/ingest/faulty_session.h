// A session that fails at a chosen call, to see what a failure at any point leaves behind.
#pragma once

#include "base/error.h"
#include "engine/engine.h"

namespace garland::ingest {

class FaultySession final : public engine::Session {
 public:
  /// Fails once, at call number `fail_at` (from 0) of prepare, execute, load, append and finish together.
  FaultySession(engine::Session& inner, int fail_at) : inner_(inner), fail_at_(fail_at) {}
  bool failed() const { return failed_; }

  std::unique_ptr<engine::Statement> prepare(std::string_view sql, std::span<const engine::Type> types) override {
    step();
    return std::make_unique<FaultyStatement>(*this, inner_.prepare(sql, types));
  }
  std::unique_ptr<engine::Load> load(std::string_view table, const std::vector<std::string>& columns) override {
    step();
    return std::make_unique<FaultyLoad>(*this, inner_.load(table, columns));
  }
  engine::TransactionStatus transaction_status() const override { return inner_.transaction_status(); }
  void fail_transaction() override { inner_.fail_transaction(); }
  std::vector<engine::Notice> take_notices() override { return inner_.take_notices(); }
  std::string setting(std::string_view name) const override { return inner_.setting(name); }
  uint64_t statement_id() const override { return inner_.statement_id(); }
  void cancel(uint64_t id) override { inner_.cancel(id); }

 private:
  void step() {
    if (calls_++ != fail_at_) return;
    failed_ = true;
    throw Error(kIoError, "injected");
  }

  class FaultyStatement final : public engine::Statement {
   public:
    FaultyStatement(FaultySession& session, std::unique_ptr<engine::Statement> inner)
        : session_(session), inner_(std::move(inner)) {}
    const std::vector<engine::Type>& parameters() const override { return inner_->parameters(); }
    const std::vector<engine::ResultColumn>& columns() const override { return inner_->columns(); }
    std::unique_ptr<engine::Cursor> execute(std::span<const engine::ParameterValue> values) override {
      session_.step();
      return inner_->execute(values);
    }

   private:
    FaultySession& session_;
    std::unique_ptr<engine::Statement> inner_;
  };

  class FaultyLoad final : public engine::Load {
   public:
    FaultyLoad(FaultySession& session, std::unique_ptr<engine::Load> inner)
        : session_(session), inner_(std::move(inner)) {}
    void append(const engine::Batch& batch) override {
      session_.step();
      inner_->append(batch);
    }
    uint64_t finish() override {
      session_.step();
      return inner_->finish();
    }

   private:
    FaultySession& session_;
    std::unique_ptr<engine::Load> inner_;
  };

  engine::Session& inner_;
  int fail_at_, calls_ = 0;
  bool failed_ = false;
};

}  // namespace garland::ingest
