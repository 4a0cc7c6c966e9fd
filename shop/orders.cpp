#include "shop/orders.h"

#include <fmt/format.h>

#include <algorithm>

namespace garland::shop {
namespace {

/// The tax inside an amount that includes it.
Money tax_within(Money gross, int per_mille) { return scaled(gross, per_mille / (1000.0 + per_mille)); }

constexpr Money kFreeShippingFrom{4900}, kShipping{490};  // EUR

OrderLine make_line(const Catalog& catalog, const ServedWish& served, int64_t id, const Country& country, Day day) {
  const Product& product = catalog.products[served.wish.product];
  OrderLine line{id,
                 served.wish.product,
                 served.wish.quantity,
                 served.location,
                 listed(product, price_on(product, day), country.currency),
                 {},
                 promotion_on(catalog, product, day),
                 vat_per_mille(country, product.vat_class)};
  if (line.promotion) line.discount = scaled(line.unit_price * line.quantity, line.promotion->percent / 100.0);
  return line;
}

std::optional<std::string> draw_gift_message(Random& random) {
  constexpr const char* kMessages[] = {
      "Frohe Weihnachten!", "Merry Christmas, with love", "Joyeux Noël, mamie ❄", "Für Oma 🎄",
      "God jul!",           "See you on Boxing Day.\nX",  "Fijne kerst"};
  if (!random.chance(0.06)) return std::nullopt;
  return random.pick(kMessages);
}

void write_items(Tables& tables, const Catalog& catalog, const Order& order, Instant until) {
  int number = 0;
  for (const OrderLine& line : order.lines) {
    const auto promotion = line.promotion ? std::optional<int>(line.promotion->id) : std::nullopt;
    tables.order_item.row(line.id, order.id, ++number, catalog.products[line.product].id, line.quantity,
                          line.unit_price, line.discount, promotion, Decimal{line.vat_per_mille, 1});
  }
  if (order.is_test || (order.cancelled && *order.cancelled <= until)) return;
  for (size_t i = 0; i < order.lines.size(); ++i) {
    const OrderLine& line = order.lines[i];
    const bool gone = std::any_of(order.parcels.begin(), order.parcels.end(), [&](const Parcel& parcel) {
      return parcel.shipped <= until && std::find(parcel.lines.begin(), parcel.lines.end(), i) != parcel.lines.end();
    });
    if (gone) continue;
    for (const Pick& pick : picks_of(catalog, line.product, line.quantity)) {
      tables.reservation.row(line.id, kLocations[line.location].id, catalog.products[pick.product].id, pick.quantity,
                             order.placed);
    }
  }
}

void write_payments(Tables& tables, Defects& defects, RowNumbers& numbers, const Order& order, Instant until) {
  for (const Payment& payment : order.payments) {
    if (payment.created > until) continue;
    const bool captured = payment.captured && *payment.captured <= until;
    const bool voided = order.cancelled && *order.cancelled <= until;
    const std::string_view state = defects.payment_state(payment.id, payment.failed ? "failed"
                                                                     : captured     ? "captured"
                                                                     : voided       ? "voided"
                                                                                    : "authorised");
    const std::string reference =
        fmt::format("pp_{:010x}", static_cast<uint64_t>(payment.id) * 2654435761u % 0xffffffffffu);
    const std::optional<std::string> last4 =
        payment.method == "card" ? std::optional(fmt::format("{:04}", payment.id * 7919 % 10000)) : std::nullopt;
    tables.payment.row(payment.id, defects.payment_order(payment.id, order.id), payment.method, reference,
                       payment.amount, payment.fee, code_of(order.currency()), state, last4, payment.created,
                       captured ? payment.captured : std::nullopt);
    const int64_t twin = payment.id + kTwinNumber;
    if (captured && payment.gift_card == 0 && defects.is_reported_twice(twin)) {
      tables.payment.row(twin, order.id, payment.method, reference, payment.amount, payment.fee,
                         code_of(order.currency()), "captured", last4, payment.created, payment.captured);
    }
    if (captured && payment.gift_card != 0) {
      tables.gift_card_entry.row(++numbers.gift_card_entry, payment.gift_card, payment.id, payment.amount,
                                 *payment.captured);
    }
  }
  for (const GiftCard& card : order.gift_cards) {
    if (!order.paid || *order.paid > until) continue;
    tables.gift_card.row(card.id, order.lines[card.line].id, gift_card_code(card.id), code_of(order.currency()),
                         order.lines[card.line].unit_price, *order.paid, order.day + kGiftCardLife);
  }
}

void write_scans(Tables& tables, Defects& defects, RowNumbers& numbers, const Parcel& parcel,
                 const std::string& tracking, const Country& to, Instant until) {
  using std::chrono::hours;
  const auto scan = [&](std::string_view code, std::string_view place, Instant at) {
    if (at > until) return;
    const int64_t id = ++numbers.scan;
    tables.carrier_scan.row(id, defects.tracking_no(id, tracking), code, place, at);
  };
  scan("picked_up", kLocations[parcel.location].name, parcel.shipped + hours(1));
  scan("hub", "Kassel", parcel.shipped + hours(9));
  if (!parcel.delivered) return;
  if (parcel.id % 31 == 0) scan("failed_attempt", to.code, *parcel.delivered - hours(24));
  scan("out_for_delivery", to.code, *parcel.delivered - hours(3));
  scan("delivered", to.code, *parcel.delivered);
}

void write_parcels(Tables& tables, Defects& defects, RowNumbers& numbers, const Order& order, Instant until) {
  for (const Parcel& parcel : order.parcels) {
    if (parcel.shipped > until) continue;
    const Service& service = kServices[parcel.service];
    const std::string tracking = tracking_number(service, parcel.id);
    const bool arrived = parcel.delivered && *parcel.delivered <= until;
    tables.shipment.row(parcel.id, order.id, kLocations[parcel.location].id, parcel.service + 1, tracking,
                        parcel.promised, parcel.shipped,
                        defects.delivered(parcel.id, parcel.shipped, arrived ? parcel.delivered : std::nullopt),
                        Money{service.cost_cents});
    for (const size_t line : parcel.lines)
      tables.shipment_item.row(parcel.id, order.lines[line].id, order.lines[line].quantity);
    write_scans(tables, defects, numbers, parcel, tracking, *order.buyer.person.country, until);
  }
}

void write_refunds(Tables& tables, const Order& order, Instant until) {
  for (const Refund& refund : order.refunds) {
    if (refund.at > until) continue;
    tables.refund.row(refund.id, order.id, refund.kind, refund.reason, refund.amount, code_of(order.currency()),
                      refund.at);
    for (const Refund::Item& item : refund.items) {
      tables.refund_item.row(refund.id, order.lines[item.line].id, item.quantity, item.amount, item.back_in_stock);
    }
  }
}

/// The last moment of those that are known by `until`.
std::optional<Instant> last_parcel(const Order& order, Instant until, bool delivered) {
  std::optional<Instant> last;
  for (const Parcel& parcel : order.parcels) {
    const std::optional<Instant> at = delivered ? parcel.delivered : std::optional(parcel.shipped);
    if (!at || *at > until) return std::nullopt;
    last = std::max(last.value_or(*at), *at);
  }
  return last;
}

Instant last_change(const Order& order, Instant until) {
  Instant last = order.placed;
  const auto see = [&](std::optional<Instant> at) {
    if (at && *at <= until) last = std::max(last, *at);
  };
  see(order.cancelled);
  see(order.paid);
  for (const Parcel& parcel : order.parcels) see(parcel.shipped), see(parcel.delivered);
  for (const Refund& refund : order.refunds) see(refund.at);
  return last;
}

}  // namespace

Day last_ship_day(const Service& service, int season) {
  Day day = day_of(season, 12, 23) - Days(service.transit_days);
  while (weekday(day) == 0) day -= Days(1);
  return day;
}

std::string tracking_number(const Service& service, int64_t parcel) {
  return fmt::format("{}{:09}{}", service.carrier == "Postbote" ? "PB" : "SL", parcel, parcel % 97 % 10);
}

std::string gift_card_code(int64_t gift_card) {
  return fmt::format("GC-{:08X}", static_cast<uint32_t>(gift_card * 2654435761));
}

Order make_order(const Catalog& catalog, Random& random, int64_t id, int64_t first_line, Buyer buyer, Day day,
                 Instant placed, const std::vector<ServedWish>& served) {
  constexpr std::string_view kChannels[] = {"web", "app", "marketplace"};
  constexpr double kChannelShares[] = {0.66, 0.22, 0.12};
  constexpr std::string_view kSources[] = {"organic", "paid_search", "social", "email", "direct", "affiliate"};
  constexpr double kSourceShares[] = {0.28, 0.24, 0.14, 0.14, 0.14, 0.06};
  const Country& country = *buyer.person.country;
  Order order{id,
              std::move(buyer),
              kChannels[random.pick_weighted(kChannelShares)],
              kSources[random.pick_weighted(kSourceShares)],
              day,
              placed};
  order.gift_message = draw_gift_message(random);
  bool has_goods = false;
  for (const ServedWish& wish : served) {
    const OrderLine line = make_line(catalog, wish, first_line++, country, day);
    order.goods += line.unit_price * line.quantity;
    order.discount += line.discount;
    order.vat += tax_within(line.amount(), line.vat_per_mille);
    has_goods = has_goods || catalog.products[line.product].kind != ProductKind::kGiftCard;
    order.lines.push_back(line);
  }
  if (has_goods && order.goods - order.discount < listed(kFreeShippingFrom, country.currency))
    order.shipping = listed(kShipping, country.currency);
  order.vat += tax_within(order.shipping, country.per_mille[0]);
  order.total = order.goods - order.discount + order.shipping;
  return order;
}

std::string_view status_at(const Order& order, Instant until) {
  if (order.cancelled && *order.cancelled <= until) return "cancelled";
  const auto refunded = std::count_if(order.refunds.begin(), order.refunds.end(), [&](const Refund& refund) {
    return refund.at <= until && refund.items.size() == order.lines.size();
  });
  if (refunded > 0) return "returned";
  if (last_parcel(order, until, true)) return "delivered";
  if (last_parcel(order, until, false)) return "shipped";
  const auto shipped = std::count_if(order.parcels.begin(), order.parcels.end(),
                                     [&](const Parcel& parcel) { return parcel.shipped <= until; });
  if (shipped > 0) return "partly_shipped";
  return order.paid && *order.paid <= until ? "paid" : "placed";
}

void write_order(Tables& tables, const Catalog& catalog, Defects& defects, RowNumbers& numbers, const Order& order,
                 Instant until) {
  const Person& person = order.buyer.person;
  const Residence& home = order.buyer.residence;
  const auto known = [&](std::optional<Instant> at) { return at && *at <= until ? at : std::nullopt; };
  const std::string ship_to =
      fmt::format("{} {}\n{}\n{} {}", person.first_name, person.last_name, home.street, home.postcode, home.city);
  tables.orders.row(order.id, order.buyer.customer, person.email, order.channel, order.source, person.country->code,
                    code_of(order.currency()), defects.order_status(order.id, status_at(order, until)), ship_to,
                    home.postcode, order.gift_message, order.goods, order.discount, order.shipping, order.total,
                    order.vat, order.placed, known(order.paid), last_parcel(order, until, false),
                    last_parcel(order, until, true), known(order.cancelled), last_change(order, until));
  write_items(tables, catalog, order, until);
  write_payments(tables, defects, numbers, order, until);
  write_parcels(tables, defects, numbers, order, until);
  write_refunds(tables, order, until);
}

}  // namespace garland::shop
