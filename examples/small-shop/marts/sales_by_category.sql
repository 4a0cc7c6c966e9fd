-- Sales per day and category ("as was"). gross = price × quantity of sold lines; net = gross − discounts − returns, a return on its own date.
-- orders = orders with a sold line of the category; an order of two categories counts in both.
-- @test unique(order_date, category)
-- @test not_null(order_date, category, net_sales)
create table marts.sales_by_category
diststyle all
sortkey (order_date)
as
select
  order_date,
  category,
  sum(case when is_return then 0 else gross_amount end) as gross_sales,
  sum(case when is_return then 0 else discount end) as discounts,
  sum(case when is_return then net_amount else 0 end) as returns,
  sum(net_amount) as net_sales,
  sum(quantity) as net_units,
  count(distinct case when not is_return then order_id end) as orders
from core.fact_order_line
group by order_date, category
