-- Sales per day and category, as products are categorised now. net_sales: without VAT, after discounts, before returns, in EUR.
-- orders = orders with a line of the category; an order of two categories counts in both.
-- @test unique(order_date, category)
-- @test not_null(order_date, category, net_sales)
create table marts.sales_by_category
diststyle all
sortkey (order_date)
as
select
  line.order_date,
  product.category,
  sum(line.net_amount) as net_sales,
  sum(line.quantity) as units,
  count(distinct line.order_id) as orders
from core.fact_order_line as line
join staging.products as product on product.product_id = line.product_id
group by line.order_date, product.category
