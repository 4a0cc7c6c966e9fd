#include "cli/table.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/utf8.h"
#include "cli/terminal.h"
#include "engine/text.h"

namespace garland::cli {
namespace {

using engine::Batch;
using engine::Column;
using engine::ResultColumn;
using engine::TypeId;

constexpr size_t kRowsForWidths = 1000;
constexpr size_t kWidestCell = 60;

bool stands_right(const engine::Type& type) { return type.is_numeric(); }

std::string cell_text(const Column& column, size_t row) {
  if (column.is_null(row)) return "NULL";
  std::string text;
  engine::append_text(text, column, row);
  for (char& c : text) {
    if (c == '\n' || c == '\r' || c == '\t') c = ' ';
  }
  return text;
}

std::string fitted(const std::string& text, size_t width, bool right) {
  const size_t cells = display_width(text);
  if (cells > width) {
    size_t end = 0;
    for (size_t seen = 0; end < text.size(); ++end) {
      if (starts_character(text[end]) && ++seen == width) break;
    }
    return text.substr(0, end) + "…";
  }
  const std::string blanks(width - cells, ' ');
  return right ? blanks + text : text + blanks;
}

class TablePrinter {
 public:
  TablePrinter(std::FILE* out, const std::vector<ResultColumn>& columns) : out_(out), columns_(columns) {
    for (const ResultColumn& column : columns_) widths_.push_back(display_width(column.name));
  }

  void add(const Batch& batch, size_t row) {
    std::vector<std::string> cells;
    for (const Column& column : batch.columns) cells.push_back(cell_text(column, row));
    if (started_) return print(cells);
    for (size_t i = 0; i < cells.size(); ++i) {
      widths_[i] = std::max(widths_[i], std::min(kWidestCell, display_width(cells[i])));
    }
    held_.push_back(std::move(cells));
    if (held_.size() == kRowsForWidths) start();
  }

  void end() {
    if (!started_) start();
  }

 private:
  void start() {
    started_ = true;
    std::vector<std::string> names, rules;
    for (size_t i = 0; i < columns_.size(); ++i) {
      names.push_back(columns_[i].name);
      std::string rule;
      for (size_t k = 0; k < widths_[i]; ++k) rule += "─";
      rules.push_back(std::move(rule));
    }
    print(names);
    print(rules);
    for (const auto& cells : held_) print(cells);
    held_.clear();
  }

  void print(const std::vector<std::string>& cells) {
    std::string line;
    for (size_t i = 0; i < cells.size(); ++i) {
      if (i > 0) line += "  ";
      line += fitted(cells[i], widths_[i], stands_right(columns_[i].type));
    }
    line.erase(line.find_last_not_of(' ') + 1);
    fmt::print(out_, "{}\n", line);
  }

  std::FILE* out_;
  const std::vector<ResultColumn>& columns_;
  std::vector<size_t> widths_;
  std::vector<std::vector<std::string>> held_;
  bool started_ = false;
};

std::string json_string(std::string_view text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string json_value(const Column& column, size_t row) {
  if (column.is_null(row)) return "null";
  if (column.type.id == TypeId::kBoolean) return column.values<uint8_t>()[row] ? "true" : "false";
  std::string text;
  engine::append_text(text, column, row);
  const bool is_number = column.type.is_numeric() && text != "NaN" && text != "Infinity" && text != "-Infinity";
  if (is_number || column.type.id == TypeId::kSuper) return text;
  return json_string(text);
}

void print_json_row(std::FILE* out, const std::vector<ResultColumn>& columns, const Batch& batch, size_t row) {
  std::string line = "{";
  for (size_t i = 0; i < columns.size(); ++i) {
    if (i > 0) line += ", ";
    line += json_string(columns[i].name) + ": " + json_value(batch.columns[i], row);
  }
  fmt::print(out, "{}}}\n", line);
}

}  // namespace

uint64_t print_result(std::FILE* out, engine::Cursor& cursor, ResultFormat format, uint64_t rows_shown) {
  TablePrinter table(out, cursor.columns());
  uint64_t rows = 0;
  while (const Batch* batch = cursor.fetch()) {
    for (size_t row = 0; row < batch->rows; ++row, ++rows) {
      if (rows_shown > 0 && rows >= rows_shown) continue;
      if (format == ResultFormat::kJson) {
        print_json_row(out, cursor.columns(), *batch, row);
      } else {
        table.add(*batch, row);
      }
    }
  }
  if (format == ResultFormat::kTable) table.end();
  return rows;
}

std::string text_table(const std::vector<std::vector<std::string>>& rows, const std::vector<bool>& right,
                       size_t indent) {
  std::vector<size_t> widths(right.size(), 0);
  for (const auto& row : rows) {
    for (size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], display_width(row[i]));
  }
  std::string out;
  for (const auto& row : rows) {
    std::string line(indent, ' ');
    for (size_t i = 0; i < row.size(); ++i) {
      if (i > 0) line += "  ";
      line += fitted(row[i], widths[i], right[i]);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + "\n";
  }
  return out;
}

}  // namespace garland::cli
