-- One row a stock code that was sold as a product. Codes differ by letter case in the source and are one here.
-- The description is the one most lines carry (ties by the alphabet); the category follows staging.category_rules.
-- Categories have no history in this source, so "as was" equals "as is".
-- Grain: stock code. Key: product_key, a hash of the code.
-- @test unique(product_key)
-- @test unique(stock_code)
-- @test not_null(product_key, stock_code, category)
create table core.dim_product
diststyle all
sortkey (product_key)
as
with description_use as (
  select
    stock_code,
    description,
    row_number() over (partition by stock_code order by count(*) desc, description) as preference
  from staging.order_line
  where line_type in ('sale', 'return') and description is not null
  group by stock_code, description
),
code as (
  select stock_code, min(order_date) as first_sold_on, max(order_date) as last_sold_on
  from staging.order_line
  where line_type in ('sale', 'return')
  group by stock_code
),
product as (
  select code.stock_code, description_use.description, code.first_sold_on, code.last_sold_on
  from code
  left join description_use on description_use.stock_code = code.stock_code and description_use.preference = 1
),
rule_match as (
  select product.stock_code, min(category_rules.priority) as priority
  from product
  join staging.category_rules on product.description like category_rules.pattern
  group by product.stock_code
)
select
  fnv_hash(product.stock_code) as product_key,
  product.stock_code,
  coalesce(product.description, '(no description)') as description,
  coalesce(category_rules.category, 'Other') as category,
  product.first_sold_on,
  product.last_sold_on
from product
left join rule_match on rule_match.stock_code = product.stock_code
left join staging.category_rules on category_rules.priority = rule_match.priority
