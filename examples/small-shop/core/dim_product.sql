-- One row a product, with the name and category of its latest order line. Grain: product. Key: product_key, a hash of the code.
-- @test unique(product_key)
-- @test not_null(product_key, product, category)
create table core.dim_product
diststyle all
sortkey (product_key)
as
select
  fnv_hash(product) as product_key,
  product,
  name,
  category,
  first_sold_on
from (
  select
    product,
    name,
    category,
    min(order_date) over (partition by product) as first_sold_on,
    row_number() over (partition by product order by ordered_at desc, _position) as recency
  from staging.order_line
)
where recency = 1
