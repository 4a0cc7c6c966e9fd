// Names, types and positions as they stand in SQL text.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace garland::sql {

/// The bytes [begin, end) of the statement's text from which a node was parsed. Two trees are equal whatever their
/// positions.
struct Span {
  uint32_t begin = 0;
  uint32_t end = 0;
  friend constexpr bool operator==(Span, Span) { return true; }
};

/// An identifier after Redshift's folding (ASCII lower case, also when quoted: guide page r_names) and truncation to
/// 127 bytes.
struct Name {
  std::string text;
  Span span;
  bool operator==(const Name&) const = default;
};

/// `[[database.]schema.]name`, outermost first; one to three parts.
struct QualifiedName {
  std::vector<Name> parts;
  Span span;
  const Name& last() const { return parts.back(); }
  bool operator==(const QualifiedName&) const = default;
};

/// A type as written: `numeric(12,2)`, `character varying(max)`, `timestamp with time zone`, `interval day to
/// second(3)`. `name` is the lower-case spelling with single blanks and without its modifiers ("double precision",
/// "timestamp with time zone"). Which names exist is for semantics/ to say.
struct TypeName {
  static constexpr int32_t kMax = -1;  // the modifier MAX, as in varchar(max)
  std::string name;
  std::vector<int32_t> modifiers;
  Span span;
  bool operator==(const TypeName&) const = default;
};

}  // namespace garland::sql
