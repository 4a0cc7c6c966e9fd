-- Reviews. Grain: review.
-- @test unique(review)
-- @test references(product_key -> core.dim_product.product_key)
create table core.fact_review
diststyle all
sortkey (review_date)
as
select review, review_date, fnv_hash(product) as product_key, coalesce(fnv_hash(customer), 0) as customer_key, rating, comment
from staging.review
