// conformance [--file F.jsonl]: how many of the documented statements parse.
#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "base/error.h"
#include "sql/parser.h"

namespace {

using namespace garland;

/// Of the guide's 1,736 statements; raise it when more parse.
constexpr int kRecordedParsed = GARLAND_CONFORMANCE_PARSED;

struct Count {
  int parsed = 0, refused = 0, wrong = 0;
  int total() const { return parsed + refused + wrong; }
  void operator+=(const Count& other) { parsed += other.parsed, refused += other.refused, wrong += other.wrong; }
};

Count try_statement(const nlohmann::json& example, std::ofstream& report) {
  const std::string text = example["sql"];
  try {
    for (const sql::Span span : sql::split_statements(text))
      sql::parse_statement(std::string_view(text).substr(span.begin, span.end - span.begin));
    return {1, 0, 0};
  } catch (const Error& error) {
    report << fmt::format("{} {} [{}] {}: {}\n{}\n\n", std::string(example["page"]), int(example["n"]),
                          std::string(example["kind"]), error.state().text(), error.message(), text);
    return error.state() == kFeatureNotSupported ? Count{0, 1, 0} : Count{0, 0, 1};
  }
}

int run(const std::filesystem::path& file, bool is_recorded) {
  std::ifstream in(file);
  std::ofstream report("build/conformance.txt");
  std::map<std::string, Count> kinds;
  Count all;
  for (std::string line; std::getline(in, line);) {
    const nlohmann::json example = nlohmann::json::parse(line);
    const Count count = try_statement(example, report);
    kinds[example["kind"]] += count;
    all += count;
  }
  fmt::print("{:<20} {:>8} {:>8} {:>8}\n", "kind", "parsed", "refused", "errors");
  for (const auto& [kind, count] : kinds)
    fmt::print("{:<20} {:>8} {:>8} {:>8}\n", kind, count.parsed, count.refused, count.wrong);
  fmt::print(
      "conformance: parsed {} of {} (refused by name {}, syntax errors {}); the others stand in "
      "build/conformance.txt\n",
      all.parsed, all.total(), all.refused, all.wrong);
  if (!is_recorded) return 0;
  const bool ok = all.parsed >= kRecordedParsed;
  fmt::print("{} documented_statements_parse{}\n", ok ? "PASS" : "FAIL",
             ok ? "" : fmt::format(": {}, recorded were {}", all.parsed, kRecordedParsed));
  fmt::print("{} passed, {} failed, 0 skipped\n", ok ? 1 : 0, ok ? 0 : 1);
  return ok ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 3 && std::string_view(argv[1]) == "--file") return run(argv[2], false);
  const char* root = std::getenv("GARLAND_ROOT");
  const std::filesystem::path file =
      std::filesystem::path(root ? root : ".") / "../shared/conformance/documented-examples.jsonl";
  if (!std::filesystem::exists(file)) {
    fmt::print(
        "SKIP documented_statements_parse: the documented examples are not beside the repository\n0 passed, 0 failed, "
        "1 skipped\n");
    return 0;
  }
  return run(file, true);
}
