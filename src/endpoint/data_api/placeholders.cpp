#include "endpoint/data_api/placeholders.h"

#include <algorithm>

#include "base/error.h"
#include "sql/lexer.h"

namespace garland::endpoint {

NumberedStatement number_parameters(std::string_view sql, const std::map<std::string, std::string>& parameters,
                                    std::map<std::string, bool>& used) {
  NumberedStatement numbered;
  std::vector<std::string> names;
  size_t copied = 0;
  const std::vector<sql::Token> tokens = sql::tokenize(sql);
  for (size_t i = 0; i + 1 < tokens.size(); ++i) {
    const sql::Token& word = tokens[i + 1];
    const bool named = tokens[i].kind == sql::TokenKind::kSymbol && tokens[i].symbol == sql::Symbol::kColon &&
                       word.kind == sql::TokenKind::kWord && word.begin == tokens[i].end;
    if (!named) continue;
    const std::string name(sql.substr(word.begin, word.end - word.begin));
    const auto value = parameters.find(name);
    if (value == parameters.end()) {
      throw Error(kInvalidParameterValue, "the parameter :" + name + " has no value").at(tokens[i].begin);
    }
    used[name] = true;
    auto known = std::ranges::find(names, name);
    if (known == names.end()) {
      known = names.insert(names.end(), name);
      numbered.values.emplace_back(value->second);
    }
    numbered.sql += sql.substr(copied, tokens[i].begin - copied);
    numbered.sql += "$" + std::to_string(known - names.begin() + 1);
    copied = word.end;
  }
  numbered.sql += sql.substr(copied);
  return numbered;
}

}  // namespace garland::endpoint
