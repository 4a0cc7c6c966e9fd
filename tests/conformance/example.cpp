#include "example.h"

#include <toml++/toml.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace garland::conformance {

namespace {

Example read_example(const nlohmann::json& json) {
  Example example{json.at("page"), json.at("n"), json.at("kind"), json.at("tags"), json.at("sql"), std::nullopt};
  if (json.contains("output")) example.output = json["output"].get<std::string>();
  return example;
}

std::set<std::string> texts(const toml::table& table, std::string_view key) {
  std::set<std::string> found;
  if (const toml::array* values = table[key].as_array()) {
    for (const toml::node& value : *values) found.insert(value.value_or(std::string()));
  }
  return found;
}

bool any_of(const std::vector<std::string>& tags, const std::set<std::string>& wanted) {
  return std::ranges::any_of(tags, [&](const std::string& tag) { return wanted.contains(tag); });
}

}  // namespace

std::vector<Page> read_pages(const std::filesystem::path& file) {
  std::ifstream in(file);
  if (!in) throw std::runtime_error("cannot read " + file.string());
  std::vector<Page> pages;
  std::map<std::string, size_t> places;
  for (std::string line; std::getline(in, line);) {
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    Example example = read_example(nlohmann::json::parse(line));
    const auto [place, is_new] = places.emplace(example.page, pages.size());
    if (is_new) pages.push_back({example.page, {}});
    pages[place->second].examples.push_back(std::move(example));
  }
  return pages;
}

Scope Scope::read(const std::filesystem::path& file) {
  const toml::table table = toml::parse_file(file.string());
  Scope scope;
  scope.out_kinds_ = texts(table, "out_kinds");
  scope.out_tags_ = texts(table, "out_tags");
  scope.out_output_kinds_ = texts(table, "out_output_kinds");
  scope.out_output_tags_ = texts(table, "out_output_tags");
  return scope;
}

bool Scope::holds(const Example& example) const {
  return !out_kinds_.contains(example.kind) && !any_of(example.tags, out_tags_);
}

bool Scope::holds_output(const Example& example) const {
  return !out_output_kinds_.contains(example.kind) && !any_of(example.tags, out_output_tags_);
}

Exceptions read_exceptions(const std::filesystem::path& file) {
  const toml::table table = toml::parse_file(file.string());
  Exceptions exceptions;
  for (const auto& [page, places] : table) {
    if (!places.is_table()) throw std::runtime_error(file.string() + ": a page's exceptions are a table");
    for (const auto& [n, reason] : *places.as_table()) {
      const auto text = reason.value<std::string>();
      if (!text || text->empty()) throw std::runtime_error(file.string() + ": an exception has a reason");
      exceptions[{std::string(page.str()), std::stoi(std::string(n.str()))}] = *text;
    }
  }
  return exceptions;
}

Floor read_floor(const std::filesystem::path& file) {
  const toml::table table = toml::parse_file(file.string());
  return {table["parsed"].value_or(0), table["right"].value_or(0), table["parsed_all"].value_or(0)};
}

}  // namespace garland::conformance
