-- Answers of surveys, each once: some are sent twice. survey: nps (how likely to recommend, 0 to 10) or csat (how content, 1 to 5); other scores are
-- left out.
create view staging.surveys as
select event_id, answered_at, survey, order_id, email, score
from (
  select
    event_id,
    answered_at,
    survey,
    order_id,
    email,
    score,
    row_number() over (partition by event_id order by _batch_id, _position) as copy
  from "raw".surveys
) as sent
where copy = 1 and score between case when survey = 'nps' then 0 else 1 end and case when survey = 'nps' then 10 else 5 end
