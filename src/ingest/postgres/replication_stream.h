// The stream of a replication slot: START_REPLICATION, its messages, and how far this side is.
#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "base/clock.h"
#include "ingest/postgres/connection.h"
#include "ingest/postgres/messages.h"

namespace garland::ingest::postgres {

/// How the source sends values, and large transactions.
enum class StreamForm {
  kChanges,  // binary values; transactions while they are made
  kTexts,    // values as texts; transactions once they are committed
};

/// Used by one thread.
class ReplicationStream {
 public:
  /// `connection`: of Use::kReplication, not streaming yet; outlives the stream. Sends what was committed after `from`,
  /// or after the slot's own position where that is later. Throws 55006 when another process reads the slot.
  ReplicationStream(SourceConnection& connection, const PostgresSource& source, Lsn from, const Clock& clock,
                    StreamForm form = StreamForm::kChanges);

  /// The next message, valid until the next call; none when nothing came within the time. Throws 08006 when the
  /// connection is gone, or silent for so long that it must be.
  std::optional<Outer> receive(int timeout_ms);

  /// Says that everything up to `durable` is in the warehouse: the source may forget it. `reply_now` asks for a
  /// keepalive.
  void report(Lsn durable, bool reply_now);
  /// Ends the stream, so that the slot is free when this returns, and the connection for something else. Never throws.
  void finish() noexcept;

 private:
  struct FreeBytes {
    void operator()(char* bytes) const { PQfreemem(bytes); }
  };
  bool take();

  SourceConnection& connection_;
  const Clock& clock_;
  std::unique_ptr<char, FreeBytes> bytes_;
  size_t size_ = 0;
  int64_t heard_ns_;
};

}  // namespace garland::ingest::postgres
