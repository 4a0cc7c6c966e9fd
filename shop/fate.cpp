#include "shop/fate.h"

#include <algorithm>

namespace garland::shop {
namespace {

using std::chrono::hours;

constexpr double kCancelledShare = 0.024, kReturnShare = 0.055, kGoodwillShare = 0.012, kLostShare = 0.004,
                 kSplitShare = 0.04;

Day working_day(Day day) {
  while (weekday(day) == 0) day += Days(1);
  return day;
}

/// A service of the order's zone: express for some, for more when Christmas is near.
size_t draw_service(Random& random, const Country& country, Day day) {
  const int to_christmas = days_to_christmas(day);
  const bool express = random.chance(to_christmas >= 0 && to_christmas <= 6 ? 0.45 : 0.12);
  for (size_t i = 0; i < std::size(kServices); ++i) {
    if (kServices[i].zone == country.zone) return i + (express ? 1 : 0);
  }
  return 0;
}

}  // namespace

Fates::Fates(const Parameters& parameters, const Catalog& catalog, Stock& stock)
    : parameters_(parameters),
      catalog_(catalog),
      stock_(stock),
      random_(parameters.seed, "fates"),
      tasks_(static_cast<size_t>(parameters.days())) {}

void Fates::draw(Order& order) {
  if (draw_cancellation(order)) {
    draw_payments(order);
    return;
  }
  draw_parcels(order);
  draw_payments(order);
  draw_refunds(order);
}

bool Fates::draw_cancellation(Order& order) {
  if (!random_.chance(kCancelledShare)) return false;
  order.cancelled = order.placed + Seconds(random_.between(600, 15 * 3600));
  for (const OrderLine& line : order.lines) {
    schedule(
        {Act::kRelease, line.location, picks_of(catalog_, line.product, line.quantity), *order.cancelled, order.id});
  }
  return true;
}

void Fates::draw_parcels(Order& order) {
  for (size_t location = 0; location < kLocationCount; ++location) {
    std::vector<size_t> lines, later;
    for (size_t i = 0; i < order.lines.size(); ++i) {
      const OrderLine& line = order.lines[i];
      if (line.location != location || catalog_.products[line.product].kind == ProductKind::kGiftCard) continue;
      (!lines.empty() && random_.chance(kSplitShare) ? later : lines).push_back(i);
    }
    if (!lines.empty()) draw_parcel(order, location, std::move(lines), 0);
    if (!later.empty()) draw_parcel(order, location, std::move(later), static_cast<int>(random_.between(1, 4)));
  }
}

void Fates::draw_parcel(Order& order, size_t location, std::vector<size_t> lines, int extra_days) {
  const int to_christmas = days_to_christmas(order.day);
  const bool busy = to_christmas >= 3 && to_christmas <= 28;
  const bool today = order.placed < moment(order.day, 12 * 3600) && !busy && extra_days == 0 && weekday(order.day) != 0;
  const Day packed =
      today ? order.day : working_day(order.day + Days(1 + extra_days + (busy ? random_.poisson(0.5) : 0)));
  const size_t service = draw_service(random_, *order.buyer.person.country, order.day);
  const Day promised = working_day(packed + Days(kServices[service].transit_days));
  const Day arrival = working_day(promised + Days(random_.poisson(busy ? 0.6 : 0.15)));
  Parcel parcel{++parcels_, location, service, promised, moment(packed, random_.between(13 * 3600, 19 * 3600)),
                {},         lines};
  if (!random_.chance(kLostShare)) parcel.delivered = moment(arrival, random_.between(9 * 3600, 20 * 3600));
  schedule({Act::kShip, location, picks_of_lines(order, lines), parcel.shipped, parcel.id});
  order.parcels.push_back(std::move(parcel));
}

void Fates::pay_by_gift_card(Order& order, Money& left) {
  if (open_cards_.empty() || !random_.chance(0.03)) return;
  OpenCard& card = open_cards_[static_cast<size_t>(random_.between(0, static_cast<int64_t>(open_cards_.size()) - 1))];
  if (card.currency != order.currency() || card.issued >= order.placed || card.left.cents == 0) return;
  const Money amount = std::min(card.left, left);
  order.payments.push_back({++payments_, "gift_card", amount, {}, order.placed, order.placed, false, card.id});
  card.left = card.left - amount;
  left = left - amount;
}

void Fates::draw_payments(Order& order) {
  constexpr std::string_view kMethods[] = {"card", "paypal", "invoice", "direct_debit"};
  constexpr double kShares[] = {0.38, 0.32, 0.2, 0.1}, kFees[] = {0.014, 0.025, 0.03, 0.004};
  Money left = order.total;
  if (!order.cancelled) pay_by_gift_card(order, left);
  const size_t method = random_.pick_weighted(kShares);
  const Instant at = order.placed + Seconds(random_.between(5, 90));
  if (left.cents == 0) {
    order.paid = order.placed;
  } else {
    if (random_.chance(0.03))
      order.payments.push_back({++payments_, kMethods[method], left, {}, order.placed + Seconds(3), {}, true});
    Payment payment{++payments_, kMethods[method], left, scaled(left, kFees[method]), at, {}};
    if (!order.cancelled) {
      const Instant sent = order.parcels.empty() ? at : order.parcels.back().shipped;
      payment.captured = method < 2 ? at : method == 2 ? sent + Days(14) : at + hours(40);
      order.paid = payment.captured;
    }
    order.payments.push_back(payment);
  }
  for (size_t i = 0; order.paid && i < order.lines.size(); ++i) {
    if (catalog_.products[order.lines[i].product].kind != ProductKind::kGiftCard) continue;
    order.gift_cards.push_back({++gift_cards_, i});
    open_cards_.push_back({gift_cards_, order.currency(), order.lines[i].unit_price, *order.paid});
  }
}

void Fates::draw_refunds(Order& order) {
  for (const Parcel& parcel : order.parcels) {
    if (parcel.delivered && random_.chance(kReturnShare)) draw_return(order, parcel);
  }
  Money left = order.total;
  for (const Refund& refund : order.refunds) left = left - refund.amount;
  for (const Parcel& parcel : order.parcels) {
    const bool late = parcel.delivered && day_at(*parcel.delivered) > parcel.promised;
    if (!random_.chance(late ? 5 * kGoodwillShare : kGoodwillShare)) continue;
    const bool shipping = &parcel == &order.parcels.front() && order.shipping.cents > 0 && random_.chance(0.3);
    const Money amount = std::min(shipping ? order.shipping : Money{random_.between(3, 15) * 100}, left);
    if (amount.cents == 0) continue;
    const Instant at = parcel.shipped + Days(6) + Seconds(random_.between(0, 86400));
    order.refunds.push_back(
        {++refunds_, shipping ? "shipping" : "goodwill", late ? "late" : "damaged", amount, at, {}});
    left = left - amount;
  }
}

void Fates::draw_return(Order& order, const Parcel& parcel) {
  constexpr std::string_view kReasons[] = {"not as described", "broken", "too late", "changed mind", "gift not wanted"};
  const Day back = working_day(day_at(*parcel.delivered) + Days(random_.between(4, 24)));
  Refund refund{++refunds_, "goods", random_.pick(kReasons), {}, moment(back, random_.between(9 * 3600, 16 * 3600)),
                {}};
  const bool whole = random_.chance(0.4);
  for (const size_t i : parcel.lines) {
    const OrderLine& line = order.lines[i];
    if (!whole && !random_.chance(0.5)) continue;
    const int quantity = whole ? line.quantity : static_cast<int>(random_.between(1, line.quantity));
    const Money amount = scaled(line.amount(), static_cast<double>(quantity) / line.quantity);
    const bool good = refund.reason != "broken" && random_.chance(0.85);
    refund.items.push_back({i, quantity, amount, good});
    refund.amount += amount;
    if (good)
      schedule({Act::kTakeBack, parcel.location, picks_of(catalog_, line.product, quantity), refund.at, refund.id});
  }
  if (!refund.items.empty()) order.refunds.push_back(std::move(refund));
}

std::vector<Pick> Fates::picks_of_lines(const Order& order, const std::vector<size_t>& lines) const {
  std::vector<Pick> picks;
  for (const size_t i : lines) {
    for (const Pick& pick : picks_of(catalog_, order.lines[i].product, order.lines[i].quantity)) picks.push_back(pick);
  }
  return picks;
}

void Fates::schedule(Task task) {
  const int64_t day = (day_at(task.at) - parameters_.begin()).count();
  if (day < parameters_.days()) tasks_[static_cast<size_t>(day)].push_back(std::move(task));
}

void Fates::evening(Day day) {
  std::vector<Task>& tasks = tasks_[static_cast<size_t>((day - parameters_.begin()).count())];
  std::stable_sort(tasks.begin(), tasks.end(), [](const Task& a, const Task& b) { return a.at < b.at; });
  for (const Task& task : tasks) {
    switch (task.act) {
      case Act::kRelease:
        stock_.release(task.location, task.picks, task.at);
        break;
      case Act::kShip:
        stock_.ship(task.location, task.picks, task.at, task.reference);
        break;
      case Act::kTakeBack:
        for (const Pick& pick : task.picks)
          stock_.move({task.at, task.location, pick.product, "return", pick.quantity, task.reference});
        break;
    }
  }
  std::vector<Task>().swap(tasks);
}

}  // namespace garland::shop
