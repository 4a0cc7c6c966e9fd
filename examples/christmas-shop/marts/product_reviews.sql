-- What customers say per product: number of reviews, mean rating, and the share of ratings 4 and 5 (CSAT).
-- @test unique(product_id)
create table marts.product_reviews
diststyle all
sortkey (product_id)
as
select
  product.product_id,
  product.sku,
  product.name,
  product.category,
  count(*) as reviews,
  round(avg(cast(review.rating as double precision)), 2) as mean_rating,
  round(cast(sum(case when review.rating >= 4 then 1 else 0 end) as double precision) / count(*), 3) as satisfied_share
from staging.reviews as review
join staging.products as product on product.sku = review.sku
group by product.product_id, product.sku, product.name, product.category
