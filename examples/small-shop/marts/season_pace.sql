-- The season's pace: net sales by days to Christmas, each season beside the others.
-- cumulative_net_sales runs from the season's first day in the data. comparable_net_sales runs from the first day (in days to Christmas)
-- that all seasons have, and stands only on days that all have: compare seasons by it alone.
-- is_complete: the data covers the season from 1 September to 6 January.
-- @test unique(season, days_to_christmas)
-- @test not_null(season, days_to_christmas, cumulative_net_sales, is_complete)
create table marts.season_pace
diststyle all
sortkey (season, order_date)
as
with covered as (
  select min(order_date) as first_day, max(order_date) as last_day from core.fact_order_line
),
season_day as (
  select
    day.season,
    day.days_to_christmas,
    day.calendar_date as order_date,
    coalesce(sum(line.net_amount), 0) as net_sales
  from core.dim_date as day
  cross join covered
  left join core.fact_order_line as line on line.date_key = day.date_key
  where day.is_in_season and day.calendar_date >= covered.first_day and day.calendar_date <= covered.last_day
  group by day.season, day.days_to_christmas, day.calendar_date
),
season_span as (
  select
    season,
    max(days_to_christmas) as first_dtc,
    min(days_to_christmas) as last_dtc,
    max(days_to_christmas) >= 115 and min(days_to_christmas) <= -12 as is_complete
  from season_day
  group by season
),
common as (
  select min(first_dtc) as first_dtc, max(last_dtc) as last_dtc from season_span
)
select
  season_day.season,
  season_day.days_to_christmas,
  season_day.order_date,
  season_day.net_sales,
  sum(season_day.net_sales) over (
    partition by season_day.season order by season_day.order_date rows unbounded preceding
  ) as cumulative_net_sales,
  case
    when season_day.days_to_christmas <= common.first_dtc and season_day.days_to_christmas >= common.last_dtc then
      sum(case when season_day.days_to_christmas <= common.first_dtc then season_day.net_sales else 0 end) over (
        partition by season_day.season order by season_day.order_date rows unbounded preceding
      )
  end as comparable_net_sales,
  season_span.is_complete
from season_day
join season_span on season_span.season = season_day.season
cross join common
