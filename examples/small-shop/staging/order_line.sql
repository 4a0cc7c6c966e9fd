-- Order lines, cleaned: blanks cut, names in one spelling, times as the shop wrote them (its own zone).
create view staging.order_line as
select
  _source,
  _position,
  order_id,
  line,
  at as ordered_at,
  cast(at as date) as order_date,
  nullif(trim(customer), '') as customer,
  upper(trim(product)) as product,
  trim(name) as name,
  trim(category) as category,
  quantity,
  unit_price,
  cast(quantity * unit_price as decimal(12,2)) as gross_amount,
  discount,
  cast(quantity * unit_price as decimal(12,2)) - discount as net_amount,
  quantity < 0 as is_return
from "raw".order_lines
