// Parser: transactions and settings (guide pages r_BEGIN, r_COMMIT, r_ROLLBACK, r_SET, r_RESET, r_SHOW).
#include "sql/literals.h"
#include "sql/recursive_parser.h"

namespace garland::sql {

Begin Parser::begin_statement() {
  if (take().keyword == Keyword::kStart) {
    expect(Keyword::kTransaction);
  } else if (!accept(Keyword::kWork)) {
    accept(Keyword::kTransaction);
  }
  return {transaction_modes()};
}

TransactionModes Parser::transaction_modes() {
  TransactionModes result;
  for (;;) {
    if (!result.isolation && accept(Keyword::kIsolation)) {
      expect(Keyword::kLevel);
      if (at(Keyword::kSnapshot)) fail();
      result.isolation = isolation_level();
    } else if (!result.read_only && accept(Keyword::kRead)) {
      result.read_only = at(Keyword::kOnly);
      if (!accept(Keyword::kOnly)) expect(Keyword::kWrite);
    } else {
      return result;
    }
    if (accept(Symbol::kComma) && !at(Keyword::kIsolation) && !at(Keyword::kRead)) fail();
  }
}

std::string Parser::isolation_level() {
  if (accept(Keyword::kRepeatable)) {
    expect(Keyword::kRead);
    return "repeatable read";
  }
  if (accept(Keyword::kRead)) {
    if (accept(Keyword::kCommitted)) return "read committed";
    expect(Keyword::kUncommitted);
    return "read uncommitted";
  }
  if (accept(Keyword::kSnapshot)) return "snapshot";
  expect(Keyword::kSerializable);
  return "serializable";
}

void Parser::end_of_transaction() {
  take();
  if (!accept(Keyword::kWork)) accept(Keyword::kTransaction);
  if (at(Keyword::kTo)) not_in_redshift("ROLLBACK TO SAVEPOINT", peek());
}

std::string Parser::setting_name() {
  std::string result = name().text;
  while (accept(Symbol::kDot)) result += '.' + label().text;
  return result;
}

std::optional<SetTransaction> Parser::set_transaction() {
  SetTransaction result;
  if (at(Keyword::kSession) && at(Keyword::kCharacteristics, 1)) {
    at_ += 2;
    expect(Keyword::kAs);
    result.session = true;
  } else {
    at_ += at(Keyword::kLocal) && at(Keyword::kTransaction, 1);
    if (!at(Keyword::kTransaction) || (!at(Keyword::kIsolation, 1) && !at(Keyword::kRead, 1))) return std::nullopt;
  }
  expect(Keyword::kTransaction);
  result.modes = transaction_modes();
  if (result.modes == TransactionModes{}) fail();
  return result;
}

// SET TIME ZONE x is SET timezone TO x.
Statement::Node Parser::set() {
  expect(Keyword::kSet);
  if (auto modes = set_transaction()) return *std::move(modes);
  Set result;
  const bool scoped = (at(Keyword::kSession) || at(Keyword::kLocal)) && !at(Keyword::kTo, 1) && !at(Symbol::kEqual, 1);
  if (scoped) result.local = take().keyword == Keyword::kLocal;
  if (at(Keyword::kTime) && at(Keyword::kZone, 1)) {
    at_ += 2;
    result.name = "timezone";
    if (!accept(Keyword::kLocal) && !accept(Keyword::kDefault)) result.values.push_back(setting_value());
    return result;
  }
  result.name = setting_name();
  if (!accept(Symbol::kEqual)) expect(Keyword::kTo);
  if (!accept(Keyword::kDefault)) result.values = setting_values();
  return result;
}

std::vector<std::string> Parser::setting_values() {
  std::vector<std::string> values;
  do values.push_back(setting_value());
  while (accept(Symbol::kComma));
  return values;
}

std::string Parser::setting_value() {
  if (at_string()) return text_of_string();
  if (at(TokenKind::kWord) || at(TokenKind::kQuotedName)) return identifier_value(text_, take());
  std::string sign = at(Symbol::kMinus) ? "-" : "";
  if (!accept(Symbol::kMinus)) accept(Symbol::kPlus);
  return sign + std::string(text(expect(TokenKind::kNumber)));
}

Statement::Node Parser::reset_or_show() {
  const bool is_reset = take().keyword == Keyword::kReset;
  std::string setting;
  if (accept(Keyword::kAll)) {
    setting = "all";
  } else if (at(Keyword::kTime) && at(Keyword::kZone, 1)) {
    at_ += 2;
    setting = "timezone";
  } else if (at(Keyword::kTransaction) && at(Keyword::kIsolation, 1) && at(Keyword::kLevel, 2)) {
    at_ += 3;
    setting = "transaction_isolation";
  } else {
    setting = setting_name();
  }
  if (is_reset) return Reset{std::move(setting)};
  return Show{std::move(setting)};
}

}  // namespace garland::sql
