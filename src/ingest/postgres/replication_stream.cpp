#include "ingest/postgres/replication_stream.h"

#include <fmt/format.h>

namespace garland::ingest::postgres {
namespace {

/// Keepalives are asked for long before.
constexpr int64_t kSilenceNs = int64_t{SourceConnection::kSilenceMs} * 1'000'000;
constexpr int kGoodbyeMs = 1000;

}  // namespace

ReplicationStream::ReplicationStream(SourceConnection& connection, const PostgresSource& source, Lsn from,
                                     const Clock& clock, StreamForm form)
    : connection_(connection), clock_(clock), heard_ns_(clock.steady_ns()) {
  connection.begin_copy(fmt::format(
      "START_REPLICATION SLOT {} LOGICAL {} (proto_version '2', publication_names {}, binary '{}', streaming '{}')",
      connection.identifier(source.slot), lsn_text(from), connection.literal(connection.identifier(source.publication)),
      form == StreamForm::kChanges, form == StreamForm::kChanges));
}

/// A message that has arrived already.
bool ReplicationStream::take() {
  char* bytes = nullptr;
  const int size = PQgetCopyData(connection_.get(), &bytes, 1);
  bytes_.reset(bytes);
  if (size > 0) {
    size_ = static_cast<size_t>(size);
    return true;
  }
  if (size == 0) return false;
  // -1: the server ended the stream, and says why, or shuts down; -2: the connection failed.
  const Result result(PQgetResult(connection_.get()));
  if (size == -1 && PQresultStatus(result.get()) != PGRES_FATAL_ERROR) {
    throw Error(kAdminShutdown, "the source ended the replication stream");
  }
  throw connection_.error_of(result.get());
}

std::optional<Outer> ReplicationStream::receive(int timeout_ms) {
  if (!take()) {
    if (!connection_.wait(timeout_ms) || !take()) {
      if (clock_.steady_ns() - heard_ns_ < kSilenceNs) return std::nullopt;
      throw Error(kConnectionFailure, "the source has been silent for half a minute");
    }
  }
  heard_ns_ = clock_.steady_ns();
  return decode_outer({bytes_.get(), size_});
}

void ReplicationStream::report(Lsn durable, bool reply_now) {
  const std::string status = standby_status(durable, clock_.now_us(), reply_now);
  if (PQputCopyData(connection_.get(), status.data(), static_cast<int>(status.size())) != 1 ||
      PQflush(connection_.get()) < 0) {
    throw connection_.lost();
  }
}

void ReplicationStream::finish() noexcept {
  try {
    if (PQputCopyEnd(connection_.get(), nullptr) != 1 || PQflush(connection_.get()) < 0) return;
    const int64_t until = clock_.steady_ns() + int64_t{kGoodbyeMs} * 1'000'000;
    while (clock_.steady_ns() < until) {
      char* bytes = nullptr;
      const int size = PQgetCopyData(connection_.get(), &bytes, 1);
      bytes_.reset(bytes);
      if (size < 0) break;
      if (size == 0 && !connection_.wait(kGoodbyeMs)) return;
    }
    while (PQisBusy(connection_.get()) || Result(PQgetResult(connection_.get()))) {
      if (PQisBusy(connection_.get()) && !connection_.wait(kGoodbyeMs)) return;
    }
  } catch (const Error&) {  // it is over either way
  }
}

}  // namespace garland::ingest::postgres
