#include "sql/show_parameters.h"

#include <algorithm>
#include <charconv>

#include "base/ascii.h"
#include "base/error.h"
#include "sql/lexer.h"
#include "sql/parser.h"
#include "sql/printer.h"

namespace garland::sql {
namespace {

/// One type and nothing else: it goes into the statement's text.
std::string checked_type(const std::string& value) {
  try {
    const Expr cast = parse_expression("cast(null as " + value + ")");
    if (const auto* node = std::get_if<Cast>(&cast.node);
        node && std::holds_alternative<NullLiteral>(node->operand->node)) {
      return value;
    }
  } catch (const Error&) {  // said below
  }
  throw Error(kSyntaxError, "\"" + value + "\" is not a type");
}

}  // namespace

std::optional<ShowParameters> ShowParameters::find(std::string_view text) {
  if (text.find('$') == std::string_view::npos) return std::nullopt;
  ShowParameters show;
  try {
    Lexer lexer(text);
    Token token = lexer.next();
    if (token.kind != TokenKind::kWord || token.keyword != Keyword::kShow) return std::nullopt;
    int depth = 0;
    Keyword before = Keyword::kShow;
    for (token = lexer.next(); token.kind != TokenKind::kEnd; token = lexer.next()) {
      if (token.symbol == Symbol::kLeftParen) ++depth;
      if (token.symbol == Symbol::kRightParen) --depth;
      if (token.kind == TokenKind::kParameter) {
        int32_t number = 0;
        const char* const end = text.data() + token.end;
        const auto read = std::from_chars(text.data() + token.begin + 1, end, number);
        if (read.ec != std::errc() || read.ptr != end || number < 1 || number > INT16_MAX) return std::nullopt;
        const Place place = depth > 0 ? Place::kType : before == Keyword::kLike ? Place::kPattern : Place::kName;
        show.holes_.push_back({token.begin, token.end, place, number});
        show.count_ = std::max(show.count_, number);
      }
      before = token.keyword;
    }
  } catch (const Error&) {
    return std::nullopt;  // the parser says what is wrong
  }
  if (show.holes_.empty()) return std::nullopt;
  show.text_ = text;
  return show;
}

std::string ShowParameters::filled(const std::vector<std::string>& texts) const {
  std::string statement;
  uint32_t at = 0;
  for (size_t i = 0; i < holes_.size(); ++i) {
    statement += text_.substr(at, holes_[i].begin - at) + texts[i];
    at = holes_[i].end;
  }
  return statement + text_.substr(at);
}

std::string ShowParameters::form() const {
  std::vector<std::string> texts;
  for (const Hole& hole : holes_) {
    texts.emplace_back(hole.place == Place::kType ? "integer" : hole.place == Place::kPattern ? "'%'" : "\"$\"");
  }
  return filled(texts);
}

std::string ShowParameters::closed(std::span<const std::optional<std::string>> values) const {
  std::vector<std::string> texts;
  for (const Hole& hole : holes_) {
    const std::string number = "$" + std::to_string(hole.number);
    if (static_cast<size_t>(hole.number) > values.size()) {
      throw Error(kProtocolViolation, "no value for parameter " + number);
    }
    const std::optional<std::string>& value = values[static_cast<size_t>(hole.number) - 1];
    if (!value) throw Error(kInvalidParameterValue, "parameter " + number + " of SHOW is NULL");
    texts.push_back(hole.place == Place::kType      ? checked_type(*value)
                    : hole.place == Place::kPattern ? quote_literal(*value)
                                                    : quote_identifier(*value));
  }
  return filled(texts);
}

}  // namespace garland::sql
