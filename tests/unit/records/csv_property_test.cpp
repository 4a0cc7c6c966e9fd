// Random tables, printed as CSV with random quoting and line ends, cut into random blocks: what is read is what was
// written. A failure prints its seed; GARLAND_SEED=<n> replays it.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <random>

#include "engine/text.h"
#include "records/csv.h"

namespace garland::records {
namespace {

using engine::Type;

using Value = std::optional<std::string>;
using Row = std::vector<Value>;

struct Table {
  size_t columns = 0;
  std::vector<Row> rows;
  std::vector<uint64_t> lines;  // where each row begins
  std::string text;
};

class Generator {
 public:
  explicit Generator(uint64_t seed) : random_(seed) {}

  size_t below(size_t n) { return random_() % n; }

  Table table() {
    Table table;
    table.columns = 1 + below(5);
    const size_t rows = below(60);
    uint64_t line = 1;
    for (size_t i = 0; i < rows; ++i) {
      table.lines.push_back(line);
      table.rows.push_back(row(table.columns));
      const size_t before = table.text.size();
      print(table.rows.back(), table.text);
      line +=
          static_cast<uint64_t>(std::count(table.text.begin() + static_cast<long>(before), table.text.end(), '\n')) + 1;
      if (i + 1 < rows || below(2) == 0) table.text += below(3) == 0 ? "\r\n" : "\n";
    }
    return table;
  }

 private:
  Row row(size_t columns) {
    Row row;
    for (size_t i = 0; i < columns; ++i) row.push_back(below(6) == 0 ? std::nullopt : Value(value()));
    // A row of one NULL prints as a blank line, and at the very end as nothing at all.
    if (columns == 1 && !row[0]) row[0] = "x";
    return row;
  }
  std::string value() {
    static constexpr const char* kPieces[] = {
        "a", "bc", ",", "\"", "\n", "\r\n", "\"\"", " ", "\xC3\xA9", "\xF0\x9F\x8E\x84", "1", ";"};
    std::string text;
    for (size_t i = below(6); i > 0; --i) text += kPieces[below(std::size(kPieces))];
    return text;
  }
  void print(const Row& row, std::string& out) {
    for (size_t i = 0; i < row.size(); ++i) {
      if (i > 0) out += ',';
      if (!row[i]) continue;
      const bool must = row[i]->empty() || row[i]->find_first_of(",\"\r\n") != std::string::npos;
      if (must || below(3) == 0) {
        out += '"';
        for (const char c : *row[i]) out.append(c == '"' ? 2 : 1, c);
        out += '"';
      } else {
        out += *row[i];
      }
    }
  }

  std::mt19937_64 random_;
};

void check(uint64_t seed) {
  Generator generator(seed);
  const Table table = generator.table();
  std::vector<CsvColumn> columns;
  for (size_t i = 0; i < table.columns; ++i) columns.push_back({fmt::format("c{}", i), Type::varchar(1000), ""});
  CsvOptions options;
  options.header = HeaderRow::kNone;
  options.block_bytes = 1 + generator.below(64);
  options.workers = 1 + static_cast<int>(generator.below(3));
  CsvReader reader(memory_source(table.text), columns, options);
  size_t at = 0;
  while (const CsvChunk* chunk = reader.next()) {
    ASSERT_TRUE(chunk->refusals.empty()) << "seed " << seed << ": " << chunk->refusals[0].reason << "\n" << table.text;
    for (size_t row = 0; row < chunk->batch->rows; ++row, ++at) {
      ASSERT_LT(at, table.rows.size()) << "seed " << seed;
      ASSERT_EQ(chunk->lines[row], table.lines[at]) << "seed " << seed << "\n" << table.text;
      for (size_t i = 0; i < table.columns; ++i) {
        const engine::Column& column = chunk->batch->columns[i];
        const Value value =
            column.is_null(row) ? std::nullopt : Value(std::string(column.values<std::string_view>()[row]));
        ASSERT_EQ(value, table.rows[at][i]) << "seed " << seed << " row " << at << "\n" << table.text;
      }
    }
  }
  ASSERT_EQ(at, table.rows.size()) << "seed " << seed << "\n" << table.text;
  ASSERT_EQ(reader.bytes(), table.text.size()) << "seed " << seed;
}

TEST(CsvProperty, WhatIsReadIsWhatWasWritten) {
  if (const char* seed = std::getenv("GARLAND_SEED")) return check(std::strtoull(seed, nullptr, 10));
  for (uint64_t seed = 1; seed <= 400 && !HasFatalFailure(); ++seed) check(seed);
}

/// Any bytes: no crash, and the records do not depend on how the stream is cut.
void check_noise(uint64_t seed) {
  std::mt19937_64 random(seed);
  static constexpr char kBytes[] = {'a', ',', '"', '\n', '\r', '"', 'b', '\n', ',', '\xC3', '\xA9', '\0'};
  std::string text;
  for (size_t i = random() % 200; i > 0; --i) text += kBytes[random() % std::size(kBytes)];
  const std::vector<CsvColumn> columns = {{"a", Type::varchar(50), ""}, {"b", Type::varchar(50), ""}};
  std::vector<std::string> first;
  for (const size_t block_bytes : {size_t{100'000}, size_t{1} + random() % 16}) {
    CsvOptions options;
    options.header = HeaderRow::kNone;
    options.block_bytes = block_bytes;
    CsvReader reader(memory_source(text), columns, options);
    std::vector<std::string> seen;
    while (const CsvChunk* chunk = reader.next()) {
      for (const uint64_t line : chunk->lines) seen.push_back(fmt::format("row {}", line));
      for (const Refusal& r : chunk->refusals)
        seen.push_back(fmt::format("{} {} {} {}", r.line, r.lines, r.offset, r.reason));
    }
    seen.push_back(fmt::format("{} lines, {} bytes", reader.lines(), reader.bytes()));
    std::sort(seen.begin(), seen.end());
    if (first.empty()) first = seen;
    ASSERT_EQ(seen, first) << "seed " << seed << " block " << block_bytes;
    ASSERT_EQ(reader.bytes(), text.size());
  }
}

TEST(CsvProperty, AnyBytesGiveTheSameRecordsHoweverTheyAreCut) {
  if (const char* seed = std::getenv("GARLAND_SEED")) return check_noise(std::strtoull(seed, nullptr, 10));
  for (uint64_t seed = 1; seed <= 400 && !HasFatalFailure(); ++seed) check_noise(seed);
}

}  // namespace
}  // namespace garland::records
