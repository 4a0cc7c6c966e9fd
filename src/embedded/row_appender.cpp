#include "embedded/row_appender.h"

#include <algorithm>

#include "base/utf8.h"
#include "duck/appender.h"

namespace garland::embedded {

using engine::TypeId;

namespace {

std::vector<engine::Type> types_of(const semantics::Relation& table) {
  std::vector<engine::Type> types;
  for (const auto& column : table.columns) types.push_back(column.type);
  return types;
}

}  // namespace

RowAppender::RowAppender(duck::Connection& connection, const semantics::Relation& table)
    : connection_(connection), table_(table) {}

engine::BatchBuilder& RowAppender::row() {
  if (batches_.empty() || (batches_.back().full() && column_ == 0)) batches_.emplace_back(types_of(table_));
  return batches_.back();
}

RowAppender& RowAppender::number(int64_t value) {
  auto& out = row();
  switch (table_.columns[column_].type.id) {
    case TypeId::kSmallint:
      out.set<int16_t>(column_, static_cast<int16_t>(value));
      break;
    case TypeId::kInteger:
      out.set<int32_t>(column_, static_cast<int32_t>(value));
      break;
    default:
      out.set<int64_t>(column_, value);
  }
  ++column_;
  return *this;
}

RowAppender& RowAppender::flag(bool value) {
  row().set<uint8_t>(column_++, value ? 1 : 0);
  return *this;
}

RowAppender& RowAppender::text(std::string_view value) {
  row().set_string(column_, first_bytes(value, static_cast<size_t>(table_.columns[column_].type.length)));
  ++column_;
  return *this;
}

RowAppender& RowAppender::null() {
  row().set_null(column_++);
  return *this;
}

void RowAppender::end_row() {
  row().end_row();
  column_ = 0;
}

void RowAppender::finish() {
  if (batches_.empty()) return;
  duck::Appender appender(connection_, "w", "t" + std::to_string(table_.oid), types_of(table_));
  for (auto& batch : batches_) appender.append(batch.batch());
  appender.flush();
  batches_.clear();
}

}  // namespace garland::embedded
