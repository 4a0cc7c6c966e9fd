-- What cleaning does to money: for each rule whether it is on, the lines it concerns and the amount they carry.
-- @test unique(rule)
create table ops.cleaning
diststyle all
as
select
  cleaning_rules.rule,
  cleaning_rules.is_enabled,
  count(*) as lines,
  sum(order_line.amount) as amount,
  case when cleaning_rules.is_enabled then sum(order_line.amount) else 0 end as amount_left_out
from staging.cleaning_rules
join staging.order_line on order_line.is_repeated and cleaning_rules.rule = 'drop_repeated_lines'
group by cleaning_rules.rule, cleaning_rules.is_enabled
