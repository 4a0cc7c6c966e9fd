-- One row a customer number, and one unknown member (key 0) for lines without one: guests are not told apart in this source.
-- Grain: customer. Key: customer_key, a hash of the number.
-- @test unique(customer_key)
-- @test not_null(customer_key, country)
create table core.dim_customer
diststyle all
sortkey (customer_key)
as
with use_of_country as (
  select
    customer_id,
    country,
    row_number() over (partition by customer_id order by max(ordered_at) desc, country) as preference
  from staging.order_line
  where customer_id is not null
  group by customer_id, country
)
select
  fnv_hash(customer_id) as customer_key,
  customer_id,
  country,
  false as is_unknown
from use_of_country
where preference = 1
union all
select 0, null, 'Unknown', true
