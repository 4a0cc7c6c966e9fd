#include "mentions.h"

#include <algorithm>
#include <vector>

#include "base/error.h"
#include "engine/text_scan.h"
#include "sql/lexer.h"

namespace garland::conformance {

namespace {

const std::set<std::string, std::less<>> kVolatile = {"random",
                                                      "getdate",
                                                      "sysdate",
                                                      "timeofday",
                                                      "now",
                                                      "current_date",
                                                      "current_time",
                                                      "current_timestamp",
                                                      "pg_backend_pid",
                                                      "pg_last_query_id",
                                                      "pg_last_copy_id",
                                                      "pg_last_copy_count",
                                                      "current_user_id",
                                                      "current_namespace",
                                                      "current_aws_account",
                                                      "version",
                                                      "current_user",
                                                      "session_user",
                                                      "pg_last_unload_count",
                                                      "pg_last_unload_id"};

/// A token's text, folded; strings and symbols as written.
struct Word {
  std::string text;
  sql::TokenKind kind;
  bool is_name() const { return kind == sql::TokenKind::kWord || kind == sql::TokenKind::kQuotedName; }
};

std::string folded(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(), engine::to_lower);
  return result;
}

std::vector<Word> words_of(std::string_view sql) {
  std::vector<Word> words;
  sql::Lexer lexer(sql);
  try {
    for (sql::Token token = lexer.next(); token.kind != sql::TokenKind::kEnd; token = lexer.next()) {
      std::string text = folded(sql.substr(token.begin, token.end - token.begin));
      if (token.kind == sql::TokenKind::kQuotedName) text = text.substr(1, text.size() - 2);
      words.push_back({std::move(text), token.kind});
    }
  } catch (const Error&) {  // what came before the fault is enough
  }
  return words;
}

class Reader {
 public:
  explicit Reader(std::string_view sql) : words_(words_of(sql)) {}

  Mentions read() {
    find_target();
    bool is_limited = false, is_ordered = false;
    int depth = 0;
    for (size_t i = 0; i < words_.size(); ++i) {
      const std::string& text = words_[i].text;
      depth += text == "(" ? 1 : text == ")" ? -1 : 0;
      if (words_[i].kind == sql::TokenKind::kString) read_string(text);
      if (!words_[i].is_name()) continue;
      if (kVolatile.contains(text)) mentions_.is_volatile = true;
      is_limited |= depth == 0 && (text == "limit" || (text == "top" && i && words_[i - 1].text == "select"));
      is_ordered |= depth == 0 && text == "order";
      if (is_mention(i)) mentions_.names.insert(text);
    }
    mentions_.is_cut = is_limited && !is_ordered;
    return std::move(mentions_);
  }

 private:
  bool is(size_t at, std::string_view text) const { return at < words_.size() && words_[at].text == text; }

  /// Not a column's name behind its table, nor an alias behind AS.
  bool is_mention(size_t at) const {
    if (is(at + 1, ".")) return !is(at + 3, "(");
    return !(at && is(at - 1, "as"));
  }

  void read_string(const std::string& text) {
    for (const char* store : {"'s3://", "'dynamodb://", "'emr://", "'ssh://"})
      mentions_.reads_files |= text.starts_with(store);
    mentions_.is_volatile |= text == "'now'" || text == "'today'" || text == "'tomorrow'" || text == "'yesterday'";
  }

  size_t skip(size_t at, std::initializer_list<std::string_view> noise) const {
    while (at < words_.size() && std::ranges::find(noise, words_[at].text) != noise.end()) ++at;
    return at;
  }

  void take_target(size_t at) {
    while (at + 2 < words_.size() && is(at + 1, ".")) at += 2;
    if (at < words_.size() && words_[at].is_name()) mentions_.target = words_[at].text;
  }

  void find_target() {
    if (words_.empty()) return;
    const std::string& verb = words_[0].text;
    if (verb == "create" || verb == "declare" || verb == "prepare") {
      mentions_.creates = true;
      if (verb != "create") return take_target(1);
      take_target(
          skip(1, {"or",    "replace", "local",  "temp",      "temporary", "external", "materialized", "table",
                   "#",     "view",    "schema", "database",  "if",        "not",      "exists",       "function",
                   "model", "user",    "role",   "procedure", "group",     "masking",  "rls",          "policy"}));
    } else if (verb == "insert" || verb == "merge" || verb == "delete") {
      take_target(skip(1, {"into", "from"}));
    } else if (verb == "update" || verb == "copy") {
      take_target(1);
    } else if (verb == "alter" && is(1, "table")) {
      take_target(2);
    } else if (verb == "select" || verb == "with") {
      const auto into = std::ranges::find(words_, "into", &Word::text);
      if (into == words_.end()) return;
      mentions_.creates = true;
      take_target(skip(static_cast<size_t>(into - words_.begin()) + 1, {"temp", "temporary", "table", "#"}));
    }
  }

  std::vector<Word> words_;
  Mentions mentions_;
};

}  // namespace

Mentions mentions_of(std::string_view sql) { return Reader(sql).read(); }

}  // namespace garland::conformance
