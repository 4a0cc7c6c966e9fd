-- Customers by recency, frequency and money at the run's as-of date; guests are left out. Scores 1–5 = ceil(5 × cume_dist()), worst first.
-- @test unique(customer_key)
-- @test accepted(segment: 'champions', 'loyal', 'new', 'at risk', 'lost', 'others')
create table marts.customer_rfm
diststyle all
sortkey (customer_key)
as
with behaviour as (
  select
    line.customer_key,
    datediff(day, max(case when not line.is_return then line.order_date end), clock.as_of_date) as recency_days,
    count(distinct case when not line.is_return then line.order_id end) as orders,
    sum(line.net_amount) as net_sales
  from core.fact_order_line as line
  cross join ops.clock as clock
  where line.customer_key <> 0 and line.order_date <= clock.as_of_date
  group by line.customer_key, clock.as_of_date
),
scored as (
  select
    behaviour.*,
    cast(ceil(5 * cume_dist() over (order by recency_days desc)) as integer) as recency_score,
    cast(ceil(5 * cume_dist() over (order by orders)) as integer) as frequency_score,
    cast(ceil(5 * cume_dist() over (order by net_sales)) as integer) as monetary_score
  from behaviour
)
select
  scored.customer_key,
  customer.customer,
  recency_days,
  orders,
  net_sales,
  recency_score,
  frequency_score,
  monetary_score,
  case
    when recency_score >= 4 and frequency_score >= 4 and monetary_score >= 4 then 'champions'
    when recency_score >= 3 and frequency_score >= 4 then 'loyal'
    when recency_score >= 4 and orders = 1 then 'new'
    when recency_score <= 2 and frequency_score >= 4 then 'at risk'
    when recency_score <= 2 and frequency_score <= 2 then 'lost'
    else 'others'
  end as segment
from scored
join core.dim_customer as customer on customer.customer_key = scored.customer_key
