-- What is in stock and when it runs out. available = on hand less what orders are promised, over all locations. days_of_cover = available ÷ mean
-- daily units of the 14 days to the as-of date (a lower bound of what is wanted: what was not there was not sold); NULL where nothing was sold.
-- @test unique(product_id)
-- @test not_null(product_id, available)
create table marts.stock_cover
diststyle all
sortkey (product_id)
as
with stock as (
  select product_id, sum(on_hand) as on_hand, sum(available) as available from staging.stock_levels group by product_id
),
demand as (
  select line.product_id, cast(sum(line.quantity) as double precision) / 14 as daily_units
  from core.fact_order_line as line
  cross join ops.clock as clock
  where line.order_date > dateadd(day, -14, clock.as_of_date) and line.order_date <= clock.as_of_date
  group by line.product_id
),
cover as (
  select
    stock.product_id,
    stock.on_hand,
    stock.available,
    round(coalesce(demand.daily_units, 0), 2) as daily_units,
    round(greatest(stock.available, 0) / nullif(demand.daily_units, 0), 1) as days_of_cover,
    cast(dateadd(day, cast(floor(greatest(stock.available, 0) / nullif(demand.daily_units, 0)) as integer), clock.as_of_date) as date) as runs_out_on,
    to_date(date_part(year, clock.as_of_date) || '-12-25', 'YYYY-MM-DD') as christmas
  from stock
  left join demand on demand.product_id = stock.product_id
  cross join ops.clock as clock
)
select
  cover.product_id,
  product.sku,
  product.name,
  product.category,
  cover.on_hand,
  cover.available,
  cover.daily_units,
  cover.days_of_cover,
  cover.runs_out_on,
  coalesce(cover.runs_out_on < cover.christmas, false) as runs_out_before_christmas
from cover
join staging.products as product on product.product_id = cover.product_id
where product.is_active
