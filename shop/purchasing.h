// Buying: every Monday planners compare what they have and have ordered with what they believe will sell, order from
// suppliers, and goods arrive: on time, late, in two parts, or short.
#pragma once

#include "shop/database.h"
#include "shop/defects.h"
#include "shop/demand.h"
#include "shop/stock.h"

namespace garland::shop {

class Purchasing {
 public:
  /// Keeps references to all.
  Purchasing(const Parameters& parameters, const Catalog& catalog, const Demand& demand, Defects& defects, Stock& stock,
             Tables& tables);

  /// What lies in the warehouses when the history begins.
  void stock_up();
  /// Receipts that are due, and on Mondays new purchase orders.
  void morning(Day day);
  /// Writes the purchase orders; called once, at the end.
  void finish();

 private:
  struct OrderLine {
    size_t product;
    int quantity;
    int received = 0;
    Decimal unit_cost;
  };
  struct PurchaseOrder {
    size_t supplier, location;
    Day ordered, promised;
    std::vector<OrderLine> lines;
    int receipts_due = 0;
  };
  struct Due {  // a receipt on its way
    size_t order;
    bool rest;  // what an earlier receipt left
  };
  void review(Day day);
  void receive(Day day, const Due& due);
  double believed(size_t product, Day first, Day last) const;
  void place(Day day, size_t supplier, size_t location, std::vector<OrderLine> lines);
  void schedule(Day day, Due due);

  const Parameters& parameters_;
  const Catalog& catalog_;
  const Demand& demand_;
  Defects& defects_;
  Stock& stock_;
  Tables& tables_;
  Random random_;
  std::vector<DailyRates> rates_;
  std::vector<std::vector<double>> belief_;  // by season and product: how far planners are off
  std::vector<int> coming_;                  // pieces on order, by location and product
  std::vector<PurchaseOrder> orders_;
  std::vector<std::vector<Due>> due_;  // by day of the history
  int receipts_ = 0;
};

}  // namespace garland::shop
