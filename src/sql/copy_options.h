// The options of COPY and UNLOAD and what may follow each (guide pages copy-parameters-*, r_UNLOAD). Both directions
// read it: the parser to know where an option's arguments end, the printer to know which stand without quotes.
#pragma once

#include <cstdint>
#include <string_view>

namespace garland::sql {

struct Copy;
struct Unload;

enum class CopyArgument : uint8_t { kNone, kString, kNumber };
enum class CopyVerb : uint8_t { kCopy = 1, kUnload = 2, kBoth = 3 };

struct CopyOptionRule {
  std::string_view name;   // upper case
  CopyVerb verb;           // the statements that have it
  CopyArgument argument;   // of which kind, besides `words`
  bool required;           // some argument must follow
  std::string_view words;  // upper case, between blanks: the words that may follow
  uint8_t limit = 1;       // arguments at most
};

/// nullptr if the statement has no such option.
const CopyOptionRule* find_copy_option(std::string_view upper_case_name, CopyVerb verb);
bool takes_word(const CopyOptionRule& rule, std::string_view upper_case_word);

/// True for options whose text must not be shown: keys, tokens, credentials.
bool is_secret_option(std::string_view upper_case_name);

/// What the guide says of options together: 42601 for options given twice and for those that exclude each other, 22023
/// for values out of range. Knows nothing of tables and files.
void check_copy_options(const Copy& copy);
void check_unload_options(const Unload& unload);

}  // namespace garland::sql
