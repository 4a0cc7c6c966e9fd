-- Reviews of products, each once: some are sent twice. Ratings that are none, from 1 to 5, are left out.
create view staging.reviews as
select event_id, reviewed_at, order_id, customer_id, sku, rating, language, comment
from (
  select
    event_id,
    written_at as reviewed_at,
    order_id,
    customer_id,
    upper(trim(sku)) as sku,
    rating,
    language,
    "text" as comment,
    row_number() over (partition by event_id order by _batch_id, _position) as copy
  from "raw".reviews
) as sent
where copy = 1 and rating between 1 and 5
