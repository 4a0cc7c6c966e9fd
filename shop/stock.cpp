#include "shop/stock.h"

namespace garland::shop {

std::vector<Pick> picks_of(const Catalog& catalog, size_t product, int quantity) {
  const Product& sold = catalog.products[product];
  if (sold.kind == ProductKind::kGiftCard) return {};
  if (sold.kind == ProductKind::kGoods) return {{product, quantity}};
  std::vector<Pick> picks;
  for (const Component& component : sold.components)
    picks.push_back({component.product, component.quantity * quantity});
  return picks;
}

bool Stock::can_serve(size_t location, std::span<const Pick> picks) const {
  for (const Pick& pick : picks) {
    if (available(location, pick.product) < pick.quantity) return false;
  }
  return true;
}

void Stock::reserve(size_t location, std::span<const Pick> picks, Instant when) {
  for (const Pick& pick : picks) {
    at(location, pick.product).reserved += pick.quantity;
    at(location, pick.product).changed = when;
  }
}

void Stock::release(size_t location, std::span<const Pick> picks, Instant when) {
  for (const Pick& pick : picks) {
    at(location, pick.product).reserved -= pick.quantity;
    at(location, pick.product).changed = when;
  }
}

void Stock::ship(size_t location, std::span<const Pick> picks, Instant when, int64_t parcel) {
  release(location, picks, when);
  for (const Pick& pick : picks) move({when, location, pick.product, "pick", -pick.quantity, parcel});
}

void Stock::move(const Movement& movement) {
  Level& level = at(movement.location, movement.product);
  level.on_hand += movement.quantity;
  level.changed = movement.at;
  movements_.push_back(movement);
}

}  // namespace garland::shop
