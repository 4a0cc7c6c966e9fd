// SUPER values. A value is one text: compact JSON in the spelling Redshift prints. It keeps all that SUPER knows of a
// value: null, booleans, numbers without an exponent (integers and decimals of any scale, up to 38 digits), numbers
// with one (floats, "2.22e+0"), strings, arrays, objects (attributes in their order, each name once). Sources: guide
// pages r_SUPER_type, query-super, operators-functions, super-configurations, r_is_float.
//
// Everything but super_from_json() expects such a text and reads it in one pass without building a tree. Nothing here
// throws. Views point into the text they were read from.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "engine/batch.h"

namespace garland::engine {

enum class SuperKind { kNull, kBoolean, kNumber, kString, kArray, kObject };
SuperKind super_kind(std::string_view value);

/// Nesting of arrays and objects (guide page limitations-super).
inline constexpr int kMaxSuperDepth = 1000;

struct SuperJsonRules {
  bool keep_last_duplicate = false;  // json_parse_dedup_attributes
  bool truncate_strings = false;     // json_parse_truncate_strings
};
/// Why a text is no SUPER value.
enum class SuperFault { kSyntax, kDuplicateAttribute, kLongString, kTooDeep, kTooLarge };
/// Appends the value that a JSON text (RFC 8259) stands for.
std::optional<SuperFault> super_from_json(std::string_view json, SuperJsonRules rules, std::string& out);

// ---- scalars
void append_super_string(std::string& out, std::string_view text);
void append_super_float(std::string& out, double value);
void append_super_decimal(std::string& out, int128 value, int scale);
/// What the letter behind a backslash stands for (RFC 8259, section 7); letters without a meaning for themselves, 'u'
/// is the caller's.
char json_escape(char letter);
/// The characters of a string value.
std::string super_string(std::string_view value);

/// An exact number has no `real`.
struct SuperNumber {
  int128 digits = 0;
  int scale = 0;
  std::optional<double> real;
  double as_double() const;
};
/// Nothing for what is no number.
std::optional<SuperNumber> super_number(std::string_view value);

// ---- arrays and objects
/// The elements of an array, or the attributes of an object, one after the other.
class SuperReader {
 public:
  /// Any value; scalars have no elements.
  explicit SuperReader(std::string_view value);
  bool next();
  std::string_view value() const { return value_; }
  /// The attribute's name as a string value; empty in arrays.
  std::string_view name() const { return name_; }

 private:
  std::string_view rest_;
  bool object_;
  std::string_view value_, name_;
};
/// Elements of an array, attributes of an object; 0 for scalars.
int64_t super_size(std::string_view value);

/// One step of a path: an attribute's name as a string value, or an index from 0.
using SuperStep = std::variant<std::string, int64_t>;
/// Nothing when the path leads nowhere.
std::optional<std::string_view> super_navigate(std::string_view value, std::span<const SuperStep> path);
/// A path as a SUPER array of strings and numbers, and back.
std::vector<SuperStep> super_path(std::string_view array);

// ---- comparison
/// Appends bytes that compare as values do: equal ones exactly for values that are equal (numbers by value, strings
/// without trailing blanks, arrays and objects deeply, whatever the order of attributes), and in the order of ORDER BY:
/// booleans, numbers, strings, arrays, objects, null.
void append_super_key(std::string& out, std::string_view value);

}  // namespace garland::engine
