#include "embedded/table_writer.h"

#include <algorithm>
#include <cstring>
#include <string_view>

#include "embedded/failure.h"
#include "engine/text.h"

namespace garland::embedded {

using engine::Type;
using engine::TypeId;

namespace {

engine::int128 power_of_ten(int exponent) {
  engine::int128 result = 1;
  for (int i = 0; i < exponent; ++i) result *= 10;
  return result;
}

bool is_ascii(std::string_view text) {
  const char* at = text.data();
  size_t left = text.size();
  for (; left >= 8; left -= 8, at += 8) {
    uint64_t word;
    std::memcpy(&word, at, 8);
    if (word & 0x8080808080808080u) return false;
  }
  for (; left > 0; --left, ++at) {
    if (*at & 0x80) return false;
  }
  return true;
}

std::string_view without_blanks(std::string_view text) { return text.substr(0, text.find_last_not_of(' ') + 1); }

bool is_text(TypeId id) { return id == TypeId::kChar || id == TypeId::kVarchar; }

}  // namespace

struct TableWriter::Column {
  semantics::ColumnDef def;
  int32_t source = -1;  // the batch's column; -1: default, identity or NULL
  std::optional<duck::Result> default_rows;
  const engine::Batch* default_value = nullptr;
  bool saw_blanks = false;
  std::vector<engine::int128> buffer;  // rewritten or made values, aligned for every physical type
  std::vector<uint64_t> nulls = std::vector<uint64_t>(engine::kBatchRows / 64, 0);
};

TableWriter::~TableWriter() = default;

TableWriter::TableWriter(Context& context, const semantics::Relation& table, std::vector<int32_t> targets)
    : context_(context), table_(table), targets_(std::move(targets)) {
  std::vector<Type> types;
  for (const auto& column : table_.columns) {
    columns_.push_back({.def = column});
    types.push_back(column.type);
  }
  for (size_t i = 0; i < targets_.size(); ++i) {
    Column& column = columns_.at(static_cast<size_t>(targets_[i]));
    if (column.def.identity && !column.def.identity->by_default) {
      throw Error(kFeatureNotSupported, "cannot set an identity column to a value: \"" + column.def.name + "\"");
    }
    column.source = static_cast<int32_t>(i);
    target_types_.push_back(column.def.type);
  }
  prepare_identities(context_, table_);
  appender_.emplace(context_.connection, table_.temporary ? "temp" : "w", "t" + std::to_string(table_.oid), types);
  out_.columns.resize(columns_.size());
}

void TableWriter::set_default(int32_t number, duck::Result value) {
  Column& column = columns_.at(static_cast<size_t>(number));
  column.default_rows.emplace(std::move(value));
  column.default_rows->expect(std::span(&column.def.type, 1));
  column.default_value = column.default_rows->fetch();
  if (column.default_value->columns[0].is_null(0)) column.default_value = nullptr;
}

void TableWriter::check_type(const Type& given, const semantics::ColumnDef& column) const {
  const Type& wanted = column.type;
  bool same = given.id == wanted.id || (is_text(given.id) && is_text(wanted.id));
  if (same && wanted.id == TypeId::kDecimal) {
    same = given.scale == wanted.scale && (given.precision <= 18) == (wanted.precision <= 18);
  }
  if (same) return;
  throw Error(kDatatypeMismatch, "column \"" + column.name + "\" is of type " + to_string(wanted) +
                                     " but the given values are of type " + to_string(given));
}

void TableWriter::append(const engine::Batch& batch) {
  if (batch.rows == 0) return;
  if (batch.columns.size() != targets_.size()) {
    throw Error(kDatatypeMismatch, "the rows have " + std::to_string(batch.columns.size()) + " columns, expected " +
                                       std::to_string(targets_.size()));
  }
  for (size_t i = 0; i < columns_.size(); ++i) {
    Column& column = columns_[i];
    if (column.source >= 0) {
      out_.columns[i] = checked(column, batch.columns[static_cast<size_t>(column.source)], batch.rows);
      continue;
    }
    out_.columns[i] = {column.def.type, nullptr, column.nulls.data()};
    if (column.def.identity) {
      fill_identity(column, batch.rows);
      out_.columns[i] = {column.def.type, column.buffer.data(), nullptr};
    } else if (column.default_value) {
      fill_default(column, batch.rows);
      out_.columns[i] = checked(column, {column.def.type, column.buffer.data(), nullptr}, batch.rows);
    } else if (column.def.not_null) {
      throw Error(kNotNullViolation, "null value in column \"" + column.def.name + "\" violates not-null constraint");
    }
  }
  out_.rows = batch.rows;
  appender_->append(out_);
  rows_ += batch.rows;
}

engine::Column TableWriter::checked(Column& column, const engine::Column& given, size_t rows) {
  check_type(given.type, column.def);
  if (column.def.not_null && given.validity) {
    for (size_t row = 0; row < rows; ++row) {
      if (given.is_null(row)) {
        throw Error(kNotNullViolation, "null value in column \"" + column.def.name + "\" violates not-null constraint");
      }
    }
  }
  switch (column.def.type.id) {
    case TypeId::kChar:
    case TypeId::kVarchar:
    case TypeId::kVarbyte:
    case TypeId::kSuper:
      return checked_strings(column, given, rows);
    case TypeId::kDecimal:
      check_decimals(column, given, rows);
      break;
    default:
      break;
  }
  engine::Column result = given;
  result.type = column.def.type;
  return result;
}

engine::Column TableWriter::checked_strings(Column& column, const engine::Column& given, size_t rows) {
  const Type& type = column.def.type;
  const auto* in = given.values<std::string_view>();
  const size_t limit = type.id == TypeId::kSuper ? kMaxSuperBytes : static_cast<size_t>(type.length);
  const bool character = type.id == TypeId::kChar;
  std::string_view* out = nullptr;
  const auto replace = [&](size_t row, std::string_view text) {
    if (!out) {
      column.buffer.resize(engine::kBatchRows);
      out = reinterpret_cast<std::string_view*>(column.buffer.data());
      std::memcpy(out, in, rows * sizeof(std::string_view));
    }
    out[row] = text;
  };
  for (size_t row = 0; row < rows; ++row) {
    if (given.is_null(row)) continue;
    std::string_view text = in[row];
    if (type.id != TypeId::kVarbyte && !is_ascii(text) && (character || !engine::is_utf8(text))) {
      throw field_error(character ? engine::TextFault::kInvalid : engine::TextFault::kInvalidUtf8, text, type);
    }
    const bool ends_blank = !text.empty() && text.back() == ' ' && is_text(type.id);
    if (ends_blank && (character || text.size() > limit)) {
      text = character ? without_blanks(text) : text.substr(0, std::max(limit, without_blanks(text).size()));
      replace(row, text);
    }
    if (ends_blank && !character && !text.empty() && text.back() == ' ') column.saw_blanks = true;
    if (text.size() > limit) {
      throw Error(kStringDataRightTruncation,
                  "value too long for type " + to_string(type) + " in column \"" + column.def.name + "\"");
    }
  }
  return {type, out ? static_cast<const void*>(out) : given.data, given.validity};
}

void TableWriter::check_decimals(const Column& column, const engine::Column& given, size_t rows) const {
  const Type& type = column.def.type;
  if (given.type.precision <= type.precision) return;
  const engine::int128 limit = power_of_ten(type.precision);
  for (size_t row = 0; row < rows; ++row) {
    if (given.is_null(row)) continue;
    const engine::int128 value =
        given.type.precision <= 18 ? given.values<int64_t>()[row] : given.values<engine::int128>()[row];
    if (value >= limit || value <= -limit) {
      throw Error(kNumericValueOutOfRange,
                  "numeric field overflow in column \"" + column.def.name + "\" of type " + to_string(type));
    }
  }
}

void TableWriter::fill_identity(Column& column, size_t rows) {
  column.buffer.resize(engine::kBatchRows);
  const auto range = context_.warehouse.identities().take(table_.oid, column.def.attnum, rows);
  for (size_t row = 0; row < rows; ++row) {
    const int64_t value = range.first + static_cast<int64_t>(row) * range.step;
    if (column.def.type.id == TypeId::kBigint) {
      reinterpret_cast<int64_t*>(column.buffer.data())[row] = value;
    } else if (value < INT32_MIN || value > INT32_MAX) {
      throw Error(kNumericValueOutOfRange, "the identity column \"" + column.def.name + "\" has no values left");
    } else {
      reinterpret_cast<int32_t*>(column.buffer.data())[row] = static_cast<int32_t>(value);
    }
  }
}

void TableWriter::fill_default(Column& column, size_t rows) {
  column.buffer.resize(engine::kBatchRows);
  const size_t width = engine::value_width(column.def.type);
  auto* out = reinterpret_cast<char*>(column.buffer.data());
  for (size_t row = 0; row < rows; ++row) {
    std::memcpy(out + row * width, column.default_value->columns[0].data, width);
  }
}

uint64_t TableWriter::finish() {
  appender_->flush();
  std::vector<int16_t> blanks;
  for (const Column& column : columns_) {
    if (column.saw_blanks) blanks.push_back(column.def.attnum);
  }
  flag_blanks(context_, table_.oid, blanks);
  return rows_;
}

void prepare_identities(Context& context, const semantics::Relation& table) {
  for (const auto& column : table.columns) {
    if (!column.identity) continue;
    context.warehouse.identities().prepare(table.oid, column, [&]() -> std::optional<int64_t> {
      const std::string function = column.identity->step > 0 ? "max" : "min";
      duck::Result result = context.run("SELECT " + function + "(c" + std::to_string(column.attnum) +
                                        ")::BIGINT FROM " + Context::physical_name(table));
      const engine::Batch* batch = result.fetch();
      if (batch->columns[0].is_null(0)) return std::nullopt;
      return batch->columns[0].values<int64_t>()[0];
    });
  }
}

void flag_blanks(Context& context, Oid table, const std::vector<int16_t>& attnums) {
  for (const int16_t attnum : attnums) {
    const semantics::Relation* relation = context.catalog()->find_relation(table);
    if (!relation) return;
    const auto column = std::ranges::find(relation->columns, attnum, &semantics::ColumnDef::attnum);
    if (column == relation->columns.end() || column->type.id != TypeId::kVarchar) continue;
    if (!column->may_have_trailing_blanks) context.transaction.change(FlagBlanks{table, attnum});
  }
}

}  // namespace garland::embedded
