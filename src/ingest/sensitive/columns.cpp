#include "ingest/sensitive/columns.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "ingest/sensitive/phone.h"
#include "ingest/sensitive/postcode.h"
#include "semantics/similar.h"

namespace garland::ingest {
namespace {

using engine::Type;
using engine::TypeId;

PiiClass read_pii(const TomlReader& reader, const toml::table& column, std::string_view name, const std::string& text) {
  if (const auto pii = pii_class_of(text)) return *pii;
  const std::vector<std::string_view> known(pii_class_names().begin(), pii_class_names().end());
  const auto near = semantics::similar_names(text, known);
  throw reader.error(*column.get("pii"), fmt::format("column \"{}\" has an unknown class, pii = \"{}\"", name, text))
      .hint(near.empty() ? fmt::format("known here: {}", fmt::join(known, ", "))
                         : fmt::format("did you mean \"{}\"?", near.front()));
}

void check_country(const TomlReader& reader, const toml::table& column, const ColumnClass& read) {
  const bool phone = read.pii == PiiClass::kPhone, postcode = read.pii == PiiClass::kPostcode;
  for (const char* const key : {"country", "country_from"}) {
    if (!phone && !postcode && column.contains(key)) {
      throw reader.error(*column.get(key), fmt::format("\"{}\" goes with pii = \"phone\" and pii = \"postcode\"", key));
    }
  }
  if (!phone || read.country.empty() || knows_phones(read.country)) return;
  const toml::node* own = column.get("country");
  throw reader
      .error(own ? *own : *column.get("pii"),
             fmt::format("the numbering plan of the country \"{}\" is not known", read.country))
      .hint("name a country that is, or write phone numbers with + and the calling code and leave country out");
}

}  // namespace

std::vector<StoredColumn> stored_columns(const ColumnPlan& column) {
  if (!column.sensitive || !is_tokenised(column.sensitive->pii)) return {{column.name, column.type}};
  std::vector<StoredColumn> stored = {{column.name, Type::varchar(kTokenBytes)}};
  for (const FactColumn& fact : facts_of(column.sensitive->pii)) {
    stored.push_back({column.name + std::string(fact.suffix), fact.type});
  }
  return stored;
}

bool holds_sensitive(std::span<const ColumnPlan> columns) {
  return std::any_of(columns.begin(), columns.end(), [](const ColumnPlan& column) {
    return column.sensitive && column.sensitive->pii != PiiClass::kNone;
  });
}

std::string read_country(const TomlReader& reader, const toml::node& node, const std::string& text) {
  const bool code =
      text.size() == 2 && std::all_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
  if (!code)
    throw reader.error(node, fmt::format("\"{}\" is no country", text)).hint("its ISO 3166 code: country = \"GB\"");
  return text;
}

void check_class_type(const FilePlace& place, std::string_view name, PiiClass pii, const Type& type) {
  if (pii == PiiClass::kNone || type.is_string() || (pii == PiiClass::kFreeText && type.id == TypeId::kSuper)) return;
  throw Error(kConfigFileError, fmt::format("column \"{}\" is {}, which cannot hold pii = \"{}\"", name,
                                            to_string(type), pii_class_name(pii)))
      .in(place)
      .hint(pii == PiiClass::kFreeText ? "make it varchar or super"
                                       : "make it varchar, as long as the longest original");
}

std::optional<ColumnClass> read_class(const TomlReader& reader, const toml::table& column, std::string_view name,
                                      const SensitiveSettings& settings) {
  const auto pii = reader.text(column, "pii");
  if (!pii) {
    for (const char* const key : {"country", "country_from"}) {
      if (column.contains(key)) throw reader.error(*column.get(key), fmt::format("\"{}\" goes with \"pii\"", key));
    }
    return std::nullopt;
  }
  ColumnClass read;
  read.pii = read_pii(reader, column, name, *pii);
  const auto country = reader.text(column, "country");
  read.country = country ? read_country(reader, *column.get("country"), *country) : settings.country;
  read.country_from = reader.text(column, "country_from").value_or("");
  check_country(reader, column, read);
  return read;
}

std::optional<size_t> check_columns(const FilePlace& place, std::span<const ColumnPlan> columns,
                                    const std::optional<std::string>& subject) {
  const auto wrong = [&](std::string message) { return Error(kConfigFileError, std::move(message)).in(place); };
  const auto index_of = [&](const std::string& name) -> std::optional<size_t> {
    const auto at =
        std::find_if(columns.begin(), columns.end(), [&](const ColumnPlan& column) { return column.name == name; });
    if (at == columns.end()) return std::nullopt;
    return static_cast<size_t>(at - columns.begin());
  };
  std::set<std::string> names;
  for (const ColumnPlan& column : columns) {
    for (const StoredColumn& stored : stored_columns(column)) {
      if (names.insert(stored.name).second) continue;
      throw wrong(fmt::format("two columns are named \"{}\": one of them is a fact of a sensitive column", stored.name))
          .hint("rename the column of the source, and give the file's name of it as header");
    }
    if (!column.sensitive || column.sensitive->country_from.empty()) continue;
    const auto country = index_of(column.sensitive->country_from);
    if (!country || !columns[*country].type.is_string() || columns[*country].sensitive) {
      throw wrong(fmt::format("country_from = \"{}\" names no varchar column of the source without a class",
                              column.sensitive->country_from));
    }
  }
  if (!subject) return std::nullopt;
  const auto found = index_of(*subject);
  if (!found) throw wrong(fmt::format("subject = \"{}\" names no column of the source", *subject));
  return found;
}

}  // namespace garland::ingest
