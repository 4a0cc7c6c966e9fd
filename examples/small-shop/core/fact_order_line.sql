-- Order lines; a return is a line of its own on its own date. category is the one the product had when ordered ("as was").
-- Grain: order line (a returned line twice: sold and returned). Key: order_line_key, a hash of order, line and kind.
-- @test unique(order_line_key)
-- @test not_null(order_line_key, date_key, product_key, customer_key, net_amount)
-- @test references(product_key -> core.dim_product.product_key)
-- @test references(customer_key -> core.dim_customer.customer_key)
-- @test references(date_key -> core.dim_date.date_key)
create table core.fact_order_line
distkey (product_key)
compound sortkey (order_date, product_key)
as
select
  fnv_hash(order_id || ' ' || line || case when is_return then ' return' else ' sale' end) as order_line_key,
  order_id,
  line,
  cast(to_char(order_date, 'YYYYMMDD') as integer) as date_key,
  order_date,
  ordered_at,
  fnv_hash(product) as product_key,
  coalesce(fnv_hash(customer), 0) as customer_key,
  category,
  is_return,
  quantity,
  unit_price,
  gross_amount,
  discount,
  net_amount,
  _source,
  _position
from staging.order_line
