-- Do customers come back? By the month of their first order: how many ordered again n months later.
-- retention = customers of the cohort with a product sale n months after their first order's month ÷ the cohort's size.
-- @test unique(cohort_month, months_after)
-- @test not_null(cohort_month, months_after, active_customers)
create table marts.customer_repeat
diststyle all
sortkey (cohort_month)
as
with active_month as (
  select distinct line.customer_key, day.month_start
  from core.fact_order_line as line
  join core.dim_date as day on day.date_key = line.date_key
  where line.line_type = 'sale' and line.customer_key <> 0
),
cohort as (
  select customer_key, min(month_start) as cohort_month from active_month group by customer_key
),
cohort_size as (
  select cohort_month, count(*) as customers from cohort group by cohort_month
)
select
  cohort.cohort_month,
  datediff(month, cohort.cohort_month, active_month.month_start) as months_after,
  cohort_size.customers as cohort_customers,
  count(*) as active_customers,
  cast(count(*) as double precision) / cohort_size.customers as retention
from active_month
join cohort on cohort.customer_key = active_month.customer_key
join cohort_size on cohort_size.cohort_month = cohort.cohort_month
group by cohort.cohort_month, active_month.month_start, cohort_size.customers
