#include "shop/demand.h"

#include <algorithm>

namespace garland::shop {
namespace {

constexpr double kLinesPerOrder = 3.5, kPiecesPerLine = 1.38;
constexpr int64_t kHorizonDays = 150;  // planners look past the history's end

}  // namespace

Demand::Demand(const Parameters& parameters, const Catalog& catalog)
    : parameters_(parameters), catalog_(catalog), pieces_before_(catalog.categories.size(), {0.0}) {
  for (int64_t i = 0; i < parameters.days() + kHorizonDays; ++i) {
    const Day day = parameters.begin() + Days(i);
    double weights = 0;
    for (const Product& product : catalog.products) weights += weight_on(product, day);
    const double pieces = orders(day) * kLinesPerOrder * kPiecesPerLine / weights;
    for (size_t c = 0; c < pieces_before_.size(); ++c) {
      pieces_before_[c].push_back(pieces_before_[c].back() + pieces * interest(catalog.categories[c].wanted, day));
    }
  }
}

double Demand::orders(Day day) const {
  return parameters_.scale * orders_expected(day, season_of(parameters_.begin()));
}

double Demand::weight_on(const Product& product, Day day) const {
  if (!product.sold_on(day)) return 0;
  return product.popularity * interest(catalog_.categories[product.category].wanted, day);
}

double Demand::pieces(const Product& product, Day first, Day last) const {
  first = std::max(first, product.launched);
  if (product.last_day) last = std::min(last, *product.last_day);
  const std::vector<double>& before = pieces_before_[product.category];
  const auto at = [&](Day day) {
    return before[static_cast<size_t>(
        std::clamp<int64_t>((day - parameters_.begin()).count(), 0, static_cast<int64_t>(before.size()) - 1))];
  };
  return last < first ? 0 : product.popularity * (at(last + Days(1)) - at(first));
}

void Demand::open(Day day) {
  shelf_.clear();
  double sum = 0;
  for (const Product& product : catalog_.products) {
    double weight = weight_on(product, day);
    if (weight > 0) {
      const Promotion* promotion = promotion_on(catalog_, product, day);
      if (promotion) weight *= uplift(product, promotion->percent);
      weight *= std::pow(
          static_cast<double>(price_on(product, day).cents) / static_cast<double>(product.prices[0].value.cents),
          -product.elasticity);
    }
    shelf_.push_back(sum += weight);
  }
}

size_t Demand::draw(Random& random) const {
  const auto found = std::upper_bound(shelf_.begin(), shelf_.end(), random.uniform() * shelf_.back());
  return std::min(static_cast<size_t>(found - shelf_.begin()), shelf_.size() - 1);
}

std::vector<Wish> Demand::draw_basket(Random& random) const {
  const int64_t lines = std::min<int64_t>(12, 1 + random.poisson((kLinesPerOrder - 1) * random.factor(0.45) * 0.92));
  std::vector<Wish> basket;
  for (int64_t i = 0; i < lines; ++i) {
    const size_t product = draw(random);
    const bool twice =
        std::any_of(basket.begin(), basket.end(), [&](const Wish& wish) { return wish.product == product; });
    if (twice) continue;
    const bool single = catalog_.products[product].kind == ProductKind::kGiftCard;
    constexpr double kQuantities[] = {0.78, 0.13, 0.04, 0.03, 0.005, 0.015};
    basket.push_back({product, single ? 1 : 1 + static_cast<int>(random.pick_weighted(kQuantities))});
  }
  return basket;
}

std::optional<size_t> Demand::draw_substitute(Random& random, size_t product) const {
  for (int attempt = 0; attempt < 40; ++attempt) {
    const size_t other = draw(random);
    if (other != product && catalog_.products[other].category == catalog_.products[product].category) return other;
  }
  return std::nullopt;
}

}  // namespace garland::shop
