-- Raw sales less every named difference are the product sales, to the penny.
select
  sum(case when step < 7 then amount else 0 end) as expected,
  sum(case when step = 7 then amount else 0 end) as found
from marts.sales_reconciliation
having sum(case when step < 7 then amount else 0 end) <> sum(case when step = 7 then amount else 0 end)
    or sum(case when step < 7 then lines else 0 end) <> sum(case when step = 7 then lines else 0 end)
