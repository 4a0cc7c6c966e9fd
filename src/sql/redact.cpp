#include "sql/redact.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/error.h"
#include "base/utf8.h"
#include "sql/copy_options.h"
#include "sql/lexer.h"

namespace garland::sql {
namespace {

bool is_string(TokenKind kind) {
  return kind == TokenKind::kString || kind == TokenKind::kEscapeString || kind == TokenKind::kDollarString;
}

/// Calls `secret` for each string behind a word that announces one; returns how far the text tokenises.
template <class Secret>
size_t for_each_secret(std::string_view text, Secret&& found) {
  Lexer lexer(text);
  try {
    bool secret = false;
    for (Token token = lexer.next(); token.kind != TokenKind::kEnd; token = lexer.next()) {
      if (secret && is_string(token.kind)) found(token);
      const std::string word = token.kind == TokenKind::kWord
                                   ? ascii_upper(text.substr(token.begin, token.end - token.begin))
                                   : std::string();
      secret = is_secret_option(word) || word == "PASSWORD" || (secret && word == "AS");
    }
  } catch (const Error&) {
    return lexer.offset();
  }
  return text.size();
}

}  // namespace

std::string without_secrets(std::string_view text) {
  std::string out;
  size_t copied = 0;
  const size_t known = for_each_secret(text, [&](const Token& token) {
    out.append(text.substr(copied, token.begin - copied)).append("'***'");
    copied = token.end;
  });
  out.append(text.substr(copied, known > copied ? known - copied : 0));
  return known < text.size() ? out.append("…") : out;
}

std::string masked_secrets(std::string_view text) {
  std::string out;
  size_t copied = 0;
  const auto mask = [&](size_t begin, size_t end) {
    out.append(text.substr(copied, begin - copied));
    for (size_t i = begin; i < end; ++i) {
      const char c = text[i];
      if (starts_character(c)) out += c == '\n' || c == '\'' ? c : '*';
    }
    copied = end;
  };
  const size_t known = for_each_secret(text, [&](const Token& token) { mask(token.begin, token.end); });
  if (known < text.size()) mask(std::max(known, copied), text.size());
  return out.append(text.substr(copied));
}

}  // namespace garland::sql
