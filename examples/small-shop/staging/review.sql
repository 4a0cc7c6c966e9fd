-- Reviews of products, ratings 1 to 5.
create view staging.review as
select
  review,
  at as reviewed_at,
  cast(at as date) as review_date,
  upper(trim(product)) as product,
  nullif(trim(customer), '') as customer,
  rating,
  trim(comment) as comment
from "raw".reviews
where rating between 1 and 5
