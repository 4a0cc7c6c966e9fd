-- One row a customer, and one unknown member (key 0) for guests. Grain: customer. Key: customer_key, a hash of the number.
-- @test unique(customer_key)
create table core.dim_customer
diststyle all
sortkey (customer_key)
as
select fnv_hash(customer) as customer_key, customer, min(order_date) as first_order_date, false as is_unknown
from staging.order_line
where customer is not null
group by customer
union all
select 0, null, null, true
