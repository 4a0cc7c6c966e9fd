// Who buys: registered customers who come back, move house and ask to be forgotten, and guests.
#pragma once

#include "shop/defects.h"
#include "shop/people.h"

namespace garland::shop {

/// The person behind one order.
struct Buyer {
  std::optional<int64_t> customer;  // none: a guest
  Person person;
  Residence residence;
  bool is_new = false;
};

/// Somebody of the shop who tries the check-out.
Buyer tester();

class Customers {
 public:
  /// Keeps references to all.
  Customers(const Parameters& parameters, Defects& defects, Tables& tables);

  /// Who places an order at that moment: a new customer, one who comes back, or a guest.
  Buyer buyer(Instant at);
  /// A day's moves and requests to be forgotten; requests are carried out within a month.
  void evening(Day day);
  /// Writes all customers as they stand at the end.
  void finish(Instant until);

 private:
  struct Home {
    int64_t id;
    Instant from;
    std::optional<Instant> to;
    Residence residence;
  };
  struct Customer {
    int64_t id;
    Person person;
    std::optional<Day> birth_date;
    bool newsletter;
    Instant registered, updated;
    std::optional<Instant> wants_out, erased;
    std::vector<Home> homes;
  };
  Buyer register_new(Instant at);
  Buyer guest();
  Buyer as_buyer(const Customer& customer) const;
  void move_house(Customer& customer, Instant at);

  const Parameters& parameters_;
  Defects& defects_;
  Tables& tables_;
  Random random_;
  std::vector<Customer> customers_;
  std::vector<size_t> pool_;  // customers, each as often as it is loyal
  std::vector<Buyer> guests_;
  int64_t homes_ = 0, guest_count_ = 0;
};

}  // namespace garland::shop
