-- What customers say per product: number of reviews, mean rating, and the share of ratings 4 and 5 (CSAT).
-- @test unique(product)
create table marts.product_reviews
diststyle all
sortkey (product)
as
select
  product.product,
  product.name,
  product.category,
  count(*) as reviews,
  round(avg(cast(review.rating as double precision)), 2) as mean_rating,
  round(cast(sum(case when review.rating >= 4 then 1 else 0 end) as double precision) / count(*), 3) as satisfied_share
from core.fact_review as review
join core.dim_product as product on product.product_key = review.product_key
group by product.product, product.name, product.category
