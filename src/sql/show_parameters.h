// SHOW of catalog objects with $1 … in the place of names, patterns and argument types. Amazon's drivers prepare it so
// (`SHOW TABLES FROM SCHEMA $1.$2 LIKE $3`) and bind what the user of their metadata calls gave.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace garland::sql {

/// Such a statement's text, open at its parameters. All of them are text: the one behind LIKE is the pattern, one in
/// parentheses a type ("character varying"), any other a name, exactly as given. A plain value; not shared.
class ShowParameters {
 public:
  /// Nothing when the text is anything else, or does not tokenise.
  static std::optional<ShowParameters> find(std::string_view text);

  /// The highest parameter's number.
  int32_t count() const { return count_; }
  /// A statement of the same form, with names that mean nothing.
  std::string form() const;
  /// The statement with its values, to be read with QuotedNames::kKeep. Throws 22023 for NULL, 08P01 when values are
  /// missing and 42601 for a type that is none.
  std::string closed(std::span<const std::optional<std::string>> values) const;

 private:
  enum class Place { kName, kPattern, kType };
  struct Hole {
    uint32_t begin, end;  // in the text
    Place place;
    int32_t number;
  };
  std::string filled(const std::vector<std::string>& texts) const;

  std::string text_;
  std::vector<Hole> holes_;
  int32_t count_ = 0;
};

}  // namespace garland::sql
