// Moments as texts that are no constants: guide pages r_Date_and_time_literals ("Special datetime values") and
// r_Datetime_types.
#include <algorithm>

#include "semantics/constant.h"
#include "semantics/resolver.h"

namespace garland::semantics {

using engine::TypeId;

/// Moments that no calendar names: 'now', 'today', 'tomorrow', 'yesterday', 'epoch' (r_Date_and_time_literals), and
/// those in a zone with seasons, 'US/Pacific', which only TIMESTAMPTZ minds (r_Datetime_types). Nothing for other
/// texts.
std::optional<BoundExpr> Resolver::named_moment(std::string_view text, const Type& type, Span span) {
  constexpr std::string_view kBlanks = " \t\n\r";
  const size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos || !type.is_datetime()) return std::nullopt;
  text = text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
  if (const size_t blank = text.find_last_of(' '); blank != std::string_view::npos) {
    return zoned_moment(text.substr(0, blank), text.substr(blank + 1), type, span);
  }
  std::string word(text);
  std::ranges::transform(word, word.begin(), [](unsigned char c) { return c < 128 ? std::tolower(c) : c; });
  if (word == "epoch") {
    BoundExpr epoch = make(BoundConstant{"1970-01-01 00:00:00"}, Type::of(TypeId::kTimestamp), span);
    return convert(std::move(epoch), type, CastContext::kExplicit);
  }
  const auto session = [&](std::string_view name, TypeId id) {
    return session_value({FunctionKind::kScalar, std::string(name), {}, Type::of(id), false, false, std::string(name)},
                         {}, span);
  };
  if (word == "now") {
    const bool zoned = type.id == TypeId::kTimestampTz || type.id == TypeId::kTimeTz;
    BoundExpr now = zoned ? session("current_timestamp", TypeId::kTimestampTz) : session("sysdate", TypeId::kTimestamp);
    return convert(std::move(now), type, CastContext::kExplicit);
  }
  if (word != "today" && word != "tomorrow" && word != "yesterday") return std::nullopt;
  BoundExpr day = session("current_date", TypeId::kDate);
  if (word != "today") {
    std::vector<BoundExpr> operands;
    operands.push_back(std::move(day));
    operands.push_back(make(BoundConstant{"1"}, Type::of(TypeId::kInteger), span));
    day = operation(word == "tomorrow" ? "+" : "-", std::move(operands), span);
  }
  return convert(std::move(day), type, CastContext::kExplicit);
}

std::optional<BoundExpr> Resolver::zoned_moment(std::string_view local, std::string_view zone, const Type& type,
                                                Span span) {
  const bool named = zone.find_first_of("/_") != std::string_view::npos && std::isalpha(zone.front()) != 0;
  if (!named || (type.id != TypeId::kTimestampTz && type.id != TypeId::kTimestamp)) return std::nullopt;
  const Type timestamp = Type::of(TypeId::kTimestamp);
  BoundExpr moment = make(BoundConstant{read_constant(local, timestamp, CastContext::kExplicit)}, timestamp, span);
  if (type.id == TypeId::kTimestamp) return moment;
  std::vector<BoundExpr> operands;
  operands.push_back(std::move(moment));
  operands.push_back(make(BoundConstant{std::string(zone)}, Type::varchar(static_cast<int32_t>(zone.size())), span));
  return operation("at time zone", std::move(operands), span);
}

}  // namespace garland::semantics
