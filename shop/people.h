// Made-up people: names, addresses and ways to reach them, as they are written in their countries. Domains are reserved
// ones (RFC 2606), telephone numbers random.
#pragma once

#include <optional>
#include <string>

#include "shop/markets.h"

namespace garland::shop {

struct Person {
  const Country* country;
  std::string first_name, last_name, email, phone;
};
struct Residence {
  std::string street, postcode, city;
};

const Country& draw_country(Random& random);
/// `number` keeps e-mail addresses apart.
Person draw_person(Random& random, const Country& country, int64_t number);
Residence draw_residence(Random& random, const Country& country);
/// What somebody says who registers; most say nothing.
std::optional<Day> draw_birth_date(Random& random);

}  // namespace garland::shop
