#include "shop/history.h"

#include <algorithm>

#include "shop/reference.h"

namespace garland::shop {
namespace {

constexpr double kTakesOther = 0.3, kTakesFewer = 0.4, kLeaves = 0.12;  // shoppers who do not get what they want
constexpr double kDailyChance = 0.07;                                   // spread of a day's demand around the expected
constexpr double kShrinkage = 0.004;  // products a location and week that lose a piece or two

}  // namespace

History::History(const Parameters& parameters, Tables& tables, const std::filesystem::path& files, EventSink& sink,
                 Ledger& ledger)
    : parameters_(parameters),
      catalog_(make_catalog(parameters)),
      tables_(tables),
      sink_(sink),
      ledger_(ledger),
      random_(parameters.seed, "history"),
      defects_(parameters, ledger),
      demand_(parameters_, catalog_),
      stock_(catalog_.products.size()),
      purchasing_(parameters_, catalog_, demand_, defects_, stock_, tables),
      customers_(parameters_, defects_, tables),
      fates_(parameters_, catalog_, stock_),
      feedback_(parameters_, catalog_, demand_, defects_, sink),
      warehouse_files_(parameters_, catalog_, defects_, ledger, files / "stock"),
      marketing_(parameters_, files / "marketing"),
      wanted_(catalog_.products.size()),
      until_(moment(parameters.end + Days(1), 0)) {
  write_reference(tables_, parameters_, catalog_, defects_);
  purchasing_.stock_up();
}

void History::live_through(Day day) {
  purchasing_.morning(day);
  demand_.open(day);
  std::vector<int64_t> seconds(
      static_cast<size_t>(random_.poisson(demand_.orders(day) * random_.factor(kDailyChance))));
  for (int64_t& second : seconds) second = order_second(random_);
  std::sort(seconds.begin(), seconds.end());
  for (const int64_t second : seconds) order(day, moment(day, second));
  fates_.evening(day);
  customers_.evening(day);
  if (weekday(day) == 0) lose_some_goods(day);
  warehouse_files_.evening(day, stock_.take_movements(), stock_);
  warehouse_files_.drop_due(Instant::max());
  marketing_.evening(day, demand_.orders(day));
  feedback_.evening(day);
  tell_the_truth(day);
  ledger_.keep();
}

void History::order(Day day, Instant at) {
  if (defects_.is_test_order()) test_order(day);
  const Buyer buyer = customers_.buyer(at);
  const std::vector<ServedWish> served = serve(demand_.draw_basket(random_), *buyer.person.country, at);
  if (served.empty()) return;
  Order order = make_order(catalog_, random_, orders_ + 1, lines_ + 1, buyer, day, at, served);
  fates_.draw(order);
  write(order);
  feedback_.after_order(order);
}

/// Somebody of the shop tries the check-out: nothing is reserved, nothing is paid.
void History::test_order(Day day) {
  const std::vector<Wish> basket = demand_.draw_basket(random_);
  const Instant at = moment(day, random_.between(9 * 3600, 17 * 3600));
  Order order = make_order(catalog_, random_, orders_ + 1, lines_ + 1, tester(), day, at, {{basket[0], 0}});
  order.is_test = true;
  defects_.test_order(order.id);
  write(order);
}

void History::write(const Order& order) {
  ++orders_;
  lines_ += static_cast<int64_t>(order.lines.size());
  write_order(tables_, catalog_, defects_, numbers_, order, until_);
}

std::vector<ServedWish> History::serve(const std::vector<Wish>& basket, const Country& country, Instant at) {
  std::vector<ServedWish> served;
  std::vector<Wanted> outcome;
  bool leaves = false;
  for (const Wish& wish : basket) {
    Wanted& wanted = outcome.emplace_back(Wanted{wish.quantity});
    if (reserve(wish, country, at, served)) {
      wanted.served = wish.quantity;
      continue;
    }
    leaves = leaves || random_.chance(kLeaves);
    if (wish.quantity > 1 && random_.chance(kTakesFewer) && reserve({wish.product, 1}, country, at, served)) {
      wanted.served = 1;
    } else if (random_.chance(kTakesOther)) {
      const std::optional<size_t> other = demand_.draw_substitute(random_, wish.product);
      if (other && reserve({*other, wish.quantity}, country, at, served)) wanted.substituted = wish.quantity;
    }
  }
  for (size_t i = 0; i < basket.size(); ++i) {
    Wanted& today = wanted_[basket[i].product];
    today.wanted += outcome[i].wanted;
    if (leaves) continue;  // without anything: all of it is lost
    today.served += outcome[i].served;
    today.substituted += outcome[i].substituted;
  }
  if (!leaves) return served;
  for (const ServedWish& line : served) {
    stock_.release(line.location, picks_of(catalog_, line.wish.product, line.wish.quantity), at);
  }
  return {};
}

bool History::reserve(const Wish& wish, const Country& country, Instant at, std::vector<ServedWish>& served) {
  const std::vector<Pick> picks = picks_of(catalog_, wish.product, wish.quantity);
  for (size_t i = 0; i < kLocationCount; ++i) {
    const size_t location = (country.nearest + i) % kLocationCount;
    if (!stock_.can_serve(location, picks)) continue;
    stock_.reserve(location, picks, at);
    served.push_back({wish, location});
    return true;
  }
  return false;
}

/// Broken, lost or stolen, found out on Sundays.
void History::lose_some_goods(Day day) {
  for (size_t location = 0; location < kLocationCount; ++location) {
    for (size_t p = 0; p < catalog_.products.size(); ++p) {
      const int lost = static_cast<int>(random_.between(1, 2));
      if (!random_.chance(kShrinkage) || stock_.available(location, p) < lost) continue;
      stock_.move({moment(day, 20 * 3600), location, p, "adjustment", -lost, 0});
    }
  }
}

void History::tell_the_truth(Day day) {
  for (size_t p = 0; p < wanted_.size(); ++p) {
    const Wanted& w = wanted_[p];
    if (w.wanted == 0) continue;
    ledger_.demand(day, catalog_.products[p].id, w.wanted, w.served, w.substituted,
                   w.wanted - w.served - w.substituted);
    wanted_[p] = {};
  }
}

void History::finish() {
  customers_.finish(until_);
  purchasing_.finish();
  for (size_t location = 0; location < kLocationCount; ++location) {
    for (size_t p = 0; p < catalog_.products.size(); ++p) {
      const Level& level = stock_.level(location, p);
      if (level.changed == Instant()) continue;  // never there
      tables_.stock_level.row(kLocations[location].id, catalog_.products[p].id, level.on_hand, level.reserved,
                              level.changed);
    }
  }
  tables_.send();
  sink_.finish();
  ledger_.finish();
}

}  // namespace garland::shop
