#include "script.h"

#include <charconv>

namespace garland::sqltest {

namespace {

constexpr std::string_view kSeparator = " | ";
constexpr std::string_view kBlankLine = "(blank)";

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r')) text.remove_suffix(1);
  return text;
}

/// Takes the first word off.
std::string_view take_word(std::string_view& text) {
  text = trim(text);
  size_t end = text.find(' ');
  std::string_view word = text.substr(0, end);
  text = end == std::string_view::npos ? std::string_view() : trim(text.substr(end));
  return word;
}

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  std::vector<Record> read() {
    while (next_line()) {
      if (trim(current_).empty() || current_.front() == '#') continue;
      header();
    }
    if (pending_) fail("a directive without a record behind it");
    return std::move(records_);
  }

 private:
  [[noreturn]] void fail(const std::string& message) const { throw FormatError(line_, message); }

  bool next_line() {
    if (position_ >= text_.size()) return false;
    size_t end = std::min(text_.find('\n', position_), text_.size());
    current_ = text_.substr(position_, end - position_);
    position_ = end + 1;
    ++line_;
    return true;
  }

  void header() {
    std::string_view rest = current_;
    std::string_view word = take_word(rest);
    if (word == "values") {
      record_.values = parse_row(rest, line_);
      pending_ = true;
    } else if (word == "skip") {
      if (rest.empty()) fail("skip needs a reason");
      record_.skip = rest;
      pending_ = true;
    } else {
      record_.line = line_;
      body(word, rest);
      records_.push_back(std::move(record_));
      record_ = Record();
      pending_ = false;
    }
  }

  void body(std::string_view word, std::string_view rest) {
    if (word == "session") {
      record_.session = take_word(rest);
      word = take_word(rest);
    }
    if (word == "background") {
      record_.background = true;
      word = take_word(rest);
    }
    if (word == "wait" || word == "blocked") {
      record_.kind = word == "wait" ? Record::Kind::kWait : Record::Kind::kBlocked;
      record_.session = take_word(rest);
    } else if (word == "file") {
      file(rest);
    } else if (word == "statement") {
      statement(rest);
    } else if (word == "query") {
      query(rest);
    } else {
      fail("unknown record \"" + std::string(word) + "\"");
    }
  }

  void file(std::string_view name) {
    record_.kind = Record::Kind::kFile;
    record_.file_name = name;
    while (next_line() && !trim(current_).empty()) {
      record_.file_content += current_ == kBlankLine ? std::string_view() : current_;
      record_.file_content += '\n';
    }
  }

  void statement(std::string_view rest) {
    Expectation& expected = record_.expected;
    std::string_view what = take_word(rest);
    if (what == "ok") {
      expected.kind = Expectation::Kind::kOk;
    } else if (what == "error") {
      expected.kind = Expectation::Kind::kError;
      expected.sqlstate = take_word(rest);
      if (expected.sqlstate.size() != 5) fail("an error needs its SQLSTATE");
      if (rest.starts_with("at ")) {
        take_word(rest);
        expected.place = take_word(rest);
      }
      expected.pattern = rest;
    } else if (what == "count") {
      expected.kind = Expectation::Kind::kCount;
      if (std::from_chars(rest.data(), rest.data() + rest.size(), expected.count).ec != std::errc())
        fail("count needs a number");
    } else if (what == "tag") {
      expected.kind = Expectation::Kind::kTag;
      expected.tag = rest;
    } else {
      fail("statement needs ok, error, count or tag");
    }
    sql(false);
  }

  void query(std::string_view rest) {
    Expectation& expected = record_.expected;
    expected.kind = Expectation::Kind::kRows;
    if (rest == "rowsort") {
      expected.sort = Sort::kRows;
    } else if (!rest.empty()) {
      fail("query takes nothing or rowsort");
    }
    sql(true);
    if (!next_line() || trim(current_).empty()) fail("a query needs its column types behind ----");
    expected.types = trim(current_);
    while (next_line() && !trim(current_).empty()) expected.rows.push_back(render_row(parse_row(current_, line_)));
  }

  /// Up to a blank line, or to ----.
  void sql(bool rows_follow) {
    bool ended = false;
    while (next_line()) {
      if (trim(current_).empty()) break;
      if (rows_follow && trim(current_) == "----") {
        ended = true;
        break;
      }
      if (!record_.sql.empty()) record_.sql += '\n';
      record_.sql += current_;
    }
    if (rows_follow && !ended) fail("a query ends with ----");
    if (trim(record_.sql).empty()) fail("no SQL");
  }

  std::string_view text_, current_;
  size_t position_ = 0;
  int line_ = 0;
  bool pending_ = false;
  Record record_;
  std::vector<Record> records_;
};

bool needs_quotes(std::string_view value) {
  if (value.empty() || value == "NULL") return true;
  if (value.front() == ' ' || value.back() == ' ' || value.front() == '\'') return true;
  if (value.find_first_of("\n\t\r\\") != std::string_view::npos) return true;
  return value.find('|') != std::string_view::npos;
}

}  // namespace

std::vector<Record> read_script(std::string_view text) { return Reader(text).read(); }

std::string render(const std::optional<std::string>& value) {
  if (!value) return "NULL";
  if (!needs_quotes(*value)) return *value;
  std::string out = "'";
  for (char c : *value) {
    switch (c) {
      case '\n':
        out += "\\n";
        break;
      case '\t':
        out += "\\t";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\'':
        out += "\\'";
        break;
      default:
        out += c;
    }
  }
  return out + "'";
}

std::string render_row(const std::vector<std::optional<std::string>>& row) {
  std::string out;
  for (size_t i = 0; i < row.size(); ++i) {
    if (i) out += kSeparator;
    out += render(row[i]);
  }
  return out;
}

namespace {

/// The text between quotes that begins at `position`; moves behind the closing one.
std::string quoted(std::string_view line, size_t& position, int line_number) {
  std::string value;
  for (++position; position < line.size(); ++position) {
    char c = line[position];
    if (c == '\'') return ++position, value;
    if (c == '\\' && position + 1 < line.size()) {
      c = line[++position];
      c = c == 'n' ? '\n' : c == 't' ? '\t' : c == 'r' ? '\r' : c;
    }
    value += c;
  }
  throw FormatError(line_number, "a quote is not closed");
}

}  // namespace

std::vector<std::optional<std::string>> parse_row(std::string_view line, int line_number) {
  std::vector<std::optional<std::string>> row;
  line = trim(line);
  size_t position = 0;
  while (true) {
    while (position < line.size() && line[position] == ' ') ++position;
    if (position < line.size() && line[position] == '\'') {
      row.emplace_back(quoted(line, position, line_number));
      position = std::min(line.find('|', position), line.size());
    } else {
      size_t end = std::min(line.find('|', position), line.size());
      std::string_view value = trim(line.substr(position, end - position));
      if (value == "NULL") {
        row.emplace_back(std::nullopt);
      } else {
        row.emplace_back(std::string(value));
      }
      position = end;
    }
    if (position >= line.size()) return row;
    ++position;
  }
}

}  // namespace garland::sqltest
