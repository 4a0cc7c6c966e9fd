#include "shop/opinions.h"

#include <nlohmann/json.hpp>

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

}  // namespace

std::string review_text(Random& random, std::string_view language, bool content) {
  const Texts& texts = texts_of(language);
  return random.pick(content ? texts.praise : texts.blame);
}

std::string ticket_text(Random& random, std::string_view language, bool about_delivery) {
  const Texts& texts = texts_of(language);
  return random.pick(about_delivery ? texts.late : texts.other);
}

std::string json_of(const Review& review) {
  const Json customer = review.customer ? Json(*review.customer) : Json(nullptr);
  const Json body{{"event_id", review.id},       {"written_at", iso_text_of(review.written)},
                  {"order_id", review.order},    {"customer_id", customer},
                  {"sku", review.sku},           {"rating", review.rating},
                  {"language", review.language}, {"text", review.text}};
  return body.dump();
}

std::string json_of(const Ticket& ticket) {
  const Json body{{"event_id", ticket.id},    {"opened_at", iso_text_of(ticket.opened)},
                  {"order_id", ticket.order}, {"email", ticket.email},
                  {"phone", ticket.phone},    {"topic", ticket.about_delivery ? "delivery" : "product"},
                  {"text", ticket.text},      {"tracking_no", ticket.tracking_no}};
  return body.dump();
}

}  // namespace garland::shop
