#include "records/csv_layout.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>

#include "base/ascii.h"
#include "base/error.h"
#include "base/limits.h"
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

std::optional<size_t> find_field(const std::vector<std::string>& header, const CsvColumn& column, bool show_header) {
  const std::string& name = header_name(column);
  const std::string wanted = folded(name);
  std::optional<size_t> found;
  for (size_t i = 0; i < header.size(); ++i) {
    if (column.plain ? plain_name(header[i]) != column.name : folded(header[i]) != wanted) continue;
    if (found) throw header_error(fmt::format("the header names \"{}\" twice", name), header, show_header);
    found = i;
  }
  return found;
}

/// A header that has less than half of the columns is another file's, or none.
void check_missing(const Layout& layout, const std::vector<CsvColumn>& columns, const std::vector<std::string>& header,
                   bool show_header) {
  size_t known = 0, there = 0;
  for (size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].plain) continue;
    ++known;
    if (layout.fields[i] != Layout::kNoField) ++there;
  }
  if (2 * there >= known) return;
  throw header_error(fmt::format("the header has {} of {} columns", there, known), header, show_header);
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
                        const CsvOptions& options) {
  Layout layout;
  const bool show = options.show_values;
  std::vector<bool> taken(header.size(), false);
  for (const CsvColumn& column : columns) {
    const auto field = find_field(header, column, show);
    if (!field && column.needed) {
      throw header_error(fmt::format("the header has no column \"{}\"", header_name(column)), header, show);
    }
    layout.fields.push_back(field.value_or(Layout::kNoField));
    if (field) {
      taken[*field] = true;
    } else {
      layout.missing.push_back(header_name(column));
    }
  }
  check_missing(layout, columns, header, show);
  for (size_t i = 0; i < header.size(); ++i) {
    const bool passed_over = std::any_of(options.ignored.begin(), options.ignored.end(),
                                         [&](const std::string& name) { return folded(name) == folded(header[i]); });
    if (taken[i] || passed_over) continue;
    layout.surplus.push_back(header[i]);
    if (options.pass_over_surplus) continue;
    const std::string name = show ? fmt::format("\"{}\"", printable(header[i])) : fmt::format("name {}", i + 1);
    throw header_error(fmt::format("no column takes {} of the header", name), header, show)
        .hint("add it to the columns, or name it among those to ignore");
  }
  for (const std::string& name : header) layout.field_names.push_back(printable(name));
  layout.columns = std::move(columns);
  return layout;
}

std::string plain_name(std::string_view header) {
  std::string name;
  for (const char c : header) {
    const char lower = ascii_lower(c);
    const bool kept = (lower >= 'a' && lower <= 'z') || (lower >= '0' && lower <= '9');
    if (kept) {
      name += lower;
    } else if (!name.empty() && name.back() != '_') {
      name += '_';
    }
  }
  if (name.size() > kMaxIdentifierBytes) name.resize(kMaxIdentifierBytes);
  while (name.ends_with('_')) name.pop_back();
  return name.empty() || name.front() > '9' ? name : "c_" + name.substr(0, kMaxIdentifierBytes - 2);
}

}  // namespace garland::records
