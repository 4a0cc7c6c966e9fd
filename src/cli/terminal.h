// What the streams can show: colour, width, and how numbers and text look to people.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace garland::cli {

enum class Stream { kOut, kErr };

bool is_terminal(Stream stream);
/// Is somebody typing? (stdin is a terminal)
bool is_terminal_input();
/// Columns of the terminal behind the stream; 100 when it is none.
size_t terminal_width(Stream stream);
/// Colours only on a terminal, and never with NO_COLOR set (https://no-color.org).
bool has_colour(Stream stream);

enum class Style { kBold, kDim, kRed, kGreen, kYellow, kBlue };
/// The text in that style where the stream has colour, else as it is.
std::string styled(Stream stream, Style style, std::string_view text);

/// 1234567 → "1,234,567".
std::string thousands(int64_t number);
/// 0.0123 → "0.01 s", 75 → "1 min 15 s".
std::string duration(double seconds);
/// Bytes as "412 MB".
std::string megabytes(uint64_t bytes);
/// Cells that a UTF-8 text takes: its code points.
size_t display_width(std::string_view text);

}  // namespace garland::cli
