-- Units of a currency for one euro, by day; the euro itself is 1.
create view staging.exchange_rates as
select rate_date, currency, per_eur from "raw".exchange_rate
