#include "cli/terminal.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "base/utf8.h"

namespace garland::cli {
namespace {

const char* escape_code(Style style) {
  switch (style) {
    case Style::kBold:
      return "\033[1m";
    case Style::kDim:
      return "\033[2m";
    case Style::kRed:
      return "\033[31m";
    case Style::kGreen:
      return "\033[32m";
    case Style::kYellow:
      return "\033[33m";
    case Style::kBlue:
      return "\033[34m";
  }
  return "";
}

bool wants_colour() {
  const char* no_colour = std::getenv("NO_COLOR");
  const char* term = std::getenv("TERM");
  return !(no_colour && *no_colour) && !(term && std::string_view(term) == "dumb");
}

Output output_of(std::FILE* file) {
  Output output{file};
  output.is_terminal = isatty(fileno(file)) == 1;
  output.has_colour = output.is_terminal && wants_colour();
  winsize size{};
  if (output.is_terminal && ioctl(fileno(file), TIOCGWINSZ, &size) == 0 && size.ws_col > 0) output.width = size.ws_col;
  return output;
}

}  // namespace

const Terminal& own_terminal() {
  static const Terminal terminal{output_of(stdout), output_of(stderr)};
  return terminal;
}

bool is_terminal_input() { return isatty(STDIN_FILENO) == 1; }

std::string styled(const Output& output, Style style, std::string_view text) {
  if (!output.has_colour) return std::string(text);
  return fmt::format("{}{}\033[0m", escape_code(style), text);
}

std::string thousands(int64_t number) {
  std::string digits = std::to_string(number);
  const size_t first = number < 0 ? 1 : 0;
  for (size_t i = digits.size(); i > first + 3;) digits.insert(i -= 3, ",");
  return digits;
}

std::string duration(double seconds) {
  if (seconds < 10) return fmt::format("{:.2f} s", seconds);
  if (seconds < 60) return fmt::format("{:.1f} s", seconds);
  const auto whole = static_cast<int64_t>(seconds);
  return fmt::format("{} min {} s", whole / 60, whole % 60);
}

std::string megabytes(uint64_t bytes) { return fmt::format("{} MB", thousands(static_cast<int64_t>(bytes >> 20))); }

size_t display_width(std::string_view text) { return count_characters(text); }

}  // namespace garland::cli
