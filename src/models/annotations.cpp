#include "models/annotations.h"

#include <fmt/format.h>

#include <array>
#include <cctype>

#include "models/near_names.h"
#include "sql/parser.h"
#include "sql/printer.h"

namespace garland::models {
namespace {

/// A line of a comment and where each of its bytes stands in the file.
struct Line {
  std::string text;
  size_t offset;
};

std::string_view trim(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  size_t begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

std::vector<Line> comment_lines(std::string_view text) {
  std::vector<Line> lines;
  for (const sql::Comment& comment : sql::leading_comments(text)) {
    size_t begin = text.find(comment.text, comment.span.begin);
    bool block = text.substr(comment.span.begin, 2) == "/*";
    for (size_t at = 0; at <= comment.text.size();) {
      size_t end = std::min(comment.text.find('\n', at), comment.text.size());
      std::string_view line = std::string_view(comment.text).substr(at, end - at);
      size_t indent = std::min(line.find_first_not_of(" \t"), line.size());
      if (block && at > 0 && indent < line.size() && line[indent] == '*') ++indent;
      std::string_view body = line.substr(indent);
      size_t blanks = std::min(body.find_first_not_of(" \t"), body.size());
      lines.push_back({std::string(trim(body)), begin + at + indent + blanks});
      at = end + 1;
    }
  }
  return lines;
}

/// The text of one annotation over all its lines.
class AnnotationText {
 public:
  void add(const Line& line) {
    if (!text_.empty()) append('\n', line.offset);
    for (size_t i = 0; i < line.text.size(); ++i) append(line.text[i], line.offset + i);
  }
  bool is_open() const {
    int depth = 0;
    bool quoted = false;
    for (char c : text_) {
      if (c == '\'') quoted = !quoted;
      if (!quoted) depth += (c == '(') - (c == ')');
    }
    return depth > 0 || (!text_.empty() && text_.back() == ',');
  }
  const std::string& text() const { return text_; }
  size_t offset(size_t at) const { return at < offsets_.size() ? offsets_[at] : offsets_.back() + 1; }

 private:
  void append(char c, size_t offset) {
    text_ += c;
    offsets_.push_back(offset);
  }
  std::string text_;
  std::vector<size_t> offsets_;
};

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '$' || (c & 0x80); }

/// Reads one annotation; its functions throw Error with a position in the file.
class AnnotationReader {
 public:
  AnnotationReader(const AnnotationText& source, std::string_view file_text, const std::string& file, Annotations& out)
      : source_(source), text_(source.text()), file_text_(file_text), file_(file), out_(out) {}

  void read() {
    ++at_;  // the '@'
    size_t begin = at_;
    std::string name = word("an annotation's name");
    if (name == "test") return tests();
    if (name == "encode") return encodings();
    if (name == "incremental") {
      throw Error(kFeatureNotSupported, "@incremental is not supported yet").at(source_.offset(begin));
    }
    Error error(kSyntaxError, fmt::format("there is no annotation \"@{}\"", name));
    auto near = near_names(name, {"test", "encode"}, 1);
    error.hint(near.empty() ? "Garland knows @test and @encode." : fmt::format("did you mean \"@{}\"?", near[0]));
    throw error.at(source_.offset(begin - 1));
  }

 private:
  void tests() {
    do {
      test();
    } while (accept(","));
    expect_end();
  }

  void test() {
    static const std::vector<std::string> kNames{"not_null", "unique", "accepted", "references"};
    skip_blanks();
    size_t begin = at_;
    std::string name = word("a test");
    TestSpec test{};
    LineColumn place = line_column(file_text_, source_.offset(begin));
    test.place = {file_, place.line, place.column};
    expect("(");
    if (name == "not_null" || name == "unique") {
      test.kind = name == "unique" ? TestSpec::Kind::kUnique : TestSpec::Kind::kNotNull;
      do test.columns.push_back(identifier("a column"));
      while (accept(","));
    } else if (name == "accepted") {
      accepted(test);
    } else if (name == "references") {
      references(test);
    } else {
      Error error(kSyntaxError, fmt::format("there is no test \"{}\"", name));
      auto near = near_names(name, kNames, 1);
      error.hint(near.empty()
                     ? "Garland knows not_null, unique, accepted and references; anything else is a query in tests/."
                     : fmt::format("did you mean \"{}\"?", near[0]));
      throw error.at(source_.offset(begin));
    }
    expect(")");
    test.name = name + text_.substr(text_.find('(', begin), at_ - text_.find('(', begin));
    for (char& c : test.name) c = c == '\n' ? ' ' : c;
    out_.tests.push_back(std::move(test));
  }

  void accepted(TestSpec& test) {
    test.kind = TestSpec::Kind::kAccepted;
    test.columns.push_back(identifier("a column"));
    expect(":");
    do test.values.push_back(value());
    while (accept(","));
  }

  void references(TestSpec& test) {
    test.kind = TestSpec::Kind::kReferences;
    test.columns.push_back(identifier("a column"));
    expect("->");
    std::array<std::string, 3> parts;
    for (size_t i = 0; i < parts.size(); ++i) {
      if (i > 0) expect(".", "references(…) names its target as schema.table.column");
      parts[i] = identifier("schema.table.column");
    }
    test.references = ModelName{parts[0], parts[1]};
    test.references_column = parts[2];
  }

  void encodings() {
    static const std::vector<std::string> kEncodings{"raw",     "az64",    "bytedict", "delta",    "delta32k",
                                                     "lzo",     "mostly8", "mostly16", "mostly32", "runlength",
                                                     "text255", "text32k", "zstd"};
    if (out_.encode_place.line == 0) {
      LineColumn place = line_column(file_text_, source_.offset(0));
      out_.encode_place = {file_, place.line, place.column};
    }
    expect("(");
    do {
      skip_blanks();
      size_t begin = at_;
      std::string column = identifier("a column");
      skip_blanks();
      size_t encoding_at = at_;
      std::string encoding = word("an encoding");
      if (std::find(kEncodings.begin(), kEncodings.end(), encoding) == kEncodings.end()) {
        Error error(kSyntaxError, fmt::format("there is no encoding \"{}\"", encoding));
        auto near = near_names(encoding, kEncodings, 1);
        if (!near.empty()) error.hint(fmt::format("did you mean \"{}\"?", near[0]));
        throw error.at(source_.offset(encoding_at));
      }
      if (!out_.encodings.emplace(column, encoding).second) {
        throw Error(kDuplicateColumn, fmt::format("column \"{}\" is encoded twice", column)).at(source_.offset(begin));
      }
    } while (accept(","));
    expect(")");
    expect_end();
  }

  void skip_blanks() {
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_]))) ++at_;
  }
  bool accept(std::string_view token) {
    skip_blanks();
    if (text_.compare(at_, token.size(), token) != 0) return false;
    at_ += token.size();
    return true;
  }
  void expect(std::string_view token, std::string hint = {}) {
    if (accept(token)) return;
    throw Error(kSyntaxError, fmt::format("\"{}\" expected", token)).hint(std::move(hint)).at(source_.offset(at_));
  }
  void expect_end() {
    skip_blanks();
    if (at_ < text_.size()) {
      throw Error(kSyntaxError, fmt::format("\"{}\" follows the annotation", text_.substr(at_)))
          .hint("An annotation has its lines to itself.")
          .at(source_.offset(at_));
    }
  }
  std::string word(std::string_view what) {
    skip_blanks();
    size_t begin = at_;
    while (at_ < text_.size() && is_word(text_[at_])) ++at_;
    if (begin == at_) throw Error(kSyntaxError, fmt::format("{} expected", what)).at(source_.offset(at_));
    return folded(text_.substr(begin, at_ - begin));
  }
  std::string identifier(std::string_view what) {
    skip_blanks();
    if (at_ < text_.size() && text_[at_] == '"') return folded(quoted('"'));
    return word(what);
  }
  /// A string in quotes, or a number or word as it stands.
  std::string value() {
    skip_blanks();
    if (at_ < text_.size() && text_[at_] == '\'') return quoted('\'');
    size_t begin = at_;
    while (at_ < text_.size() && (is_word(text_[at_]) || text_[at_] == '.' || text_[at_] == '-')) ++at_;
    if (begin == at_) throw Error(kSyntaxError, "a value expected").at(source_.offset(at_));
    return text_.substr(begin, at_ - begin);
  }
  std::string quoted(char quote) {
    size_t begin = at_++;
    std::string value;
    for (; at_ < text_.size(); ++at_) {
      if (text_[at_] == quote && (at_ + 1 == text_.size() || text_[at_ + 1] != quote)) return ++at_, value;
      if (text_[at_] == quote) ++at_;
      value += text_[at_];
    }
    throw Error(kSyntaxError, "a quote is not closed").at(source_.offset(begin));
  }
  static std::string folded(std::string text) {
    for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return text;
  }

  const AnnotationText& source_;
  const std::string& text_;
  std::string_view file_text_;
  const std::string& file_;
  Annotations& out_;
  size_t at_ = 0;
};

void add_prose(std::string& description, const std::string& line) {
  if (line.empty() && (description.empty() || description.ends_with("\n\n"))) return;
  if (!description.empty()) description += '\n';
  description += line;
}

}  // namespace

Annotations read_annotations(std::string_view text, const std::string& file, std::vector<Error>& errors) {
  Annotations out;
  std::vector<Line> lines = comment_lines(text);
  for (size_t i = 0; i < lines.size(); ++i) {
    if (!lines[i].text.starts_with('@')) {
      add_prose(out.description, lines[i].text);
      continue;
    }
    AnnotationText annotation;
    annotation.add(lines[i]);
    while (annotation.is_open() && i + 1 < lines.size() && !lines[i + 1].text.starts_with('@'))
      annotation.add(lines[++i]);
    try {
      AnnotationReader(annotation, text, file, out).read();
    } catch (Error& error) {
      LineColumn place = line_column(text, error.position().value_or(lines[i].offset));
      errors.push_back(error.in({file, place.line, place.column}));
    }
  }
  while (out.description.ends_with('\n')) out.description.pop_back();
  return out;
}

}  // namespace garland::models
