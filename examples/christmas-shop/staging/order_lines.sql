-- Lines of orders. gross_amount: what the customer paid for the goods of the line, VAT included, in the order's currency.
create view staging.order_lines as
select
  order_item_id,
  order_id,
  line_no,
  product_id,
  quantity,
  unit_price * quantity - discount_amount as gross_amount,
  vat_percent
from "raw".order_item
