-- Sales in the mart are the raw files' sales, to the cent.
select mart.net_sales, source.net_sales as expected
from (select sum(net_sales) as net_sales from marts.sales_by_category) as mart
cross join (select sum(cast(quantity * unit_price as decimal(12,2)) - discount) as net_sales from "raw".order_lines) as source
where mart.net_sales <> source.net_sales
