-- What is in stock and when it runs out. days_of_cover = stock at the last count ÷ mean daily units sold in the 14 days to the as-of date;
-- NULL where nothing was sold. runs_out_before_christmas: the cover ends before 25 December of the season.
-- @test unique(product)
-- @test not_null(product, on_hand)
create table marts.stock_cover
diststyle all
sortkey (product)
as
with last_count as (
  select max(counted_on) as counted_on from core.fact_inventory_count
  where counted_on <= (select as_of_date from ops.clock)
),
stock as (
  select product_key, product, on_hand, fact_inventory_count.counted_on
  from core.fact_inventory_count
  join last_count on last_count.counted_on = fact_inventory_count.counted_on
),
demand as (
  select line.product_key, cast(sum(line.quantity) as double precision) / 14 as daily_units
  from core.fact_order_line as line
  cross join ops.clock as clock
  where not line.is_return and line.order_date > dateadd(day, -14, clock.as_of_date) and line.order_date <= clock.as_of_date
  group by line.product_key
)
select
  stock.product,
  product.name,
  product.category,
  stock.counted_on,
  stock.on_hand,
  round(coalesce(demand.daily_units, 0), 2) as daily_units,
  round(stock.on_hand / nullif(demand.daily_units, 0), 1) as days_of_cover,
  cast(dateadd(day, cast(floor(stock.on_hand / nullif(demand.daily_units, 0)) as integer), stock.counted_on) as date) as runs_out_on,
  coalesce(dateadd(day, cast(floor(stock.on_hand / nullif(demand.daily_units, 0)) as integer), stock.counted_on)
    < to_date(today.season || '-12-25', 'YYYY-MM-DD'), false) as runs_out_before_christmas
from stock
join core.dim_product as product on product.product_key = stock.product_key
left join demand on demand.product_key = stock.product_key
cross join (select season from core.dim_date join ops.clock on ops.clock.as_of_date = dim_date.calendar_date) as today
