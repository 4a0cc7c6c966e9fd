// Date parts, truncation, differences and formats. Guide pages r_DATEADD_function, r_DATEDIFF_function,
// r_DATE_PART_function, r_EXTRACT_function, r_DATE_TRUNC, r_Dateparts_for_datetime_functions.
#include <fmt/format.h>

#include <map>

#include "base/error.h"
#include "embedded/functions_calendar.h"
#include "embedded/functions_emit.h"
#include "engine/zones.h"

namespace garland::embedded {
namespace {

bool is_time(const Type& type) { return type.id == TypeId::kTime || type.id == TypeId::kTimeTz; }

const std::string& part_of(const Emission& e) { return e.constant(0, "a date part that is not constant"); }

[[noreturn]] void refuse_part(const Emission& e, std::string_view part) {
  throw Error(kInvalidParameterValue,
              fmt::format("date part \"{}\" is not supported by function {} for this type", part, e.function));
}

DateUnit unit_argument(const Emission& e, const Type& type) {
  const std::string& part = part_of(e);
  const std::optional<DateUnit> unit = unit_of(part);
  if (!unit || (is_time(type) && *unit > DateUnit::kHour)) refuse_part(e, part);
  return *unit;
}

/// µs of a unit of fixed length, or 0.
int64_t fixed_micros(DateUnit unit) {
  switch (unit) {
    case DateUnit::kMicrosecond:
      return 1;
    case DateUnit::kMillisecond:
      return 1000;
    case DateUnit::kSecond:
      return kMicrosPerSecond;
    case DateUnit::kMinute:
      return 60 * kMicrosPerSecond;
    case DateUnit::kHour:
      return 3600 * kMicrosPerSecond;
    case DateUnit::kDay:
      return kMicrosPerDay;
    case DateUnit::kWeek:
      return 7 * kMicrosPerDay;
    default:
      return 0;
  }
}

void emit_dateadd(const Emission& e) {
  const DateUnit unit = unit_argument(e, e.type(2));
  const std::string count = fmt::format("CAST({} AS BIGINT)", e.sql(1));
  const int64_t micros = fixed_micros(unit);
  if (e.type(2).id == TypeId::kTimeTz) {
    e.out += cast_sql(fmt::format("g_timetz_add({}, {}, CAST({} AS BIGINT))", e.sql(2), count, micros), e.result);
  } else if (micros != 0) {
    e.out += fmt::format("g_add_micros({}, {}, CAST({} AS BIGINT))", e.sql(2), count, micros);
  } else if (unit == DateUnit::kMonth || unit == DateUnit::kQuarter) {
    e.out += fmt::format("g_add_months({}, {} * {})", e.sql(2), count, unit == DateUnit::kMonth ? 1 : 3);
  } else {
    const int years = unit == DateUnit::kYear      ? 1
                      : unit == DateUnit::kDecade  ? 10
                      : unit == DateUnit::kCentury ? 100
                                                   : 1000;
    e.out += fmt::format("g_add_years({}, {} * {})", e.sql(2), count, years);
  }
}

void emit_datediff(const Emission& e) {
  const DateUnit unit = unit_argument(e, e.type(1));
  const bool zoned = e.type(1).id == TypeId::kTimeTz;
  const std::string_view shape = zoned ? "g_diff_{}(g_time_utc({}), g_time_utc({}))" : "g_diff_{}({}, {})";
  e.out += fmt::format(fmt::runtime(shape), unit_name(unit), e.sql(1), e.sql(2));
}

/// The value without its zone: a moment in UTC, a time of day as it stands.
std::string local_sql(const Emission& e, size_t index) {
  if (e.type(index).id == TypeId::kTimestampTz) return fmt::format("g_local({})", e.sql(index));
  if (e.type(index).id == TypeId::kTimeTz) return fmt::format("g_time_local({})", e.sql(index));
  return std::string(e.sql(index));
}

/// What a part is of `{0}`. `whole`: EXTRACT's, integers without the higher and lower parts; else DATE_PART's.
std::string_view part_template(std::string_view part, bool whole) {
  static const std::map<std::string_view, std::string_view> kParts{
      {"year", "year({0})"},
      {"quarter", "quarter({0})"},
      {"month", "month({0})"},
      {"week", "week({0})"},
      {"dow", "dayofweek({0})"},
      {"doy", "dayofyear({0})"},
      {"day", "day({0})"},
      {"hour", "hour({0})"},
      {"minute", "minute({0})"},
      {"decade", "(g_diff_decade(CAST('0001-01-01' AS TIMESTAMP), {0}) + 1)"},
      {"century", "(g_diff_century(CAST('0001-01-01' AS TIMESTAMP), {0}) + 1)"},
      {"millennium", "(g_diff_millennium(CAST('0001-01-01' AS TIMESTAMP), {0}) + 1)"},
  };
  if (part == "second") return whole ? "second({0})" : "(CAST(microsecond({0}) AS DOUBLE) / 1000000)";
  if (part == "millisecond")
    return whole ? "(microsecond({0}) // 1000 % 1000)" : "(CAST(microsecond({0}) AS DOUBLE) / 1000)";
  if (part == "microsecond") return whole ? "(microsecond({0}) % 1000)" : "(microsecond({0}) % 1000000)";
  if (part == "epoch") return whole ? "(epoch_us({0}) // 1000000)" : "epoch({0})";
  const auto found = kParts.find(part);
  return found == kParts.end() ? std::string_view() : found->second;
}

/// TIMEZONE, TIMEZONE_HOUR, TIMEZONE_MINUTE: the distance from UTC; moments are kept in UTC.
bool emit_zone_part(const Emission& e, std::string_view part) {
  if (!part.starts_with("timezone")) return false;
  const TypeId id = e.type(1).id;
  if (id != TypeId::kTimeTz && id != TypeId::kTimestampTz) refuse_part(e, part);
  const std::string seconds = id == TypeId::kTimeTz
                                  ? fmt::format("g_time_zone({})", e.sql(1))
                                  : fmt::format("CASE WHEN {} IS NOT NULL THEN CAST(0 AS INTEGER) END", e.sql(1));
  const std::string_view shape = part == "timezone"        ? "{}"
                                 : part == "timezone_hour" ? "({} // 3600)"
                                                           : "({} % 3600 // 60)";
  e.out += cast_sql(fmt::format(fmt::runtime(shape), seconds), e.result);
  return true;
}

void emit_part(const Emission& e) {
  const std::string& part = part_of(e);
  if (emit_zone_part(e, part)) return;
  const Type& type = e.type(1);
  const std::string_view text = part_template(part, e.function == "extract");
  const std::optional<DateUnit> unit = unit_of(part);
  const bool of_time = part == "epoch" || (unit && *unit <= DateUnit::kHour);
  if (text.empty() || (is_time(type) && !of_time)) refuse_part(e, part);
  const bool plain = unit && *unit <= DateUnit::kYear && *unit != DateUnit::kWeek && *unit != DateUnit::kQuarter;
  if (type.is_interval() && !plain && part != "epoch") refuse_part(e, part);
  e.out += cast_sql(fmt::format(fmt::runtime(text), local_sql(e, 1)), e.result);
}

void emit_date_trunc(const Emission& e) {
  const std::string& part = part_of(e);
  const std::optional<DateUnit> unit = unit_of(part);
  if (!unit) refuse_part(e, part);
  if (*unit >= DateUnit::kDecade) {
    e.out += fmt::format("g_trunc_{}({})", part, e.sql(1));
  } else {
    const std::string cut = fmt::format("CAST(date_trunc('{}', {}) AS TIMESTAMP)", part, local_sql(e, 1));
    e.out += e.result.id == TypeId::kTimestampTz ? fmt::format("g_utc({})", cut) : cut;
  }
}

// A zone's name and its shift in seconds east of UTC, which is 0 where DuckDB's own zone data has the name.
struct ZoneSql {
  std::string name, shift;
};

ZoneSql zone_of(const Argument& zone) {
  if (!zone.is_constant || !zone.text) {
    return {fmt::format("g_zone_name({})", zone.sql), fmt::format("g_zone_shift({})", zone.sql)};
  }
  const std::optional<int32_t> fixed = engine::fixed_zone(*zone.text);
  return {fixed ? "'UTC'" : std::string(zone.sql), fixed.value_or(0) == 0 ? "" : std::to_string(*fixed)};
}

std::string shifted(const std::string& sql, const std::string& shift, std::string_view sign) {
  if (shift.empty()) return sql;
  return fmt::format("g_add_micros({}, CAST({}({}) AS BIGINT), CAST(1000000 AS BIGINT))", sql, sign, shift);
}

/// A TIMESTAMP of the zone as TIMESTAMPTZ.
std::string from_zone(const Argument& zone, const std::string& local) {
  const ZoneSql sql = zone_of(zone);
  return fmt::format("timezone({}, {})", sql.name, shifted(local, sql.shift, "-"));
}

/// A TIMESTAMPTZ as the zone's TIMESTAMP.
std::string to_zone(const Argument& zone, const std::string& moment) {
  const ZoneSql sql = zone_of(zone);
  return shifted(fmt::format("timezone({}, {})", sql.name, moment), sql.shift, "");
}

/// AT TIME ZONE (value, zone), TIMEZONE (zone, value), CONVERT_TIMEZONE ([source,] target, value).
bool emit_zone_function(const Emission& e) {
  if (e.function == "convert_timezone") {
    const std::string value(e.sql(e.count() - 1));
    const std::string moment = e.count() == 3 ? from_zone(e.arguments[0], value) : fmt::format("g_utc({})", value);
    e.out += to_zone(e.arguments[e.count() - 2], moment);
    return true;
  }
  if (e.function != "timezone" && e.function != "at time zone") return false;
  const size_t zone = e.function == "timezone" ? 0 : 1;
  const std::string value(e.sql(1 - zone));
  const bool zoned = e.type(1 - zone).id == TypeId::kTimestampTz;
  e.out += zoned ? to_zone(e.arguments[zone], value) : from_zone(e.arguments[zone], value);
  return true;
}

void emit_to_char(const Emission& e) {
  const Type& type = e.type(0);
  if (type.is_interval()) e.refuse("an interval");
  e.call(type.is_numeric() ? "g_to_char_number" : "g_to_char");
}

}  // namespace

bool emit_date_function(const Emission& e) {
  if (emit_zone_function(e)) return true;
  if (e.function == "dateadd") return emit_dateadd(e), true;
  if (e.function == "datediff") return emit_datediff(e), true;
  if (e.function == "date_part" || e.function == "extract") return emit_part(e), true;
  if (e.function == "date_trunc") return emit_date_trunc(e), true;
  if (e.function == "to_char") return emit_to_char(e), true;
  if (e.function == "to_date" || e.function == "to_timestamp") {
    e.out += fmt::format("g_{}_format({}, {}, {})", e.function, guarded_sql(e.arguments[0]), e.sql(1),
                         e.count() > 2 ? e.sql(2) : "false");
    return true;
  }
  return false;
}

}  // namespace garland::embedded
