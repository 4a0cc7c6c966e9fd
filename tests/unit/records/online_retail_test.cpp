// The real folder, where it is present: every line becomes a row, and the counts of its README hold.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "records/csv.h"

namespace garland::records {
namespace {

using engine::Type;
using engine::TypeId;

std::vector<CsvColumn> retail_columns() {
  return {{"invoice_no", Type::varchar(12), "InvoiceNo"},
          {"stock_code", Type::varchar(20), "StockCode"},
          {"description", Type::varchar(100), "Description"},
          {"quantity", Type::of(TypeId::kInteger), "Quantity"},
          {"invoice_date", Type::of(TypeId::kTimestamp), "InvoiceDate"},
          {"unit_price", Type::decimal(12, 3), "UnitPrice"},
          {"customer_id", Type::varchar(12), "CustomerID"},
          {"country", Type::varchar(40), "Country"}};
}

struct Counts {
  uint64_t files = 0, rows = 0, refused = 0, cancelled = 0, negative = 0, no_customer = 0, no_description = 0, free = 0;
};

void count(const std::filesystem::path& path, Counts& counts) {
  CsvReader reader(open_file(path), retail_columns());
  while (const CsvChunk* chunk = reader.next()) {
    const auto& columns = chunk->batch->columns;
    for (size_t row = 0; row < chunk->batch->rows; ++row) {
      counts.cancelled += columns[0].values<std::string_view>()[row].starts_with("C");
      counts.no_description += columns[2].is_null(row);
      counts.negative += columns[3].values<int32_t>()[row] < 0;
      counts.free += columns[5].values<int64_t>()[row] == 0;
      counts.no_customer += columns[6].is_null(row);
    }
    counts.rows += chunk->batch->rows;
    counts.refused += chunk->refusals.size();
  }
  ++counts.files;
}

TEST(OnlineRetail, CountsOfItsReadme) {
  const char* root = std::getenv("GARLAND_ROOT");
  const std::filesystem::path folder = std::filesystem::path(root ? root : ".") / "../shared/data/online-retail";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "online-retail: ../shared/data/online-retail is not here";
  Counts counts;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".gz") count(entry.path(), counts);
  }
  EXPECT_EQ(counts.files, 305u);
  EXPECT_EQ(counts.rows, 541'909u);
  EXPECT_EQ(counts.refused, 0u);
  EXPECT_EQ(counts.cancelled, 9'288u);
  EXPECT_EQ(counts.negative, 10'624u);
  EXPECT_EQ(counts.no_customer, 135'080u);
  EXPECT_EQ(counts.no_description, 1'454u);
  EXPECT_EQ(counts.free, 2'515u);
}

}  // namespace
}  // namespace garland::records
