// The shop's stock as it truly is: pieces on hand and reserved at each location, and every movement, which the
// warehouse system reports in files.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "shop/catalog.h"

namespace garland::shop {

struct Location {
  int id;
  std::string_view code, name, country;
  double share;  // of the demand that planners expect there
};
inline constexpr Location kLocations[] = {{1, "LEJ", "Leipzig", "DE", 0.66}, {2, "VEN", "Venlo", "NL", 0.34}};
inline constexpr size_t kLocationCount = std::size(kLocations);

struct Pick {
  size_t product;
  int quantity;
};
/// What must be picked for a line: a set is picked by its components, a gift card not at all.
std::vector<Pick> picks_of(const Catalog& catalog, size_t product, int quantity);

struct Level {
  int on_hand = 0, reserved = 0;
  Instant changed;
};

struct Movement {
  Instant at;
  size_t location, product;
  std::string_view type;  // receipt, pick, return, adjustment
  int quantity;           // signed
  int64_t reference;      // receipt, parcel or refund; 0: none
};

class Stock {
 public:
  explicit Stock(size_t products) : levels_(kLocationCount * products), products_(products) {}

  const Level& level(size_t location, size_t product) const { return levels_[location * products_ + product]; }
  int available(size_t location, size_t product) const {
    return level(location, product).on_hand - level(location, product).reserved;
  }
  bool can_serve(size_t location, std::span<const Pick> picks) const;
  /// Sets pieces aside for an order, and gives them free again.
  void reserve(size_t location, std::span<const Pick> picks, Instant at);
  void release(size_t location, std::span<const Pick> picks, Instant at);
  /// Reserved pieces leave in a parcel.
  void ship(size_t location, std::span<const Pick> picks, Instant at, int64_t parcel);
  /// Pieces come or go: receipts, returns, adjustments.
  void move(const Movement& movement);
  /// Movements since the last call, in the order of their making.
  std::vector<Movement> take_movements() { return std::exchange(movements_, {}); }

 private:
  Level& at(size_t location, size_t product) { return levels_[location * products_ + product]; }
  std::vector<Level> levels_;
  size_t products_;
  std::vector<Movement> movements_;
};

}  // namespace garland::shop
