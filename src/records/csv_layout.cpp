#include "records/csv_layout.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>

#include "base/ascii.h"
#include "base/error.h"
#include "records/printable.h"

namespace garland::records {
namespace {

std::string folded(std::string_view name) {
  const size_t begin = name.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return ascii_lower(name.substr(begin, name.find_last_not_of(" \t") - begin + 1));
}

Error header_error(const std::string& what, const std::vector<std::string>& header, bool show_header) {
  if (!show_header) return Error(kBadCopyFileFormat, what);
  std::vector<std::string> shown;
  for (const std::string& name : header) shown.push_back(printable(name));
  return Error(kBadCopyFileFormat, what).detail(fmt::format("the header reads: {}", fmt::join(shown, ", ")));
}

const std::string& header_name(const CsvColumn& column) { return column.header.empty() ? column.name : column.header; }

std::optional<size_t> find_field(const std::vector<std::string>& header, const std::string& name, bool show_header) {
  const std::string wanted = folded(name);
  std::optional<size_t> found;
  for (size_t i = 0; i < header.size(); ++i) {
    if (folded(header[i]) != wanted) continue;
    if (found) throw header_error(fmt::format("the header names \"{}\" twice", name), header, show_header);
    found = i;
  }
  return found;
}

}  // namespace

std::vector<engine::Type> Layout::types() const {
  std::vector<engine::Type> types;
  for (const CsvColumn& column : columns) types.push_back(column.type);
  return types;
}

Layout layout_in_order(std::vector<CsvColumn> columns) {
  Layout layout;
  for (size_t i = 0; i < columns.size(); ++i) {
    layout.fields.push_back(i);
    layout.field_names.push_back(columns[i].name);
  }
  layout.columns = std::move(columns);
  return layout;
}

Layout layout_by_header(std::vector<CsvColumn> columns, const std::vector<std::string>& header,
                        const std::vector<std::string>& ignored, bool show_header) {
  Layout layout;
  std::vector<bool> taken(header.size(), false);
  for (const CsvColumn& column : columns) {
    const auto field = find_field(header, header_name(column), show_header);
    if (!field) {
      throw header_error(fmt::format("the header has no column \"{}\"", header_name(column)), header, show_header);
    }
    layout.fields.push_back(*field);
    taken[*field] = true;
  }
  for (size_t i = 0; i < header.size(); ++i) {
    const bool passed_over = std::any_of(ignored.begin(), ignored.end(),
                                         [&](const std::string& name) { return folded(name) == folded(header[i]); });
    if (taken[i] || passed_over) continue;
    const std::string name = show_header ? fmt::format("\"{}\"", printable(header[i])) : fmt::format("name {}", i + 1);
    throw header_error(fmt::format("no column takes {} of the header", name), header, show_header)
        .hint("add it to the columns, or name it among those to ignore");
  }
  for (const std::string& name : header) layout.field_names.push_back(printable(name));
  layout.columns = std::move(columns);
  return layout;
}

}  // namespace garland::records
