#include "shop/customers.h"

namespace garland::shop {
namespace {

constexpr double kNewShare = 0.36, kGuestShare = 0.18;
constexpr double kMovesPerDay = 0.0003, kRequestsPerDay = 0.00002;  // of all customers

}  // namespace

Buyer tester() {
  return {{}, {&kCountries[0], "Test", "Test", "test@garland-shop.example", "0"}, {"Teststraße 1", "00000", "Test"}};
}

Customers::Customers(const Parameters& parameters, Defects& defects, Tables& tables)
    : parameters_(parameters), defects_(defects), tables_(tables), random_(parameters.seed, "customers") {}

Buyer Customers::as_buyer(const Customer& customer) const {
  return {customer.id, customer.person, customer.homes.back().residence, false};
}

Buyer Customers::buyer(Instant at) {
  const double kind = random_.uniform();
  if (pool_.empty() || kind < kNewShare) return register_new(at);
  if (kind < kNewShare + kGuestShare) return guest();
  for (int attempt = 0; attempt < 5; ++attempt) {
    const size_t index = pool_[static_cast<size_t>(random_.between(0, static_cast<int64_t>(pool_.size()) - 1))];
    if (!customers_[index].wants_out) return as_buyer(customers_[index]);
  }
  return guest();
}

Buyer Customers::register_new(Instant at) {
  const auto id = static_cast<int64_t>(customers_.size()) + 1;
  const Country& country = draw_country(random_);
  Person person = draw_person(random_, country, id);
  Residence residence = draw_residence(random_, country);
  if (!pool_.empty() && defects_.is_duplicate_customer()) {
    const Customer& known =
        customers_[pool_[static_cast<size_t>(random_.between(0, static_cast<int64_t>(pool_.size()) - 1))]];
    if (!known.wants_out && Defects::can_be_duplicated(known.person.email)) {
      person = known.person;
      residence = known.homes.back().residence;
      person.email = defects_.duplicate_email(id, known.id, person.email);
    }
  } else {
    person.email = defects_.email(id, person.email);
  }
  const std::optional<Day> birth_date = defects_.birth_date(id, draw_birth_date(random_));
  customers_.push_back({id, person, birth_date, random_.chance(0.55), at, at, {}, {}, {{++homes_, at, {}, residence}}});
  constexpr double kLoyalty[] = {0.5, 0.25, 0.12, 0.07, 0.04, 0.02};
  const size_t loyalty = random_.pick_weighted(kLoyalty);
  pool_.insert(pool_.end(), loyalty + 1, customers_.size() - 1);
  Buyer buyer = as_buyer(customers_.back());
  buyer.is_new = true;
  return buyer;
}

Buyer Customers::guest() {
  constexpr size_t kRemembered = 2000;
  if (!guests_.empty() && random_.chance(0.15)) {
    return guests_[static_cast<size_t>(random_.between(0, static_cast<int64_t>(guests_.size()) - 1))];
  }
  const Country& country = draw_country(random_);
  Buyer buyer{{}, draw_person(random_, country, 5'000'000 + ++guest_count_), draw_residence(random_, country), true};
  if (guests_.size() < kRemembered) {
    guests_.push_back(buyer);
  } else {
    guests_[static_cast<size_t>(random_.between(0, kRemembered - 1))] = buyer;
  }
  return buyer;
}

void Customers::move_house(Customer& customer, Instant at) {
  customer.homes.back().to = at;
  customer.homes.push_back({++homes_, at, {}, draw_residence(random_, *customer.person.country)});
  customer.updated = at;
}

void Customers::evening(Day day) {
  const auto some_customer = [&]() -> Customer& {
    return customers_[static_cast<size_t>(random_.between(0, static_cast<int64_t>(customers_.size()) - 1))];
  };
  if (customers_.empty()) return;
  const auto count = static_cast<double>(customers_.size());
  for (int64_t i = random_.poisson(count * kMovesPerDay); i > 0; --i) {
    const Instant at = moment(day, random_.between(8 * 3600, 22 * 3600));
    Customer& customer = some_customer();
    if (!customer.wants_out && customer.updated < at) move_house(customer, at);
  }
  for (int64_t i = random_.poisson(count * kRequestsPerDay); i > 0; --i) {
    const Instant at = moment(day, random_.between(8 * 3600, 22 * 3600));
    Customer& customer = some_customer();
    if (customer.wants_out || customer.updated >= at) continue;
    customer.wants_out = at;
    customer.erased = at + Days(random_.between(2, 28));
  }
}

void Customers::finish(Instant until) {
  int64_t requests = 0;
  for (const Customer& c : customers_) {
    const bool erased = c.erased && *c.erased <= until;
    if (c.wants_out) tables_.erasure_request.row(++requests, c.id, *c.wants_out, erased ? c.erased : std::nullopt);
    if (erased) {
      tables_.customer.row(c.id, std::nullopt, std::nullopt, std::nullopt, std::nullopt, std::nullopt,
                           c.person.country->language, false, c.registered, *c.erased, *c.erased);
      continue;
    }
    tables_.customer.row(c.id, c.person.email, c.person.first_name, c.person.last_name, c.person.phone, c.birth_date,
                         c.person.country->language, c.newsletter, c.registered, std::nullopt, c.updated);
    for (const Home& home : c.homes) {
      tables_.customer_address.row(home.id, c.id, home.from, home.to, home.residence.street, home.residence.postcode,
                                   home.residence.city, c.person.country->code);
    }
  }
}

}  // namespace garland::shop
