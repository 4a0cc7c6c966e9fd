#include "cli/error_screen.h"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>

#include "base/utf8.h"
#include "cli/exit_code.h"
#include "sql/redact.h"

namespace garland::cli {
namespace {

struct Excerpt {
  FilePlace place;
  std::string line;   // empty: nothing to quote
  size_t marked = 1;  // characters under the caret
};

std::string line_of_file(const std::filesystem::path& file, uint64_t number) {
  std::ifstream in(file);
  std::string line;
  for (uint64_t i = 0; i < number; ++i) {
    if (!std::getline(in, line)) return {};
  }
  return line;
}

std::string line_of_text(std::string_view text, uint64_t number) {
  size_t begin = 0;
  for (uint64_t i = 1; i < number && begin < text.size(); ++i) {
    const size_t end = text.find('\n', begin);
    if (end == std::string_view::npos) return {};
    begin = end + 1;
  }
  return std::string(text.substr(begin, text.find('\n', begin) - begin));
}

size_t byte_of_column(std::string_view line, uint64_t column) {
  size_t byte = 0;
  for (uint64_t seen = 1; byte < line.size(); ++byte) {
    if (!starts_character(line[byte])) continue;
    if (seen++ == column) break;
  }
  return byte;
}

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '$' || (c & 0x80); }

size_t word_length(std::string_view line, uint64_t column) {
  const size_t begin = byte_of_column(line, column);
  size_t end = begin;
  if (end < line.size() && line[end] == '\'') {
    end = line.find('\'', begin + 1);
    end = end == std::string_view::npos ? begin + 1 : end + 1;
  } else {
    while (end < line.size() && is_word(line[end])) ++end;
  }
  return std::max<size_t>(1, display_width(line.substr(begin, end - begin)));
}

std::optional<Excerpt> excerpt_of(const Error& error, std::string_view text, const StatementPlace& statement) {
  Excerpt excerpt;
  if (error.place()) {
    excerpt.place = *error.place();
    if (excerpt.place.line > 0 && excerpt.place.column > 0) {
      excerpt.line = line_of_file(std::filesystem::path(statement.folder) / excerpt.place.file, excerpt.place.line);
      if (excerpt.line.empty()) excerpt.line = line_of_file(excerpt.place.file, excerpt.place.line);
    }
  } else if (error.position() && !text.empty()) {
    const LineColumn at = line_column(text, *error.position());
    excerpt.line = line_of_text(sql::masked_secrets(text), at.line);
    excerpt.place = {statement.file, statement.first_line + at.line - 1, at.column};
  } else {
    return std::nullopt;
  }
  if (!excerpt.line.empty()) excerpt.marked = word_length(excerpt.line, excerpt.place.column);
  return excerpt;
}

/// Long lines are shown around the caret only.
void clip(Excerpt& excerpt) {
  constexpr size_t kShown = 120;
  if (display_width(excerpt.line) <= kShown) return;
  const uint64_t first = excerpt.place.column > kShown / 2 ? excerpt.place.column - kShown / 2 : 1;
  const size_t begin = byte_of_column(excerpt.line, first);
  const size_t end = byte_of_column(excerpt.line, first + kShown);
  excerpt.line = excerpt.line.substr(begin, end - begin);
  excerpt.place.column -= first - 1;
  excerpt.marked = std::min(excerpt.marked, kShown - excerpt.place.column + 1);
}

std::string place_text(const FilePlace& place) {
  if (place.line == 0) return place.file;
  if (place.column == 0) return fmt::format("{}:{}", place.file, place.line);
  return fmt::format("{}:{}:{}", place.file, place.line, place.column);
}

}  // namespace

int exit_code_of(const Error& error) {
  const SqlState state = error.state();
  const std::string_view kind = state.error_class();
  if (state == kQueryCanceled) return kInterrupted;
  if (kind == "58" || kind == "53" || kind == "55" || kind == "57" || kind == "08" || kind == "XX") return kEnvironment;
  return kUsage;
}

std::string error_screen(const Output& shown_on, const Error& error, std::string_view text,
                         const StatementPlace& statement) {
  std::string out =
      fmt::format("{} {}\n", styled(shown_on, Style::kRed, "error:"), styled(shown_on, Style::kBold, error.message()));
  std::optional<Excerpt> excerpt = excerpt_of(error, text, statement);
  std::string margin(2, ' ');
  bool hinted = false;
  if (excerpt) {
    out += fmt::format("  {} {}\n", styled(shown_on, Style::kBlue, "-->"), place_text(excerpt->place));
    if (!excerpt->line.empty()) {
      const std::string number = std::to_string(excerpt->place.line);
      margin = std::string(number.size() + 1, ' ');
      clip(*excerpt);
      out += fmt::format("{}|\n{} | {}\n", margin, number, excerpt->line);
      const bool short_hint = !error.hint().empty() && error.hint().size() <= 60;
      out += fmt::format("{}| {}{}{}\n{}|\n", margin, std::string(excerpt->place.column - 1, ' '),
                         styled(shown_on, Style::kRed, std::string(excerpt->marked, '^')),
                         short_hint ? " " + error.hint() : "", margin);
      hinted = short_hint;
    }
  }
  if (!error.detail().empty()) out += fmt::format("{}= {}\n", margin, error.detail());
  if (!hinted && !error.hint().empty()) out += fmt::format("{}= hint: {}\n", margin, error.hint());
  out += fmt::format("{}= SQLSTATE {}\n", margin, error.state().text());
  return out;
}

std::string error_json(const Error& error, std::string_view text, const StatementPlace& statement) {
  nlohmann::ordered_json object = {{"error", error.message()}, {"sqlstate", error.state().text()}};
  if (!error.detail().empty()) object["detail"] = error.detail();
  if (!error.hint().empty()) object["hint"] = error.hint();
  if (const auto excerpt = excerpt_of(error, text, statement)) {
    object["file"] = excerpt->place.file;
    if (excerpt->place.line > 0) object["line"] = excerpt->place.line;
    if (excerpt->place.column > 0) object["column"] = excerpt->place.column;
  }
  return object.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace garland::cli
