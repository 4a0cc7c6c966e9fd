#include "base/error.h"

#include "base/utf8.h"

namespace garland {

LineColumn line_column(std::string_view text, size_t offset) {
  LineColumn place;
  for (size_t i = 0; i < offset && i < text.size(); ++i) {
    if (text[i] == '\n') {
      ++place.line;
      place.column = 1;
    } else if (starts_character(text[i])) {
      ++place.column;
    }
  }
  return place;
}

}  // namespace garland
