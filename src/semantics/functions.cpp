#include "semantics/functions.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <numeric>

#include "base/error.h"
#include "semantics/function_table.h"

namespace garland::semantics {
namespace {

using engine::TypeId;

// What a conversion costs when overloads compete; the cheapest fit wins, the first one of equals.
constexpr int kExact = 0, kLiteral = 1, kWiden = 2, kFamily = 4, kNarrow = 8, kToText = 20, kNoFit = -1;

struct Fit {
  int cost = kNoFit;
  Type type;
};

Fit fit_string(const Type& type) {
  if (type.is_string()) return {kExact, type};
  if (type.id == TypeId::kUnknown) return {kLiteral, literal_string(type)};
  if (!can_convert(type, Type::varchar(1), CastContext::kImplicit)) return {};
  return {kToText, Type::varchar(text_length(type))};
}

Fit fit_integer(const Type& type, TypeId wanted) {
  if (type.id == wanted) return {kExact, type};
  if (type.id == TypeId::kUnknown) return {kLiteral, Type::of(wanted)};
  if (type.id == TypeId::kSuper) return {kNarrow, Type::of(wanted)};
  if (!type.is_integer()) return {};
  return {type.id < wanted ? kWiden : kNarrow, Type::of(wanted)};
}

Fit fit_number(const Type& type) {
  if (type.is_numeric()) return {kExact, type};
  return type.id == TypeId::kUnknown ? Fit{kFamily, Type::of(TypeId::kDouble)} : Fit{};
}

Fit fit_decimal(const Type& type) {
  if (type.id == TypeId::kDecimal) return {kExact, type};
  if (!type.is_integer()) return {};
  const Type zero[] = {Type::decimal(1, 0), type};
  return {kWiden, *common_type(zero)};
}

Fit fit_fixed(const Type& type, TypeId wanted, int narrow_cost = kNoFit) {
  if (type.id == wanted) return {kExact, type};
  if (type.id == TypeId::kUnknown) return {kLiteral, Type::of(wanted)};
  if (can_convert(type, Type::of(wanted), CastContext::kImplicit)) return {kWiden, Type::of(wanted)};
  if (narrow_cost != kNoFit && type.is_datetime() && can_convert(type, Type::of(wanted), CastContext::kAssignment)) {
    return {narrow_cost, Type::of(wanted)};
  }
  return {};
}

Fit fit_super(const Type& type) {
  const Type super = Type::of(TypeId::kSuper);
  if (type.id == TypeId::kSuper) return {kExact, super};
  return can_convert(type, super, CastContext::kImplicit) ? Fit{kFamily, super} : Fit{};
}

Fit fit_letter(char letter, const Type& type, const Type& common) {
  switch (letter) {
    case 's':
      return fit_string(type);
    case 'i':
      return fit_integer(type, TypeId::kInteger);
    case 'l':
      return fit_integer(type, TypeId::kBigint);
    case 'n':
      return fit_number(type);
    case 'm':
      return fit_decimal(type);
    case 'd':
      return fit_fixed(type, TypeId::kDouble);
    case 'b':
      return fit_fixed(type, TypeId::kBoolean);
    case 'D':
      return fit_fixed(type, TypeId::kDate, kNarrow);
    case 'T':
      return fit_fixed(type, TypeId::kTimestamp, kNarrow);
    case 'Z':
      return fit_fixed(type, TypeId::kTimestampTz);
    case 't':
      return type.id == TypeId::kTime ? Fit{kExact, type} : Fit{};
    case 'u':
      return fit_fixed(type, TypeId::kTimeTz);
    case 'v':
      return type.id == TypeId::kVarbyte ? Fit{kExact, type} : Fit{};
    case 'k':
      return fit_fixed(type, TypeId::kHllSketch);
    case 'K':
      return type.id == TypeId::kVarbyte ? Fit{} : fit_letter('a', type, common);
    case 'j':
      return fit_super(type);
    case 'J':
      return type.id == TypeId::kSuper ? Fit{kExact, type} : Fit{};
    case 'I':
      return type.is_interval() ? Fit{kExact, type} : Fit{};
    case 'p':
      return {kExact, literal_string(type)};
    case 'a':
      return {kExact, type.id == TypeId::kUnknown ? literal_string(type) : type};
    case 'c':
      return common.id == TypeId::kUnknown ? Fit{} : Fit{kExact, common};
    default:
      return {};
  }
}

/// A pattern spread over a call's arguments: one letter each, or nothing when their number does not fit.
std::optional<std::string> spread_pattern(std::string_view pattern, size_t arguments) {
  std::string letters;
  size_t required = std::string::npos;
  bool repeats = false;
  for (const char c : pattern) {
    if (c == '[') {
      required = letters.size();
    } else if (c == '*') {
      repeats = true;
    } else {
      letters += c;
    }
  }
  if (repeats && required == std::string::npos) required = letters.size() - 1;
  if (required == std::string::npos) required = letters.size();
  if (arguments < required || (arguments > letters.size() && !repeats)) return std::nullopt;
  letters.resize(arguments, letters.empty() ? ' ' : letters.back());
  return letters;
}

/// The type that all 'c' arguments share; kUnknown when there is none.
Type shared_type(std::string_view letters, std::span<const Type> types) {
  std::vector<Type> sharing;
  for (size_t i = 0; i < types.size(); ++i) {
    if (letters[i] == 'c') sharing.push_back(types[i]);
  }
  return sharing.empty() ? Type{} : common_type(sharing).value_or(Type{});
}

struct Candidate {
  int cost = kNoFit;
  std::vector<Type> types;
};

/// What takes an HLLSKETCH besides the sketches' own functions (hyperloglog-functions-usage-notes).
bool takes_sketch(const Overload& overload) {
  return overload.name == "count" || overload.name == "coalesce" || overload.canonical == "coalesce" ||
         overload.pattern.find('k') != std::string_view::npos;
}

Candidate try_overload(const Overload& overload, std::span<const Type> types) {
  Candidate candidate;
  const bool sketches = std::ranges::find(types, TypeId::kHllSketch, &Type::id) != types.end();
  if (sketches && !takes_sketch(overload)) return candidate;
  const std::optional<std::string> letters = spread_pattern(overload.pattern, types.size());
  if (!letters) return candidate;
  const Type common = shared_type(*letters, types);
  int cost = 0;
  for (size_t i = 0; i < types.size(); ++i) {
    const Fit fit = fit_letter((*letters)[i], types[i], common);
    if (fit.cost == kNoFit) return candidate;
    cost += fit.cost;
    candidate.types.push_back(fit.type);
  }
  candidate.cost = cost;
  return candidate;
}

using OverloadIndex = std::multimap<std::string_view, const Overload*>;

const OverloadIndex& overload_index() {
  static const OverloadIndex index = [] {
    OverloadIndex built;
    for (const auto family : {string_functions(), number_functions(), date_functions(), aggregate_functions(),
                              other_functions(), byte_functions(), system_functions(), super_functions()}) {
      for (const Overload& overload : family) built.emplace(overload.name, &overload);
    }
    return built;
  }();
  return index;
}

size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), size_t{0});
  for (size_t i = 0; i < a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i + 1;
    for (size_t j = 0; j < b.size(); ++j) {
      const size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, diagonal + 1});
    }
  }
  return row[b.size()];
}

/// The nearest names that are near enough.
std::string near_names(std::string_view name) {
  size_t farthest = name.size() < 5 ? 1 : 2;
  std::string names;
  std::string_view last;
  for (const auto& [known, overload] : overload_index()) {
    if (known == last || known.starts_with("approximate_")) continue;
    last = known;
    const size_t distance = edit_distance(name, known);
    if (distance > farthest) continue;
    if (distance < farthest) names.clear();
    farthest = distance;
    names += (names.empty() ? "" : ", ") + std::string(known);
  }
  return names;
}

std::string type_name(const Type& type) {
  Type bare = type;
  bare.length = 0;
  return type.id == TypeId::kDecimal ? "numeric" : engine::to_string(bare);
}

std::string type_list(std::span<const Type> types) {
  std::string text;
  for (const Type& type : types) text += (text.empty() ? "" : ", ") + type_name(type);
  return text;
}

[[noreturn]] void throw_undefined(std::string_view name, std::span<const Type> types, bool known) {
  Error error(kUndefinedFunction, fmt::format("function {}({}) does not exist", name, type_list(types)));
  if (known) {
    throw std::move(error).hint(
        "No function matches the given name and argument types. You may need to add explicit type casts.");
  }
  const std::string near = near_names(name);
  if (!near.empty()) throw std::move(error).hint("Perhaps you meant: " + near + ".");
  throw error;
}

/// DECODE(operand, search, result, … [, default]): searches compare with the operand, results share a type.
FunctionMatch match_decode(std::span<const Type> types) {
  if (types.size() < 3) throw_undefined("decode", types, true);
  std::vector<Type> results;
  Type compared = types[0];
  for (size_t i = 1; i < types.size(); ++i) {
    const bool is_result = i % 2 == 0 || i + 1 == types.size();
    if (is_result) {
      results.push_back(types[i]);
      continue;
    }
    const std::optional<Type> both = comparison_type(compared, types[i]);
    if (!both) throw_undefined("decode", types, true);
    compared = *both;
  }
  const std::optional<Type> result = common_type(results);
  if (!result) {
    throw Error(kDatatypeMismatch, fmt::format("DECODE types {} cannot be matched", type_list(results)));
  }
  FunctionMatch match{FunctionKind::kScalar, "decode", {compared}, *result, false, false, {}};
  for (size_t i = 1; i < types.size(); ++i) {
    match.argument_types.push_back(i % 2 == 0 || i + 1 == types.size() ? *result : compared);
  }
  return match;
}

FunctionMatch make_match(const Overload& overload, std::vector<Type> types,
                         std::span<const std::string* const> constants) {
  const Type result = overload.result({types, constants});
  return {overload.kind,
          std::string(overload.canonical.empty() ? overload.name : overload.canonical),
          std::move(types),
          result,
          (overload.flags & kLeaderOnly) != 0,
          (overload.flags & kComputeOnly) != 0,
          std::string(overload.session_value)};
}

bool has_kind(std::string_view name, FunctionKind kind) {
  const auto [first, last] = overload_index().equal_range(name);
  return std::any_of(first, last, [kind](const auto& entry) { return entry.second->kind == kind; });
}

}  // namespace

std::optional<int64_t> TypedCall::integer(size_t index) const {
  if (index >= constants.size() || !constants[index]) return std::nullopt;
  const std::string& text = *constants[index];
  int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

Type literal_string(const Type& type) {
  if (type.is_string()) return type;
  return Type::varchar(type.id == TypeId::kUnknown && type.length > 0 ? type.length : kMaxVarcharBytes);
}

int32_t text_length(const Type& type) {
  switch (type.id) {
    case TypeId::kBoolean:
      return 5;
    case TypeId::kSmallint:
      return 6;
    case TypeId::kInteger:
      return 11;
    case TypeId::kBigint:
      return 20;
    case TypeId::kDecimal:
      return type.precision + 3;
    case TypeId::kDate:
      return 13;
    case TypeId::kChar:
    case TypeId::kVarchar:
      return type.length;
    case TypeId::kSuper:
      return kMaxVarcharBytes;
    default:
      return 64;
  }
}

FunctionMatch match_function(std::string_view name, std::span<const Type> types,
                             std::span<const std::string* const> constants) {
  if (name == "decode") return match_decode(types);
  const auto refused = refused_functions();
  const bool spatial = name.starts_with("st_") || name.starts_with("h3_");
  if (spatial || std::find(refused.begin(), refused.end(), name) != refused.end()) {
    throw Error(kFeatureNotSupported, fmt::format("function {} is not supported yet", name));
  }
  const auto [first, last] = overload_index().equal_range(name);
  const Overload* best = nullptr;
  Candidate best_candidate;
  for (auto entry = first; entry != last; ++entry) {
    Candidate candidate = try_overload(*entry->second, types);
    if (candidate.cost == kNoFit || (best && candidate.cost >= best_candidate.cost)) continue;
    best = entry->second;
    best_candidate = std::move(candidate);
  }
  if (!best) throw_undefined(name, types, first != last);
  return make_match(*best, std::move(best_candidate.types), constants);
}

bool is_aggregate(std::string_view name) { return has_kind(name, FunctionKind::kAggregate); }

bool is_window_function(std::string_view name) { return has_kind(name, FunctionKind::kWindow); }

bool reads_clock(std::string_view name) {
  constexpr std::string_view kNames[] = {"getdate",   "sysdate",        "current_date", "current_timestamp", "now",
                                         "timeofday", "localtimestamp", "current_time", "localtime",         "random"};
  return std::find(std::begin(kNames), std::end(kNames), name) != std::end(kNames);
}

int date_part_argument(std::string_view name) {
  const auto [first, last] = overload_index().equal_range(name);
  for (auto entry = first; entry != last; ++entry) {
    if (const size_t place = entry->second->pattern.find('p'); place != std::string_view::npos) {
      return static_cast<int>(place);
    }
  }
  return -1;
}

std::optional<std::string> canonical_date_part(std::string_view spelling) {
  // Guide page r_Dateparts_for_datetime_functions; "m" is the minute.
  static const std::map<std::string, std::string_view, std::less<>> kParts = [] {
    struct Names {
      std::string_view part;
      std::vector<std::string_view> spellings;
    };
    const Names table[] = {
        {"millennium", {"millennium", "millennia", "mil", "mils"}},
        {"century", {"century", "centuries", "c", "cent", "cents"}},
        {"decade", {"decade", "decades", "dec", "decs"}},
        {"epoch", {"epoch"}},
        {"year", {"year", "years", "y", "yr", "yrs"}},
        {"quarter", {"quarter", "quarters", "qtr", "qtrs"}},
        {"month", {"month", "months", "mon", "mons"}},
        {"week", {"week", "weeks", "w"}},
        {"dow", {"dow", "dayofweek", "dw", "weekday"}},
        {"doy", {"doy", "dayofyear", "dy", "yearday"}},
        {"day", {"day", "days", "d"}},
        {"hour", {"hour", "hours", "h", "hr", "hrs"}},
        {"minute", {"minute", "minutes", "m", "min", "mins"}},
        {"second", {"second", "seconds", "s", "sec", "secs"}},
        {"millisecond",
         {"millisecond", "milliseconds", "ms", "msec", "msecs", "msecond", "mseconds", "millisec", "millisecs",
          "millisecon"}},
        {"microsecond",
         {"microsecond", "microseconds", "us", "usec", "usecs", "usecond", "useconds", "microsec", "microsecs",
          "microsecon"}},
        {"timezone", {"timezone"}},
        {"timezone_hour", {"timezone_hour"}},
        {"timezone_minute", {"timezone_minute"}},
    };
    std::map<std::string, std::string_view, std::less<>> parts;
    for (const Names& names : table) {
      for (const std::string_view name : names.spellings) parts.emplace(name, names.part);
    }
    return parts;
  }();
  std::string lower(spelling);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return c < 128 ? std::tolower(c) : c; });
  const auto found = kParts.find(lower);
  return found == kParts.end() ? std::nullopt : std::optional<std::string>(found->second);
}

}  // namespace garland::semantics
