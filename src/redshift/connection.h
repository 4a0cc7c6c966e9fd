// One connection of libpq: results that free themselves, errors as garland::Error, notices kept, cancel from any
// thread.
#pragma once

#include <libpq-fe.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "engine/engine.h"
#include "redshift/redshift.h"

namespace garland::redshift {

struct ClearResult {
  void operator()(PGresult* result) const { PQclear(result); }
};
using Result = std::unique_ptr<PGresult, ClearResult>;

/// Used by one thread at a time, except cancel().
class Connection {
 public:
  /// `settings`: libpq's `options`, "-c name=value". Throws as open_session() does.
  Connection(const Options& options, const engine::Login& login, const char* settings = "");
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  PGconn* get() const { return connection_; }
  std::vector<engine::Notice> take_notices();
  /// What a failed result says; `text` is the statement that its position counts in.
  Error error_of(const PGresult* result, std::string_view text) const;
  /// The connection failed where there is no result.
  Error lost() const;
  /// From any thread.
  void cancel();

 private:
  PGconn* connection_;
  PGcancel* cancel_ = nullptr;
  std::vector<engine::Notice> notices_;
};

}  // namespace garland::redshift
