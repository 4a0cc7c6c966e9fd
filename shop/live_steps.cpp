// The steps of LiveShop after an order was placed: parcels, refunds, staff, suppliers, customers' wishes.
#include <fmt/format.h>

#include "shop/live_shop.h"

namespace garland::shop {

void LiveShop::scan(const std::string& tracking_no, std::string_view code, std::string_view place) {
  const int64_t id = ++rows_.scan;
  database_.ask(
      "insert into shop.carrier_scan values ($1, $2, $3, $4, $5)",
      {parameter(id), defects_.tracking_no(id, tracking_no), std::string(code), std::string(place), parameter(now_)});
}

bool LiveShop::ship() {
  const std::vector<Fields> found = database_.ask(R"(
      select o.order_id, r.location_id, o.country
      from shop.reservation r join shop.order_item i using (order_item_id) join shop.orders o using (order_id)
      order by r.order_item_id, r.location_id limit 1)");
  if (found.empty()) return false;
  const std::string order = *found[0][0], location = *found[0][1];
  size_t service = 0;
  while (kServices[service].zone != country_of(*found[0][2]).zone) ++service;
  const std::string parcel = parameter(++last_.parcel), tracking = tracking_number(kServices[service], last_.parcel);
  const std::string promised = parameter(day_at(now_) + Days(kServices[service].transit_days));
  database_.ask("insert into shop.shipment values ($1, $2, $3, $4, $5, $6, $7, null, $8)",
                {parcel, order, location, parameter(service + 1), tracking, promised, parameter(now_),
                 parameter(Money{kServices[service].cost_cents})});
  database_.ask(R"(
      insert into shop.shipment_item
      select distinct $3::bigint, i.order_item_id, i.quantity
      from shop.reservation r join shop.order_item i using (order_item_id)
      where i.order_id = $1 and r.location_id = $2)",
                {order, location, parcel});
  database_.ask(R"(
      with gone as (delete from shop.reservation r using shop.order_item i
                    where i.order_item_id = r.order_item_id and i.order_id = $1 and r.location_id = $2
                    returning r.product_id, r.quantity),
           pieces as (select product_id, sum(quantity) as pieces from gone group by 1)
      update shop.stock_level s set on_hand = on_hand - p.pieces, reserved = reserved - p.pieces, updated_at = $3
      from pieces p where s.location_id = $2 and s.product_id = p.product_id)",
                {order, location, parameter(now_)});
  scan(tracking, "picked_up", "depot");
  database_.ask(R"(
      update shop.orders set updated_at = $2, status = case when w.waiting then 'partly_shipped' else 'shipped' end,
                             shipped_at = case when w.waiting then null else $2::timestamptz end
      from (select exists (select 1 from shop.reservation r join shop.order_item i using (order_item_id)
                           where i.order_id = $1) as waiting) w
      where order_id = $1)",
                {order, parameter(now_)});
  return true;
}

bool LiveShop::deliver() {
  const std::vector<Fields> found = database_.ask(R"(
      select shipment_id, order_id, tracking_no, extract(epoch from shipped_at)::bigint, promised_on
      from shop.shipment
      where delivered_at is null and shipped_at > $1::timestamptz - interval '10 days'
      order by 1 limit 1)",
                                                  {parameter(now_)});
  if (found.empty()) return false;
  const std::string order = *found[0][1], tracking = *found[0][2];
  database_.ask(
      "update shop.shipment set delivered_at = $2 where shipment_id = $1",
      {*found[0][0], parameter(*defects_.delivered(number(found[0]), Instant(Seconds(number(found[0], 3))), now_))});
  scan(tracking, "delivered", "door");
  const Fields state = database_.ask(R"(
      select status, status <> 'partly_shipped' and
                     not exists (select 1 from shop.shipment where order_id = $1 and delivered_at is null)
      from shop.orders where order_id = $1)",
                                     {order})[0];
  const bool arrived = *state[1] == "t";
  const std::string status(*state[0] == "shipped" && arrived ? defects_.order_status(std::stoll(order), "delivered")
                                                             : *state[0]);
  database_.ask(R"(
      update shop.orders set updated_at = $2, status = $3, delivered_at = case when $4 then $2::timestamptz end
      where order_id = $1)",
                {order, parameter(now_), status, parameter(arrived)});
  send_opinion(order, tracking, day_at(now_) > parse_day(*found[0][4]));
  return true;
}

/// An order that a gift card has paid a part of is left alone.
bool LiveShop::cancel() {
  const std::vector<Fields> found = database_.ask(R"(
      select o.order_id from shop.orders o
      where o.status = 'placed' and o.paid_at is null
        and exists (select 1 from shop.order_item i join shop.reservation r using (order_item_id)
                    where i.order_id = o.order_id)
        and not exists (select 1 from shop.payment p where p.order_id = o.order_id and p.method = 'gift_card')
      order by 1 desc limit 1)");
  if (found.empty()) return false;
  const std::string order = *found[0][0];
  database_.ask(R"(
      with free as (delete from shop.reservation r using shop.order_item i
                    where i.order_item_id = r.order_item_id and i.order_id = $1
                    returning r.location_id, r.product_id, r.quantity),
           pieces as (select location_id, product_id, sum(quantity) as pieces from free group by 1, 2)
      update shop.stock_level s set reserved = reserved - p.pieces, updated_at = $2
      from pieces p where s.location_id = p.location_id and s.product_id = p.product_id)",
                {order, parameter(now_)});
  database_.ask("update shop.payment set state = 'voided' where order_id = $1 and state = 'authorised'", {order});
  database_.ask("update shop.orders set status = 'cancelled', cancelled_at = $2, updated_at = $2 where order_id = $1",
                {order, parameter(now_)});
  return true;
}

bool LiveShop::move_house() {
  const std::optional<int64_t> customer = some_customer();
  if (!customer) return false;
  const std::vector<Fields> old = database_.ask(R"(
      update shop.customer_address set valid_to = $2
      where customer_id = $1 and valid_to is null and valid_from < $2
      returning country)",
                                                {parameter(*customer), parameter(now_)});
  if (old.empty()) return false;
  const Residence home = draw_residence(random_, country_of(*old[0][0]));
  database_.ask("insert into shop.customer_address values ($1, $2, $3, null, $4, $5, $6, $7)",
                {parameter(++last_.address), parameter(*customer), parameter(now_), home.street, home.postcode,
                 home.city, *old[0][0]});
  database_.ask("update shop.customer set updated_at = $2 where customer_id = $1",
                {parameter(*customer), parameter(now_)});
  return true;
}

bool LiveShop::change_price() {
  Product& product = catalog_.products[random_.pick_weighted(weights_)];
  if (product.kind == ProductKind::kGiftCard) return false;
  const Day tomorrow = day_at(now_) + Days(1);
  const Money eur = listed(scaled(price_on(product, tomorrow), random_.factor(0.05)), Currency::kEur);
  product.prices.push_back({tomorrow, eur});
  for (const Currency currency : kCurrencies) {
    database_.ask(R"(
        insert into shop.price values ($1, $2, $3, $4)
        on conflict (product_id, currency, valid_from) do update set amount = excluded.amount)",
                  {parameter(product.id), std::string(code_of(currency)), parameter(tomorrow),
                   parameter(listed(product, eur, currency))});
  }
  database_.ask("update shop.product set updated_at = $2 where product_id = $1",
                {parameter(product.id), parameter(now_)});
  return true;
}

bool LiveShop::change_category() {
  Product& product = catalog_.products[random_.pick_weighted(weights_)];
  const auto last = static_cast<int64_t>(catalog_.categories.size()) - 1;
  const Category& category = catalog_.categories[static_cast<size_t>(random_.between(0, last))];
  if (product.kind == ProductKind::kGiftCard || category.parent == 0 || category.id == product.categories.back().value)
    return false;
  const Day today = day_at(now_);
  product.categories.push_back({today, category.id});
  database_.ask(R"(
      insert into shop.product_category values ($1, $2, $3)
      on conflict (product_id, valid_from) do update set category_id = excluded.category_id)",
                {parameter(product.id), parameter(today), parameter(category.id)});
  database_.ask("update shop.product set category_id = $2, updated_at = $3 where product_id = $1",
                {parameter(product.id), parameter(category.id), parameter(now_)});
  return true;
}

bool LiveShop::refund() {
  const std::vector<Fields> found = database_.ask(R"(
      select i.order_item_id, i.order_id, i.quantity, i.unit_price * i.quantity - i.discount_amount, o.currency,
             s.location_id, i.product_id
      from (select * from shop.shipment a
            where shipment_id >= $1 and delivered_at > shipped_at
              and not exists (select 1 from shop.refund r where r.order_id = a.order_id)
            order by shipment_id limit 1) s
      join shop.shipment_item using (shipment_id)
      join shop.order_item i using (order_item_id)
      join shop.orders o on o.order_id = i.order_id
      join shop.product p using (product_id)
      where p.kind = 'goods'
      order by i.order_item_id limit 1)",
                                                  {parameter(random_.between(last_.parcel * 9 / 10, last_.parcel))});
  if (found.empty()) return false;
  const Fields& line = found[0];
  const std::string id = parameter(++last_.refund);
  database_.ask("insert into shop.refund values ($1, $2, 'goods', 'changed mind', $3, $4, $5)",
                {id, *line[1], *line[3], *line[4], parameter(now_)});
  database_.ask("insert into shop.refund_item values ($1, $2, $3, $4, true)", {id, *line[0], *line[2], *line[3]});
  database_.ask(R"(
      update shop.stock_level set on_hand = on_hand + $1, updated_at = $2
      where location_id = $3 and product_id = $4)",
                {*line[2], parameter(now_), *line[5], *line[6]});
  database_.ask("update shop.orders set updated_at = $2 where order_id = $1", {*line[1], parameter(now_)});
  return true;
}

/// What is lowest is bought again, four dozen of each.
bool LiveShop::restock() {
  const std::vector<Fields> low = database_.ask(R"(
      select l.product_id, c.amount
      from shop.stock_level l
      join shop.product p using (product_id)
      join lateral (select amount from shop.unit_cost u where u.product_id = p.product_id
                    order by valid_from desc limit 1) c on true
      where p.is_active and l.location_id = 1
      order by l.on_hand - l.reserved, 1 limit 20)");
  if (low.empty()) return false;
  const std::string id = parameter(++last_.purchase_order);
  database_.ask(
      "insert into shop.purchase_order values ($1, 6, 1, 'EUR', $2, $3, 'ordered')",
      {id, parameter(day_at(now_)), parameter(defects_.promised_day(last_.purchase_order, day_at(now_) + Days(14)))});
  for (size_t i = 0; i < low.size(); ++i) {
    database_.ask("insert into shop.purchase_order_line values ($1, $2, $3, 48, $4)",
                  {id, parameter(i + 1), *low[i][0], *low[i][1]});
  }
  return true;
}

bool LiveShop::receive() {
  const std::vector<Fields> found = database_.ask(R"(
      update shop.purchase_order set status = 'received'
      where purchase_order_id = (select purchase_order_id from shop.purchase_order where status <> 'received'
                                 order by 1 limit 1)
      returning purchase_order_id, location_id)");
  if (found.empty()) return false;
  const std::string order = *found[0][0], location = *found[0][1], receipt = parameter(++last_.receipt);
  database_.ask("insert into shop.goods_receipt values ($1, $2, $3)", {receipt, order, parameter(now_)});
  database_.ask(R"(
      insert into shop.goods_receipt_line
      select $1::integer, l.product_id, l.pieces - coalesce(g.pieces, 0)
      from (select product_id, sum(quantity) as pieces from shop.purchase_order_line
            where purchase_order_id = $2 group by 1) l
      left join (select product_id, sum(quantity) as pieces
                 from shop.goods_receipt_line join shop.goods_receipt using (receipt_id)
                 where purchase_order_id = $2 group by 1) g using (product_id)
      where l.pieces > coalesce(g.pieces, 0))",
                {receipt, order});
  database_.ask(R"(
      insert into shop.stock_level
      select $1, product_id, quantity, 0, $3 from shop.goods_receipt_line where receipt_id = $2
      on conflict (location_id, product_id)
      do update set on_hand = stock_level.on_hand + excluded.on_hand, updated_at = excluded.updated_at)",
                {location, receipt, parameter(now_)});
  write_some_in_cases(order);
  return true;
}

/// As in the history: once all has come.
void LiveShop::write_some_in_cases(const std::string& purchase_order) {
  for (const Fields& line : database_.ask(
           "select line_no, product_id, quantity from shop.purchase_order_line where purchase_order_id = $1 order by 1",
           {purchase_order})) {
    const auto pieces = static_cast<int>(number(line, 2));
    const int written = defects_.ordered_pieces(std::stoll(purchase_order), static_cast<int>(number(line)), pieces,
                                                catalog_.products[place_of(number(line, 1))].case_size);
    if (written == pieces) continue;
    database_.ask("update shop.purchase_order_line set quantity = $3 where purchase_order_id = $1 and line_no = $2",
                  {purchase_order, *line[0], parameter(written)});
  }
}

bool LiveShop::ask_to_be_forgotten() {
  const std::optional<int64_t> customer = some_customer();
  if (!customer) return false;
  database_.ask("insert into shop.erasure_request values ($1, $2, $3, null)",
                {parameter(++last_.request), parameter(*customer), parameter(now_)});
  return true;
}

/// The customer goes; orders keep what tax law wants kept.
bool LiveShop::forget() {
  const std::vector<Fields> found = database_.ask(R"(
      update shop.erasure_request set completed_at = $1
      where request_id = (select request_id from shop.erasure_request where completed_at is null
                          order by requested_at, 1 limit 1)
      returning customer_id)",
                                                  {parameter(now_)});
  if (found.empty()) return false;
  database_.ask("delete from shop.customer_address where customer_id = $1", {*found[0][0]});
  database_.ask(R"(
      update shop.customer
      set email = null, first_name = null, last_name = null, phone = null, birth_date = null, newsletter = false,
          erased_at = $2, updated_at = $2
      where customer_id = $1)",
                {*found[0][0], parameter(now_)});
  return true;
}

}  // namespace garland::shop
