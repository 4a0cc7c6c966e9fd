#include "shop/feedback.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace garland::shop {
namespace {

using Json = nlohmann::ordered_json;

constexpr double kReviewShare = 0.05, kSurveyShare = 0.07, kTicketShare = 0.03, kLateTicketShare = 0.18;
constexpr double kSeenVisits = 0.35;     // of visits, those whose visitor agreed to be counted
constexpr double kVisitsPerOrder = 2.6;  // visits without an order, of those that are seen

struct Texts {
  std::string_view language;
  const char *praise[2], *blame[2], *late[2], *other[2];
};
constexpr Texts kTexts[] = {
    {"de",
     {"Wunderschön verarbeitet, kommt nächstes Jahr wieder an den Baum.", "Hält, was es verspricht ⭐"},
     {"Kam zerbrochen an, sehr schade.", "Nach einer Woche kaputt."},
     {"Mein Paket steckt seit Tagen in Kassel fest!", "Wo bleibt meine Bestellung?"},
     {"Wie kann ich zurücksenden?", "Bitte eine Rechnung mit Firmennamen."}},
    {"en",
     {"Lovely quality, arrived well packed.", "Even nicer than in the picture."},
     {"Smaller than it looks in the picture.", "One was broken, and nobody answers."},
     {"Where is my parcel? It was promised for last week.", "Still nothing, and it is a present."},
     {"I ordered the wrong colour, can I change it?", "One bauble was broken."}},
    {"fr",
     {"Très joli, conforme à la photo.", "Superbe, je recommande."},
     {"La couleur ne correspond pas.", "Arrivé cassé, dommage."},
     {"Mon colis n'est toujours pas arrivé.", "Où est ma commande ?"},
     {"Comment faire un retour ?", "Il manque une boule."}},
    {"nl",
     {"Mooi en stevig, snel bezorgd.", "Precies wat ik zocht."},
     {"Te laat geleverd, Sinterklaas was al weg.", "Kapot na een dag."},
     {"Waar blijft mijn pakket?", "Mijn pakket staat al dagen stil."},
     {"Hoe stuur ik iets terug?", "Er ontbreekt een kaars."}},
    {"sv",
     {"Jättefin, rekommenderas.", "Bra kvalitet, snabb leverans."},
     {"Gick sönder direkt.", "Mindre än på bilden."},
     {"Var är mitt paket?", "Leveransen är försenad."},
     {"Hur returnerar jag?", "En kula var trasig."}}};

const Texts& texts_of(std::string_view language) {
  for (const Texts& texts : kTexts) {
    if (texts.language == language) return texts;
  }
  return kTexts[0];
}

std::optional<int64_t> customer_of(const Order& order) { return order.buyer.customer; }

template <class T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

}  // namespace

Feedback::Feedback(const Parameters& parameters, const Catalog& catalog, const Demand& demand, Defects& defects,
                   EventSink& sink)
    : parameters_(parameters),
      catalog_(catalog),
      demand_(demand),
      defects_(defects),
      sink_(sink),
      random_(parameters.seed, "feedback"),
      due_(static_cast<size_t>(parameters.days())) {}

std::string Feedback::next_id(std::string_view prefix) { return fmt::format("{}-{}", prefix, ++numbers_); }

void Feedback::after_order(const Order& order) {
  if (random_.chance(kSeenVisits)) visit(order.placed - Seconds(random_.between(60, 2400)), &order.buyer, &order);
  for (const Parcel& parcel : order.parcels) {
    const bool late = !parcel.delivered || day_at(*parcel.delivered) > parcel.promised;
    if (random_.chance(late ? kLateTicketShare : kTicketShare)) ticket(order, parcel, late);
    if (!parcel.delivered) continue;
    if (random_.chance(kSurveyShare)) survey(order, parcel, late);
    for (const size_t line : parcel.lines) {
      if (random_.chance(kReviewShare)) review(order, parcel, order.lines[line]);
    }
  }
}

void Feedback::review(const Order& order, const Parcel& parcel, const OrderLine& line) {
  const Product& product = catalog_.products[line.product];
  // Each product has a quality of its own, which its key decides.
  const double quality = 3.4 + 1.5 * static_cast<double>(fnv1a(product.sku) % 1000) / 1000;
  const int rating = static_cast<int>(std::clamp(std::lround(quality + random_.normal()), 1L, 5L));
  const Instant at = *parcel.delivered + Days(random_.between(1, 30)) + Seconds(random_.between(0, 50000));
  const std::string id = next_id("rv");
  const Texts& texts = texts_of(order.buyer.person.country->language);
  const char* text = random_.pick(rating >= 4 ? texts.praise : texts.blame);
  const Json body{{"event_id", id},
                  {"written_at", iso_text_of(defects_.event_time("reviews", id, at))},
                  {"order_id", order.id},
                  {"customer_id", or_null(customer_of(order))},
                  {"sku", defects_.event_sku(id, product.sku)},
                  {"rating", defects_.rating(id, rating, 5)},
                  {"language", order.buyer.person.country->language},
                  {"text", text}};
  schedule({"reviews", id, at, body.dump()});
}

void Feedback::survey(const Order& order, const Parcel& parcel, bool late) {
  const bool nps = random_.chance(0.5);
  const double mood = late ? -2.2 : 0;
  const int score = nps ? static_cast<int>(std::clamp(std::lround(8.3 + mood + 1.9 * random_.normal()), 0L, 10L))
                        : static_cast<int>(std::clamp(std::lround(4.3 + mood / 2 + 0.9 * random_.normal()), 1L, 5L));
  const Instant at = *parcel.delivered + Days(3) + Seconds(random_.between(0, 200000));
  const std::string id = next_id("sv");
  const Json body{{"event_id", id},
                  {"answered_at", iso_text_of(defects_.event_time("surveys", id, at))},
                  {"survey", nps ? "nps" : "csat"},
                  {"order_id", order.id},
                  {"email", order.buyer.person.email},
                  {"score", score}};
  schedule({"surveys", id, at, body.dump()});
}

void Feedback::ticket(const Order& order, const Parcel& parcel, bool late) {
  const Instant at = parcel.shipped + Days(late ? 7 : 4) + Seconds(random_.between(0, 300000));
  const std::string id = next_id("tk");
  const Texts& texts = texts_of(order.buyer.person.country->language);
  const std::string text = defects_.ticket_text(id, random_.pick(late ? texts.late : texts.other));
  const Json body{{"event_id", id},
                  {"opened_at", iso_text_of(defects_.event_time("tickets", id, at))},
                  {"order_id", order.id},
                  {"email", order.buyer.person.email},
                  {"phone", order.buyer.person.phone},
                  {"topic", late ? "delivery" : "product"},
                  {"text", text},
                  {"tracking_no", tracking_number(kServices[parcel.service], parcel.id)}};
  schedule({"tickets", id, at, body.dump()});
}

void Feedback::visit(Instant at, const Buyer* buyer, const Order* order) {
  constexpr const char* kDevices[] = {"phone", "phone", "phone", "desktop", "desktop", "tablet"};
  constexpr const char* kSearches[] = {
      "christbaumkugeln", "advent calendar", "lichterkette außen", "krippe", "stollen", "led kerzen", "lego"};
  constexpr std::string_view kSources[] = {"organic", "paid_search", "social", "email", "direct", "affiliate"};
  constexpr const char* kStages[] = {"browse", "browse", "browse", "browse",  "browse",
                                     "browse", "cart",   "cart",   "checkout"};
  const std::string id = next_id("ws");
  Json seen = Json::array();
  for (int64_t i = random_.between(1, 4); i > 0; --i) {
    for (const Wish& wish : demand_.draw_basket(random_)) {
      seen.push_back(catalog_.products[wish.product].sku);
      break;
    }
  }
  Json searches = Json::array();
  if (random_.chance(0.3)) {
    const std::string query = random_.pick(kSearches);
    searches.push_back({{"query", query}, {"results", query == "lego" ? 0 : random_.between(1, 60)}});
  }
  const Json body{{"event_id", id},
                  {"started_at", iso_text_of(defects_.event_time("sessions", id, at))},
                  {"visitor", fmt::format("v{:x}", random_.next() >> 24)},
                  {"customer_id", buyer ? or_null(buyer->customer) : Json(nullptr)},
                  {"device", random_.pick(kDevices)},
                  {"source", order ? order->source : random_.pick(kSources)},
                  {"seconds", random_.between(4, 1500)},
                  {"products_seen", std::move(seen)},
                  {"searches", std::move(searches)},
                  {"stage", order ? "ordered" : random_.pick(kStages)},
                  {"order_id", order ? Json(order->id) : Json(nullptr)}};
  schedule({"sessions", id, at, body.dump()});
}

void Feedback::schedule(Event event) {
  const int64_t day = (day_at(event.at) - parameters_.begin()).count();
  if (day < 0 || day >= parameters_.days()) return;
  if (defects_.is_sent_twice(event.stream, event.id)) due_[static_cast<size_t>(day)].push_back(event);
  due_[static_cast<size_t>(day)].push_back(std::move(event));
}

void Feedback::evening(Day day) {
  for (int64_t i = random_.poisson(demand_.orders(day) * kVisitsPerOrder * kSeenVisits); i > 0; --i) {
    visit(moment(day, order_second(random_)), nullptr, nullptr);
  }
  std::vector<Event>& events = due_[static_cast<size_t>((day - parameters_.begin()).count())];
  std::stable_sort(events.begin(), events.end(), [](const Event& a, const Event& b) { return a.at < b.at; });
  for (const Event& event : events) sink_.send(event);
  std::vector<Event>().swap(events);
}

}  // namespace garland::shop
