// LiveShop begins: what it reads from the database, and how a step is taken.
#include "shop/live_shop.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"

namespace garland::shop {

uint64_t enter_shop(Database& database, uint64_t seed) {
  if (database.ask("select 1 where to_regclass('shop.carrier_scan') is not null").empty()) {
    throw Error(kUndefinedTable, "the database has no shop yet")
        .hint("garland-shop fill --database … --files … makes one");
  }
  if (*database.ask("select pg_try_advisory_lock(hashtext('garland-shop'))")[0][0] == "f") {
    throw Error(kObjectInUse, "another garland-shop drives this shop already")
        .hint("stop it first: rows are numbered by the program");
  }
  const int64_t order = number(database.ask("select coalesce(max(order_id), 0) from shop.orders")[0]);
  return Random(seed, fmt::format("live from order {}", order)).next();
}

LiveShop::LiveShop(Database& database, const std::filesystem::path& files, EventSink* sink, Ledger& ledger,
                   uint64_t seed)
    : database_(database),
      sink_(sink),
      ledger_(ledger),
      parameters_{seed, 1, day_of(2100, 1, 1)},  // it has no last day
      defects_(parameters_, ledger, ledger.written()),
      random_(seed, "live"),
      days_(database, catalog_, parameters_, defects_, ledger, files) {
  read_products();
  read_prices();
  read_numbers();
  now_ = days_.open(last_change());
}

void LiveShop::read_products() {
  for (const Fields& row :
       database_.ask("select category_id, coalesce(parent_id, 0), code, name from shop.category order by 1")) {
    catalog_.categories.push_back(
        {static_cast<int>(number(row)), static_cast<int>(number(row, 1)), *row[2], *row[3], {}});
  }
  const std::string recent =
      "select product_id, sum(quantity) as pieces from shop.order_item where order_item_id > "
      "(select max(order_item_id) - 100000 from shop.order_item) group by product_id";
  for (const Fields& row : database_.ask(
           "select p.product_id, p.sku, p.kind, p.vat_class, p.category_id, case when p.is_active then "
           "coalesce(r.pieces, 0) else 0 end, p.case_size, p.launched_on, p.last_day from shop.product p left join (" +
           recent + ") r using (product_id) order by 1")) {
    if (place_of(number(row)) != catalog_.products.size()) {
      throw Error(kInvalidParameterValue, fmt::format("product {} follows a gap in the keys", number(row)))
          .hint("products are numbered by garland-shop fill: fill a new shop");
    }
    Product product{static_cast<int>(number(row)), *row[1]};
    product.kind = *row[2] == "set"     ? ProductKind::kSet
                   : *row[2] == "goods" ? ProductKind::kGoods
                                        : ProductKind::kGiftCard;
    product.vat_class = *row[3] == "food" ? VatClass::kFood : *row[3] == "none" ? VatClass::kNone : VatClass::kStandard;
    product.categories.push_back({Day(), static_cast<int>(number(row, 4))});
    product.case_size = static_cast<int>(number(row, 6));
    product.launched = parse_day(*row[7]);
    if (row[8]) product.last_day = parse_day(*row[8]);
    weights_.push_back(static_cast<double>(number(row, 5)));
    catalog_.products.push_back(std::move(product));
  }
  for (const Fields& row :
       database_.ask("select set_product_id, product_id, quantity from shop.set_component order by 1, 2")) {
    catalog_.products[place_of(number(row))].components.push_back(
        {place_of(number(row, 1)), static_cast<int>(number(row, 2))});
  }
}

void LiveShop::read_prices() {
  for (const Fields& row :
       database_.ask("select product_id, valid_from, amount from shop.price where currency = 'EUR' order by 1, 2")) {
    catalog_.products[place_of(number(row))].prices.push_back({parse_day(*row[1]), money(row, 2)});
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
           last("goods_receipt", "receipt_id"),
           last("gift_card", "gift_card_id")};
  rows_ = {last("carrier_scan", "scan_id"), last("gift_card_entry", "entry_id")};
}

Instant LiveShop::last_change() {
  if (std::all_of(weights_.begin(), weights_.end(), [](double weight) { return weight == 0; })) {
    throw Error(kUndefinedTable, "the shop has nothing to sell").hint("fill it at a larger --scale");
  }
  const std::vector<Fields> latest =
      database_.ask("select floor(extract(epoch from max(updated_at)))::bigint from shop.orders");
  if (!latest[0][0]) throw Error(kUndefinedTable, "the shop has no orders").hint("fill it at a larger --scale");
  return Instant(Seconds(number(latest[0])));
}

Step LiveShop::step(Instant now) {
  now_ = std::max(now_, now);
  days_.reach(now_);
  ledger_.keep();
  try {
    const Step step = take_one();
    for (const Event& event : std::exchange(events_, {})) sink_->send(event);
    ledger_.keep();
    return step;
  } catch (...) {  // goes on to the caller; the step is undone with its connection, and the ledger must not tell of it
    ledger_.drop();
    throw;
  }
}

Step LiveShop::take_one() {
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

}  // namespace garland::shop
