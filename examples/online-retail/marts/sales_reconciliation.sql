-- From the raw files to product sales, each difference named: the first row is what the sources sent, the last what
-- marts.sales_by_category shows, and the rows between lead from one to the other.
-- @test unique(step)
-- @test not_null(step, item, lines, amount)
create table marts.sales_reconciliation
diststyle all
sortkey (step)
as
with raw_total as (
  select count(*) as lines, sum(cast(quantity * unit_price as decimal(18,3))) as amount from "raw".online_retail
),
by_type as (
  select line_type, count(*) as lines, sum(amount) as amount from core.fact_order_line group by line_type
)
select 1 as step, 'raw lines' as item, lines, amount from raw_total
union all
select 2, 'less repeated lines', -lines, -amount from ops.cleaning where rule = 'drop_repeated_lines' and is_enabled
union all
select
  case line_type when 'bad_debt' then 3 when 'non_product' then 4 when 'voucher' then 5 else 6 end,
  case line_type when 'bad_debt' then 'less bad debt' when 'non_product' then 'less postage, fees, discounts and other non-products'
                 when 'voucher' then 'less gift vouchers' else 'less stock adjustments' end,
  -lines,
  -amount
from by_type
where line_type not in ('sale', 'return')
union all
select 7, 'product sales, net of returns', sum(lines), sum(amount) from by_type where line_type in ('sale', 'return')
