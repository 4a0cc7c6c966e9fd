// The steps of LiveShop up to an order that is placed and paid: baskets, buyers, gift cards.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "shop/live_shop.h"

namespace garland::shop {
namespace {

constexpr double kAtOnce = 0.7, kByGiftCard = 0.03, kProviderFee = 0.02;

}  // namespace

std::vector<Wish> LiveShop::draw_basket() {
  std::vector<Wish> basket;
  for (int64_t i = 1 + random_.poisson(1.8); i > 0; --i) {
    const size_t product = random_.pick_weighted(weights_);
    const bool twice =
        std::any_of(basket.begin(), basket.end(), [&](const Wish& wish) { return wish.product == product; });
    const bool single = catalog_.products[product].kind == ProductKind::kGiftCard || random_.chance(0.8);
    if (!twice) basket.push_back({product, single ? 1 : static_cast<int>(random_.between(2, 4))});
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

std::optional<Buyer> LiveShop::some_buyer() {
  const std::optional<int64_t> customer = some_customer();
  if (!customer) return std::nullopt;
  const std::vector<Fields> found = database_.ask(R"(
      select a.country, c.first_name, c.last_name, c.email, c.phone, a.street, a.postcode, a.city
      from shop.customer c join shop.customer_address a using (customer_id)
      where c.customer_id = $1 and a.valid_to is null)",
                                                  {parameter(*customer)});
  if (found.empty()) return std::nullopt;
  const Fields& row = found[0];
  return Buyer{*customer, {&country_of(*row[0]), *row[1], *row[2], *row[3], *row[4]}, {*row[5], *row[6], *row[7]}};
}

Buyer LiveShop::draw_buyer() {
  if (const auto known = random_.chance(0.5) ? some_buyer() : std::nullopt) return *known;
  const Country& country = draw_country(random_);
  const int64_t id = last_.customer + 1;
  Buyer buyer{id, draw_person(random_, country, id), draw_residence(random_, country), true};
  if (random_.chance(0.25)) {
    buyer.customer.reset();
    return buyer;
  }
  if (defects_.is_duplicate_customer()) return with_address_of_another(std::move(buyer));
  buyer.person.email = defects_.email(id, buyer.person.email);
  return buyer;
}

/// Somebody who is registered already registers once more.
Buyer LiveShop::with_address_of_another(Buyer buyer) {
  const std::optional<Buyer> known = some_buyer();
  if (!known || !Defects::can_be_duplicated(known->person.email)) return buyer;
  buyer.person = known->person;
  buyer.residence = known->residence;
  buyer.person.email = defects_.duplicate_email(*buyer.customer, *known->customer, known->person.email);
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

void LiveShop::draw_payments(Order& order) {
  Money left = order.total;
  if (random_.chance(kByGiftCard)) pay_by_gift_card(order, left);
  if (left.cents == 0 || random_.chance(kAtOnce)) order.paid = now_;
  if (left.cents > 0) {
    order.payments.push_back(
        {++last_.payment, order.paid ? "card" : "invoice", left, scaled(left, kProviderFee), now_, order.paid});
  }
  for (size_t i = 0; order.paid && i < order.lines.size(); ++i) {
    if (catalog_.products[order.lines[i].product].kind == ProductKind::kGiftCard)
      order.gift_cards.push_back({++last_.gift_card, i});
  }
}

/// In part or whole, with a card that has something left.
void LiveShop::pay_by_gift_card(Order& order, Money& left) {
  const std::vector<Fields> found =
      database_.ask(R"(
      select g.gift_card_id, g.initial_amount - e.spent
      from shop.gift_card g
      cross join lateral (select coalesce(sum(amount), 0) as spent from shop.gift_card_entry e
                          where e.gift_card_id = g.gift_card_id) e
      where g.gift_card_id >= $1 and g.currency = $2 and g.issued_at < $3 and g.expires_on >= $4
        and e.spent < g.initial_amount
      order by 1 limit 1)",
                    {parameter(random_.between(1, std::max<int64_t>(1, last_.gift_card))),
                     std::string(code_of(order.currency())), parameter(now_), parameter(day_at(now_))});
  if (found.empty()) return;
  const Money amount = std::min(money(found[0], 1), left);
  order.payments.push_back({++last_.payment, "gift_card", amount, {}, now_, now_, false, number(found[0])});
  left = left - amount;
}

void LiveShop::tell_the_truth(const std::vector<Wish>& basket, const std::vector<ServedWish>& served) {
  for (const Wish& wish : basket) {
    const bool is_served =
        std::any_of(served.begin(), served.end(), [&](const ServedWish& s) { return s.wish.product == wish.product; });
    ledger_.demand(day_at(now_), catalog_.products[wish.product].id, wish.quantity, is_served ? wish.quantity : 0, 0,
                   is_served ? 0 : wish.quantity);
  }
}

bool LiveShop::order() {
  if (defects_.is_test_order()) return test_order();
  const std::vector<Wish> basket = draw_basket();
  const std::vector<ServedWish> served = reserve(basket);
  tell_the_truth(basket, served);
  if (served.empty()) return false;
  Order order = make_order(catalog_, random_, ++last_.order, last_.item + 1, draw_buyer(), day_at(now_), now_, served);
  draw_payments(order);
  write(order);
  send_visits(order);
  return true;
}

/// Nothing is reserved, nothing is paid.
bool LiveShop::test_order() {
  Order order = make_order(catalog_, random_, ++last_.order, last_.item + 1, tester(), day_at(now_), now_,
                           {{draw_basket()[0], 0}});
  order.is_test = true;
  defects_.test_order(order.id);
  write(order);
  return true;
}

void LiveShop::write(const Order& order) {
  last_.item += static_cast<int64_t>(order.lines.size());
  Tables tables(database_);
  if (order.buyer.is_new && order.buyer.customer) enter(tables, order.buyer);
  write_order(tables, catalog_, defects_, rows_, order, now_);
  tables.send();
  database_.finish_copy();
}

/// Into the register of customers.
void LiveShop::enter(Tables& tables, const Buyer& buyer) {
  const Person& person = buyer.person;
  const int64_t id = ++last_.customer;
  tables.customer.row(id, person.email, person.first_name, person.last_name, person.phone,
                      defects_.birth_date(id, draw_birth_date(random_)), person.country->language, random_.chance(0.5),
                      now_, std::nullopt, now_);
  tables.customer_address.row(++last_.address, id, now_, std::nullopt, buyer.residence.street, buyer.residence.postcode,
                              buyer.residence.city, person.country->code);
}

bool LiveShop::pay() {
  const std::vector<Fields> found = database_.ask(R"(
      select p.payment_id, p.order_id from shop.payment p join shop.orders o using (order_id)
      where p.state = 'authorised' and o.status <> 'cancelled' and p.payment_id between $1 and $2
      order by 1 limit 1)",
                                                  {parameter(last_.payment - 5000), parameter(last_.payment)});
  if (found.empty()) return false;
  const std::string payment = *found[0][0], order = *found[0][1], now = parameter(now_);
  const int64_t id = number(found[0]);
  database_.ask("update shop.payment set state = $3, captured_at = $2 where payment_id = $1",
                {payment, now, std::string(defects_.payment_state(id, "captured"))});
  if (defects_.is_reported_twice(id + kTwinNumber)) {
    database_.ask(R"(
        insert into shop.payment
        select $2, order_id, method, provider_reference, amount, fee_amount, currency, 'captured', card_last4, created_at,
               captured_at
        from shop.payment where payment_id = $1)",
                  {payment, parameter(id + kTwinNumber)});
  }
  database_.ask(R"(
      update shop.orders
      set paid_at = $1, updated_at = $1, status = case status when 'placed' then 'paid' else status end
      where order_id = $2)",
                {now, order});
  issue_gift_cards(order);
  return true;
}

/// Those that its lines sold: it is paid.
void LiveShop::issue_gift_cards(const std::string& order) {
  for (const Fields& line : database_.ask(R"(
           select i.order_item_id, o.currency, i.unit_price
           from shop.order_item i join shop.orders o using (order_id) join shop.product p using (product_id)
           where i.order_id = $1 and p.kind = 'gift_card' order by 1)",
                                          {order})) {
    const int64_t card = ++last_.gift_card;
    database_.ask("insert into shop.gift_card values ($1, $2, $3, $4, $5, $6, $7)",
                  {parameter(card), *line[0], gift_card_code(card), *line[1], *line[2], parameter(now_),
                   parameter(day_at(now_) + kGiftCardLife)});
  }
}

}  // namespace garland::shop
