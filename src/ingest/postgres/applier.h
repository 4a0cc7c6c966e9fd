// Takes the stream's messages, in their order, and lands whole transactions of the source in the warehouse: one
// warehouse transaction a batch, in which the batch's last position is written too.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ingest/postgres/raw_tables.h"
#include "ingest/postgres/table_writer.h"
#include "ingest/postgres/transaction_spool.h"

namespace garland::ingest::postgres {

/// Another session of the same login.
using OpenSession = std::function<std::unique_ptr<engine::Session>()>;

/// What a capture works on; all of it must outlive what is built from it.
struct CaptureContext {
  engine::Session& session;
  const PostgresSource& source;
  SourceConnection& queries;  // for the source's catalog
  SourceTypes& types;
  const Clock& clock;
  SourceIdentity identity;
  std::function<void(const std::string&)> notice;  // something that people should know
  Vault* vault = nullptr;                          // of a source with sensitive columns, nullptr for others
  OpenSession open_session = nullptr;              // empty: there are no others
};

struct AppliedCounts {
  uint64_t transactions = 0, changes = 0, rejected = 0, batches = 0;
};

/// Destroyed with a batch open, nothing of it stays. Used by the session's thread.
class Applier {
 public:
  /// `applied`: the position up to which the warehouse has the source's transactions.
  Applier(const CaptureContext& context, const std::vector<SourceTable>& tables, Lsn applied);
  ~Applier();

  /// One message of pgoutput. `working` is called now and then while a large transaction is written, which may take
  /// minutes.
  void receive(std::string_view message, const std::function<void()>& working);
  /// Transactions that the source committed at `limit` or later are left out: with the first of them, past_limit() is
  /// true, and the warehouse can have all up to `limit`.
  void take_until(Lsn limit) { limit_ = limit; }
  bool past_limit() const { return past_limit_; }
  /// The source's tables have changed so that raw tables must: the caller gives this applier up, changes them, and
  /// begins anew from applied().
  struct TableDrift {
    CapturedTable table;
    DriftPlan plan;
  };
  const std::optional<TableDrift>& drift() const { return drift_; }
  /// Within a transaction of the source: no batch may end here.
  bool in_transaction() const { return open_.has_value(); }
  /// Whole transactions wait for commit().
  bool has_changes() const { return batch_ != nullptr; }
  /// Enough for one batch.
  bool full() const;
  /// Where the last whole transaction ended.
  Lsn received() const { return received_; }

  /// Ends the batch; from then on the warehouse has all up to `position`, which is received() or a later one up to
  /// which the source has sent everything. Without changes it writes the position alone. Not within a transaction.
  void commit(Lsn position);
  Lsn applied() const { return applied_; }
  const AppliedCounts& counts() const { return counts_; }
  /// When the source committed the last transaction that is in the warehouse, since this began.
  std::optional<int64_t> committed_us() const { return committed_us_; }

 private:
  struct Batch;
  struct OpenTransaction {
    ChangePlace place;
    bool skipped = false;  // the warehouse has it already
  };

  Batch& batch();
  void begin(Lsn lsn, int64_t committed_us);
  void end(const Commit& commit);
  void dispatch(const Message& message);
  void spool(const Message& message, std::string_view bytes);
  void replay(const StreamCommit& commit);
  void relate(const Relation& relation);
  template <class Change>
  void change(const Change& change);
  void truncate(const Truncate& truncate);
  TableWriter* writer_of(Oid relation);

  CaptureContext context_;
  std::vector<std::unique_ptr<TableWriter>> writers_;
  std::map<Oid, TableWriter*> by_oid_;  // nullptr: not captured
  TransactionSpool spool_;
  std::optional<Xid> streaming_;
  std::optional<OpenTransaction> open_;
  std::unique_ptr<Batch> batch_;
  std::optional<TableDrift> drift_;
  const std::function<void()>* working_ = nullptr;  // of the receive() that runs
  Lsn applied_, received_;
  std::optional<Lsn> limit_;
  bool past_limit_ = false;
  AppliedCounts counts_;
  std::optional<int64_t> committed_us_;
};

}  // namespace garland::ingest::postgres
