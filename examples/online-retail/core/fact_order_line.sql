-- Order lines as loaded and cleaned, one row each; a return is a line of its own on its own date, and orders are never restated.
-- amount = quantity × price as it stands in the source (GBP, thousandths kept). All line types are here; product sales are the types
-- sale and return.
-- Grain: order line. Key: order_line_key, a hash of the line's place in its source.
-- @test unique(order_line_key)
-- @test not_null(order_line_key, invoice_no, date_key, product_key, customer_key, line_type, amount)
-- @test accepted(line_type: 'sale', 'return', 'stock_adjustment', 'voucher', 'non_product', 'bad_debt')
-- @test references(date_key -> core.dim_date.date_key)
-- @test references(customer_key -> core.dim_customer.customer_key)
-- @encode(line_type bytedict)
create table core.fact_order_line
distkey (product_key)
compound sortkey (order_date, product_key)
as
select
  fnv_hash(_source || ' ' || _position) as order_line_key,
  invoice_no,
  cast(to_char(order_date, 'YYYYMMDD') as integer) as date_key,
  order_date,
  ordered_at,
  fnv_hash(stock_code) as product_key,
  coalesce(fnv_hash(customer_id), 0) as customer_key,
  stock_code,
  description,
  country,
  line_type,
  is_cancelled,
  quantity,
  unit_price,
  amount,
  _source,
  _position,
  _batch_id
from staging.order_line
where not (is_repeated and (select is_enabled from staging.cleaning_rules where rule = 'drop_repeated_lines'))
