#include "shop/live_shop.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/error.h"

namespace garland::shop {
namespace {

int64_t number(const Fields& row, size_t column = 0) { return std::stoll(row[column].value()); }

Money money(const Fields& row, size_t column) { return {std::llround(std::stod(row[column].value()) * 100)}; }

}  // namespace

LiveShop::LiveShop(Database& database, EventSink* sink, uint64_t seed)
    : database_(database),
      sink_(sink),
      no_ledger_({}),
      no_defects_(parameters_, no_ledger_, false),
      random_(seed, "live") {
  if (database_.ask("select 1 where to_regclass('shop.carrier_scan') is not null").empty()) {
    throw Error(kUndefinedTable, "the database has no shop yet")
        .hint("garland-shop fill --database … --files … makes one");
  }
  if (*database_.ask("select pg_try_advisory_lock(hashtext('garland-shop'))")[0][0] == "f") {
    throw Error(kObjectInUse, "another garland-shop drives this shop already")
        .hint("stop it first: rows are numbered by the program");
  }
  read_catalog();
  read_numbers();
  random_ = Random(seed, fmt::format("live from order {}", last_.order));  // a second run goes on, it does not repeat
}

void LiveShop::read_catalog() {
  for (const Fields& row :
       database_.ask("select category_id, coalesce(parent_id, 0), code, name from shop.category order by 1")) {
    catalog_.categories.push_back(
        {static_cast<int>(number(row)), static_cast<int>(number(row, 1)), *row[2], *row[3], {}});
  }
  std::map<int64_t, size_t> place;
  const std::string recent =
      "select product_id, sum(quantity) as pieces from shop.order_item where order_item_id > "
      "(select max(order_item_id) - 100000 from shop.order_item) group by product_id";
  for (const Fields& row : database_.ask(
           "select p.product_id, p.sku, p.kind, p.vat_class, p.category_id, coalesce(r.pieces, 0) from shop.product p "
           "left join (" +
           recent + ") r using (product_id) where p.is_active order by 1")) {
    Product product{static_cast<int>(number(row)), *row[1]};
    product.kind = *row[2] == "set"     ? ProductKind::kSet
                   : *row[2] == "goods" ? ProductKind::kGoods
                                        : ProductKind::kGiftCard;
    product.vat_class = *row[3] == "food" ? VatClass::kFood : *row[3] == "none" ? VatClass::kNone : VatClass::kStandard;
    product.categories.push_back({Day(), static_cast<int>(number(row, 4))});
    // A gift card would have to be issued when it is paid; live customers buy goods only.
    weights_.push_back(product.kind == ProductKind::kGiftCard ? 0 : static_cast<double>(number(row, 5)));
    place[product.id] = catalog_.products.size();
    catalog_.products.push_back(std::move(product));
  }
  for (const Fields& row :
       database_.ask("select product_id, valid_from, amount from shop.price where currency = 'EUR' order by 1, 2")) {
    const auto found = place.find(number(row));
    if (found != place.end()) catalog_.products[found->second].prices.push_back({parse_day(*row[1]), money(row, 2)});
  }
  for (const Fields& row :
       database_.ask("select set_product_id, product_id, quantity from shop.set_component order by 1, 2")) {
    const auto set = place.find(number(row)), part = place.find(number(row, 1));
    if (set == place.end()) continue;
    if (part == place.end())
      weights_[set->second] = 0;  // cannot be put together any more
    else
      catalog_.products[set->second].components.push_back({part->second, static_cast<int>(number(row, 2))});
  }
  for (const Fields& row : database_.ask("select promotion_id, percent, coalesce(category_id, 0), starts_on, ends_on "
                                         "from shop.promotion order by 1")) {
    catalog_.promotions.push_back({static_cast<int>(number(row)), "", "", static_cast<int>(std::stod(*row[1])),
                                   static_cast<int>(number(row, 2)), parse_day(*row[3]), parse_day(*row[4])});
  }
}

void LiveShop::read_numbers() {
  const auto last = [&](const char* table, const char* column) {
    return number(database_.ask(
        fmt::format("select coalesce(max({0}), 0) from shop.{1} where {0} < {2}", column, table, kTwinNumber))[0]);
  };
  last_ = {last("customer", "customer_id"),
           last("customer_address", "address_id"),
           last("orders", "order_id"),
           last("order_item", "order_item_id"),
           last("payment", "payment_id"),
           last("shipment", "shipment_id"),
           last("refund", "refund_id"),
           last("erasure_request", "request_id"),
           last("purchase_order", "purchase_order_id"),
           last("goods_receipt", "receipt_id")};
  rows_.scan = last("carrier_scan", "scan_id");
  if (std::all_of(weights_.begin(), weights_.end(), [](double weight) { return weight == 0; })) {
    throw Error(kUndefinedTable, "the shop has nothing to sell").hint("fill it at a larger --scale");
  }
  const std::vector<Fields> latest =
      database_.ask("select floor(extract(epoch from max(updated_at)))::bigint from shop.orders");
  if (!latest[0][0]) throw Error(kUndefinedTable, "the shop has no orders").hint("fill it at a larger --scale");
  now_ = Instant(Seconds(number(latest[0])));
}

Step LiveShop::step(Instant now) {
  now_ = std::max(now_, now);
  Step step = static_cast<Step>(random_.pick_weighted(kStepShares));
  database_.run("begin");
  if (!take(step)) {
    step = Step::kOrder;
    while (!take(step)) {  // nothing of what was wanted is there
      restock();
      receive();
    }
  }
  database_.run("commit");
  return step;
}

bool LiveShop::take(Step step) {
  constexpr bool (LiveShop::* kActs[])() = {
      &LiveShop::order,  &LiveShop::pay,        &LiveShop::ship,         &LiveShop::deliver,
      &LiveShop::cancel, &LiveShop::move_house, &LiveShop::change_price, &LiveShop::change_category,
      &LiveShop::refund, &LiveShop::restock,    &LiveShop::receive,      &LiveShop::ask_to_be_forgotten,
      &LiveShop::forget};
  return (this->*kActs[static_cast<size_t>(step)])();
}

std::vector<Wish> LiveShop::draw_basket() {
  std::vector<Wish> basket;
  for (int64_t i = 1 + random_.poisson(1.8); i > 0; --i) {
    const size_t product = random_.pick_weighted(weights_);
    const bool twice =
        std::any_of(basket.begin(), basket.end(), [&](const Wish& wish) { return wish.product == product; });
    if (!twice) basket.push_back({product, random_.chance(0.8) ? 1 : static_cast<int>(random_.between(2, 4))});
  }
  return basket;
}

std::optional<int64_t> LiveShop::some_customer() {
  const std::vector<Fields> found = database_.ask(R"(
      select customer_id from shop.customer c
      where customer_id >= $1 and erased_at is null
        and not exists (select 1 from shop.erasure_request r where r.customer_id = c.customer_id)
      order by customer_id limit 1)",
                                                  {parameter(random_.between(1, last_.customer))});
  return found.empty() ? std::nullopt : std::optional(number(found[0]));
}

Buyer LiveShop::draw_buyer() {
  const std::optional<int64_t> known = random_.chance(0.5) ? some_customer() : std::nullopt;
  if (known) {
    const std::vector<Fields> found = database_.ask(R"(
        select a.country, c.first_name, c.last_name, c.email, a.street, a.postcode, a.city
        from shop.customer c join shop.customer_address a using (customer_id)
        where c.customer_id = $1 and a.valid_to is null)",
                                                    {parameter(*known)});
    if (!found.empty()) {
      const Fields& row = found[0];
      return {*known, {&country_of(*row[0]), *row[1], *row[2], *row[3], ""}, {*row[4], *row[5], *row[6]}};
    }
  }
  const Country& country = draw_country(random_);
  const int64_t id = last_.customer + 1;
  Buyer buyer{id, draw_person(random_, country, id), draw_residence(random_, country), true};
  if (random_.chance(0.25)) buyer.customer.reset();
  return buyer;
}

std::vector<ServedWish> LiveShop::reserve(const std::vector<Wish>& basket) {
  std::string ids = "{0";
  for (const Wish& wish : basket) {
    for (const Pick& pick : picks_of(catalog_, wish.product, wish.quantity))
      ids += fmt::format(",{}", catalog_.products[pick.product].id);
  }
  std::map<std::pair<int64_t, int64_t>, int64_t> free;  // by location and product
  for (const Fields& row : database_.ask("select location_id, product_id, on_hand - reserved from shop.stock_level "
                                         "where product_id = any($1) order by 1, 2 for update",
                                         {ids + "}"})) {
    free[{number(row), number(row, 1)}] = number(row, 2);
  }
  std::vector<ServedWish> served;
  for (const Wish& wish : basket) {
    const std::vector<Pick> picks = picks_of(catalog_, wish.product, wish.quantity);
    for (size_t location = 0; location < kLocationCount; ++location) {
      const auto left = [&](const Pick& pick) -> int64_t& {
        return free[{kLocations[location].id, catalog_.products[pick.product].id}];
      };
      if (!std::all_of(picks.begin(), picks.end(), [&](const Pick& pick) { return left(pick) >= pick.quantity; }))
        continue;
      for (const Pick& pick : picks) {
        left(pick) -= pick.quantity;
        database_.ask(
            "update shop.stock_level set reserved = reserved + $1, updated_at = $2 where location_id = $3 and "
            "product_id = $4",
            {parameter(pick.quantity), parameter(now_), parameter(kLocations[location].id),
             parameter(catalog_.products[pick.product].id)});
      }
      served.push_back({wish, location});
      break;
    }
  }
  return served;
}

bool LiveShop::order() {
  const std::vector<ServedWish> served = reserve(draw_basket());
  if (served.empty()) return false;
  Order order = make_order(catalog_, random_, ++last_.order, last_.item + 1, draw_buyer(), day_at(now_), now_, served);
  last_.item += static_cast<int64_t>(order.lines.size());
  const bool at_once = random_.chance(0.7);
  if (at_once) order.paid = now_;
  order.payments.push_back(
      {++last_.payment, at_once ? "card" : "invoice", order.total, scaled(order.total, 0.02), now_, order.paid});
  Tables tables(database_);
  const Buyer& buyer = order.buyer;
  if (buyer.is_new && buyer.customer) {
    const Person& person = buyer.person;
    tables.customer.row(++last_.customer, person.email, person.first_name, person.last_name, person.phone, std::nullopt,
                        person.country->language, random_.chance(0.5), now_, std::nullopt, now_);
    tables.customer_address.row(++last_.address, *buyer.customer, now_, std::nullopt, buyer.residence.street,
                                buyer.residence.postcode, buyer.residence.city, person.country->code);
  }
  write_order(tables, catalog_, no_defects_, rows_, order, now_);
  tables.send();
  database_.finish_copy();
  return true;
}

bool LiveShop::pay() {
  const std::vector<Fields> paid =
      database_.ask(R"(
      update shop.payment set state = 'captured', captured_at = $1
      where payment_id = (select payment_id from shop.payment p join shop.orders o using (order_id)
                          where p.state = 'authorised' and o.status <> 'cancelled' and p.payment_id between $2 and $3
                          order by payment_id limit 1)
      returning order_id)",
                    {parameter(now_), parameter(last_.payment - 5000), parameter(last_.payment)});
  if (paid.empty()) return false;
  database_.ask(R"(
      update shop.orders
      set paid_at = $1, updated_at = $1, status = case status when 'placed' then 'paid' else status end
      where order_id = $2)",
                {parameter(now_), *paid[0][0]});
  return true;
}

}  // namespace garland::shop
