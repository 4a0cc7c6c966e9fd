#include "ingest/toml_reader.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <vector>

#include "base/limits.h"
#include "semantics/similar.h"

namespace garland::ingest {

toml::table TomlReader::parse() const {
  try {
    return toml::parse_file(file_);
  } catch (const toml::parse_error& error) {
    throw Error(kConfigFileError, std::string(error.description())).in(place(error.source()));
  }
}

FilePlace TomlReader::place(const toml::source_region& region) const {
  return {file_, region.begin.line, region.begin.column};
}

Error TomlReader::error(const toml::node& node, std::string message) const {
  return Error(kConfigFileError, std::move(message)).in(place(node.source()));
}

Error TomlReader::wrong_kind(const toml::node& node, std::string_view key, std::string_view what) const {
  return error(node, fmt::format("\"{}\" must be {}", key, what));
}

void TomlReader::allow_keys(const toml::table& table, std::string_view where, Keys keys) const {
  for (const auto& [key, node] : table) {
    if (std::find(keys.begin(), keys.end(), key.str()) != keys.end()) continue;
    const std::vector<std::string_view> known(keys);
    const auto near = semantics::similar_names(key.str(), known);
    throw Error(kConfigFileError, fmt::format("unknown key \"{}\" in {}", key.str(), where))
        .in(place(key.source()))
        .hint(near.empty() ? fmt::format("known here: {}", fmt::join(keys, ", "))
                           : fmt::format("did you mean \"{}\"?", near.front()));
  }
}

std::optional<std::string> TomlReader::text(const toml::table& table, std::string_view key) const {
  return value<std::string>(table, key, "a text");
}

std::string TomlReader::needed_text(const toml::table& table, std::string_view where, std::string_view key) const {
  auto found = text(table, key);
  if (!found || found->empty())
    throw error(found ? *table.get(key) : table, fmt::format("{} needs \"{}\"", where, key));
  return *found;
}

std::optional<char> TomlReader::character(const toml::table& table, std::string_view key, bool or_none) const {
  const auto found = text(table, key);
  if (!found) return std::nullopt;
  if (found->empty() && or_none) return '\0';
  if (found->size() != 1) throw error(*table.get(key), fmt::format("\"{}\" must be one character", key));
  return found->front();
}

double TomlReader::share(const toml::table& table, std::string_view key, double otherwise) const {
  const toml::node* node = table.get(key);
  if (!node) return otherwise;
  const auto found = node->is_number() ? node->value<double>() : std::nullopt;
  if (!found || !(*found >= 0 && *found <= 1))
    throw error(*node, fmt::format("\"{}\" must be a number from 0 to 1", key));
  return *found;
}

std::optional<int64_t> TomlReader::seconds(const toml::table& table, std::string_view key) const {
  const auto found = text(table, key);
  if (!found) return std::nullopt;
  int64_t number = 0;
  const auto [end, fault] = std::from_chars(found->data(), found->data() + found->size(), number);
  std::string_view unit(end, static_cast<size_t>(found->data() + found->size() - end));
  if (unit.ends_with('s')) unit.remove_suffix(1);
  constexpr std::pair<std::string_view, int64_t> kUnits[] = {{" minute", 60}, {" hour", 3600}, {" day", 86400}};
  constexpr int64_t kLongest = int64_t{100} * 366 * 86400;
  for (const auto& [name, length] : kUnits) {
    if (fault == std::errc() && unit == name && number > 0 && number <= kLongest / length) return number * length;
  }
  throw error(*table.get(key), fmt::format("\"{}\" is no length of time", *found))
      .hint(fmt::format("{} = \"30 days\"; units are minutes, hours and days", key));
}

std::optional<uint64_t> TomlReader::bytes(const toml::table& table, std::string_view key) const {
  const auto found = text(table, key);
  if (!found) return std::nullopt;
  uint64_t number = 0;
  const auto [end, fault] = std::from_chars(found->data(), found->data() + found->size(), number);
  const std::string_view unit(end, static_cast<size_t>(found->data() + found->size() - end));
  constexpr std::pair<std::string_view, int> kUnits[] = {{"MB", 20}, {"GB", 30}, {"TB", 40}};
  for (const auto& [name, bits] : kUnits) {
    if (fault == std::errc() && unit == name && number > 0 && number < 1'000'000) return number << bits;
  }
  throw error(*table.get(key), fmt::format("\"{}\" is no size", *found))
      .hint(fmt::format("{} = \"10GB\"; units are MB, GB and TB", key));
}

const toml::array* TomlReader::array(const toml::table& table, std::string_view key) const {
  const toml::node* node = table.get(key);
  if (node && !node->is_array()) throw error(*node, fmt::format("\"{}\" must be an array", key));
  return node ? node->as_array() : nullptr;
}

bool is_plain_name(std::string_view name) {
  const auto starts = [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; };
  const auto goes_on = [&](char c) { return starts(c) || (c >= '0' && c <= '9') || c == '$'; };
  return !name.empty() && name.size() <= kMaxIdentifierBytes && starts(name.front()) &&
         std::all_of(name.begin(), name.end(), goes_on);
}

std::string source_kind(const TomlReader& reader, const toml::node& source) {
  const toml::table* table = source.as_table();
  if (!table) throw reader.error(source, "a source must be a table: [[source]]");
  const std::string name = reader.needed_text(*table, "[[source]]", "name");
  std::string kind = reader.needed_text(*table, fmt::format("source \"{}\"", name), "kind");
  for (const char* const known : {"files", "postgres", "events", "kafka"}) {
    if (kind == known) return kind;
  }
  throw reader.error(*table->get("kind"), fmt::format("sources of kind \"{}\" are not known", kind))
      .hint("kind = \"files\", \"postgres\", \"events\" or \"kafka\"");
}

}  // namespace garland::ingest
