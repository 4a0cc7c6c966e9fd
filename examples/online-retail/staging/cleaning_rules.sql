-- The rules by which order lines are cleaned. To turn one off, write false; ops.cleaning shows what each is worth.
create view staging.cleaning_rules as
select
  'drop_repeated_lines' as rule,
  true as is_enabled,
  'A line that repeats another of the same invoice in every column is loaded once. Repeats may be real sales.' as description
