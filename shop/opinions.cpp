#include "shop/opinions.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "shop/orders.h"

namespace garland::shop {
namespace {

using Json = nlohmann::ordered_json;

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

template <class T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json searches_of(const Visit& visit) {
  Json searches = Json::array();
  if (visit.search) searches.push_back({{"query", visit.search->query}, {"results", visit.search->results}});
  return searches;
}

}  // namespace

std::string review_text(Random& random, std::string_view language, bool content) {
  const Texts& texts = texts_of(language);
  return random.pick(content ? texts.praise : texts.blame);
}

std::string ticket_text(Random& random, std::string_view language, bool about_delivery) {
  const Texts& texts = texts_of(language);
  return random.pick(about_delivery ? texts.late : texts.other);
}

Survey draw_survey(Random& random, bool late) {
  const bool nps = random.chance(0.5);
  const double mood = late ? -2.2 : 0;
  const auto score = nps ? std::clamp(std::lround(8.3 + mood + 1.9 * random.normal()), 0L, 10L)
                         : std::clamp(std::lround(4.3 + mood / 2 + 0.9 * random.normal()), 1L, 5L);
  return {nps ? "nps" : "csat", static_cast<int>(score), {}, {}, 0, {}};
}

Visit draw_visit(Random& random, std::string id, Instant started, std::vector<std::string> seen, const Order* order) {
  constexpr std::string_view kDevices[] = {"phone", "phone", "phone", "desktop", "desktop", "tablet"};
  constexpr const char* kSearches[] = {
      "christbaumkugeln", "advent calendar", "lichterkette außen", "krippe", "stollen", "led kerzen", "lego"};
  constexpr std::string_view kSources[] = {"organic", "paid_search", "social", "email", "direct", "affiliate"};
  constexpr std::string_view kStages[] = {"browse", "browse", "browse", "browse",  "browse",
                                          "browse", "cart",   "cart",   "checkout"};
  Visit visit{std::move(id), started, std::move(seen), {}, {}, {}, {}, {}, 0, {}, {}};
  if (random.chance(0.3)) {
    const std::string query = random.pick(kSearches);
    visit.search = {query, query == "lego" ? 0 : random.between(1, 60)};
  }
  visit.visitor = fmt::format("v{:x}", random.next() >> 24);
  visit.device = random.pick(kDevices);
  visit.source = order ? order->source : random.pick(kSources);
  visit.seconds = random.between(4, 1500);
  visit.stage = order ? "ordered" : random.pick(kStages);
  if (order) visit.customer = order->buyer.customer, visit.order = order->id;
  return visit;
}

Event event_of(Review review, Instant at, Defects& defects) {
  review.written = defects.event_time("reviews", review.id, review.written);
  review.sku = defects.event_sku(review.id, review.sku);
  review.rating = defects.rating(review.id, review.rating, 5);
  const Json body{{"event_id", review.id},       {"written_at", iso_text_of(review.written)},
                  {"order_id", review.order},    {"customer_id", or_null(review.customer)},
                  {"sku", review.sku},           {"rating", review.rating},
                  {"language", review.language}, {"text", review.text}};
  return {"reviews", review.id, at, body.dump()};
}

Event event_of(Survey survey, Instant at, Defects& defects) {
  survey.answered = defects.event_time("surveys", survey.id, survey.answered);
  const Json body{{"event_id", survey.id}, {"answered_at", iso_text_of(survey.answered)},
                  {"survey", survey.kind}, {"order_id", survey.order},
                  {"email", survey.email}, {"score", survey.score}};
  return {"surveys", survey.id, at, body.dump()};
}

Event event_of(Ticket ticket, Instant at, Defects& defects) {
  ticket.opened = defects.event_time("tickets", ticket.id, ticket.opened);
  ticket.text = defects.ticket_text(ticket.id, ticket.text);
  const Json body{{"event_id", ticket.id},    {"opened_at", iso_text_of(ticket.opened)},
                  {"order_id", ticket.order}, {"email", ticket.email},
                  {"phone", ticket.phone},    {"topic", ticket.about_delivery ? "delivery" : "product"},
                  {"text", ticket.text},      {"tracking_no", ticket.tracking_no}};
  return {"tickets", ticket.id, at, body.dump()};
}

Event event_of(Visit visit, Instant at, Defects& defects) {
  visit.started = defects.event_time("sessions", visit.id, visit.started);
  const Json body{{"event_id", visit.id},
                  {"started_at", iso_text_of(visit.started)},
                  {"visitor", visit.visitor},
                  {"customer_id", or_null(visit.customer)},
                  {"device", visit.device},
                  {"source", visit.source},
                  {"seconds", visit.seconds},
                  {"products_seen", visit.seen},
                  {"searches", searches_of(visit)},
                  {"stage", visit.stage},
                  {"order_id", or_null(visit.order)}};
  return {"sessions", visit.id, at, body.dump()};
}

}  // namespace garland::shop
