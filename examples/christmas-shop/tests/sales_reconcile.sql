-- Every cent of the fact table is in the mart.
select fact.net_amount, mart.net_sales
from (select sum(net_amount) as net_amount from core.fact_order_line) as fact
cross join (select sum(net_sales) as net_sales from marts.sales_by_category) as mart
where fact.net_amount <> mart.net_sales
