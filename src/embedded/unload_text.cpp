// UNLOAD's text formats.
#include <algorithm>

#include "base/error.h"
#include "base/utf8.h"
#include "embedded/unload.h"
#include "engine/text.h"
#include "records/json_path.h"

namespace garland::embedded {

namespace {

using engine::Type;
using engine::TypeId;
using Format = UnloadRequest::Format;

bool is_json_number(std::string_view text) {
  return !text.empty() && (text[0] == '-' || (text[0] >= '0' && text[0] <= '9'));  // not NaN, not Infinity
}

}  // namespace

std::string_view RowText::text_of(const engine::Column& column, size_t row) {
  const TypeId type = column.type.id;
  if (type == TypeId::kChar || type == TypeId::kVarchar || type == TypeId::kSuper) {
    return column.values<std::string_view>()[row];
  }
  scratch_.clear();
  engine::append_text(scratch_, column, row);
  return scratch_;
}

void RowText::delimited(std::string& out, std::string_view text, bool string) const {
  if (request_.add_quotes) out += '"';
  if (request_.escape && string) {
    for (size_t i = 0; i < text.size(); ++i) {
      const char c = text[i];
      const bool quote = request_.add_quotes && (c == '"' || c == '\'');
      if (c == '\n' || c == '\r' || c == '\\' || quote || text.substr(i).starts_with(request_.delimiter)) out += '\\';
      out += c;
    }
  } else {
    out += text;
  }
  if (request_.add_quotes) out += '"';
}

void RowText::csv(std::string& out, std::string_view text) const {
  if (text.find_first_of("\"\r\n") == std::string_view::npos &&
      text.find(request_.delimiter) == std::string_view::npos) {
    out += text;
    return;
  }
  out += '"';
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

void RowText::fixed(std::string& out, size_t index, std::string_view text, bool null) const {
  const uint32_t width = request_.widths[index];
  const bool string = columns_[index].type.is_string();
  size_t taken = count_characters(text);
  if (taken > width && null && !string) {
    text = "";
    taken = 0;
  }
  if (taken > width) {
    throw Error(kStringDataRightTruncation, "a value of column \"" + columns_[index].name + "\" has " +
                                                std::to_string(taken) + " characters, its fixed width is " +
                                                std::to_string(width));
  }
  out.append(text).append(width - taken, ' ');
}

/// One object a line; BOOLEAN as t or f (guide page r_UNLOAD).
void RowText::json(std::string& out, const engine::Batch& batch, size_t row) {
  out += '{';
  for (size_t i = 0; i < columns_.size(); ++i) {
    if (i > 0) out += ',';
    records::append_json_string(out, columns_[i].name);
    out += ':';
    const engine::Column& column = batch.columns[i];
    if (column.is_null(row)) {
      out += "null";
      continue;
    }
    const std::string_view text = text_of(column, row);
    const bool bare = column.type.id == TypeId::kSuper || (column.type.is_numeric() && is_json_number(text));
    if (bare) {
      out += text;
    } else {
      records::append_json_string(out, text);
    }
  }
  out += '}';
}

void RowText::append(std::string& out, const engine::Batch& batch, size_t row) {
  if (request_.format == Format::kJson) {
    json(out, batch, row);
    out += '\n';
    return;
  }
  for (size_t i = 0; i < columns_.size(); ++i) {
    const engine::Column& column = batch.columns[i];
    const bool null = column.is_null(row);
    const bool super = column.type.id == TypeId::kSuper;  // ignores NULL AS
    const std::string_view text = !null ? text_of(column, row) : super ? std::string_view() : request_.null_text;
    if (request_.format == Format::kFixedWidth) {
      fixed(out, i, text, null);
      continue;
    }
    if (i > 0) out += request_.delimiter;
    if (request_.format == Format::kCsv) {
      csv(out, text);
    } else {
      delimited(out, text, column.type.is_string() && !null);
    }
  }
  out += '\n';
}

void RowText::append_header(std::string& out) const {
  for (size_t i = 0; i < columns_.size(); ++i) {
    if (i > 0) out += request_.delimiter;
    if (request_.format == Format::kCsv) {
      csv(out, columns_[i].name);
    } else {
      delimited(out, columns_[i].name, true);
    }
  }
  out += '\n';
}

namespace {

/// One file of the run.
class TextFile {
 public:
  TextFile(UnloadTarget& target, const RowText& text)
      : target_(target),
        file_{target.next_place()},
        sink_(records::packed(target.space.create(file_.place, target.request.overwrite), target.request.packing)) {
    if (!target.request.header) return;
    text.append_header(lines_);
    ++file_.rows;
  }

  void append(RowText& text, const engine::Batch& batch, size_t row) {
    constexpr size_t kLinesBytes = 64u << 10;
    text.append(lines_, batch, row);
    ++file_.rows;
    if (lines_.size() >= kLinesBytes) flush();
  }
  bool full() const { return sink_->written() + lines_.size() >= target_.request.max_file_bytes; }

  void close() {
    flush();
    sink_->close();
    file_.bytes = sink_->written();
    target_.files.push_back(file_);
  }
  const std::string& place() const { return file_.place; }

 private:
  void flush() {
    sink_->write(lines_);
    lines_.clear();
  }

  UnloadTarget& target_;
  UnloadedFile file_;
  std::unique_ptr<records::ByteSink> sink_;
  std::string lines_;
};

}  // namespace

void write_text(UnloadTarget& target, const std::vector<UnloadColumn>& columns, RowSource& rows) {
  RowText text(target.request, columns);
  auto file = std::make_unique<TextFile>(target, text);
  try {
    while (const engine::Batch* batch = rows.next()) {
      for (size_t row = 0; row < batch->rows; ++row) {
        if (file->full()) {
          file->close();
          file = std::make_unique<TextFile>(target, text);
        }
        file->append(text, *batch, row);
      }
    }
    file->close();
  } catch (...) {
    if (file) target.space.discard(file->place());
    throw;
  }
}

}  // namespace garland::embedded
