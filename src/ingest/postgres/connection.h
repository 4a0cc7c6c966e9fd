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
  /// Throws 28P01 for a wrong password, 08006 for what else keeps it from connecting, F0000 when the password is not
  /// where the configuration says.
  SourceConnection(const PostgresSource& source, Use use);
  ~SourceConnection();
  SourceConnection(const SourceConnection&) = delete;
  SourceConnection& operator=(const SourceConnection&) = delete;

  PGconn* get() const { return connection_; }
  /// Runs a statement; its rows as text. `parameters` only for Use::kQueries.
  std::vector<SourceRow> query(const std::string& sql, const std::vector<std::string>& parameters = {});
  /// Begins a COPY TO STDOUT or START_REPLICATION.
  void begin_copy(const std::string& sql);
  /// What a failed result says, with the source's name.
  Error error_of(const PGresult* result) const;
  /// The connection failed where there is no result.
  Error lost() const;
  /// An identifier or literal for a statement's text.
  std::string identifier(const std::string& name) const;
  std::string literal(const std::string& text) const;

 private:
  std::string name_;
  PGconn* connection_;
};

}  // namespace garland::ingest::postgres
