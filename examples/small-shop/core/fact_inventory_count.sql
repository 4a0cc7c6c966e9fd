-- Stock on hand as counted. Grain: product and day of count.
-- @test unique(counted_on, product_key)
-- @test not_null(on_hand)
create table core.fact_inventory_count
diststyle all
sortkey (counted_on)
as
select counted_on, fnv_hash(product) as product_key, product, on_hand
from staging.stock_count
