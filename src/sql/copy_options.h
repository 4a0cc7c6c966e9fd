// The options of COPY and what may follow each (guide pages copy-parameters-*). Both directions read it: the parser to
// know where an option's arguments end, the printer to know which stand without quotes.
#pragma once

#include <cstdint>
#include <string_view>

namespace garland::sql {

enum class CopyArgument : uint8_t { kNone, kString, kNumber };

struct CopyOptionRule {
  std::string_view name;   // upper case
  CopyArgument argument;   // of which kind, besides `words`
  bool required;           // some argument must follow
  std::string_view words;  // upper case, between blanks: the words that may follow
};

/// nullptr if COPY has no such option.
const CopyOptionRule* find_copy_option(std::string_view upper_case_name);
bool takes_word(const CopyOptionRule& rule, std::string_view upper_case_word);

}  // namespace garland::sql
