// Large transactions that the source streams before it knows whether they will commit: their messages, kept until then.
// Past some megabytes a transaction's messages go to a file without a name in the system's temporary folder, encrypted
// (AES-256-CTR) under a key that lives in this process only: they are customers' data.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>

#include "ingest/postgres/messages.h"

namespace garland::ingest::postgres {

class SpoolFile;

/// Not thread-safe.
class TransactionSpool {
 public:
  TransactionSpool();
  ~TransactionSpool();

  /// `change`: the number that the message carries, its subtransaction's. Throws 58030, 53100 when the file cannot take
  /// it.
  void add(Xid transaction, Xid change, std::string_view message);
  /// Undoes a subtransaction, or all of the transaction when both are the same.
  void abort(Xid transaction, Xid subtransaction);
  /// The messages that were not undone, in their order; then forgets them.
  void replay(Xid transaction, const std::function<void(std::string_view message)>& each);

  bool empty() const { return held_.empty(); }

 private:
  struct Held;
  std::map<Xid, std::unique_ptr<Held>> held_;
};

}  // namespace garland::ingest::postgres
