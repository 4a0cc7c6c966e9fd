-- Stock as counted by the warehouse at the end of a week; of two counts of a day the later delivery holds.
create view staging.stock_count as
select counted_on, product, on_hand
from (
  select
    counted_on,
    upper(trim(product)) as product,
    on_hand,
    row_number() over (partition by counted_on, upper(trim(product)) order by _batch_id desc, _position) as delivery
  from "raw".stock_counts
)
where delivery = 1
