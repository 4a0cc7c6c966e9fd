// Originals that several threads bring at the same time, each for rows in a transaction of its own: what one has
// brought the others do not bring again.
#pragma once

#include <memory>
#include <mutex>
#include <optional>

#include "base/clock.h"
#include "ingest/sensitive/vault.h"

namespace garland::ingest {

/// Writes in transactions of its own, on a session of its own: after flush() all that any thread has kept before is
/// committed, so that a row that is committed then never lacks its original. An original may outlive the rows that it
/// was brought for, when these are given up. Thread-safe.
class SharedOriginals final : public OriginalWriter {
 public:
  /// `session`: used by this alone from now on.
  SharedOriginals(Vault& vault, std::unique_ptr<engine::Session> session, const Clock& clock);

  /// keep() and flush() throw 55000 once one of them has failed, for whichever thread: others count on what it had.
  void keep(std::string_view subject, PiiClass pii, std::string_view token, std::string_view original) override;
  bool full() const override;
  void flush() override;
  void committed() override {}  // flush() has done it

 private:
  void begin();

  Vault& vault_;
  const std::unique_ptr<engine::Session> session_;
  const Clock& clock_;
  mutable std::mutex mutex_;
  std::optional<VaultWriter> writer_;  // of the transaction to come; guarded by mutex_, as is failed_
  bool failed_ = false;
};

}  // namespace garland::ingest
