// The conveniences over the contract, against a session that records what it is told.
#include "engine/engine.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace garland::engine {
namespace {

class TwoBatches final : public Cursor {
 public:
  TwoBatches() : builder_({Type::of(TypeId::kInteger), Type::varchar(9)}) {}
  const std::vector<ResultColumn>& columns() const override { return columns_; }
  const Batch* fetch() override {
    if (fetched_ == 2) return nullptr;
    builder_.clear();
    builder_.set<int32_t>(0, ++fetched_);
    builder_.end_row();
    return &builder_.batch();
  }
  std::string command_tag() const override { return "SELECT"; }
  uint64_t row_count() const override { return static_cast<uint64_t>(fetched_); }

 private:
  std::vector<ResultColumn> columns_;
  BatchBuilder builder_;
  int fetched_ = 0;
};

class RecordingStatement final : public Statement {
 public:
  const std::vector<Type>& parameters() const override { return types_; }
  const std::vector<ResultColumn>& columns() const override { return columns_; }
  std::unique_ptr<Cursor> execute(std::span<const ParameterValue>) override { return std::make_unique<TwoBatches>(); }

 private:
  std::vector<Type> types_;
  std::vector<ResultColumn> columns_;
};

class RecordingSession final : public Session {
 public:
  std::vector<std::string> said;
  std::string refuse;
  TransactionStatus status = TransactionStatus::kIdle;

  std::unique_ptr<Statement> prepare(std::string_view sql, std::span<const Type>) override {
    said.emplace_back(sql);
    if (sql == refuse) throw Error(kSerializationFailure, "refused");
    return std::make_unique<RecordingStatement>();
  }
  std::unique_ptr<Load> load(std::string_view, const std::vector<std::string>&) override { return nullptr; }
  TransactionStatus transaction_status() const override { return status; }
  void fail_transaction() override { status = TransactionStatus::kFailed; }
  std::vector<Notice> take_notices() override { return {}; }
  std::string setting(std::string_view) const override { return {}; }
  uint64_t statement_id() const override { return 0; }
  void cancel(uint64_t) override {}
};

TEST(Engine, RunReadsToTheEndAndCounts) {
  RecordingSession session;
  EXPECT_EQ(run(session, "select 1"), 2u);
}

TEST(Engine, QueryTextGivesNullsAsNothing) {
  RecordingSession session;
  const std::vector<TextRow> expected = {{"1", std::nullopt}, {"2", std::nullopt}};
  EXPECT_EQ(query_text(session, "select 1"), expected);
}

TEST(Transaction, RollsBackUnlessCommitted) {
  RecordingSession session;
  {
    Transaction transaction(session);
  }
  EXPECT_EQ(session.said, (std::vector<std::string>{"begin", "rollback"}));
  session.said.clear();
  {
    Transaction transaction(session);
    transaction.commit();
  }
  EXPECT_EQ(session.said, (std::vector<std::string>{"begin", "commit"}));
}

TEST(Transaction, DoesNotJoinOneThatIsOpen) {
  RecordingSession session;
  session.status = TransactionStatus::kOpen;
  EXPECT_THROW(Transaction{session}, Error);
  EXPECT_TRUE(session.said.empty());
}

TEST(Transaction, AFailedCommitIsRolledBack) {
  RecordingSession session;
  session.refuse = "commit";
  {
    Transaction transaction(session);
    EXPECT_THROW(transaction.commit(), Error);
  }
  EXPECT_EQ(session.said, (std::vector<std::string>{"begin", "commit", "rollback"}));
}

}  // namespace
}  // namespace garland::engine
