-- Visits of those who agreed to be counted, each once: some are sent twice. stage: how far it came (browse, cart, checkout, ordered). A visit whose
-- clock was wrong (1970) has no time.
create view staging.sessions as
select
  event_id,
  case when started_at >= '2000-01-01' then started_at end as started_at,
  visitor,
  customer_id,
  device,
  source,
  seconds,
  products_seen,
  searches,
  stage,
  order_id
from (
  select *, row_number() over (partition by event_id order by _batch_id, _position) as copy
  from "raw".sessions
) as sent
where copy = 1
