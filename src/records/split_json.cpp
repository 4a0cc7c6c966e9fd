// A sequence of JSON objects or arrays, with nothing but blanks between them.
#include <algorithm>
#include <deque>
#include <unordered_map>

#include "engine/text.h"
#include "engine/text_scan.h"
#include "records/split_records.h"

namespace garland::records {
namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = engine::to_lower(c);
  return out;
}

class JsonSplitter final : public RecordSplitter {
 public:
  JsonSplitter(TextWindow& window, const LoadOptions& options, const std::vector<LoadColumn>& columns)
      : window_(window), options_(options), columns_(columns) {
    const bool any_case = options.mapping == JsonMapping::kNamesAnyCase;
    for (size_t i = 0; i < columns.size(); ++i) by_name_[any_case ? lower(columns[i].name) : columns[i].name] = i;
  }

  bool next(SplitRecord& record) override {
    window_.consume(std::exchange(pending_, 0));
    record.fields.clear();
    record.fault.reset();
    record.bad_field = LoadError::kNoColumn;
    if (!skip_blanks()) return false;
    const char first = window_.text()[0];
    if (first != '{' && first != '[') {
      take_stray(record);
      return true;
    }
    const size_t end = find_end();
    record.raw = window_.text().substr(0, end == kNone ? window_.text().size() : end);
    pending_ = record.raw.size();
    record.line = window_.line() + static_cast<uint64_t>(std::count(record.raw.begin(), record.raw.end(), '\n'));
    if (record.raw.size() > options_.max_record_bytes) {
      record.refuse(1216, "JSON object is too large");
    } else if (end == kNone || !engine::is_json(record.raw)) {
      size_t bad = 0;
      record.refuse(engine::is_utf8(record.raw, &bad) ? 1216 : 1220,
                    end == kNone ? "Invalid JSON format: it ends in the middle" : "Invalid JSON format");
    } else {
      split(record);
    }
    return true;
  }

 private:
  static constexpr size_t kNone = std::string_view::npos;

  bool skip_blanks() {
    for (;;) {
      const std::string_view text = window_.text();
      size_t at = 0;
      while (at < text.size() && engine::is_blank(text[at])) ++at;
      window_.consume(at);
      if (!window_.text().empty()) return true;
      if (!window_.more()) return false;
    }
  }

  /// Something else than an object or an array: refused up to the line's end.
  void take_stray(SplitRecord& record) {
    size_t end = window_.text().find('\n');
    while (end == kNone && window_.text().size() <= options_.max_record_bytes && window_.more()) {
      end = window_.text().find('\n');
    }
    record.raw = window_.text().substr(0, end);
    record.line = window_.line();
    pending_ = record.raw.size();
    record.refuse(1216, "Invalid JSON format: an object or an array is expected");
  }

  /// Behind the bracket that closes the first one.
  size_t find_end() {
    int depth = 0;
    bool string = false;
    for (size_t at = 0;; ++at) {
      if (at == window_.text().size() && (at > options_.max_record_bytes || !window_.more())) return kNone;
      const char c = window_.text()[at];
      if (string) {
        if (c == '\\') {
          if (at + 1 == window_.text().size() && !window_.more()) return kNone;
          ++at;
        } else if (c == '"') {
          string = false;
        }
      } else if (c == '"') {
        string = true;
      } else if (c == '{' || c == '[') {
        ++depth;
      } else if ((c == '}' || c == ']') && --depth == 0) {
        return at + 1;
      }
    }
  }

  void split(SplitRecord& record) {
    texts_.clear();
    record.fields.assign(columns_.size(), LoadField{{}, true, true});
    if (options_.mapping == JsonMapping::kWhole) {
      record.fields[0] = {record.raw, true};
    } else if (options_.mapping == JsonMapping::kPaths) {
      for (size_t i = 0; i < columns_.size() && !record.fault; ++i) by_path(record, i);
    } else if (record.raw[0] == '{') {
      by_name(record);
    } else {
      record.refuse(1216, "Invalid JSON format: an array needs a JSONPaths file");
    }
  }

  void by_name(SplitRecord& record) {
    const bool any_case = options_.mapping == JsonMapping::kNamesAnyCase;
    for_each_member(record.raw, [&](std::string_view key, std::string_view value) {
      const auto found = by_name_.find(any_case ? lower(key) : std::string(key));
      if (found != by_name_.end()) set(record, found->second, value);
    });
  }

  void by_path(SplitRecord& record, size_t column) {
    std::string_view value;
    switch (options_.paths[column].find(record.raw, value)) {
      case JsonPath::Found::kValue:
        return set(record, column, value);
      case JsonPath::Found::kMissing:
        return;
      case JsonPath::Found::kNoElement:
        record.refuse(1216, "Invalid JSONPath format: Not an array or index out of range.", column);
    }
  }

  /// SUPER takes the value itself, other types its text.
  void set(SplitRecord& record, size_t column, std::string_view value) {
    LoadField& field = record.fields[column];
    field = {value, true, value == "null"};
    if (value.empty() || value[0] != '"' || columns_[column].type.id == engine::TypeId::kSuper) return;
    field.text = value.substr(1, value.size() - 2);
    if (field.text.find('\\') != kNone) field.text = texts_.emplace_back(json_string(value));
    field.quoted = false;
  }

  TextWindow& window_;
  const LoadOptions& options_;
  const std::vector<LoadColumn>& columns_;
  std::unordered_map<std::string, size_t> by_name_;
  std::deque<std::string> texts_;  // of strings with escapes
  size_t pending_ = 0;
};

}  // namespace

std::unique_ptr<RecordSplitter> split_json(TextWindow& window, const LoadOptions& options,
                                           const std::vector<LoadColumn>& columns) {
  return std::make_unique<JsonSplitter>(window, options, columns);
}

}  // namespace garland::records
