// Reads the tables of a project's garland.toml, knowing where each value stands, so that every complaint names its
// line. Errors are F0000 with file, line and column.
#pragma once

#include <toml++/toml.h>

#include <filesystem>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"

namespace garland::ingest {

class TomlReader {
 public:
  using Keys = std::initializer_list<std::string_view>;

  explicit TomlReader(const std::filesystem::path& file) : file_(file.string()) {}

  toml::table parse() const;
  FilePlace place(const toml::source_region& region) const;
  Error error(const toml::node& node, std::string message) const;
  /// Throws for a key that is not among them, with the nearest one.
  void allow_keys(const toml::table& table, std::string_view where, Keys keys) const;

  /// The value of a key, nothing when it is absent.
  template <class T>
  std::optional<T> value(const toml::table& table, std::string_view key, std::string_view what) const {
    const toml::node* node = table.get(key);
    if (!node) return std::nullopt;
    const auto value = node->value_exact<T>();
    if (!value) throw wrong_kind(*node, key, what);
    return *value;
  }
  std::optional<std::string> text(const toml::table& table, std::string_view key) const;
  /// `where` names the table in the error: `source "orders"`.
  std::string needed_text(const toml::table& table, std::string_view where, std::string_view key) const;
  /// A text of one character; an empty one where `or_none` stands for none.
  std::optional<char> character(const toml::table& table, std::string_view key, bool or_none) const;
  /// A number from 0 to 1.
  double share(const toml::table& table, std::string_view key, double otherwise) const;
  /// "30 days", "1 day", "6 hours", "90 minutes"; at least one of them, at most 100 years.
  std::optional<int64_t> seconds(const toml::table& table, std::string_view key) const;
  /// "512MB", "10GB", "1TB": in PostgreSQL's units, of 1,024.
  std::optional<uint64_t> bytes(const toml::table& table, std::string_view key) const;
  /// nullptr when it is absent.
  const toml::array* array(const toml::table& table, std::string_view key) const;

 private:
  Error wrong_kind(const toml::node& node, std::string_view key, std::string_view what) const;
  std::string file_;
};

/// A name that needs no quotes: lower-case letters, digits, _ and $.
bool is_plain_name(std::string_view name);

/// The `kind` of a [[source]]; throws when it is none that is known.
std::string source_kind(const TomlReader& reader, const toml::node& source);

}  // namespace garland::ingest
