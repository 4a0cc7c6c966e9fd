#include "shop/live_days.h"

#include <fmt/format.h>

#include <algorithm>

#include "shop/orders.h"

namespace garland::shop {
namespace {

/// Pieces that came and went between $1 and $2: sets by their components, returns where their parcel left.
constexpr const char* kMovements = R"(
    select extract(epoch from at)::bigint, location_id, product_id, type, quantity, reference from (
      select s.shipped_at as at, s.location_id, coalesce(c.product_id, i.product_id) as product_id, 'pick' as type,
             -l.quantity * coalesce(c.quantity, 1) as quantity, s.shipment_id as reference, l.order_item_id as line
      from shop.shipment s join shop.shipment_item l using (shipment_id) join shop.order_item i using (order_item_id)
      left join shop.set_component c on c.set_product_id = i.product_id
      where s.shipped_at >= $1 and s.shipped_at < $2
      union all
      select g.received_at, p.location_id, l.product_id, 'receipt', l.quantity, g.receipt_id, 0
      from shop.goods_receipt g join shop.goods_receipt_line l using (receipt_id)
      join shop.purchase_order p using (purchase_order_id)
      where g.received_at >= $1 and g.received_at < $2
      union all
      select r.created_at, s.location_id, i.product_id, 'return', b.quantity, r.refund_id, b.order_item_id
      from shop.refund r join shop.refund_item b using (refund_id) join shop.order_item i using (order_item_id)
      join shop.shipment s on s.order_id = r.order_id
      join shop.shipment_item l on l.shipment_id = s.shipment_id and l.order_item_id = b.order_item_id
      where b.back_in_stock and r.created_at >= $1 and r.created_at < $2
    ) moved
    order by at, type, reference, line, product_id)";

std::vector<std::string> bounds_of(Day day) { return {parameter(moment(day, 0)), parameter(moment(day + Days(1), 0))}; }

size_t place_of_location(int64_t id) {
  size_t place = 0;
  while (kLocations[place].id != id) ++place;
  return place;
}

}  // namespace

LiveDays::LiveDays(Database& database, const Catalog& catalog, const Parameters& parameters, Defects& defects,
                   Ledger& ledger, const std::filesystem::path& files)
    : database_(database), catalog_(catalog), files_(files), random_(parameters.seed, "live days") {
  if (files.empty()) return;
  folders_.emplace(WarehouseFiles(parameters, catalog, defects, ledger, files / "stock"),
                   Marketing(parameters, files / "marketing"));
}

Instant LiveDays::open(Instant last_change) {
  today_ = day_at(last_change);
  const auto reported = [&] { return std::filesystem::exists(files_ / "marketing" / (text_of(today_) + ".csv")); };
  while (folders_ && reported()) today_ += Days(1);
  open_rates();
  return std::max(last_change, moment(today_, 0));
}

void LiveDays::reach(Instant now) {
  while (day_at(now) > today_) {
    close(today_);
    today_ += Days(1);
    open_rates();
  }
  if (folders_) folders_->stock.drop_due(now);
}

void LiveDays::finish() {
  if (folders_) folders_->stock.drop_due(Instant::max());
}

void LiveDays::close(Day day) {
  if (!folders_) return;
  constexpr int64_t kMovementsADay = 100'000'000;  // no day has as many; the history's numbers lie below
  const std::vector<Movement> moved = movements(day);
  const Stock left = stock();
  const Fields orders =
      database_.ask("select count(*) from shop.orders where placed_at >= $1 and placed_at < $2", bounds_of(day))[0];
  folders_->stock.number_from(day.time_since_epoch().count() * kMovementsADay);
  folders_->stock.evening(day, moved, left);
  folders_->marketing.evening(day, static_cast<double>(number(orders)));
}

/// Of all days since the last that has rates.
void LiveDays::open_rates() {
  DailyRates rates{};
  Day last;
  for (const Fields& row :
       database_.ask("select rate_date, currency, per_eur from shop.exchange_rate where rate_date = "
                     "(select max(rate_date) from shop.exchange_rate)")) {
    last = parse_day(*row[0]);
    for (const Currency currency : kCurrencies) {
      if (code_of(currency) == *row[1]) rates[static_cast<size_t>(currency)] = std::stod(*row[2]);
    }
  }
  while (last < today_) {
    last += Days(1);
    rates = next_rates(rates, random_);
    for (const Currency currency : kCurrencies) {
      database_.ask("insert into shop.exchange_rate values ($1, $2, $3)",
                    {parameter(last), std::string(code_of(currency)),
                     fmt::format("{:.6f}", rates[static_cast<size_t>(currency)])});
    }
  }
}

std::vector<Movement> LiveDays::movements(Day day) {
  constexpr std::string_view kTypes[] = {"pick", "receipt", "return"};
  std::vector<Movement> movements;
  for (const Fields& row : database_.ask(kMovements, bounds_of(day))) {
    movements.push_back({Instant(Seconds(number(row))), place_of_location(number(row, 1)), place_of(number(row, 2)),
                         *std::find(std::begin(kTypes), std::end(kTypes), *row[3]), static_cast<int>(number(row, 4)),
                         number(row, 5)});
  }
  return movements;
}

Stock LiveDays::stock() {
  Stock stock(catalog_.products.size());
  for (const Fields& row : database_.ask("select location_id, product_id, on_hand from shop.stock_level")) {
    stock.move({{}, place_of_location(number(row)), place_of(number(row, 1)), "", static_cast<int>(number(row, 2)), 0});
  }
  return stock;
}

}  // namespace garland::shop
