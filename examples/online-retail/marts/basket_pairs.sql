-- Products bought together: pairs of products in at least 20 orders, product_a < product_b by code.
-- An order is an invoice with sale lines; its products count once. Baskets of more than 100 products (trade orders) are left out and
-- counted in baskets_left_out. support = pair's orders ÷ orders; confidence_ab = P(B given A); lift = confidence_ab ÷ P(B).
-- @test unique(product_a, product_b)
-- @test not_null(product_a, product_b, orders_together, lift)
create table marts.basket_pairs
diststyle all
sortkey (orders_together)
as
with basket_line as (
  select distinct invoice_no, product_key
  from core.fact_order_line
  where line_type = 'sale'
),
basket_size as (
  select invoice_no, count(*) as products from basket_line group by invoice_no
),
kept as (
  select basket_line.invoice_no, basket_line.product_key
  from basket_line
  join basket_size on basket_size.invoice_no = basket_line.invoice_no
  where basket_size.products <= 100
),
total as (
  select
    count(case when products <= 100 then 1 end) as orders,
    count(case when products > 100 then 1 end) as baskets_left_out
  from basket_size
),
product_orders as (
  select product_key, count(*) as orders from kept group by product_key
),
frequent as (
  select kept.invoice_no, kept.product_key
  from kept
  join product_orders on product_orders.product_key = kept.product_key
  where product_orders.orders >= 20
),
pair as (
  select a.product_key as key_a, b.product_key as key_b, count(*) as orders_together
  from frequent as a
  join frequent as b on b.invoice_no = a.invoice_no and a.product_key < b.product_key
  group by a.product_key, b.product_key
  having count(*) >= 20
),
named as (
  select
    case when a.stock_code < b.stock_code then pair.key_a else pair.key_b end as key_a,
    case when a.stock_code < b.stock_code then pair.key_b else pair.key_a end as key_b,
    pair.orders_together
  from pair
  join core.dim_product as a on a.product_key = pair.key_a
  join core.dim_product as b on b.product_key = pair.key_b
)
select
  a.stock_code as product_a,
  b.stock_code as product_b,
  a.description as description_a,
  b.description as description_b,
  named.orders_together,
  cast(named.orders_together as double precision) / total.orders as support,
  cast(named.orders_together as double precision) / orders_a.orders as confidence_ab,
  cast(named.orders_together as double precision) / orders_b.orders as confidence_ba,
  cast(named.orders_together as double precision) * total.orders / (cast(orders_a.orders as double precision) * orders_b.orders) as lift,
  total.baskets_left_out
from named
join core.dim_product as a on a.product_key = named.key_a
join core.dim_product as b on b.product_key = named.key_b
join product_orders as orders_a on orders_a.product_key = named.key_a
join product_orders as orders_b on orders_b.product_key = named.key_b
cross join total
