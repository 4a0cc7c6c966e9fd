// What shoppers want: the expectation of each product's demand, which planners know only roughly, and the baskets that
// are drawn from it day by day.
#pragma once

#include "shop/catalog.h"

namespace garland::shop {

struct Wish {
  size_t product;  // index into Catalog::products
  int quantity;
};

class Demand {
 public:
  /// Keeps references to both.
  Demand(const Parameters& parameters, const Catalog& catalog);

  /// Orders wanted on that day, without chance.
  double orders(Day day) const;
  /// Pieces of one product wanted from `first` to `last` (both included), without promotions and chance. Days outside
  /// the history count as their nearest day.
  double pieces(const Product& product, Day first, Day last) const;

  /// Turns the shelf to a day: what baskets() draws from.
  void open(Day day);
  /// One shopper's basket of 1 to 12 products, none twice. Needs an open day.
  std::vector<Wish> draw_basket(Random& random) const;
  /// A product of the same category that would do as well; none if there is no other.
  std::optional<size_t> draw_substitute(Random& random, size_t product) const;

 private:
  double weight_on(const Product& product, Day day) const;
  size_t draw(Random& random) const;

  const Parameters& parameters_;
  const Catalog& catalog_;
  std::vector<std::vector<double>> pieces_before_;  // of a product with popularity 1: by category, by day
  std::vector<double> shelf_;                       // running sums of the weights of all products
};

}  // namespace garland::shop
