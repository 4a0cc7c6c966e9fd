-- Sales of products per month and category; definitions as in marts.sales_by_category. share_of_month = the category's part of the month's net
-- sales. is_complete: the data covers the whole month.
-- @test unique(month_start, category)
-- @test not_null(month_start, category, net_sales)
create table marts.sales_by_category_month
diststyle all
sortkey (month_start)
as
with month_sales as (
  select
    day.month_start,
    product.category,
    sum(case when line.line_type = 'sale' then line.amount else 0 end) as gross_sales,
    sum(case when line.line_type = 'return' then line.amount else 0 end) as returns,
    sum(line.amount) as net_sales,
    sum(line.quantity) as net_units,
    count(distinct case when line.line_type = 'sale' then line.invoice_no end) as orders
  from core.fact_order_line as line
  join core.dim_product as product on product.product_key = line.product_key
  join core.dim_date as day on day.date_key = line.date_key
  where line.line_type in ('sale', 'return')
  group by day.month_start, product.category
),
covered as (
  select min(order_date) as first_day, max(order_date) as last_day from core.fact_order_line
)
select
  month_sales.month_start,
  month_sales.category,
  month_sales.gross_sales,
  month_sales.returns,
  month_sales.net_sales,
  month_sales.net_units,
  month_sales.orders,
  cast(month_sales.net_sales as double precision) / nullif(sum(month_sales.net_sales) over (partition by month_sales.month_start), 0) as share_of_month,
  month_sales.month_start >= covered.first_day and last_day(month_sales.month_start) <= covered.last_day as is_complete
from month_sales
cross join covered
