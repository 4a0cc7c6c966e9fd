-- Foreign keys and indexes of schema.sql, made after the rows are loaded. payment and carrier_scan have none: others write them.
alter table shop.category            add foreign key (parent_id)         references shop.category;
alter table shop.product             add foreign key (category_id)       references shop.category,
                                     add foreign key (supplier_id)       references shop.supplier;
alter table shop.product_category    add foreign key (product_id)        references shop.product,
                                     add foreign key (category_id)       references shop.category;
alter table shop.set_component       add foreign key (set_product_id)    references shop.product,
                                     add foreign key (product_id)        references shop.product;
alter table shop.price               add foreign key (product_id)        references shop.product;
alter table shop.unit_cost           add foreign key (product_id)        references shop.product;
alter table shop.promotion           add foreign key (category_id)       references shop.category;
alter table shop.customer_address    add foreign key (customer_id)       references shop.customer;
alter table shop.erasure_request     add foreign key (customer_id)       references shop.customer;
alter table shop.orders              add foreign key (customer_id)       references shop.customer;
alter table shop.order_item          add foreign key (order_id)          references shop.orders,
                                     add foreign key (product_id)        references shop.product,
                                     add foreign key (promotion_id)      references shop.promotion;
alter table shop.gift_card           add foreign key (order_item_id)     references shop.order_item;
alter table shop.gift_card_entry     add foreign key (gift_card_id)      references shop.gift_card,
                                     add foreign key (payment_id)        references shop.payment;
alter table shop.refund              add foreign key (order_id)          references shop.orders;
alter table shop.refund_item         add foreign key (refund_id)         references shop.refund,
                                     add foreign key (order_item_id)     references shop.order_item;
alter table shop.stock_level         add foreign key (location_id)       references shop.location,
                                     add foreign key (product_id)        references shop.product;
alter table shop.reservation         add foreign key (order_item_id)     references shop.order_item,
                                     add foreign key (location_id, product_id) references shop.stock_level;
alter table shop.purchase_order      add foreign key (supplier_id)       references shop.supplier,
                                     add foreign key (location_id)       references shop.location;
alter table shop.purchase_order_line add foreign key (purchase_order_id) references shop.purchase_order,
                                     add foreign key (product_id)        references shop.product;
alter table shop.goods_receipt       add foreign key (purchase_order_id) references shop.purchase_order;
alter table shop.goods_receipt_line  add foreign key (receipt_id)        references shop.goods_receipt,
                                     add foreign key (product_id)        references shop.product;
alter table shop.carrier_cutoff      add foreign key (service_id)        references shop.carrier_service;
alter table shop.shipment            add foreign key (order_id)          references shop.orders,
                                     add foreign key (location_id)       references shop.location,
                                     add foreign key (service_id)        references shop.carrier_service;
alter table shop.shipment_item       add foreign key (shipment_id)       references shop.shipment,
                                     add foreign key (order_item_id)     references shop.order_item;

create index on shop.order_item (order_id);
create index on shop.shipment (order_id);
create index on shop.shipment (shipment_id) where delivered_at is null;
create index on shop.payment (payment_id) where state = 'authorised';
create index on shop.payment (order_id);
create index on shop.refund (order_id);
create index on shop.gift_card_entry (gift_card_id);
create index on shop.customer_address (customer_id);
create index on shop.orders (customer_id);
create index on shop.orders (status, order_id) where status in ('placed', 'paid', 'partly_shipped', 'shipped');
create index on shop.erasure_request (requested_at) where completed_at is null;
