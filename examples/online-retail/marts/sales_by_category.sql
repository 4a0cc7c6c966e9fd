-- Sales of products per day and category.
-- gross_sales = amount of sale lines; returns = amount of return lines, on the day of the return (≤ 0 here); net_sales = both together.
-- orders = invoices with a sale line of the category on that day; an order of two categories counts in both.
-- Postage, fees, vouchers, bad debt and manual entries are no product sales: marts.sales_reconciliation names them.
-- @test unique(order_date, category)
-- @test not_null(order_date, category, net_sales)
create table marts.sales_by_category
diststyle all
sortkey (order_date)
as
select
  line.order_date,
  product.category,
  sum(case when line.line_type = 'sale' then line.amount else 0 end) as gross_sales,
  sum(case when line.line_type = 'return' then line.amount else 0 end) as returns,
  sum(line.amount) as net_sales,
  sum(line.quantity) as net_units,
  count(distinct case when line.line_type = 'sale' then line.invoice_no end) as orders
from core.fact_order_line as line
join core.dim_product as product on product.product_key = line.product_key
where line.line_type in ('sale', 'return')
group by line.order_date, product.category
