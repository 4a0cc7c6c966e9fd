-- Lines without price and customer: stock counts, damages, losses, finds. reason follows the note the warehouse wrote instead of a
-- description. units below zero left the stock.
-- @test unique(order_date, stock_code, reason, note)
-- @test accepted(reason: 'damaged', 'lost', 'found', 'counted', 'sold elsewhere', 'no note', 'other')
create table marts.stock_adjustments
diststyle all
sortkey (order_date)
as
with adjustment as (
  select
    order_date,
    stock_code,
    coalesce(description, '') as note,
    quantity,
    case
      when description is null then 'no note'
      when description like '%DAMAG%' or description like '%WET%' or description like '%BROKEN%' or description like '%SMASH%'
        or description like '%CRUSH%' or description like '%FAULTY%' or description like '%UNSALEABLE%' or description like '%RUSTY%'
        or description like '%MOULDY%' or description like '%CRACK%' or description like '%DAGAMED%' then 'damaged'
      when description like '%THROWN%' or description like '%MISSING%' or description like '%LOST%' or description like '%DESTROY%'
        or description like '%STOLEN%' or description like '%SHORT%' then 'lost'
      when description like '%FOUND%' then 'found'
      when description like '%CHECK%' or description like '%ADJUST%' or description like '%COUNT%' or description like '%INCORRECT%'
        or description like '%WRONG%' or description like '%MIX%' or description like '%?%' or description like '%COUNTED%' then 'counted'
      when description like '%AMAZON%' or description like '%DOTCOM%' or description like '%EBAY%' or description like '%SHOWROOM%' then 'sold elsewhere'
      else 'other'
    end as reason
  from core.fact_order_line
  where line_type = 'stock_adjustment'
)
select order_date, stock_code, reason, note, count(*) as lines, sum(quantity) as units
from adjustment
group by order_date, stock_code, reason, note
