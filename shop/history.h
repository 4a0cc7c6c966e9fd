// The history of the shop, day by day: goods arrive, shoppers come and are served from what is there, parcels leave,
// customers answer, the warehouse system reports. Data flows one way: season → demand → orders → fates → stock, files
// and events.
#pragma once

#include <functional>

#include "shop/fate.h"
#include "shop/feedback.h"
#include "shop/marketing.h"
#include "shop/purchasing.h"
#include "shop/warehouse_files.h"

namespace garland::shop {

class History {
 public:
  /// Writes rows into `tables`, files below `files`, events into `sink`, the truth into `ledger`. Keeps references to
  /// all.
  History(const Parameters& parameters, Tables& tables, const std::filesystem::path& files, EventSink& sink,
          Ledger& ledger);

  /// One day; called for each from parameters.begin() to its end.
  void live_through(Day day);
  /// What is written as it stands at the end: customers, stock, purchase orders.
  void finish();

  int64_t orders() const { return orders_; }
  int64_t lines() const { return lines_; }

 private:
  struct Wanted {  // of one product on one day
    int wanted = 0, served = 0, substituted = 0;
  };
  void order(Day day, Instant at);
  void test_order(Day day);
  std::vector<ServedWish> serve(const std::vector<Wish>& basket, const Country& country, Instant at);
  bool reserve(const Wish& wish, const Country& country, Instant at, std::vector<ServedWish>& served);
  void write(const Order& order);
  void lose_some_goods(Day day);
  void tell_the_truth(Day day);

  const Parameters& parameters_;
  const Catalog catalog_;
  Tables& tables_;
  EventSink& sink_;
  Ledger& ledger_;
  Random random_;
  Defects defects_;
  Demand demand_;
  Stock stock_;
  Purchasing purchasing_;
  Customers customers_;
  Fates fates_;
  Feedback feedback_;
  WarehouseFiles warehouse_files_;
  Marketing marketing_;
  std::vector<Wanted> wanted_;  // today, by product
  RowNumbers numbers_;
  Instant until_;
  int64_t orders_ = 0, lines_ = 0;
};

}  // namespace garland::shop
