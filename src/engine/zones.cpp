#include "engine/zones.h"

#include <algorithm>
#include <array>
#include <utility>

#include "engine/text_scan.h"

namespace garland::engine {

namespace {

using Zone = std::pair<std::string_view, int>;  // minutes east of UTC

/// PostgreSQL's default set, sorted by name.
constexpr auto kZones = std::to_array<Zone>({
    {"acdt", 630},   {"acst", 570},   {"adt", -180},  {"aedt", 660},   {"aest", 600},  {"aft", 270},   {"akdt", -480},
    {"akst", -540},  {"almst", 420},  {"almt", 360},  {"amst", 300},   {"amt", -240},  {"anast", 720}, {"anat", 720},
    {"art", -180},   {"ast", -240},   {"awsst", 540}, {"awst", 480},   {"azost", 0},   {"azot", -60},  {"azst", 240},
    {"azt", 240},    {"bdst", 120},   {"bdt", 360},   {"bnt", 480},    {"bort", 480},  {"bot", -240},  {"bra", -180},
    {"brst", -120},  {"brt", -180},   {"bst", 60},    {"btt", 360},    {"cadt", 630},  {"cast", 570},  {"cct", 480},
    {"cdt", -300},   {"cest", 120},   {"cet", 60},    {"cetdst", 120}, {"chadt", 825}, {"chast", 765}, {"chut", 600},
    {"ckt", -600},   {"clst", -180},  {"clt", -240},  {"cot", -300},   {"cst", -360},  {"cxt", 420},   {"davt", 420},
    {"ddut", 600},   {"easst", -300}, {"east", -360}, {"eat", 180},    {"edt", -240},  {"eest", 180},  {"eet", 120},
    {"eetdst", 180}, {"egst", 0},     {"egt", -60},   {"est", -300},   {"fet", 180},   {"fjst", 780},  {"fjt", 720},
    {"fkst", -180},  {"fkt", -180},   {"fnst", -60},  {"fnt", -120},   {"galt", -360}, {"gamt", -540}, {"gest", 240},
    {"get", 240},    {"gft", -180},   {"gilt", 720},  {"gmt", 0},      {"gyt", -240},  {"hkt", 480},   {"hst", -600},
    {"ict", 420},    {"idt", 180},    {"iot", 360},   {"irkst", 480},  {"irkt", 480},  {"irt", 210},   {"ist", 120},
    {"jayt", 540},   {"jst", 540},    {"kdt", 600},   {"kgst", 360},   {"kgt", 360},   {"kost", 660},  {"krast", 420},
    {"krat", 420},   {"kst", 540},    {"lhdt", 660},  {"lhst", 630},   {"ligt", 600},  {"lint", 840},  {"lkt", 330},
    {"magst", 720},  {"magt", 660},   {"mart", -570}, {"mawt", 300},   {"mdt", -360},  {"mest", 120},  {"met", 60},
    {"metdst", 120}, {"mez", 60},     {"mht", 720},   {"mmt", 390},    {"mpt", 600},   {"msd", 240},   {"msk", 180},
    {"mst", -420},   {"mut", 240},    {"mvt", 300},   {"myt", 480},    {"ndt", -150},  {"nft", -210},  {"novst", 420},
    {"novt", 420},   {"npt", 345},    {"nst", -210},  {"nut", -660},   {"nzdt", 780},  {"nzst", 720},  {"nzt", 720},
    {"omsst", 360},  {"omst", 360},   {"pdt", -420},  {"pet", -300},   {"petst", 720}, {"pett", 720},  {"pgt", 600},
    {"phot", 780},   {"pht", 480},    {"pkst", 360},  {"pkt", 300},    {"pmdt", -120}, {"pmst", -180}, {"pont", 660},
    {"pst", -480},   {"pwt", 540},    {"pyst", -180}, {"pyt", -240},   {"ret", 240},   {"sadt", 630},  {"sast", 120},
    {"sct", 240},    {"sgt", 480},    {"taht", -600}, {"tft", 300},    {"tjt", 300},   {"tkt", 780},   {"tmt", 300},
    {"tot", 780},    {"truk", 600},   {"tvt", 720},   {"uct", 0},      {"ulast", 540}, {"ulat", 480},  {"ut", 0},
    {"utc", 0},      {"uyst", -120},  {"uyt", -180},  {"uzst", 360},   {"uzt", 300},   {"vet", -240},  {"vlast", 600},
    {"vlat", 600},   {"volt", 180},   {"vut", 660},   {"wadt", 480},   {"wakt", 720},  {"wast", 420},  {"wat", 60},
    {"wdt", 540},    {"wet", 0},      {"wetdst", 60}, {"wft", 720},    {"wgst", -120}, {"wgt", -180},  {"xjt", 360},
    {"yakst", 540},  {"yakt", 540},   {"yapt", 600},  {"yekst", 360},  {"yekt", 300},  {"z", 0},       {"zulu", 0},
});
static_assert(std::ranges::is_sorted(kZones, {}, &Zone::first));

/// Up to two digits; -1 for none.
int take_number(std::string_view& text) {
  int value = -1;
  for (int i = 0; i < 2 && !text.empty() && is_digit(text.front()); ++i) {
    value = std::max(value, 0) * 10 + (text.front() - '0');
    text.remove_prefix(1);
  }
  return value;
}

/// 'hh', 'hh:mm', 'hh:mm:ss', and 'hhmm' where `packed`; nothing with anything behind it.
std::optional<int32_t> clock_offset(std::string_view text, bool packed) {
  int parts[3] = {take_number(text), 0, 0};
  if (parts[0] < 0) return std::nullopt;
  for (int i = 1; i < 3 && !text.empty(); ++i) {
    const bool colon = text.front() == ':';
    if (colon) text.remove_prefix(1);
    if (!colon && !(packed && i == 1)) return std::nullopt;
    parts[i] = take_number(text);
  }
  if (!text.empty() || parts[0] > 24 || parts[1] < 0 || parts[1] > 59 || parts[2] < 0 || parts[2] > 59) {
    return std::nullopt;
  }
  return parts[0] * 3600 + parts[1] * 60 + parts[2];
}

}  // namespace

std::optional<int32_t> zone_offset(std::string_view abbreviation) {
  constexpr size_t kLongest = 6;
  if (abbreviation.empty() || abbreviation.size() > kLongest) return std::nullopt;
  std::array<char, kLongest> folded{};
  std::ranges::transform(abbreviation, folded.begin(), to_lower);
  const std::string_view wanted(folded.data(), abbreviation.size());
  const auto found = std::ranges::lower_bound(kZones, wanted, {}, &Zone::first);
  if (found == kZones.end() || found->first != wanted) return std::nullopt;
  return found->second * 60;
}

std::span<const std::pair<std::string_view, int>> zone_abbreviations() { return kZones; }

std::optional<int32_t> fixed_zone(std::string_view name) {
  name = trim_blanks(name);
  if (const auto offset = zone_offset(name)) return offset;
  const size_t end = name.find_first_of("+-0123456789");
  if (end == std::string_view::npos) return std::nullopt;
  const bool bare = end == 0;
  std::string_view digits = name.substr(end);
  const bool minus = digits.front() == '-', sign = minus || digits.front() == '+';
  if (bare && !sign) return std::nullopt;
  if (sign) digits.remove_prefix(1);
  const auto size = clock_offset(digits, bare);
  if (!size) return std::nullopt;
  return minus == bare ? -*size : *size;
}

}  // namespace garland::engine
