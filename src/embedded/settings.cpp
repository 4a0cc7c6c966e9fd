#include "embedded/settings.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/ascii.h"
#include "base/error.h"

namespace garland::embedded {

namespace {

enum class Kind { kText, kBoolean, kNumber, kPercent, kSearchPath, kTimeZone, kDateStyle, kEncoding, kFixed };

struct Known {
  const char* name;
  const char* value;
  Kind kind;
  bool in_plans = false;
};

// kFixed: other values would change answers in ways Garland does not do.
// Some are kept for what they are on a cluster and change nothing here: docs/fidelity.md.
constexpr Known kKnown[] = {
    {"analyze_threshold_percent", "10", Kind::kPercent},
    {"application_name", "", Kind::kText},
    {"client_encoding", "UTF8", Kind::kEncoding},
    {"cast_super_null_on_error", "on", Kind::kBoolean, true},
    {"datashare_break_glass_session_var", "", Kind::kText},
    {"datestyle", "ISO, MDY", Kind::kDateStyle},
    {"default_transaction_isolation", "serializable", Kind::kFixed},
    {"describe_field_name_in_uppercase", "off", Kind::kFixed},
    {"enable_case_sensitive_identifier", "off", Kind::kBoolean, true},
    {"enable_case_sensitive_super_attribute", "off", Kind::kBoolean, true},
    {"enable_result_cache_for_session", "on", Kind::kBoolean},
    {"enable_vacuum_boost", "off", Kind::kBoolean},
    {"error_on_nondeterministic_update", "off", Kind::kBoolean, true},
    {"extra_float_digits", "0", Kind::kNumber},
    {"integer_datetimes", "on", Kind::kFixed},
    {"json_parse_dedup_attributes", "off", Kind::kBoolean, true},
    {"json_parse_truncate_strings", "off", Kind::kBoolean, true},
    {"navigate_super_null_on_error", "on", Kind::kBoolean, true},
    {"parse_super_null_on_error", "off", Kind::kBoolean, true},
    {"json_serialization_enable", "off", Kind::kBoolean},
    {"json_serialization_parse_nested_strings", "off", Kind::kBoolean},
    {"max_concurrency_scaling_clusters", "1", Kind::kNumber},
    {"max_cursor_result_set_size", "0", Kind::kNumber},
    {"mv_enable_aqmv_for_session", "on", Kind::kBoolean},
    {"query_group", "unset", Kind::kText},
    {"search_path", "$user, public", Kind::kSearchPath, true},
    {"server_encoding", "UTF8", Kind::kFixed},
    {"server_version", "8.0.2", Kind::kFixed},
    {"spectrum_enable_pseudo_columns", "on", Kind::kBoolean},
    {"spectrum_query_maxerror", "-1", Kind::kNumber},
    {"standard_conforming_strings", "on", Kind::kFixed},
    {"statement_timeout", "0", Kind::kNumber},
    {"timezone", "UTC", Kind::kTimeZone},
    {"transaction_isolation", "serializable", Kind::kFixed},
    {"wlm_query_slot_count", "1", Kind::kNumber},
};

const Known* find_known(std::string_view name) {
  const auto* found = std::ranges::find_if(kKnown, [&](const Known& known) { return known.name == name; });
  return found == std::end(kKnown) ? nullptr : found;
}

std::optional<bool> boolean(const std::string& value) {
  const std::string text = ascii_lower(value);
  if (text == "on" || text == "true" || text == "1" || text == "yes") return true;
  if (text == "off" || text == "false" || text == "0" || text == "no") return false;
  return std::nullopt;
}

Error bad_value(const std::string& name, const std::string& value) {
  return Error(kInvalidParameterValue, "invalid value for parameter \"" + name + "\": \"" + value + "\"");
}

Error unknown(std::string_view name) {
  return Error(kUndefinedObject, "unrecognized configuration parameter \"" + std::string(name) + "\"")
      .hint("Settings of your own have a dot in their name: app.name.");
}

int64_t number(const std::string& name, const std::string& value) {
  int64_t result = 0;
  const auto [end, code] = std::from_chars(value.data(), value.data() + value.size(), result);
  const bool negative_allowed = name == "extra_float_digits" || name == "spectrum_query_maxerror";
  if (code != std::errc() || end != value.data() + value.size() || (result < 0 && !negative_allowed)) {
    throw bad_value(name, value);
  }
  return result;
}

void check_percent(const std::string& name, const std::string& value) {
  double result = 0;
  const auto [end, code] = std::from_chars(value.data(), value.data() + value.size(), result);
  if (code != std::errc() || end != value.data() + value.size() || !(result >= 0 && result <= 100)) {
    throw bad_value(name, value);
  }
}

/// "a, \"B c\"" → the names.
std::vector<std::string> split_names(std::string_view text) {
  std::vector<std::string> names;
  std::string name;
  bool quoted = false;
  for (char c : text) {
    if (c == '"') {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      if (!name.empty()) names.push_back(std::move(name));
      name.clear();
    } else if (c != ' ' || quoted) {
      name += c;
    }
  }
  if (!name.empty()) names.push_back(std::move(name));
  return names;
}

}  // namespace

Settings::Settings(std::function<bool(const std::string&)> known_time_zone)
    : known_time_zone_(std::move(known_time_zone)) {
  for (const Known& known : kKnown) values_[known.name] = known.value;
  settle();
}

std::string Settings::checked(const std::string& name, std::string value) const {
  const Known* known = find_known(name);
  if (!known) return value;
  switch (known->kind) {
    case Kind::kText:
    case Kind::kSearchPath:
      return value;
    case Kind::kNumber:
      number(name, value);
      return value;
    case Kind::kPercent:
      check_percent(name, value);
      return value;
    case Kind::kBoolean: {
      const auto truth = boolean(value);
      if (!truth) throw bad_value(name, value);
      return *truth ? "on" : "off";
    }
    case Kind::kTimeZone:
      if (!known_time_zone_(value)) throw bad_value(name, value);
      return ascii_lower(value) == "utc" ? "UTC" : value;
    case Kind::kDateStyle:
      if (ascii_lower(value).substr(0, 3) != "iso")
        throw Error(kFeatureNotSupported, "datestyle other than ISO is not supported");
      if (ascii_lower(value).find("dmy") != std::string::npos || ascii_lower(value).find("ymd") != std::string::npos) {
        throw Error(kFeatureNotSupported, "datestyle other than ISO, MDY is not supported");
      }
      return "ISO, MDY";
    case Kind::kEncoding: {
      const std::string encoding = ascii_lower(value);
      if (encoding != "utf8" && encoding != "utf-8" && encoding != "unicode") {
        throw Error(kFeatureNotSupported, "client_encoding other than UTF8 is not supported");
      }
      return "UTF8";
    }
    case Kind::kFixed:
      break;
  }
  const bool same = ascii_lower(value) == ascii_lower(known->value) ||
                    (boolean(value).has_value() && boolean(value) == boolean(known->value));
  if (!same) throw Error(kFeatureNotSupported, name + " other than " + known->value + " is not supported");
  return known->value;
}

void Settings::set(const std::string& given, const std::vector<std::string>& values, bool local) {
  const std::string name = ascii_lower(given);
  const Known* known = find_known(name);
  if (!known && name.find('.') == std::string::npos) throw unknown(given);
  std::string value;
  for (const std::string& part : values) value += (value.empty() ? "" : ", ") + part;
  if (values.empty()) value = known ? known->value : "";
  value = checked(name, std::move(value));
  if (local) {
    if (!in_transaction_) return;  // as PostgreSQL: without a transaction it has no effect
    if (!has_local_) without_local_ = values_;
    has_local_ = true;
  } else if (has_local_) {
    without_local_[name] = value;
  }
  assign(name, std::move(value));
}

void Settings::reset(const std::string& given) {
  const std::string name = ascii_lower(given);
  if (name == "all") {
    for (const Known& known : kKnown) set(known.name, {}, false);
    std::erase_if(values_, [](const auto& entry) { return !find_known(entry.first); });
    return;
  }
  set(name, {}, false);
  if (!find_known(name)) values_.erase(name);
}

void Settings::assign(const std::string& name, std::string value) {
  values_[name] = std::move(value);
  settle();
}

void Settings::settle() {
  // Only what plans depend on makes them stale: SET app.x before every statement is common.
  std::string plans;
  for (const Known& known : kKnown) {
    if (known.in_plans) plans += values_.find(known.name)->second + '\n';
  }
  if (plans == settled_) return;
  settled_ = std::move(plans);
  search_path_ = split_names(values_.find("search_path")->second);
  ++plan_generation_;
}

bool Settings::has(std::string_view name) const { return values_.contains(ascii_lower(name)); }

std::string Settings::show(std::string_view name) const {
  const auto found = values_.find(ascii_lower(name));
  if (found == values_.end()) throw unknown(name);
  return found->second;
}

std::map<std::string, std::string> Settings::all() const { return {values_.begin(), values_.end()}; }

void Settings::begin_transaction() {
  at_begin_ = values_;
  in_transaction_ = true;
  has_local_ = false;
}

void Settings::end_transaction(bool committed) {
  if (!in_transaction_) return;
  in_transaction_ = false;
  if (!committed) {
    values_ = std::move(at_begin_);
    settle();
  } else if (has_local_) {
    values_ = std::move(without_local_);
    settle();
  }
  has_local_ = false;
}

int64_t Settings::statement_timeout_ms() const {
  return number("statement_timeout", values_.find("statement_timeout")->second);
}

semantics::SuperRules Settings::super_rules() const {
  const auto on = [this](const char* name) { return values_.find(name)->second == "on"; };
  return {.case_sensitive_identifiers = on("enable_case_sensitive_identifier"),
          .case_sensitive_attributes = on("enable_case_sensitive_super_attribute"),
          .strict_navigation = !on("navigate_super_null_on_error"),
          .strict_casts = !on("cast_super_null_on_error"),
          .null_on_parse_error = on("parse_super_null_on_error"),
          .dedup_attributes = on("json_parse_dedup_attributes"),
          .truncate_strings = on("json_parse_truncate_strings")};
}

sql::QuotedNames Settings::quoted_names() const {
  const bool keep = values_.find("enable_case_sensitive_identifier")->second == "on";
  return keep ? sql::QuotedNames::kKeep : sql::QuotedNames::kFold;
}

const std::string& Settings::time_zone() const { return values_.find("timezone")->second; }

bool Settings::error_on_nondeterministic_update() const {
  return values_.find("error_on_nondeterministic_update")->second == "on";
}

}  // namespace garland::embedded
