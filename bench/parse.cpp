// bench_parse FILE…: how fast statements are understood. Prints
//   parse MB/s              of the files' statements, parsed one after the other for two seconds
//   memory bytes            allocated at the peak for each byte of a 16 MB statement, by parsing
//   star milliseconds       from the text of a 30-line star query to DuckDB's, the median of 501
#include <fmt/format.h>
#include <malloc.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/error.h"
#include "embedded/context.h"
#include "embedded/embedded.h"
#include "embedded/translate.h"
#include "semantics/resolve.h"
#include "sql/parser.h"

namespace {

using namespace garland;
using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point begun) { return std::chrono::duration<double>(Clock::now() - begun).count(); }

constexpr const char* kTables[] = {
    "create table dim_date (date_key int, full_date date, year int, month int, week int, day_name varchar(9), "
    "days_to_christmas int, season varchar(9))",
    "create table dim_product (product_key int, stock_code varchar(20), description varchar(200), category "
    "varchar(40), is_current boolean)",
    "create table dim_customer (customer_key int, customer_id varchar(20), country varchar(60), segment varchar(20))",
    "create table fact_order_line (order_line_key bigint, date_key int, product_key int, customer_key int, "
    "invoice_no varchar(20), quantity int, unit_price decimal(12,3), amount decimal(18,3), is_return boolean)",
};

constexpr const char* kStar = R"(with lines as (
  select f.date_key, f.product_key, f.customer_key, f.invoice_no, f.quantity, f.amount,
         case when f.is_return then -f.quantity else f.quantity end as net_quantity
  from fact_order_line f
  where f.quantity <> 0
), sales as (
  select d.season, d.month, p.category, c.country,
         count(distinct l.invoice_no) as orders,
         sum(l.net_quantity) as units,
         sum(l.amount) as revenue,
         sum(l.amount) / nullif(count(distinct l.invoice_no), 0) as average_order
  from lines l
  join dim_date d on d.date_key = l.date_key
  join dim_product p on p.product_key = l.product_key and p.is_current
  left join dim_customer c on c.customer_key = l.customer_key
  where d.full_date between '2010-12-01' and '2011-12-09'
    and d.days_to_christmas <= 90
    and p.category in ('Christmas', 'Lights', 'Candles', 'Baskets')
    and coalesce(c.country, 'unknown') not like 'Unsp%'
  group by d.season, d.month, p.category, c.country
  having sum(l.amount) > 100
)
select season, month, category, country, orders, units, revenue, average_order,
       rank() over (partition by season, month order by revenue desc) as place,
       revenue / sum(revenue) over (partition by season, category) as share,
       revenue - lag(revenue) over (partition by category, country order by season, month) as change
from sales
order by season, month, place
limit 500)";

double star_milliseconds() {
  const auto folder = std::filesystem::temp_directory_path() / fmt::format("bench_parse.{}", getpid());
  std::vector<double> times;
  {
    embedded::Options options;
    options.data_folder = folder;
    {
      const auto engine = embedded::open(options);
      const auto session = engine->open_session({"admin", "dev", "bench"});
      for (const char* table : kTables) engine::run(*session, table);
    }
    embedded::Warehouse warehouse(options);
    embedded::Context context(warehouse, {"admin", "dev", "bench"});
    for (int i = 0; i < 501; ++i) {
      const auto begun = Clock::now();
      embedded::Plan plan;
      plan.ast = sql::parse_statement(kStar);
      plan.catalog = context.catalog();
      plan.bound = semantics::resolve(plan.ast, *plan.catalog);
      embedded::translate_query(std::get<semantics::BoundQuery>(plan.bound.node), embedded::Context::names(plan), 0);
      times.push_back(seconds_since(begun) * 1000);
    }
  }
  std::filesystem::remove_all(folder);
  std::ranges::nth_element(times, times.begin() + 250);
  return times[250];
}

std::vector<std::string> read_statements(int files, char** names) {
  std::vector<std::string> statements;
  for (int i = 0; i < files; ++i) {
    std::ifstream in(names[i]);
    const std::string text(std::istreambuf_iterator<char>(in), {});
    for (const sql::Span span : sql::split_statements(text)) {
      statements.push_back(text.substr(span.begin, span.end - span.begin));
    }
  }
  return statements;
}

double megabytes_a_second(const std::vector<std::string>& statements) {
  size_t bytes = 0;
  const auto begun = Clock::now();
  while (seconds_since(begun) < 2) {
    for (const std::string& statement : statements) {
      sql::parse_statement(statement);
      bytes += statement.size();
    }
  }
  return static_cast<double>(bytes) / 1e6 / seconds_since(begun);
}

double bytes_for_each() {
  std::string text = "select ";
  while (text.size() < 15u << 20) text += "a.amount * (1 - b.discount) + coalesce(c.tax, 0.00) as total_amount,\n";
  text += "1 from a, b, c";
  const size_t before = mallinfo2().uordblks + mallinfo2().hblkhd;
  const sql::Statement statement = sql::parse_statement(text);
  return static_cast<double>(mallinfo2().uordblks + mallinfo2().hblkhd - before) / static_cast<double>(text.size());
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc < 2) return 2;
  fmt::print("parse {:.3f}\n", megabytes_a_second(read_statements(argc - 1, argv + 1)));
  fmt::print("memory {:.3f}\n", bytes_for_each());
  fmt::print("star {:.4f}\n", star_milliseconds());
  return 0;
} catch (const Error& error) {
  fmt::print(stderr, "bench_parse: {}\n", error.what());
  return 1;
}
