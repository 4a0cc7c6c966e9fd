// Guide pages Date_functions_header, r_Data_type_formatting, r_Dateparts_for_datetime_functions.
#include <algorithm>

#include "base/error.h"
#include "semantics/function_table.h"

namespace garland::semantics {
namespace {

using engine::TypeId;
constexpr auto kInteger = rule::fixed<TypeId::kInteger>;
constexpr auto kBigint = rule::fixed<TypeId::kBigint>;
constexpr auto kDouble = rule::fixed<TypeId::kDouble>;
constexpr auto kDate = rule::fixed<TypeId::kDate>;
constexpr auto kTimestamp = rule::fixed<TypeId::kTimestamp>;
constexpr auto kTimestampTz = rule::fixed<TypeId::kTimestampTz>;
constexpr auto kScalar = FunctionKind::kScalar;

/// Dates become timestamps; the rest keeps its type.
Type third(const TypedCall& call) { return call.types[2]; }

/// EXTRACT gives INTEGER (r_EXTRACT_function); seconds since 1970 need more.
Type extracted(const TypedCall& call) {
  const std::string* part = call.constants.empty() ? nullptr : call.constants[0];
  return Type::of(part && canonical_date_part(*part) == "epoch" ? TypeId::kBigint : TypeId::kInteger);
}

/// TO_NUMBER: a DECIMAL with the digits of the format ('9' and '0', and after the point of '.' or 'D').
Type number_of_format(const TypedCall& call) {
  if (call.constants.size() < 2 || !call.constants[1]) return Type::decimal(kMaxDecimalPrecision, 0);
  int digits = 0, scale = 0;
  bool fraction = false;
  for (const char c : *call.constants[1]) {
    if (c == '.' || c == 'D' || c == 'd') fraction = true;
    if (c != '9' && c != '0') continue;
    ++digits;
    if (fraction) ++scale;
  }
  const int precision = std::clamp(digits, 1, kMaxDecimalPrecision);
  return Type::decimal(precision, std::min(scale, precision));
}

/// TEXT_TO_NUMERIC_ALT: its last two arguments, when there are three or more, are the precision and the scale.
Type alternative_number(const TypedCall& call) {
  if (call.types.size() < 3) return Type::decimal(kMaxDecimalPrecision, 0);
  const std::optional<int64_t> precision = call.integer(call.types.size() - 2);
  const std::optional<int64_t> scale = call.integer(call.types.size() - 1);
  if (!precision || !scale || *precision < 1 || *precision > kMaxDecimalPrecision || *scale < 0 ||
      *scale > std::min<int64_t>(*precision, kMaxDecimalScale)) {
    throw Error(kInvalidParameterValue, "precision and scale of text_to_numeric_alt must be constants in range");
  }
  return Type::decimal(static_cast<int>(*precision), static_cast<int>(*scale));
}

constexpr auto kText = rule::text<256>;

constexpr Overload kDates[] = {
    {"dateadd", "", "piT", third},
    {"dateadd", "", "piZ", third},
    {"dateadd", "", "pit", third},
    {"dateadd", "", "piu", third},
    {"date_add", "dateadd", "piT", third},
    {"datediff", "", "pTT", kBigint},
    {"datediff", "", "pZZ", kBigint},
    {"datediff", "", "ptt", kBigint},
    {"datediff", "", "puu", kBigint},
    {"date_diff", "datediff", "pTT", kBigint},
    {"date_part", "", "pT", kDouble},
    {"date_part", "", "pZ", kDouble},
    {"date_part", "", "pt", kDouble},
    {"date_part", "", "pu", kDouble},
    {"date_part", "", "pI", kDouble},
    {"pgdate_part", "date_part", "pT", kDouble},
    {"extract", "", "pT", extracted},
    {"extract", "", "pZ", kDouble},
    {"extract", "", "pt", kInteger},
    {"extract", "", "pu", kInteger},
    {"extract", "", "pI", extracted},
    {"date_trunc", "", "pT", kTimestamp},
    {"date_trunc", "", "pZ", kTimestampTz},
    {"date_part_year", "", "D", kInteger},
    {"add_months", "", "Ti", kTimestamp},
    {"add_months", "", "Zi", kTimestampTz},
    {"last_day", "", "D", kDate},
    {"last_day", "", "T", kDate},
    {"next_day", "", "Ds", kDate},
    {"next_day", "", "Ts", kDate},
    {"months_between", "", "TT", kDouble},
    {"trunc", "trunc_date", "T", kDate},
    {"to_date", "", "ss[b", kDate},
    {"to_timestamp", "", "ss[b", kTimestampTz},
    {"to_char", "", "Ts", kText},
    {"to_char", "", "Zs", kText},
    {"to_char", "", "ns", kText},
    {"to_char", "", "Is", kText},
    {"to_number", "", "ss", number_of_format},
    {"text_to_int_alt", "", "s[s", kInteger},
    {"text_to_numeric_alt", "", "s[s", alternative_number},
    {"text_to_numeric_alt", "", "sii", alternative_number},
    {"text_to_numeric_alt", "", "ssii", alternative_number},
    {"timezone", "", "sT", kTimestampTz},
    {"timezone", "", "sZ", kTimestamp},
    {"convert_timezone", "", "sT", kTimestamp},
    {"convert_timezone", "", "ssT", kTimestamp},
    {"date_cmp", "compare_values", "DD", kInteger},
    {"date_cmp_timestamp", "compare_values", "TT", kInteger},
    {"date_cmp_timestamptz", "compare_values", "ZZ", kInteger},
    {"timestamp_cmp", "compare_values", "TT", kInteger},
    {"timestamp_cmp_date", "compare_values", "TT", kInteger},
    {"timestamp_cmp_timestamptz", "compare_values", "ZZ", kInteger},
    {"timestamptz_cmp", "compare_values", "ZZ", kInteger},
    {"timestamptz_cmp_date", "compare_values", "ZZ", kInteger},
    {"timestamptz_cmp_timestamp", "compare_values", "ZZ", kInteger},
    {"interval_cmp", "", "II", kInteger},
    {"getdate", "", "", kTimestamp, kScalar, 0, "getdate"},
    {"sysdate", "", "", kTimestamp, kScalar, 0, "sysdate"},
    {"current_date", "", "", kDate, kScalar, 0, "current_date"},
    {"current_timestamp", "", "", kTimestampTz, kScalar, kLeaderOnly, "current_timestamp"},
    {"now", "", "", kTimestampTz, kScalar, kLeaderOnly, "current_timestamp"},
    {"localtimestamp", "", "", kTimestamp, kScalar, kLeaderOnly, "localtimestamp"},
};

}  // namespace

std::span<const Overload> date_functions() { return kDates; }

}  // namespace garland::semantics
