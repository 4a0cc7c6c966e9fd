-- The range with the category that each product stands in now.
create view staging.products as
select product.product_id, product.sku, product.name, product.kind, category.name as category, product.is_active
from "raw".product as product
join "raw".category as category on category.category_id = product.category_id
