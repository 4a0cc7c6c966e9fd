// Where a command shows what it does: two streams and what they can show; and how numbers and text look to people.
#pragma once

#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>

namespace garland::cli {

struct Output {
  std::FILE* file;
  bool is_terminal = false;
  /// Colours only on a terminal, and never with NO_COLOR set (https://no-color.org).
  bool has_colour = false;
  /// Columns of the terminal when the command began; 100 when it is none.
  size_t width = 100;
};

/// Results go to `out`; progress and messages to `err`. Owns neither file.
struct Terminal {
  Output out, err;
};

/// This process's own stdout and stderr.
const Terminal& own_terminal();
/// Is somebody typing? (stdin is a terminal)
bool is_terminal_input();

enum class Style { kBold, kDim, kRed, kGreen, kYellow, kBlue };
/// The text in that style where the output has colour, else as it is.
std::string styled(const Output& output, Style style, std::string_view text);

/// 1234567 → "1,234,567".
std::string thousands(int64_t number);
/// 0.0123 → "0.01 s", 75 → "1 min 15 s".
std::string duration(double seconds);
/// Bytes as "412 MB".
std::string megabytes(uint64_t bytes);
/// Cells that a UTF-8 text takes: its code points.
size_t display_width(std::string_view text);

}  // namespace garland::cli
