#include "shop/people.h"

#include <fmt/format.h>

namespace garland::shop {
namespace {

struct Speech {
  const char* first[12];
  const char* last[12];
  const char* streets[6];
};

constexpr Speech kGerman{
    {"Anna", "Lukas", "Sophie", "Jonas", "Marie", "Felix", "Lena", "Paul", "Jürgen", "Käthe", "Emil", "Frieda"},
    {"Schmidt", "Müller", "Weber", "Köhler", "Schäfer", "Bauer", "Voß", "Lindner", "Groß", "Huber", "Steiner",
     "Keller"},
    {"Lindenstraße", "Am Markt", "Tannenweg", "Schillerstraße", "Bergstraße", "Kirchgasse"}};
constexpr Speech kDutch{
    {"Emma", "Daan", "Sanne", "Bram", "Fleur", "Thijs", "Lotte", "Sem", "Maud", "Joris", "Noor", "Stijn"},
    {"de Jong", "Jansen", "van Dijk", "Bakker", "Visser", "Smit", "Meijer", "de Boer", "Mulder", "Bos", "Vos",
     "Peters"},
    {"Kerkstraat", "Dorpsstraat", "Molenweg", "Schoolstraat", "Stationsweg", "Lindelaan"}};
constexpr Speech kFrench{
    {"Camille", "Hugo", "Léa", "Louis", "Chloé", "Jules", "Inès", "Gabriel", "Zoé", "Noël", "Manon", "Théo"},
    {"Martin", "Bernard", "Dubois", "Lefèvre", "Moreau", "Girard", "Roux", "Fournier", "Mercier", "Blanc", "Guérin",
     "Faure"},
    {"rue de la Paix", "rue Victor Hugo", "avenue des Tilleuls", "place de l'Église", "rue du Moulin", "chemin Vert"}};
constexpr Speech kEnglish{
    {"Olivia", "Jack", "Amelia", "Harry", "Poppy", "Oscar", "Grace", "Alfie", "Ruby", "Noah", "Holly", "Arthur"},
    {"Smith", "Jones", "Taylor", "Brown", "Evans", "O'Neill", "Walker", "Wright", "Hughes", "Green", "Clarke", "Hill"},
    {"High Street", "Station Road", "Church Lane", "Mill Road", "Victoria Street", "The Green"}};
constexpr Speech kSwedish{
    {"Astrid", "Oskar", "Ebba", "Axel", "Maja", "Nils", "Saga", "Elias", "Freja", "Björn", "Klara", "Åke"},
    {"Andersson", "Lindqvist", "Nilsson", "Åberg", "Persson", "Öberg", "Svensson", "Berg", "Sjögren", "Ek", "Lund",
     "Holm"},
    {"Storgatan", "Kyrkvägen", "Skolgatan", "Björkvägen", "Granvägen", "Hamngatan"}};

const Speech& speech_of(const Country& country) {
  if (country.language == "nl") return kDutch;
  if (country.language == "fr") return kFrench;
  if (country.language == "en") return kEnglish;
  if (country.language == "sv") return kSwedish;
  return kGerman;
}

constexpr struct {
  std::string_view country;
  const char* names[6];
} kCities[] = {{"DE", {"Leipzig", "Köln", "Nürnberg", "Hamburg", "Dresden", "Münster"}},
               {"AT", {"Wien", "Graz", "Linz", "Salzburg", "Innsbruck", "Villach"}},
               {"NL", {"Utrecht", "Venlo", "Groningen", "Arnhem", "Leiden", "Breda"}},
               {"FR", {"Strasbourg", "Lyon", "Nantes", "Reims", "Lille", "Besançon"}},
               {"GB", {"Bath", "York", "Leeds", "Norwich", "Exeter", "Durham"}},
               {"CH", {"Zürich", "Bern", "Basel", "Luzern", "Chur", "Thun"}},
               {"SE", {"Uppsala", "Malmö", "Lund", "Växjö", "Örebro", "Gävle"}}};

/// The name in letters that an e-mail address takes: Köhler is koehler.
std::string plain(std::string_view name) {
  constexpr std::string_view kLetters[][2] = {{"ä", "ae"}, {"ö", "oe"}, {"ü", "ue"}, {"ß", "ss"},
                                              {"Å", "a"},  {"å", "a"},  {"Ö", "o"},  {"é", "e"},
                                              {"è", "e"},  {"ë", "e"},  {"É", "e"}};
  std::string letters;
  for (size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) letters += static_cast<char>(c | 0x20);
    for (const auto& [from, to] : kLetters) {
      if (name.substr(i, from.size()) != from) continue;
      letters += to;
      break;
    }
  }
  return letters;
}

std::string draw_postcode(Random& random, std::string_view country) {
  const auto number = [&](int64_t low, int64_t high) { return random.between(low, high); };
  const auto letter = [&] { return static_cast<char>('A' + random.between(0, 25)); };
  if (country == "DE" || country == "FR") return fmt::format("{:05}", number(1001, 99998));
  const char first = letter(), second = letter();
  const int64_t big = number(100, 9999), small = number(10, 99);
  if (country == "NL") return fmt::format("{} {}{}", 1000 + big % 9000, first, second);
  if (country == "GB") return fmt::format("{}{}{} {}{}{}", first, second, 1 + big % 20, small % 10, second, first);
  if (country == "SE") return fmt::format("{} {}", 100 + big % 900, small);
  return fmt::format("{}", number(1000, 9999));
}

/// As people type it: with the country's code, with 00, or as at home.
std::string draw_phone(Random& random, const Country& country) {
  const int64_t area = random.between(150, 179), rest = random.between(1000000, 9999999);
  switch (random.between(0, 3)) {
    case 0:
      return fmt::format("{} {} {}", country.calls, area, rest);
    case 1:
      return fmt::format("00{}{}{}", country.calls.substr(1), area, rest);
    case 2:
      return fmt::format("0{}/{}", area, rest);
    default:
      return fmt::format("0{} {} {}", area, rest / 10000, rest % 10000);
  }
}

}  // namespace

const Country& draw_country(Random& random) {
  double shares[std::size(kCountries)];
  for (size_t i = 0; i < std::size(kCountries); ++i) shares[i] = kCountries[i].share;
  return kCountries[random.pick_weighted(shares)];
}

Person draw_person(Random& random, const Country& country, int64_t number) {
  constexpr const char* kDomains[] = {"post.example", "mail.example", "web.example",
                                      "example.org",  "example.net",  "example.com"};
  const Speech& speech = speech_of(country);
  Person person{&country, random.pick(speech.first), random.pick(speech.last), {}, {}};
  person.email =
      fmt::format("{}.{}{}@{}", plain(person.first_name), plain(person.last_name), number, random.pick(kDomains));
  person.phone = draw_phone(random, country);
  return person;
}

Residence draw_residence(Random& random, const Country& country) {
  const char* street = random.pick(speech_of(country).streets);
  const int64_t house = random.between(1, 160);
  const bool number_first = country.language == "en" || country.language == "fr";
  Residence residence{number_first ? fmt::format("{} {}", house, street) : fmt::format("{} {}", street, house),
                      draw_postcode(random, country.code),
                      {}};
  for (const auto& cities : kCities) {
    if (cities.country == country.code) residence.city = random.pick(cities.names);
  }
  return residence;
}

std::optional<Day> draw_birth_date(Random& random) {
  if (!random.chance(0.4)) return std::nullopt;
  return day_of(1945, 1, 1) + Days(random.between(0, 60 * 365));
}

}  // namespace garland::shop
