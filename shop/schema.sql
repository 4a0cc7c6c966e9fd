-- The database of an online Christmas shop, as its own programs see it: tables and primary keys. links.sql adds foreign keys and indexes
-- once the rows are there. Money includes VAT and is in the currency of its row. Times are instants; days are days in Europe/Berlin.
create schema shop;

-- What the shop sells ---------------------------------------------------------------------------------------------------------------

create table shop.category (
  category_id smallint primary key,
  parent_id   smallint,              -- null: a top category
  code        text not null unique,
  name        text not null
);

create table shop.supplier (
  supplier_id    smallint primary key,
  name           text not null,
  country        char(2) not null,
  currency       char(3) not null,   -- of its invoices
  lead_time_days smallint not null   -- as agreed; purchase_order says what was promised and what came
);

create table shop.product (
  product_id   integer primary key,
  sku          text not null unique,
  name         text not null,
  kind         text not null check (kind in ('goods', 'set', 'gift_card')),
  category_id  smallint not null,    -- now; product_category has the history
  supplier_id  smallint,             -- null: put together here (sets), or no goods (gift cards)
  vat_class    text not null,
  weight_grams numeric(10,3),
  case_size    smallint not null,    -- pieces in a supplier's case
  launched_on  date not null,
  last_day     date,                 -- null: no end is planned
  is_active    boolean not null,
  attributes   jsonb not null,
  updated_at   timestamptz not null
);

create table shop.product_category (  -- in which category a product stood, from when on
  product_id  integer not null,
  valid_from  date not null,
  category_id smallint not null,
  primary key (product_id, valid_from)
);

create table shop.set_component (     -- a gift set is put together from stock when it is packed
  set_product_id integer not null,
  product_id     integer not null,
  quantity       smallint not null,
  primary key (set_product_id, product_id)
);

create table shop.price (
  product_id integer not null,
  currency   char(3) not null,
  valid_from date not null,
  amount     numeric(10,2) not null,  -- with the VAT of the currency's first country
  primary key (product_id, currency, valid_from)
);

create table shop.unit_cost (         -- what a piece costs the shop in EUR, from when on
  product_id integer not null,
  valid_from date not null,
  amount     numeric(10,4) not null,
  primary key (product_id, valid_from)
);

create table shop.vat_rate (
  country    char(2) not null,
  vat_class  text not null,
  valid_from date not null,
  percent    numeric(4,1) not null,
  primary key (country, vat_class, valid_from)
);

create table shop.exchange_rate (
  rate_date date not null,
  currency  char(3) not null,
  per_eur   numeric(12,6) not null,   -- units of the currency for one euro
  primary key (rate_date, currency)
);

create table shop.promotion (
  promotion_id smallint primary key,
  code         text not null unique,
  name         text not null,
  percent      numeric(4,1) not null, -- off the price of every line it holds for
  category_id  smallint,              -- null: the whole range
  starts_on    date not null,
  ends_on      date not null          -- the last day
);

-- Who buys --------------------------------------------------------------------------------------------------------------------------

create table shop.customer (
  customer_id   bigint primary key,
  email         text,                 -- null once forgotten
  first_name    text,
  last_name     text,
  phone         text,
  birth_date    date,
  language      char(2) not null,
  newsletter    boolean not null,
  registered_at timestamptz not null,
  erased_at     timestamptz,
  updated_at    timestamptz not null
);

create table shop.customer_address (  -- with its history: a move ends one row and begins the next
  address_id  bigint primary key,
  customer_id bigint not null,
  valid_from  timestamptz not null,
  valid_to    timestamptz,            -- null: current
  street      text not null,
  postcode    text not null,
  city        text not null,
  country     char(2) not null
);

create table shop.erasure_request (   -- customers who ask to be forgotten
  request_id   bigint primary key,
  customer_id  bigint not null,
  requested_at timestamptz not null,
  completed_at timestamptz            -- null: still to be done
);

-- Orders and money ------------------------------------------------------------------------------------------------------------------

create table shop.orders (
  order_id        bigint primary key,
  customer_id     bigint,             -- null: a guest
  email           text not null,
  channel         text not null,      -- web, app, marketplace
  visit_source    text not null,      -- what led the visit here
  country         char(2) not null,
  currency        char(3) not null,
  status          text not null check (status in ('placed', 'paid', 'partly_shipped', 'shipped', 'delivered', 'returned', 'cancelled')),
  ship_to         text not null,      -- name and address as printed on the parcel; kept, as tax law wants, when a customer is forgotten
  postcode        text not null,
  gift_message    text,
  goods_amount    numeric(12,2) not null,  -- sum of the lines before discount
  discount_amount numeric(12,2) not null,
  shipping_amount numeric(12,2) not null,
  total_amount    numeric(12,2) not null,  -- goods - discount + shipping
  vat_amount      numeric(12,2) not null,  -- of the total
  placed_at       timestamptz not null,
  paid_at         timestamptz,
  shipped_at      timestamptz,        -- the last parcel
  delivered_at    timestamptz,        -- the last parcel
  cancelled_at    timestamptz,
  updated_at      timestamptz not null
);

create table shop.order_item (
  order_item_id   bigint primary key,
  order_id        bigint not null,
  line_no         smallint not null,
  product_id      integer not null,
  quantity        integer not null,
  unit_price      numeric(10,2) not null,
  discount_amount numeric(10,2) not null,  -- of the line
  promotion_id    smallint,
  vat_percent     numeric(4,1) not null
);

create table shop.payment (           -- as the payment provider reports them: it knows nothing of our keys, so no foreign key
  payment_id         bigint primary key,
  order_id           bigint not null,
  method             text not null,
  provider_reference text not null,
  amount             numeric(12,2) not null,
  fee_amount         numeric(10,2) not null,
  currency           char(3) not null,
  state              text not null check (state in ('authorised', 'captured', 'failed', 'voided')),
  card_last4         char(4),
  created_at         timestamptz not null,
  captured_at        timestamptz
);

create table shop.gift_card (
  gift_card_id   bigint primary key,
  order_item_id  bigint not null,     -- the line that sold it
  code           text not null unique,
  currency       char(3) not null,
  initial_amount numeric(10,2) not null,
  issued_at      timestamptz not null,
  expires_on     date not null
);

create table shop.gift_card_entry (   -- what was taken off a card; its balance is the initial amount less these
  entry_id     bigint primary key,
  gift_card_id bigint not null,
  payment_id   bigint not null,
  amount       numeric(10,2) not null,
  entered_at   timestamptz not null
);

create table shop.refund (
  refund_id  bigint primary key,
  order_id   bigint not null,
  kind       text not null check (kind in ('goods', 'goodwill', 'shipping')),  -- only 'goods' has refund_item rows
  reason     text not null,
  amount     numeric(12,2) not null,
  currency   char(3) not null,
  created_at timestamptz not null
);

create table shop.refund_item (
  refund_id     bigint not null,
  order_item_id bigint not null,
  quantity      integer not null,
  amount        numeric(12,2) not null,
  back_in_stock boolean not null,
  primary key (refund_id, order_item_id)
);

-- Stock, suppliers' deliveries, parcels ---------------------------------------------------------------------------------------------

create table shop.location (
  location_id smallint primary key,
  code        text not null unique,
  name        text not null,
  country     char(2) not null
);

create table shop.stock_level (       -- available = on_hand - reserved
  location_id smallint not null,
  product_id  integer not null,
  on_hand     integer not null,
  reserved    integer not null,
  updated_at  timestamptz not null,
  primary key (location_id, product_id)
);

create table shop.reservation (       -- promised to an order and not yet packed; the row goes when the goods do
  order_item_id bigint not null,
  location_id   smallint not null,
  product_id    integer not null,     -- of a set: its component
  quantity      integer not null,
  reserved_at   timestamptz not null,
  primary key (order_item_id, location_id, product_id)
);

create table shop.purchase_order (
  purchase_order_id integer primary key,
  supplier_id       smallint not null,
  location_id       smallint not null,
  currency          char(3) not null,
  ordered_on        date not null,
  promised_on       date not null,
  status            text not null check (status in ('ordered', 'partly_received', 'received'))
);

create table shop.purchase_order_line (
  purchase_order_id integer not null,
  line_no           smallint not null,
  product_id        integer not null,
  quantity          integer not null,       -- pieces
  unit_cost         numeric(10,4) not null, -- in the order's currency, without VAT
  primary key (purchase_order_id, line_no)
);

create table shop.goods_receipt (
  receipt_id        integer primary key,
  purchase_order_id integer not null,
  received_at       timestamptz not null
);

create table shop.goods_receipt_line (
  receipt_id integer not null,
  product_id integer not null,
  quantity   integer not null,
  primary key (receipt_id, product_id)
);

create table shop.carrier_service (
  service_id   smallint primary key,
  carrier      text not null,
  service      text not null,
  zone         text not null,         -- domestic, eu, abroad
  transit_days smallint not null,
  cost_eur     numeric(8,2) not null
);

create table shop.carrier_cutoff (    -- the last day on which a parcel still arrives by 24 December
  season        smallint not null,
  service_id    smallint not null,
  last_ship_day date not null,
  primary key (season, service_id)
);

create table shop.shipment (          -- one parcel
  shipment_id  bigint primary key,
  order_id     bigint not null,
  location_id  smallint not null,
  service_id   smallint not null,
  tracking_no  text not null,
  promised_on  date not null,
  shipped_at   timestamptz not null,
  delivered_at timestamptz,
  cost_eur     numeric(8,2) not null
);

create table shop.shipment_item (
  shipment_id   bigint not null,
  order_item_id bigint not null,
  quantity      integer not null,
  primary key (shipment_id, order_item_id)
);

create table shop.carrier_scan (      -- as the carriers report them: by tracking number, so no foreign key
  scan_id     bigint primary key,
  tracking_no text not null,
  scan_code   text not null,          -- picked_up, hub, out_for_delivery, delivered, failed_attempt
  place       text not null,
  scanned_at  timestamptz not null
);
