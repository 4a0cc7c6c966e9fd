#include "shop/catalog.h"

#include <fmt/format.h>

#include <algorithm>

namespace garland::shop {
namespace {

struct Leaf {
  const char *parent, *code, *name;
  Wanted wanted;
  double share;               // of the range
  int price_low, price_high;  // EUR
  int grams_low, grams_high;
  VatClass vat_class;
  const char* nouns[3];
};

constexpr VatClass kStd = VatClass::kStandard;
constexpr Leaf kLeaves[] = {
    {"tree",
     "glass-baubles",
     "Glass baubles",
     {22, 14, .06},
     12,
     4,
     32,
     40,
     400,
     kStd,
     {"Glass bauble", "Bauble set", "Bird with feather tail"}},
    {"tree",
     "wooden-ornaments",
     "Wooden ornaments",
     {24, 15, .08},
     9,
     3,
     24,
     20,
     200,
     kStd,
     {"Wooden angel", "Wooden star", "Turned tree"}},
    {"tree",
     "straw-stars",
     "Straw stars",
     {20, 14, .04},
     4,
     3,
     15,
     10,
     80,
     kStd,
     {"Straw star", "Straw star set", "Straw angel"}},
    {"tree",
     "tree-toppers",
     "Tree toppers",
     {18, 11, .03},
     3,
     12,
     45,
     100,
     600,
     kStd,
     {"Tree topper", "Star topper", "Angel topper"}},
    {"tree",
     "artificial-trees",
     "Artificial trees",
     {30, 12, .04},
     3,
     69,
     329,
     6000,
     24000,
     kStd,
     {"Nordmann fir", "Slim spruce", "Snowy pine"}},
    {"lights",
     "indoor-lights",
     "Indoor lights",
     {34, 20, .10},
     8,
     9,
     49,
     200,
     1500,
     kStd,
     {"Fairy lights", "Window star", "Light arch"}},
    {"lights",
     "outdoor-lights",
     "Outdoor lights",
     {38, 16, .05},
     6,
     19,
     149,
     500,
     5000,
     kStd,
     {"Icicle lights", "Lit reindeer", "Net lights"}},
    {"home",
     "candles",
     "Candles",
     {28, 26, .30},
     8,
     4,
     29,
     150,
     1200,
     kStd,
     {"Beeswax candle", "Scented candle", "Pillar candles"}},
    {"home",
     "advent-wreaths",
     "Advent wreaths",
     {29, 6, .01},
     3,
     24,
     79,
     700,
     2500,
     kStd,
     {"Advent wreath", "Wreath ring", "Candle holder"}},
    {"home",
     "nativity",
     "Nativity",
     {26, 16, .05},
     5,
     8,
     189,
     100,
     6000,
     kStd,
     {"Holy family", "Shepherd with lamb", "Stable"}},
    {"home",
     "textiles",
     "Textiles",
     {22, 14, .10},
     5,
     9,
     59,
     150,
     1200,
     kStd,
     {"Stocking", "Tree skirt", "Cushion cover"}},
    {"table",
     "tableware",
     "Tableware",
     {20, 16, .15},
     6,
     7,
     64,
     250,
     2500,
     kStd,
     {"Mug", "Dinner plate", "Punch bowl"}},
    {"table",
     "baking",
     "Baking",
     {30, 14, .12},
     6,
     3,
     34,
     60,
     900,
     kStd,
     {"Cookie cutters", "Stollen tin", "Rolling pin"}},
    {"calendars",
     "advent-calendars",
     "Advent calendars",
     {38, 7, .005},
     6,
     9,
     79,
     300,
     3000,
     kStd,
     {"Advent calendar", "Calendar to fill", "Tea calendar"}},
    {"paper", "wrapping", "Wrapping", {13, 9, .06}, 5, 2, 14, 80, 500, kStd, {"Wrapping paper", "Gift bags", "Ribbon"}},
    {"paper", "cards", "Cards", {20, 9, .05}, 3, 2, 16, 20, 200, kStd, {"Christmas cards", "Postcards", "Gift tags"}},
    {"treats",
     "stollen",
     "Stollen",
     {24, 15, .03},
     3,
     9,
     34,
     500,
     1500,
     VatClass::kFood,
     {"Butter stollen", "Marzipan stollen", "Mini stollen"}},
    {"treats",
     "gingerbread",
     "Gingerbread",
     {24, 18, .05},
     4,
     4,
     29,
     150,
     1200,
     VatClass::kFood,
     {"Elisen gingerbread", "Gingerbread house", "Spekulatius"}},
    {"toys",
     "wooden-toys",
     "Wooden toys",
     {21, 15, .20},
     6,
     8,
     89,
     200,
     3000,
     kStd,
     {"Toy train", "Nutcracker", "Stacking tree"}},
};
constexpr struct {
  const char *code, *name;
} kParents[] = {{"tree", "The tree"},           {"lights", "Lights"},       {"home", "Home"},
                {"table", "Table and kitchen"}, {"calendars", "Calendars"}, {"paper", "Paper"},
                {"treats", "Treats"},           {"toys", "Toys"},           {"gifts", "Gifts"}};
constexpr const char* kColours[] = {"red",   "silver",        "gold",   "forest green",
                                    "ivory", "midnight blue", "copper", "natural"};
constexpr const char* kMaterials[] = {"hand-blown", "vintage", "classic", "nordic", "rustic", "fine", "deluxe", "folk"};

constexpr size_t kSetsCategory = std::size(kParents) + std::size(kLeaves);
constexpr size_t kCardsCategory = kSetsCategory + 1;

std::vector<Category> make_categories() {
  std::vector<Category> categories;
  const auto add = [&](int parent, const char* code, const char* name, const Wanted& wanted) {
    categories.push_back({static_cast<int>(categories.size()) + 1, parent, code, name, wanted});
  };
  const auto id_of = [&](std::string_view code) {
    return std::find_if(categories.begin(), categories.end(), [&](const Category& c) { return c.code == code; })->id;
  };
  for (const auto& parent : kParents) add(0, parent.code, parent.name, {});
  for (const Leaf& leaf : kLeaves) add(id_of(leaf.parent), leaf.code, leaf.name, leaf.wanted);
  add(id_of("gifts"), "gift-sets", "Gift sets", {18, 12, .04});
  add(id_of("gifts"), "gift-cards", "Gift cards", {6, 8, .05});
  return categories;
}

std::vector<Supplier> make_suppliers() {
  return {{1, "Glasbläserei Lauscha", "DE", Currency::kEur, 28, 0.15},
          {2, "Holzkunst Seiffen", "DE", Currency::kEur, 35, 0.20},
          {3, "Lumen Trading", "CN", Currency::kEur, 75, 0.35},
          {4, "Evergreen Works", "CN", Currency::kEur, 80, 0.35},
          {5, "Nordic Hearth", "SE", Currency::kSek, 30, 0.10},
          {6, "Bakkerij Kaneel", "NL", Currency::kEur, 14, 0.08},
          {7, "Paper Robin", "GB", Currency::kGbp, 24, 0.15},
          {8, "Kerzenzieher Allgäu", "DE", Currency::kEur, 21, 0.10}};
}

class RangeMaker {
 public:
  RangeMaker(const Parameters& parameters, Catalog& catalog)
      : parameters_(parameters), catalog_(catalog), random_(parameters.seed, "catalog") {}

  void make() {
    const int first_season = season_of(parameters_.begin());
    const int range = std::max(90, static_cast<int>(1200 * std::sqrt(std::min(parameters_.scale, 1.0))));
    std::vector<size_t> current;
    for (int season = first_season; season <= season_of(parameters_.end); ++season) {
      const bool first = season == first_season;
      if (!first) retire(current, season, static_cast<size_t>(range) / 3);
      while (current.size() < static_cast<size_t>(range))
        current.push_back(add_goods(season, first && random_.chance(0.67)));
      add_sets(season, current);
    }
    for (const int euros : {25, 50, 100}) add_gift_card(euros);
    for (Product& product : catalog_.products) add_history(product);
  }

 private:
  /// Products that end with the season before leave the range.
  void retire(std::vector<size_t>& current, int season, size_t count) {
    for (size_t i = 0; i < count; ++i) {
      const auto at = static_cast<size_t>(random_.between(0, static_cast<int64_t>(current.size()) - 1));
      catalog_.products[current[at]].last_day = day_of(season, 1, 31);
      current.erase(current.begin() + static_cast<ptrdiff_t>(at));
    }
  }

  Product& add(std::string name, size_t category) {
    Product product{static_cast<int>(catalog_.products.size()) + 1};
    product.sku = fmt::format("{}-{:05}", catalog_.categories[category].code.substr(0, 3), product.id);
    for (char& c : product.sku) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
    product.name = std::move(name);
    product.category = category;
    product.elasticity = 1.1 + 1.4 * random_.uniform();
    return catalog_.products.emplace_back(std::move(product));
  }

  Day launch_day(int season, bool old) {
    return old ? day_of(season, 8, 31) - Days(random_.between(60, 700))
               : day_of(season, 9, 1) + Days(random_.between(0, 50));
  }

  size_t add_goods(int season, bool old) {
    double shares[std::size(kLeaves)];
    for (size_t i = 0; i < std::size(kLeaves); ++i) shares[i] = kLeaves[i].share;
    const size_t place = random_.pick_weighted(shares);
    const Leaf& leaf = kLeaves[place];
    const std::string colour = random_.pick(kColours), material = random_.pick(kMaterials);
    Product& product =
        add(fmt::format("{}, {}, {}", random_.pick(leaf.nouns), material, colour), std::size(kParents) + place);
    product.colour = colour;
    product.material = material;
    product.vat_class = leaf.vat_class;
    product.supplier = static_cast<size_t>(random_.between(0, static_cast<int64_t>(catalog_.suppliers.size()) - 1));
    product.popularity = random_.factor(0.9);
    product.grams = static_cast<int>(random_.between(leaf.grams_low, leaf.grams_high));
    constexpr int kCases[] = {6, 10, 12, 24};
    product.case_size = product.grams > 4000 ? 1 : random_.pick(kCases);
    product.launched = launch_day(season, old);
    const double price =
        leaf.price_low * std::pow(static_cast<double>(leaf.price_high) / leaf.price_low, random_.uniform());
    product.popularity *= std::pow(15 / price, 0.5);  // dear goods sell less often
    product.prices.push_back({product.launched, listed({std::llround(price * 100)}, Currency::kEur)});
    product.costs.push_back({product.launched, price / 1.19 * (0.32 + 0.25 * random_.uniform())});
    return catalog_.products.size() - 1;
  }

  void add_sets(int season, const std::vector<size_t>& current) {
    const size_t count = std::max<size_t>(4, current.size() / 25);
    for (size_t i = 0; i < count; ++i) {
      const size_t index = catalog_.products.size();
      Product& set = add(fmt::format("Gift set no. {}", index + 1), kSetsCategory);
      set.kind = ProductKind::kSet;
      set.launched = day_of(season, 10, 1) + Days(random_.between(0, 30));
      set.last_day = day_of(season + 1, 1, 6);
      set.popularity = 0.8 * random_.factor(0.6);
      Money price;
      double cost = 0;
      while (set.components.size() < 3) {
        const size_t part = current[static_cast<size_t>(random_.between(0, static_cast<int64_t>(current.size()) - 1))];
        const Product& goods = catalog_.products[part];
        const bool twice = std::any_of(set.components.begin(), set.components.end(),
                                       [&](const Component& c) { return c.product == part; });
        if (twice || goods.grams > 4000) continue;
        set.components.push_back({part, static_cast<int>(random_.between(1, 2))});
        price += goods.prices[0].value * set.components.back().quantity;
        cost += goods.costs[0].value * set.components.back().quantity;
        set.grams += goods.grams * set.components.back().quantity;
      }
      set.prices.push_back({set.launched, listed(scaled(price, 0.88), Currency::kEur)});
      set.costs.push_back({set.launched, cost + 0.9});
    }
  }

  void add_gift_card(int euros) {
    Product& card = add(fmt::format("Gift card {} €", euros), kCardsCategory);
    card.kind = ProductKind::kGiftCard;
    card.vat_class = VatClass::kNone;
    card.launched = parameters_.begin() - Days(400);
    card.popularity = 1.5;
    card.prices.push_back({card.launched, {euros * 100}});
    card.costs.push_back({card.launched, 0});
  }

  /// A new price each September, a cut in January for some, dearer purchases each August, another category for a few.
  void add_history(Product& product) {
    product.categories.push_back({product.launched, catalog_.categories[product.category].id});
    if (product.kind == ProductKind::kGiftCard) return;
    const Money first_price = product.prices[0].value;
    double level = 1;
    const auto matters = [&](Day day) {
      return day > product.launched && product.sold_on(day) && day <= parameters_.end;
    };
    for (int season = season_of(parameters_.begin()); season <= season_of(parameters_.end); ++season) {
      level *= 0.98 + 0.1 * random_.uniform();
      const bool cut = random_.chance(0.35);
      const Day september = day_of(season, 9, 1), january = day_of(season + 1, 1, 2), august = day_of(season, 8, 1);
      if (matters(august)) product.costs.push_back({august, product.costs[0].value * level * random_.factor(0.03)});
      if (matters(september)) product.prices.push_back({september, listed(scaled(first_price, level), Currency::kEur)});
      if (cut && matters(january))
        product.prices.push_back({january, listed(scaled(first_price, 0.6 * level), Currency::kEur)});
    }
    if (product.kind == ProductKind::kGoods && random_.chance(0.05)) {
      const Day moved = std::max(product.launched, parameters_.begin()) + Days(random_.between(20, 400));
      const auto place = static_cast<size_t>(random_.between(0, static_cast<int64_t>(std::size(kLeaves)) - 1));
      if (matters(moved)) product.categories.push_back({moved, catalog_.categories[std::size(kParents) + place].id});
    }
  }

  const Parameters& parameters_;
  Catalog& catalog_;
  Random random_;
};

std::vector<Promotion> make_promotions(const Parameters& parameters, const Catalog& catalog) {
  Random random(parameters.seed, "promotions");
  std::vector<Promotion> promotions;
  const auto add = [&](int season, const char* code, const char* name, int percent, int category, Day starts,
                       Day ends) {
    promotions.push_back({static_cast<int>(promotions.size()) + 1, fmt::format("{}{}", code, season), name, percent,
                          category, starts, ends});
  };
  const auto some_category = [&] {
    return catalog
        .categories[std::size(kParents) +
                    static_cast<size_t>(random.between(0, static_cast<int64_t>(std::size(kLeaves)) - 1))]
        .id;
  };
  for (int season = season_of(parameters.begin()); season <= season_of(parameters.end); ++season) {
    const Day friday = black_friday(season),
              fourth_advent = day_of(season, 12, 24) - Days(weekday(day_of(season, 12, 24)));
    add(season, "EARLY", "Early bird", 15, some_category(), day_of(season, 9, 15), day_of(season, 9, 30));
    add(season, "LANTERN", "Lantern weeks", 10, some_category(), day_of(season, 10, 20), day_of(season, 11, 11));
    add(season, "BLACK", "Black week", 15, 0, friday - Days(4), friday + Days(3));
    for (int advent = 1; advent <= 4; ++advent) {
      const Day sunday = fourth_advent - Days(7 * (4 - advent));
      add(season, fmt::format("ADVENT{}-", advent).c_str(), "Advent Sunday", 20, some_category(), sunday, sunday);
    }
    add(season, "NICHOLAS", "Saint Nicholas", 12, some_category(), day_of(season, 12, 5), day_of(season, 12, 6));
  }
  return promotions;
}

template <class T>
const T& value_on(const std::vector<From<T>>& history, Day day) {
  const From<T>* found = &history.front();
  for (const From<T>& step : history) {
    if (step.from <= day) found = &step;
  }
  return found->value;
}

}  // namespace

std::string_view code_of(ProductKind kind) {
  constexpr std::string_view kCodes[] = {"goods", "set", "gift_card"};
  return kCodes[static_cast<size_t>(kind)];
}

Catalog make_catalog(const Parameters& parameters) {
  Catalog catalog{make_categories(), make_suppliers(), {}, {}};
  RangeMaker(parameters, catalog).make();
  catalog.promotions = make_promotions(parameters, catalog);
  return catalog;
}

Money listed(Money eur, Currency currency) {
  constexpr double kListRates[] = {1, 0.88, 1.05, 11.5};
  const Money exact = scaled(eur, kListRates[static_cast<size_t>(currency)]);
  if (currency == Currency::kSek) return {std::max<int64_t>(1, exact.cents / 100) * 100};
  return {exact.cents / 10 * 10 + 9};
}

Money listed(const Product& product, Money eur, Currency currency) {
  return product.kind == ProductKind::kGiftCard ? eur : listed(eur, currency);
}

Money price_on(const Product& product, Day day) { return value_on(product.prices, day); }
double cost_on(const Product& product, Day day) { return value_on(product.costs, day); }

const Promotion* promotion_on(const Catalog& catalog, const Product& product, Day day) {
  if (product.kind == ProductKind::kGiftCard) return nullptr;
  const Promotion* best = nullptr;
  for (const Promotion& promotion : catalog.promotions) {
    if (day < promotion.starts || day > promotion.ends) continue;
    const bool holds = promotion.category == 0 || promotion.category == value_on(product.categories, day);
    if (holds && (!best || promotion.percent > best->percent)) best = &promotion;
  }
  return best;
}

double uplift(const Product& product, int percent) { return std::pow(1 - percent / 100.0, -product.elasticity); }

}  // namespace garland::shop
