// The parts of the Data API that need no server; boto3 itself runs in tests/clients/boto3_test.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/error.h"
#include "endpoint/data_api/actions.h"
#include "endpoint/data_api/api_keys.h"
#include "endpoint/data_api/placeholders.h"
#include "temporary_folder.h"

namespace garland::endpoint {
namespace {

std::string numbered(const std::string& sql, std::vector<std::string>* values = nullptr) {
  std::map<std::string, bool> used;
  const NumberedStatement made = number_parameters(sql, {{"a", "1"}, {"b_2", "2"}}, used);
  if (values) {
    for (const auto& value : made.values) values->push_back(value.value_or("NULL"));
  }
  return made.sql;
}

TEST(Placeholders, AreNumberedByName) {
  std::vector<std::string> values;
  EXPECT_EQ(numbered("select :b_2, :a::int, :b_2", &values), "select $1, $2::int, $1");
  EXPECT_EQ(values, (std::vector<std::string>{"2", "1"}));
}

TEST(Placeholders, AreNoneInStringsNamesCommentsAndCasts) {
  for (const char* sql : {"select ':a'", "select \":a\"", "select 1 -- :a", "select /* :a */ 1", "select $$:a$$",
                          "select x::a", "select : a"}) {
    EXPECT_EQ(numbered(sql), sql);
  }
}

TEST(Placeholders, WithoutAValueAreRefused) {
  try {
    numbered("select 1, :missing");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.state(), kInvalidParameterValue);
    EXPECT_EQ(error.position(), 10u);
  }
}

TEST(ApiKeys, AreMadeListedUsedAndDropped) {
  const TemporaryFolder temporary;
  const std::filesystem::path& folder = temporary.path();
  const ApiKeys keys(folder);
  EXPECT_TRUE(keys.list().empty());
  EXPECT_FALSE(std::filesystem::exists(folder / "garland.key"));
  const auto first = keys.make("admin", 1), second = keys.make("analyst", 2);
  EXPECT_EQ(first.key.id.size(), 20u);
  EXPECT_NE(first.secret, second.secret);
  EXPECT_EQ(keys.signer(second.key.id)->user, "analyst");
  EXPECT_EQ(keys.signer(second.key.id)->secret, second.secret);
  EXPECT_FALSE(keys.signer("AKIAAAAAAAAAAAAAAAAA"));
  std::ifstream file(folder / "api_keys");
  const std::string stored{std::istreambuf_iterator<char>(file), {}};
  EXPECT_EQ(stored.find(first.secret), std::string::npos);
  EXPECT_TRUE(keys.drop(first.key.id));
  EXPECT_FALSE(keys.drop(first.key.id));
  EXPECT_EQ(keys.list().size(), 1u);
  std::filesystem::remove(folder / "garland.key");  // another key file opens nothing
  EXPECT_THROW(keys.signer(second.key.id), Error);
  std::ofstream(folder / "api_keys") << "nonsense\n";
  EXPECT_THROW(keys.list(), Error);
}

TEST(ErrorReply, SaysTheApisOwnKinds) {
  EXPECT_NE(error_reply(Error(kUndefinedObject, "x")).body.find("ResourceNotFoundException"), std::string::npos);
  EXPECT_NE(error_reply(Error(kTooManyConnections, "x")).body.find("ActiveStatementsExceededException"),
            std::string::npos);
  EXPECT_NE(error_reply(Error(kUndefinedTable, "x")).body.find("ValidationException"), std::string::npos);
  EXPECT_EQ(error_reply(Error(kInvalidAuthorization, "x")).status, 403u);
  EXPECT_EQ(error_reply(Error(kInternalError, "\xff")).status, 500u);
}

}  // namespace
}  // namespace garland::endpoint
