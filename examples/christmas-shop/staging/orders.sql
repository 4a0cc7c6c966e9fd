-- Orders as the shop has them now, without those that its staff placed to try the check-out. order_date: the day in the shop's time zone.
-- @test unique(order_id)
create view staging.orders as
select
  order_id,
  customer_id,
  country,
  currency,
  status,
  status = 'cancelled' as is_cancelled,
  placed_at,
  cast(convert_timezone((select shop_tz from ops.clock), placed_at) as date) as order_date,
  total_amount
from "raw".orders
where email_domain <> 'garland-shop.example'
