// What a source's configuration says of its columns, and what each becomes in the warehouse. Independent of the kind of
// source: files and change data capture read and use the same.
//
//   { name = "email", type = "varchar(254)", pii = "email" }
//   { name = "phone", type = "varchar(40)",  pii = "phone", country_from = "country" }   # else country = "GB"
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/type.h"
#include "ingest/sensitive/classes.h"
#include "ingest/sensitive/settings.h"
#include "ingest/toml_reader.h"

namespace garland::ingest {

struct ColumnClass {
  PiiClass pii = PiiClass::kNone;
  std::string country;       // ISO 3166; empty: none
  std::string country_from;  // the source's column that holds each row's country; `country` where that is none
};

/// A column as the source sends it.
struct ColumnPlan {
  std::string name;
  engine::Type type;  // of the original
  std::optional<ColumnClass> sensitive;
};

/// Bytes of a token: 32 lower-case hexadecimal digits, the first half of an HMAC-SHA-256.
inline constexpr int32_t kTokenBytes = 32;

struct StoredColumn {
  std::string name;
  engine::Type type;
};
/// What the column becomes in the raw table: itself, or its token and behind that the class's facts.
std::vector<StoredColumn> stored_columns(const ColumnPlan& column);

/// Whether originals of the columns must not reach the disk.
bool holds_sensitive(std::span<const ColumnPlan> columns);

/// The keys `pii`, `country` and `country_from` of a column's table; nothing without `pii`. Throws F0000 for an unknown
/// class (with the nearest one) or a country that the class has no rules for.
std::optional<ColumnClass> read_class(const TomlReader& reader, const toml::table& column, std::string_view name,
                                      const SensitiveSettings& settings);

/// The class must be able to take values of the type: text, free text SUPER too. Throws F0000 at `place`.
void check_class_type(const FilePlace& place, std::string_view name, PiiClass pii, const engine::Type& type);

/// A country's code as written in garland.toml. Throws F0000 unless it is two upper-case letters.
std::string read_country(const TomlReader& reader, const toml::node& node, const std::string& text);

/// After all columns were read: `country_from` and `subject` name columns, and facts take no other column's name. Gives
/// the subject's index. Throws F0000 at `place`.
std::optional<size_t> check_columns(const FilePlace& place, std::span<const ColumnPlan> columns,
                                    const std::optional<std::string>& subject);

}  // namespace garland::ingest
