// A connection to a source: libpq with results that free themselves and errors as garland::Error.
//
// An error of class 08 (but 08P01), 57P0x or 53300 means that the source is away or busy: trying again may help
// (is_passing). Everything else wants somebody to act, and says what.
#pragma once

#include <libpq-fe.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "ingest/postgres/source.h"

namespace garland::ingest::postgres {

bool is_passing(const Error& error);

struct ClearResult {
  void operator()(PGresult* result) const { PQclear(result); }
};
using Result = std::unique_ptr<PGresult, ClearResult>;

using SourceRow = std::vector<std::optional<std::string>>;

/// Used by one thread at a time.
class SourceConnection {
 public:
  enum class Use { kQueries, kReplication };
  /// A source that says nothing for so long, when it should, is away, whatever TCP says.
  static constexpr int kSilenceMs = 30'000;
  /// Throws 28P01 for a wrong password, 08006 for what else keeps it from connecting, F0000 when the password is not
  /// where the configuration says.
  SourceConnection(const PostgresSource& source, Use use);
  ~SourceConnection();
  SourceConnection(const SourceConnection&) = delete;
  SourceConnection& operator=(const SourceConnection&) = delete;

  PGconn* get() const { return connection_; }
  /// Runs a statement; its rows as text. `parameters` only for Use::kQueries. Throws 08006 when nothing is heard for
  /// `timeout_ms`: a connection that is half open, through a proxy say, would keep it waiting for ever.
  std::vector<SourceRow> query(const std::string& sql, const std::vector<std::string>& parameters = {},
                               int timeout_ms = kSilenceMs);
  /// Begins a COPY TO STDOUT or START_REPLICATION.
  void begin_copy(const std::string& sql);
  /// Takes in what has arrived; false when nothing did within the time. Throws 08006 when the connection failed.
  bool wait(int timeout_ms);
  /// What a failed result says, with the source's name.
  Error error_of(const PGresult* result) const;
  /// The connection failed where there is no result.
  Error lost() const;
  /// An identifier or literal for a statement's text.
  std::string identifier(const std::string& name) const;
  std::string literal(const std::string& text) const;

 private:
  void send(const std::string& sql, const std::vector<std::string>& parameters);
  /// nullptr: the statement has no more results.
  Result result(int timeout_ms);
  std::string name_;
  PGconn* connection_;
};

}  // namespace garland::ingest::postgres
