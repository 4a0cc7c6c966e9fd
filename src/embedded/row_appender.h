// A few rows into a stored table, value by value; for the catalog and other small writes of our own.
#pragma once

#include <string_view>

#include "duck/connection.h"
#include "engine/batch.h"
#include "semantics/catalog.h"

namespace garland::embedded {

/// Values come in the order of the table's columns. Nothing is written before finish(). Errors are DuckError.
class RowAppender {
 public:
  RowAppender(duck::Connection& connection, const semantics::Relation& table);
  /// Integers of any width and timestamps.
  RowAppender& number(int64_t value);
  RowAppender& flag(bool value);
  /// Cut, at a character, to the column's length.
  RowAppender& text(std::string_view value);
  RowAppender& null();
  void end_row();
  void finish();

 private:
  duck::Connection& connection_;
  const semantics::Relation& table_;
  std::vector<engine::BatchBuilder> batches_;
  size_t column_ = 0;
  engine::BatchBuilder& row();
};

}  // namespace garland::embedded
