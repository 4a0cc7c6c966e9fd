#include "models/test_sql.h"

#include <fmt/format.h>

#include "models/build_sql.h"
#include "models/rewrite.h"
#include "sql/parser.h"
#include "sql/printer.h"

namespace garland::models {
namespace {

std::string joined(const std::vector<std::string>& columns, std::string_view suffix, std::string_view separator) {
  std::string text;
  for (const std::string& column : columns) {
    if (!text.empty()) text += separator;
    text += sql::quote_identifier(column);
    text += suffix;
  }
  return text;
}

std::string accepted(const TestSpec& test, const std::string& table) {
  std::string values;
  for (const std::string& value : test.values) values += (values.empty() ? "" : ", ") + sql::quote_literal(value);
  return fmt::format("select * from {} where {} not in ({})", table, sql::quote_identifier(test.columns[0]), values);
}

std::string references(const TestSpec& test, const std::string& table, const Standing& standing) {
  std::string column = sql::quote_identifier(test.columns[0]);
  return fmt::format(
      "select child.* from {} as child where child.{} is not null and not exists (select 1 from {} as parent where "
      "parent.{} = child.{})",
      table, column, quoted(standing(*test.references)), sql::quote_identifier(test.references_column), column);
}

}  // namespace

std::string failing_rows(const TestSpec& test, const ModelName& model, const Standing& standing) {
  if (test.kind == TestSpec::Kind::kQuery) {
    sql::Statement statement = sql::parse_statement(test.query);
    rewrite_relations(statement, standing);
    return sql::print(statement);
  }
  std::string table = quoted(standing(model));
  switch (test.kind) {
    case TestSpec::Kind::kNotNull:
      return fmt::format("select * from {} where {}", table, joined(test.columns, " is null", " or "));
    case TestSpec::Kind::kUnique: {
      std::string columns = joined(test.columns, "", ", ");
      return fmt::format("select {0}, count(*) as copies from {1} where {2} group by {0} having count(*) > 1", columns,
                         table, joined(test.columns, " is not null", " and "));
    }
    case TestSpec::Kind::kAccepted:
      return accepted(test, table);
    case TestSpec::Kind::kReferences:
      return references(test, table, standing);
    case TestSpec::Kind::kQuery:
      break;
  }
  throw Error(kInternalError, "a test of unknown kind");
}

std::string count_failing_rows(const TestSpec& test, const ModelName& model, const Standing& standing) {
  return fmt::format("select count(*) from ({}) as failing", failing_rows(test, model, standing));
}

}  // namespace garland::models
