-- Every mart of sales shows the same total as the fact table.
with fact as (
  select sum(amount) as net_sales from core.fact_order_line where line_type in ('sale', 'return')
),
mart as (
  select 'sales_by_category' as mart, sum(net_sales) as net_sales from marts.sales_by_category
  union all
  select 'sales_by_category_month', sum(net_sales) from marts.sales_by_category_month
)
select mart.mart, mart.net_sales, fact.net_sales as expected
from mart
cross join fact
where mart.net_sales <> fact.net_sales
