// Batches into a table, by INSERT's rules: defaults, identity, NOT NULL, lengths, blanks. What INSERT … VALUES, COPY
// and load share.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "duck/appender.h"
#include "embedded/context.h"

namespace garland::embedded {

/// Writes in the context's transaction, which must have started and hold the table's lock. Columns that get no values
/// are NULL, their identity's next value, or what `set_default` says. Used by the session's thread. What was not
/// finished is lost when it is destroyed.
class TableWriter {
 public:
  /// `targets`: column numbers (index into Relation::columns) that a batch's columns fill, in the batch's order. Throws
  /// 428C9-like 0A000 for an identity column GENERATED ALWAYS.
  TableWriter(Context& context, const semantics::Relation& table, std::vector<int32_t> targets);
  ~TableWriter();

  /// The column gets this value in every row: row 0 of a one-column result.
  void set_default(int32_t column, duck::Result value);
  /// The types that a batch's columns must have: those of the targets.
  const std::vector<engine::Type>& types() const { return target_types_; }

  /// Throws 23502, 22001, 22003, 22021, 42804.
  void append(const engine::Batch& batch);
  /// Writes out what is buffered and notes which columns may hold blanks now. Returns the rows appended in all.
  uint64_t finish();

 private:
  struct Column;
  void check_type(const engine::Type& given, const semantics::ColumnDef& column) const;
  engine::Column checked(Column& column, const engine::Column& given, size_t rows);
  engine::Column checked_strings(Column& column, const engine::Column& given, size_t rows);
  void check_decimals(const Column& column, const engine::Column& given, size_t rows) const;
  void fill_identity(Column& column, size_t rows);
  void fill_default(Column& column, size_t rows);

  Context& context_;
  semantics::Relation table_;
  std::vector<int32_t> targets_;
  std::vector<engine::Type> target_types_;
  std::vector<Column> columns_;
  std::optional<duck::Appender> appender_;
  engine::Batch out_;
  uint64_t rows_ = 0;
};

/// Makes the table's identity sequences known to the warehouse.
void prepare_identities(Context& context, const semantics::Relation& table);
/// Notes that the columns may hold trailing blanks, where that is not known yet.
void flag_blanks(Context& context, Oid table, const std::vector<int16_t>& attnums);

}  // namespace garland::embedded
