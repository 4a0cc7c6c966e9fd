#include "printed.h"

#include <algorithm>
#include <regex>

#include "engine/text_scan.h"

namespace garland::conformance {

namespace {

using engine::trim_blanks;

std::vector<std::string> lines_of(std::string output) {
  for (const std::string_view blank : {"\u00a0", "\u2003"}) {
    for (size_t at; (at = output.find(blank)) != std::string::npos;) output.replace(at, blank.size(), " ");
  }
  std::vector<std::string> lines;
  std::string_view text = output;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.remove_suffix(1);
    lines.emplace_back(line);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  while (!lines.empty() && trim_blanks(lines.back()).empty()) lines.pop_back();
  while (!lines.empty() && trim_blanks(lines.front()).empty()) lines.erase(lines.begin());
  return lines;
}

bool is_rule(std::string_view line) {
  return line.find("--") != std::string_view::npos && line.find_first_not_of("-+| \t") == std::string_view::npos;
}

bool is_gap(std::string_view line) {
  line = trim_blanks(line);
  return line == "..." || line == "…" || line == ". . ." || line == ".." || line == "....";
}

/// "(3 rows)", "(1row)", "(1 row))"; the number, or nothing.
std::optional<size_t> footer(const std::string& line) {
  static const std::regex kFooter(R"(^\s*\(?([0-9][0-9,]*)\s*(rows?|record\(?s?\)?)\s*(selected)?\)*;?\s*$)",
                                  std::regex::icase);
  std::smatch found;
  if (!std::regex_match(line, found, kFooter)) return std::nullopt;
  std::string digits = found[1];
  std::erase(digits, ',');
  return std::stoul(digits);
}

/// The text behind "ERROR:", when some line is one.
std::optional<std::string> error_of(const std::vector<std::string>& lines) {
  static const std::regex kError(R"(^\s*(\[[^\]]*\]\s*)?(error:|invalid operation:)\s*(.*)$)", std::regex::icase);
  for (const std::string& line : lines) {
    std::smatch found;
    if (std::regex_match(line, found, kError)) return found[3];
    if (line.find("An error occurred") != std::string::npos) return "";
  }
  return std::nullopt;
}

std::optional<std::string> notice_of(const std::string& line) {
  static const std::regex kNotice(R"(^\s*(info|notice|warning):\s*(.*)$)", std::regex::icase);
  std::smatch found;
  if (!std::regex_match(line, found, kNotice)) return std::nullopt;
  return found[2];
}

void read_table(const std::vector<std::string>& lines, Printed& printed) {
  printed.kind = Printed::Kind::kTable;
  const auto rule = std::ranges::find_if(lines, is_rule);
  size_t at = 1;
  if (rule != lines.end()) {
    printed.rule = *rule;
    at = static_cast<size_t>(rule - lines.begin()) + 1;
    if (at > 1) printed.header = lines[at - 2];
  } else {
    printed.header = lines.front();
  }
  for (; at < lines.size(); ++at) {
    if ((printed.count = footer(lines[at]))) return;
    if (is_gap(lines[at])) {
      printed.gap = printed.lines.size();
    } else {
      printed.lines.push_back(lines[at]);
    }
  }
}

std::vector<std::string> cut(std::string_view line, char bar) {
  std::vector<std::string> fields;
  for (size_t end; (end = line.find(bar)) != std::string_view::npos; line.remove_prefix(end + 1))
    fields.emplace_back(trim_blanks(line.substr(0, end)));
  fields.emplace_back(trim_blanks(line));
  return fields;
}

/// Fields parted by two blanks or more.
std::vector<std::string> cut_at_gaps(std::string_view line) {
  std::vector<std::string> fields;
  line = trim_blanks(line);
  while (!line.empty()) {
    const size_t end = std::min({line.find("  "), line.find('\t'), line.size()});
    fields.emplace_back(trim_blanks(line.substr(0, end)));
    line = trim_blanks(line.substr(end));
  }
  return fields;
}

/// Fields below the parts of the rule, which `mark` or blanks separate.
std::vector<std::string> cut_below_rule(std::string_view rule, std::string_view line, char mark) {
  std::vector<std::string> fields;
  size_t begin = 0;
  for (size_t end; (end = rule.find(mark, begin)) != std::string_view::npos; begin = end + 1)
    fields.emplace_back(trim_blanks(line.substr(std::min(begin, line.size()), end - begin)));
  fields.emplace_back(trim_blanks(line.substr(std::min(begin, line.size()))));
  return fields;
}

}  // namespace

Printed read_printed(std::string_view output) {
  Printed printed;
  const std::vector<std::string> lines = lines_of(std::string(output));
  if (lines.empty() || std::ranges::all_of(lines, is_gap)) return printed;
  if (auto error = error_of(lines)) {
    printed.kind = Printed::Kind::kError;
    printed.message = *error;
    return printed;
  }
  if (std::ranges::all_of(lines, [](const std::string& line) { return line.empty() || notice_of(line); })) {
    printed.kind = Printed::Kind::kNotices;
    for (const std::string& line : lines) {
      if (auto notice = notice_of(line)) printed.notices.push_back(*notice);
    }
    return printed;
  }
  read_table(lines, printed);
  return printed;
}

std::optional<std::vector<std::string>> fields_of(const Printed& printed, std::string_view line, size_t columns) {
  std::string_view whole = trim_blanks(line);
  if (columns == 1) {
    if (whole.size() > 1 && whole.front() == '|' && whole.back() == '|') whole = whole.substr(1, whole.size() - 2);
    return std::vector<std::string>{std::string(trim_blanks(whole))};
  }
  std::vector<std::string> fields = cut(line, '|');
  if (fields.size() == columns) return fields;
  if (fields.size() == columns + 2 && fields.front().empty() && fields.back().empty())
    return std::vector<std::string>(fields.begin() + 1, fields.end() - 1);
  if (fields.size() == columns + 1 && fields.back().empty()) return fields.pop_back(), fields;
  for (const char mark : {'+', ' '}) {
    fields = cut_below_rule(trim_blanks(printed.rule), line, mark);
    if (fields.size() == columns) return fields;
  }
  for (const std::vector<std::string>& others : {cut_at_gaps(line), cut(trim_blanks(line), ' ')}) {
    if (others.size() == columns) return others;
  }
  return std::nullopt;
}

}  // namespace garland::conformance
