// What the shop sells: categories, suppliers, products with their prices, costs and categories over time, gift sets,
// promotions. A third of each season's range is new.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "shop/markets.h"

namespace garland::shop {

struct Category {
  int id, parent;  // 0: none
  std::string code, name;
  Wanted wanted;
};

struct Supplier {
  int id;
  std::string name, country;
  Currency currency;
  int lead_days;
  double late_share;  // of its deliveries
};

enum class ProductKind : uint8_t { kGoods, kSet, kGiftCard };
std::string_view code_of(ProductKind kind);

template <class T>
struct From {  // a value from a day on
  Day from;
  T value;
};

struct Component {
  size_t product;  // index into Catalog::products
  int quantity;
};

struct Product {
  int id;
  std::string sku, name, colour, material;
  ProductKind kind = ProductKind::kGoods;
  VatClass vat_class = VatClass::kStandard;
  size_t category = 0;  // index into Catalog::categories, at launch: decides when it is wanted
  size_t supplier = 0;  // index into Catalog::suppliers; goods only
  double popularity = 1, elasticity = 1.5;
  int grams = 0, case_size = 1;
  Day launched;
  std::optional<Day> last_day;
  std::vector<From<Money>> prices;    // EUR, ascending by day
  std::vector<From<double>> costs;    // EUR
  std::vector<From<int>> categories;  // ids
  std::vector<Component> components;  // sets only

  bool sold_on(Day day) const { return day >= launched && (!last_day || day <= *last_day); }
};

struct Promotion {
  int id;
  std::string code, name;
  int percent;
  int category;  // id; 0: the whole range
  Day starts, ends;
};

struct Catalog {
  std::vector<Category> categories;
  std::vector<Supplier> suppliers;
  std::vector<Product> products;
  std::vector<Promotion> promotions;
};

/// Of a product's key: products are numbered from 1 without gaps.
inline size_t place_of(int64_t product_id) { return static_cast<size_t>(product_id) - 1; }

Catalog make_catalog(const Parameters& parameters);

/// The price list's amount in a currency for an amount in EUR: lists have rates of their own, and prices that look like
/// prices.
Money listed(Money eur, Currency currency);
/// Of one of the product's EUR prices; a gift card is worth as many pounds as euros.
Money listed(const Product& product, Money eur, Currency currency);
/// Of EUR prices: what holds on that day (the first, before it).
Money price_on(const Product& product, Day day);
double cost_on(const Product& product, Day day);
/// The best promotion for the product on that day.
const Promotion* promotion_on(const Catalog& catalog, const Product& product, Day day);
/// How much more is wanted at `percent` off.
double uplift(const Product& product, int percent);

}  // namespace garland::shop
