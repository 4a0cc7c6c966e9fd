-- One row a day, from the year before the first order to the end of the year after the last one.
-- Season Y runs from 1 September Y to 6 January Y+1; days_to_christmas counts to 25 December of the season's year (after it: below zero).
-- Grain: day. Key: date_key (yyyymmdd).
-- @test unique(date_key)
-- @test not_null(date_key, calendar_date, season, days_to_christmas)
create table core.dim_date
diststyle all
sortkey (calendar_date)
as
with digit as (
  select 0 as d union all select 1 union all select 2 union all select 3 union all select 4
  union all select 5 union all select 6 union all select 7 union all select 8 union all select 9
),
span as (
  select
    dateadd(year, -1, date_trunc('year', min(order_date)))::date as first_day,
    dateadd(year, 2, date_trunc('year', max(order_date)))::date as end_day
  from staging.order_line
),
number as (
  select a.d + 10 * b.d + 100 * c.d + 1000 * e.d as n
  from digit a cross join digit b cross join digit c cross join digit e
),
day as (
  select
    dateadd(day, n, first_day)::date as calendar_date,
    case
      when extract(month from dateadd(day, n, first_day)) >= 9 then extract(year from dateadd(day, n, first_day))
      else extract(year from dateadd(day, n, first_day)) - 1
    end as season_year
  from number cross join span
  where dateadd(day, n, first_day) < end_day
)
select
  cast(to_char(calendar_date, 'YYYYMMDD') as integer) as date_key,
  calendar_date,
  cast(extract(year from calendar_date) as integer) as year,
  cast(extract(quarter from calendar_date) as integer) as quarter,
  cast(extract(month from calendar_date) as integer) as month,
  date_trunc('month', calendar_date)::date as month_start,
  cast(extract(week from calendar_date) as integer) as iso_week,
  cast(extract(dow from calendar_date) as integer) as day_of_week,
  extract(dow from calendar_date) in (0, 6) as is_weekend,
  cast(season_year as integer) as season,
  extract(month from calendar_date) >= 9 or (extract(month from calendar_date) = 1 and extract(day from calendar_date) <= 6) as is_in_season,
  cast(datediff(day, calendar_date, to_date(season_year || '-12-25', 'YYYY-MM-DD')) as integer) as days_to_christmas
from day
