#include "shop/purchasing.h"

#include <map>

namespace garland::shop {
namespace {

constexpr int kReviewDays = 21;       // what an order must last for beyond its lead time
constexpr double kShortOfFull = 0.2;  // share of deliveries that come in two parts

int rounded_up(double pieces, int case_size) { return static_cast<int>(std::ceil(pieces / case_size)) * case_size; }

}  // namespace

Purchasing::Purchasing(const Parameters& parameters, const Catalog& catalog, const Demand& demand, Defects& defects,
                       Stock& stock, Tables& tables)
    : parameters_(parameters),
      catalog_(catalog),
      demand_(demand),
      defects_(defects),
      stock_(stock),
      tables_(tables),
      random_(parameters.seed, "purchasing"),
      rates_(exchange_rates(parameters)),
      coming_(kLocationCount * catalog.products.size()),
      due_(static_cast<size_t>(parameters.days())) {
  for (int season = season_of(parameters.begin()); season <= season_of(parameters.end); ++season) {
    std::vector<double>& beliefs = belief_.emplace_back();
    for (const Product& product : catalog.products) {
      const bool is_new = season_of(product.launched) == season;
      beliefs.push_back(1.12 * random_.factor(is_new ? 0.5 : 0.3));
    }
  }
}

double Purchasing::believed(size_t product, Day first, Day last) const {
  const size_t season = static_cast<size_t>(season_of(first) - season_of(parameters_.begin()));
  return belief_[season][product] * demand_.pieces(catalog_.products[product], first, last);
}

void Purchasing::stock_up() {
  const Instant opening = moment(parameters_.begin(), 6 * 3600);
  for (size_t p = 0; p < catalog_.products.size(); ++p) {
    const Product& product = catalog_.products[p];
    if (product.kind != ProductKind::kGoods || product.launched > parameters_.begin()) continue;
    const Day until = parameters_.begin() + Days(catalog_.suppliers[product.supplier].lead_days + 30);
    const double pieces = believed(p, parameters_.begin(), until);
    for (size_t l = 0; l < kLocationCount; ++l) {
      stock_.move({opening, l, p, "receipt", rounded_up(pieces * kLocations[l].share + 1, product.case_size), 0});
    }
  }
}

void Purchasing::morning(Day day) {
  for (const Due& due : due_[static_cast<size_t>((day - parameters_.begin()).count())]) receive(day, due);
  if (weekday(day) == 1) review(day);
}

void Purchasing::review(Day day) {
  std::map<std::pair<size_t, size_t>, std::vector<OrderLine>> wanted;  // by supplier and location
  for (size_t p = 0; p < catalog_.products.size(); ++p) {
    const Product& product = catalog_.products[p];
    if (product.kind != ProductKind::kGoods) continue;
    const Supplier& supplier = catalog_.suppliers[product.supplier];
    const Day arrival = day + Days(supplier.lead_days);
    if (days_to_christmas(arrival) < 5 && days_to_christmas(arrival) > -30) continue;  // would come too late
    if (product.last_day && arrival > *product.last_day - Days(45)) continue;
    const double until_then = believed(p, day, arrival + Days(kReviewDays));
    for (size_t l = 0; l < kLocationCount; ++l) {
      const int position = stock_.available(l, p) + coming_[l * catalog_.products.size() + p];
      const double missing = until_then * kLocations[l].share - position;
      if (missing < 0.3 * product.case_size) continue;
      const DailyRates& rates = rates_[static_cast<size_t>((day - parameters_.begin()).count())];
      const double cost = cost_on(product, day) * rates[static_cast<size_t>(supplier.currency)];
      wanted[{product.supplier, l}].push_back(
          {p, rounded_up(missing, product.case_size), 0, {std::llround(cost * 10000), 4}});
    }
  }
  for (auto& [key, lines] : wanted) place(day, key.first, key.second, std::move(lines));
}

void Purchasing::place(Day day, size_t supplier, size_t location, std::vector<OrderLine> lines) {
  const Supplier& from = catalog_.suppliers[supplier];
  const Day promised = day + Days(from.lead_days + random_.between(-3, 3));
  const bool late = random_.chance(from.late_share);
  const Day actual = promised + Days(late ? 3 + random_.poisson(6) : random_.between(-2, 1));
  for (const OrderLine& line : lines) coming_[location * catalog_.products.size() + line.product] += line.quantity;
  orders_.push_back({supplier, location, day, promised, std::move(lines)});
  schedule(actual, {orders_.size() - 1, false});
  if (random_.chance(kShortOfFull)) schedule(actual + Days(random_.between(5, 16)), {orders_.size() - 1, true});
}

void Purchasing::schedule(Day day, Due due) {
  ++orders_[due.order].receipts_due;
  const int64_t at = (day - parameters_.begin()).count();
  if (at < parameters_.days()) due_[static_cast<size_t>(at)].push_back(due);
}

void Purchasing::receive(Day day, const Due& due) {
  PurchaseOrder& order = orders_[due.order];
  const bool more_to_come = --order.receipts_due > 0;
  const Instant at = moment(day, random_.between(7 * 3600, 11 * 3600));
  const int receipt = ++receipts_;
  tables_.goods_receipt.row(receipt, static_cast<int64_t>(due.order) + 1, at);
  for (OrderLine& line : order.lines) {
    int pieces = line.quantity - line.received;
    if (more_to_come) pieces = static_cast<int>(pieces * (0.3 + 0.5 * random_.uniform()));
    const bool short_delivery = !more_to_come && random_.chance(0.02);
    coming_[order.location * catalog_.products.size() + line.product] -= pieces;
    if (short_delivery) pieces -= std::min(pieces, 1 + pieces / 10);
    line.received += pieces;
    if (pieces == 0) continue;
    tables_.goods_receipt_line.row(receipt, catalog_.products[line.product].id, pieces);
    stock_.move({at, order.location, line.product, "receipt", pieces, receipt});
  }
}

void Purchasing::finish() {
  for (size_t i = 0; i < orders_.size(); ++i) {
    const PurchaseOrder& order = orders_[i];
    int ordered = 0, received = 0;
    for (const OrderLine& line : order.lines) ordered += line.quantity, received += line.received;
    const char* status = received == 0 ? "ordered" : order.receipts_due == 0 ? "received" : "partly_received";
    const auto id = static_cast<int64_t>(i) + 1;
    tables_.purchase_order.row(id, catalog_.suppliers[order.supplier].id, kLocations[order.location].id,
                               code_of(catalog_.suppliers[order.supplier].currency), order.ordered,
                               defects_.promised_day(id, order.promised), status);
    int number = 0;
    for (const OrderLine& line : order.lines) {
      const Product& product = catalog_.products[line.product];
      ++number;
      // In cases where all has come: before that nobody could tell.
      const bool all = line.received == line.quantity;
      const int quantity = all ? defects_.ordered_pieces(id, number, line.quantity, product.case_size) : line.quantity;
      tables_.purchase_order_line.row(id, number, product.id, quantity, line.unit_cost);
    }
  }
}

}  // namespace garland::shop
