#include "shop/reference.h"

#include <nlohmann/json.hpp>

namespace garland::shop {
namespace {

void write_products(Tables& tables, const Parameters& parameters, const Catalog& catalog, Defects& defects) {
  const auto id_of = [&](size_t product) { return catalog.products[product].id; };
  for (const Product& p : catalog.products) {
    const bool goods = p.kind == ProductKind::kGoods;
    nlohmann::ordered_json attributes = nlohmann::ordered_json::object();
    if (goods) attributes = {{"colour", p.colour}, {"material", p.material}};
    const Day changed = std::max({p.prices.back().from, p.categories.back().from, p.launched});
    tables.product.row(p.id, p.sku, p.name, code_of(p.kind), p.categories.back().value,
                       goods ? std::optional<int>(catalog.suppliers[p.supplier].id) : std::nullopt,
                       code_of(p.vat_class), defects.weight(p.id, p.grams), p.case_size, p.launched, p.last_day,
                       p.sold_on(parameters.end), attributes.dump(),
                       moment(std::min(changed, parameters.end), 6 * 3600));
    for (const From<int>& step : p.categories) tables.product_category.row(p.id, step.from, step.value);
    for (const From<double>& step : p.costs)
      tables.unit_cost.row(p.id, step.from, Decimal{std::llround(step.value * 10000), 4});
    for (const From<Money>& step : p.prices) {
      for (const Currency currency : kCurrencies)
        tables.price.row(p.id, code_of(currency), step.from, listed(p, step.value, currency));
    }
    for (const Component& component : p.components)
      tables.set_component.row(p.id, id_of(component.product), component.quantity);
  }
}

void write_money(Tables& tables, const Parameters& parameters) {
  for (const Country& country : kCountries) {
    for (const VatClass vat_class : kVatClasses) {
      tables.vat_rate.row(country.code, code_of(vat_class), day_of(2024, 1, 1),
                          Decimal{vat_per_mille(country, vat_class), 1});
    }
  }
  const std::vector<DailyRates> rates = exchange_rates(parameters);
  for (size_t day = 0; day < rates.size(); ++day) {
    for (const Currency currency : kCurrencies) {
      const double rate = rates[day][static_cast<size_t>(currency)];
      tables.exchange_rate.row(parameters.begin() + Days(day), code_of(currency), Decimal{std::llround(rate * 1e6), 6});
    }
  }
}

void write_places(Tables& tables, const Parameters& parameters) {
  for (const Location& location : kLocations)
    tables.location.row(location.id, location.code, location.name, location.country);
  for (size_t i = 0; i < std::size(kServices); ++i) {
    const Service& service = kServices[i];
    tables.carrier_service.row(i + 1, service.carrier, service.name, service.zone, service.transit_days,
                               Money{service.cost_cents});
    for (int season = season_of(parameters.begin()); season <= season_of(parameters.end); ++season) {
      tables.carrier_cutoff.row(season, i + 1, last_ship_day(service, season));
    }
  }
}

}  // namespace

void write_reference(Tables& tables, const Parameters& parameters, const Catalog& catalog, Defects& defects) {
  for (const Category& category : catalog.categories) {
    tables.category.row(category.id, category.parent ? std::optional<int>(category.parent) : std::nullopt,
                        category.code, category.name);
  }
  for (const Supplier& supplier : catalog.suppliers) {
    tables.supplier.row(supplier.id, supplier.name, supplier.country, code_of(supplier.currency), supplier.lead_days);
  }
  for (const Promotion& promotion : catalog.promotions) {
    tables.promotion.row(promotion.id, promotion.code, promotion.name, Decimal{promotion.percent * 10, 1},
                         promotion.category ? std::optional<int>(promotion.category) : std::nullopt, promotion.starts,
                         promotion.ends);
  }
  write_products(tables, parameters, catalog, defects);
  write_money(tables, parameters);
  write_places(tables, parameters);
}

}  // namespace garland::shop
