-- Every product line has its product; other lines have none.
select line.order_line_key, line.stock_code
from core.fact_order_line as line
left join core.dim_product as product on product.product_key = line.product_key
where line.line_type in ('sale', 'return') and product.product_key is null
