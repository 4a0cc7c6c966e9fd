#include "report.h"

#include <fmt/format.h>

#include <array>
#include <fstream>
#include <functional>
#include <map>

namespace garland::conformance {

namespace {

constexpr std::array kVerdicts = {
    Verdict::kRight,           Verdict::kRan,   Verdict::kDifferent,  Verdict::kRefused, Verdict::kWronglyRefused,
    Verdict::kWronglyAccepted, Verdict::kApart, Verdict::kUntestable, Verdict::kCrashed};

struct Row {
  int statements = 0, parsed = 0;
  std::map<Verdict, int> verdicts;
};

std::string table(std::string_view title, const std::map<std::string, Row>& rows, size_t width) {
  std::string text = fmt::format("{:<{}} {:>6} {:>6}", title, width, "all", "parsed");
  for (const Verdict verdict : kVerdicts) text += fmt::format(" {:>{}}", name_of(verdict), name_of(verdict).size());
  text += "\n";
  for (const auto& [name, row] : rows) {
    text += fmt::format("{:<{}} {:>6} {:>6}", name, width, row.statements, row.parsed);
    for (const Verdict verdict : kVerdicts) {
      const auto found = row.verdicts.find(verdict);
      const std::string number = found == row.verdicts.end() ? "" : std::to_string(found->second);
      text += fmt::format(" {:>{}}", number, name_of(verdict).size());
    }
    text += "\n";
  }
  return text;
}

void add(Row& row, const Judged& judged) {
  ++row.statements;
  row.parsed += judged.is_parsed;
  ++row.verdicts[judged.verdict];
}

}  // namespace

template <class F>
void Report::each(F&& f) const {
  for (size_t page = 0; page < pages_.size(); ++page) {
    for (size_t i = 0; i < pages_[page].examples.size(); ++i) f(pages_[page].examples[i], results_[page][i]);
  }
}

Sums Report::sums() const {
  Sums sums;
  each([&](const Example& example, const Judged& judged) {
    ++sums.statements_all;
    sums.parsed_all += judged.is_parsed;
    if (!scope_.holds(example)) return;
    ++sums.in_scope;
    if (exceptions_.contains({example.page, example.n})) {
      ++sums.exceptions;
      return;
    }
    ++sums.statements;
    sums.parsed += judged.is_parsed;
    if (!judged.is_output_judged) return;
    ++sums.judged;
    sums.right += judged.verdict == Verdict::kRight;
  });
  return sums;
}

std::string Report::by_kind() const {
  std::map<std::string, Row> rows;
  each([&](const Example& example, const Judged& judged) {
    add(rows[scope_.holds(example) ? example.kind : "(out of scope)"], judged);
  });
  return table("kind", rows, 20);
}

std::string Report::standing(const Example& example) const {
  if (!scope_.holds(example)) return "out of scope, ";
  const auto found = exceptions_.find({example.page, example.n});
  return found == exceptions_.end() ? "" : "exception (" + found->second + "), ";
}

void Report::write(const std::filesystem::path& file, bool shows_all) const {
  std::filesystem::create_directories(file.parent_path());
  std::ofstream out(file);
  std::map<std::string, Row> rows;
  each([&](const Example& example, const Judged& judged) { add(rows[example.page], judged); });
  out << table("page", rows, 48) << "\n";
  each([&](const Example& example, const Judged& judged) {
    const bool is_well = judged.verdict == Verdict::kRight || judged.verdict == Verdict::kRan;
    if (is_well && judged.is_parsed && !shows_all) {
      if (!judged.note.empty())
        out << fmt::format("== {} {} [{}] note: {}\n", example.page, example.n, example.kind, judged.note);
      return;
    }
    out << fmt::format("\n== {} {} [{}] {}{}{}: {}\n{}\n", example.page, example.n, example.kind, standing(example),
                       judged.is_output_judged ? "judged, " : "", name_of(judged.verdict), judged.note, example.sql);
    if (example.output) out << "-- printed\n" << *example.output << "\n";
    out << "-- got\n" << judged.got << "\n";
  });
}

std::string closing_line(const Sums& sums) {
  return fmt::format("conformance: parsed {} of {}, right {} of {} (scope), parsed {} of {} (all)", sums.parsed,
                     sums.statements, sums.right, sums.judged, sums.parsed_all, sums.statements_all);
}

}  // namespace garland::conformance
