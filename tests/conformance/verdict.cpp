#include "verdict.h"

#include <algorithm>
#include <array>
#include <regex>

#include "base/error.h"
#include "compare.h"
#include "printed.h"
#include "sql/parser.h"

namespace garland::conformance {

namespace {

constexpr size_t kMostRowsShown = 60;

bool any_in(const std::set<std::string>& names, const std::set<std::string>& wanted) {
  return std::ranges::any_of(names, [&](const std::string& name) { return wanted.contains(name); });
}

bool parses(const std::string& text) {
  try {
    for (const sql::Span span : sql::split_statements(text))
      sql::parse_statement(std::string_view(text).substr(span.begin, span.end - span.begin));
    return true;
  } catch (const Error&) {
    return false;
  }
}

/// The states that say that an object is not there.
bool is_absence(const std::string& state) {
  constexpr std::array<std::string_view, 6> kAbsent = {"42P01", "3F000", "3D000", "42704", "26000", "34000"};
  return std::ranges::find(kAbsent, state) != kAbsent.end();
}

/// The object that an error says is not there: its name's last part.
std::string absent_name(const std::string& message) {
  static const std::regex kAbsent(
      "^(cursor|database|function|group|materialized view|policy|prepared "
      "statement|procedure|relation|role|schema|table|"
      "user|view|masking policy|RLS policy) \"([^\"]+)\" (does not exist|not found)",
      std::regex::icase);
  std::smatch found;
  if (!std::regex_search(message, found, kAbsent)) return "";
  std::string name = found[2];
  return name.substr(name.rfind('.') + 1);
}

bool is_system_name(const std::string& name) {
  static const std::regex kSystem("^(stl|stv|svl|svv|svcs|sys|pg|has|information|st)_.*");
  return std::regex_match(name, kSystem);
}

/// The object that the statement lacks is one that neither the guide's tables nor the page gives.
bool is_not_given(const Answer& answer, const Given& given) {
  if (!is_absence(answer.sqlstate)) return false;
  const std::string name = absent_name(answer.message);
  return !name.empty() && !given.is_made(name) && !is_system_name(name);
}

Judged refusal(const Mentions& mentions, const Answer& answer, const Given& given, Judged judged) {
  judged.verdict = answer.sqlstate == "0A000" ? Verdict::kRefused : Verdict::kWronglyRefused;
  judged.note = answer.sqlstate + " " + answer.message;
  if (!judged.is_parsed) return judged;
  if (given.rests_on_foreign(mentions)) {
    judged.note += " (it uses what a statement out of scope makes)";
  } else if (mentions.reads_files && answer.sqlstate != "0A000" && answer.sqlstate != "42601") {
    judged.note += " (the files are not given)";
  } else if (is_not_given(answer, given)) {
    judged.note += " (not given)";
  } else {
    return judged;
  }
  judged.verdict = Verdict::kUntestable;
  judged.is_output_judged = false;
  return judged;
}

/// Our refusal by name is no answer to an error that the guide shows, unless it says the same.
bool is_mere_refusal(const Printed& printed, const Answer& answer) {
  if (answer.sqlstate != "0A000") return false;
  static const std::regex kYet("supported yet", std::regex::icase);
  std::string ours = answer.message.substr(0, answer.message.find_last_not_of('.') + 1);
  return std::regex_search(ours, kYet) && printed.message.find(ours) == std::string::npos;
}

Judged judge_error(const Printed& printed, const Answer& answer, Judged judged) {
  if (!answer.failed) {
    judged.verdict = Verdict::kWronglyAccepted;
    judged.note = "the guide shows an error: " + printed.message;
  } else if (is_mere_refusal(printed, answer)) {
    judged.verdict = Verdict::kRefused;
    judged.note = answer.message;
  } else if (is_absence(answer.sqlstate) && printed.message.find("exist") == std::string::npos) {
    judged.verdict = Verdict::kWronglyRefused;
    judged.note = answer.message + ", the guide shows another error: " + printed.message;
  } else {
    judged.verdict = Verdict::kRight;
    judged.is_parsed = true;
    judged.note = answer.sqlstate + " " + answer.message + " ~ " + printed.message;
  }
  return judged;
}

/// Why the printed output says nothing about ours; empty when it does.
std::string not_comparable(const Mentions& mentions, const Given& given, bool is_error, bool is_output_in_scope) {
  if (!is_output_in_scope) return "the output shows the guide's own cluster";
  if (given.rests_on_foreign(mentions)) return "it uses what a statement out of scope makes";
  if (is_error) return "";
  if (given.lacks_data(mentions)) return "the output is over missing tables";
  if (mentions.is_volatile) return "the output is not deterministic";
  if (mentions.is_cut) return "LIMIT without ORDER BY";
  return "";
}

}  // namespace

std::string_view name_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::kRight:
      return "right";
    case Verdict::kRan:
      return "ran";
    case Verdict::kDifferent:
      return "different";
    case Verdict::kRefused:
      return "refused";
    case Verdict::kWronglyRefused:
      return "wrongly refused";
    case Verdict::kWronglyAccepted:
      return "wrongly accepted";
    case Verdict::kApart:
      return "apart";
    case Verdict::kUntestable:
      return "untestable";
    case Verdict::kCrashed:
      return "crashed";
  }
  return "?";
}

void Given::after(const Mentions& mentions, bool is_in_scope) {
  if (mentions.target.empty()) return;
  Mentions sources = mentions;
  sources.names.erase(mentions.target);
  const bool lacks = mentions.reads_files || lacks_data(sources);
  if (!is_in_scope) {
    if (mentions.creates) foreign_.insert(mentions.target);
    return;
  }
  if (mentions.creates) {
    made_.insert(mentions.target);
    without_data_.erase(mentions.target);
    foreign_.erase(mentions.target);
  }
  if (lacks) without_data_.insert(mentions.target);
}

bool Given::lacks_data(const Mentions& mentions) const { return any_in(mentions.names, without_data_); }

bool Given::rests_on_foreign(const Mentions& mentions) const { return any_in(mentions.names, foreign_); }

Judged judge(const Example& example, const Mentions& mentions, const Answer& answer, const Given& given,
             bool is_output_in_scope) {
  Judged judged;
  judged.is_parsed = parses(example.sql);
  judged.got = show(answer, kMostRowsShown);
  const Printed printed = read_printed(example.output.value_or(""));
  const bool has_output = printed.kind != Printed::Kind::kNothing;
  const bool is_error = printed.kind == Printed::Kind::kError;
  const std::string obstacle = has_output ? not_comparable(mentions, given, is_error, is_output_in_scope) : "";
  judged.is_output_judged = has_output && obstacle.empty();
  if (is_error) return judge_error(printed, answer, judged);
  if (answer.failed) return refusal(mentions, answer, given, judged);
  if (!has_output) {
    judged.verdict = Verdict::kRan;
  } else if (!obstacle.empty()) {
    judged.verdict = given.lacks_data(mentions) ? Verdict::kApart : Verdict::kUntestable;
    judged.note = obstacle;
  } else if (auto fault = difference(printed, answer, ordering_of(example.sql, answer.columns))) {
    judged.verdict = Verdict::kDifferent;
    judged.note = *fault;
  } else {
    judged.verdict = Verdict::kRight;
    const std::string names = printed.kind == Printed::Kind::kTable ? other_names(printed, answer) : "";
    if (!names.empty()) judged.note = "the columns are named " + names;
  }
  return judged;
}

}  // namespace garland::conformance
