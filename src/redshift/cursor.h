// The rows of one execution, as they arrive.
#pragma once

#include <deque>
#include <optional>

#include "redshift/session.h"

namespace garland::redshift {

/// A type that the server's results name; what Garland has no name for is text.
engine::Type type_of_wire(Oid oid, int typmod);
std::vector<engine::ResultColumn> columns_of(const PGresult* result);

class PgCursor : public engine::Cursor {
 public:
  /// The statement is sent. Throws its error when that comes before its first row.
  PgCursor(PgSession& session, std::string sql);
  ~PgCursor() override;

  const std::vector<engine::ResultColumn>& columns() const override { return columns_; }
  const engine::Batch* fetch() override;
  std::string command_tag() const override { return tag_; }
  uint64_t row_count() const override { return rows_; }

  /// Reads what is left into memory: the wire is wanted for something else. An error is thrown by fetch().
  void keep_rest();
  engine::TransactionStatus status_before() const { return status_before_; }

 private:
  void receive();
  void describe(const PGresult* result);
  void append(const PGresult* row);

  PgSession& session_;
  const std::string sql_;
  const engine::TransactionStatus status_before_;
  std::vector<engine::ResultColumn> columns_;
  std::optional<engine::BatchBuilder> builder_;  // none: a statement without rows
  std::deque<Result> kept_;                      // one row each
  std::optional<Error> failure_;
  bool arriving_ = true;
  std::string tag_;
  uint64_t rows_ = 0;
};

}  // namespace garland::redshift
