-- One line of an invoice, cleaned: blanks cut, codes in upper case, customer numbers without ".0", every line told apart by type.
-- Nothing is dropped here: repeated lines are marked, and core leaves them out while the rule drop_repeated_lines is on.
--
-- line_type:
--   sale, return         product lines; a line of a C invoice is a return on its own date, matched to a sale or not
--   stock_adjustment     no price and no customer: counts, damages, losses
--   voucher              gift_0001_*: a liability, no product
--   non_product          postage, carriage, manual entries, discounts, samples, fees, commission, pads
--   bad_debt             invoices that begin with A
create view staging.order_line as
select
  _source,
  _position,
  _batch_id,
  trim(invoice_no) as invoice_no,
  upper(trim(stock_code)) as stock_code,
  nullif(upper(trim(description)), '') as description,
  quantity,
  invoice_date as ordered_at,
  cast(invoice_date as date) as order_date,
  unit_price,
  cast(quantity * unit_price as decimal(18,3)) as amount,
  nullif(split_part(trim(customer_id), '.', 1), '') as customer_id,
  trim(country) as country,
  left(trim(invoice_no), 1) = 'C' as is_cancelled,
  case
    when left(trim(invoice_no), 1) = 'A' then 'bad_debt'
    when upper(trim(stock_code)) like 'GIFT!_0001!_%' escape '!' then 'voucher'
    when upper(trim(stock_code)) in ('POST', 'DOT', 'M', 'D', 'C2', 'S', 'B', 'BANK CHARGES', 'AMAZONFEE', 'CRUK', 'PADS')
      then 'non_product'
    when unit_price = 0 and nullif(trim(customer_id), '') is null then 'stock_adjustment'
    when left(trim(invoice_no), 1) = 'C' then 'return'
    else 'sale'
  end as line_type,
  row_number() over (
    partition by invoice_no, stock_code, description, quantity, invoice_date, unit_price, customer_id, country
    order by _position
  ) > 1 as is_repeated
from "raw".online_retail
