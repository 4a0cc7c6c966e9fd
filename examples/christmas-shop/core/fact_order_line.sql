-- Order lines that stand (not cancelled), one row a line. net_amount: goods without VAT, after discounts, in EUR at the day's rate.
-- @test unique(order_item_id), not_null(order_item_id, order_date, product_id, quantity, net_amount)
create table core.fact_order_line
distkey (product_id)
sortkey (order_date, product_id)
as
select
  line.order_item_id,
  line.order_id,
  line.product_id,
  header.order_date,
  header.country,
  line.quantity,
  cast(line.gross_amount / (1 + line.vat_percent / 100) / coalesce(rate.per_eur, 1) as decimal(12,2)) as net_amount
from staging.order_lines as line
join staging.orders as header on header.order_id = line.order_id
left join staging.exchange_rates as rate on rate.rate_date = header.order_date and rate.currency = header.currency
where not header.is_cancelled
