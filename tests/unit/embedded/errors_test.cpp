// DuckDB's own error texts, provoked on the real library, and what users see of them.
#include <gtest/gtest.h>

#include "embedded/emission.h"

namespace garland::embedded {
namespace {

using namespace testing;

std::string provoked(const std::string& sql) {
  try {
    duck::Result result = engine_under_test().connection().query(sql);
    while (result.fetch()) {
    }
    return "no error";
  } catch (const duck::DuckError& error) {
    const Error translated = translate_error(error.text());
    return std::string(translated.state().text()) + " " + translated.message();
  }
}

TEST(TranslateError, KnowsDuckDbsTexts) {
  EXPECT_EQ(provoked("SELECT error('22012:division by zero')"), "22012 division by zero");
  EXPECT_EQ(provoked("SELECT 2147483647::INT + 1::INT"), "22003 integer out of range");
  EXPECT_EQ(provoked("SELECT CAST(70000::INT AS SMALLINT)"), "22003 smallint out of range");
  EXPECT_EQ(provoked("SELECT CAST(1e300::DOUBLE AS DECIMAL(10,2))"), "22003 numeric field overflow");
  EXPECT_EQ(provoked("SELECT CAST(12345::INT AS DECIMAL(4,2))"), "22003 numeric field overflow");
  EXPECT_EQ(provoked("SELECT (SELECT r FROM range(2) AS q(r))"),
            "21000 more than one row returned by a subquery used as an expression");
  EXPECT_EQ(provoked("SELECT timezone('Nowhere', TIMESTAMP '2020-01-01')"), "22023 time zone not recognized");
  EXPECT_EQ(provoked("SELECT 'ab' LIKE 'a\\' ESCAPE '\\'"), "22025 LIKE pattern must not end with escape character");
  EXPECT_EQ(provoked("SELECT regexp_matches('a', '(')"), "22023 invalid regular expression");
  EXPECT_EQ(provoked("SELECT DATE '2020-01-01' + 2147483647"), "22008 date out of range");
  EXPECT_EQ(provoked("SELECT decode('\\xff'::BLOB)"), "22021 the binary value is not valid UTF-8 text");
  EXPECT_EQ(provoked("SELECT CAST('abc' AS INTEGER)"), "22P02 invalid input syntax for the type");
  EXPECT_EQ(provoked("SELECT repeat('x', 10000000000)"), "54000 the resulting string is too long");
  EXPECT_EQ(provoked("SELECT ntile(0) OVER ()"), "22023 argument of ntile must be greater than zero");
  EXPECT_EQ(provoked("SELECT ln(-1.0::DOUBLE)"), "22023 cannot take logarithm of a negative number");
}

TEST(TranslateError, KeepsDuckDbsWordsFromUsers) {
  const Error error =
      translate_error("Binder Error: Referenced column \"c7\" not found in FROM clause!\n\nLINE 1: SELECT c7");
  EXPECT_EQ(error.state(), kInternalError);
  EXPECT_EQ(error.message(), "an internal error occurred");
  EXPECT_EQ(translate_error("INTERRUPT Error: Interrupted!").state(), kQueryCanceled);
  EXPECT_EQ(translate_error("TransactionContext Error: Conflict on update!").state(), kSerializationFailure);
  EXPECT_EQ(translate_error("Out of Memory Error: failed to allocate data of size 1 GiB").state(), kOutOfMemory);
  EXPECT_EQ(translate_error("IO Error: Could not write file: No space left on device").state(), kDiskFull);
}

// A text that only looks like ours keeps no foreign SQLSTATE.
TEST(TranslateError, TakesOnlyKnownStates) {
  EXPECT_EQ(translate_error("Invalid Input Error: 99999:hello").state(), kInternalError);
  EXPECT_EQ(
      translate_error("Invalid Input Error: 22P02:invalid input syntax for type integer: \"a\n\nLINE 1\"").message(),
      "invalid input syntax for type integer: \"a\n\nLINE 1\"");
}

}  // namespace
}  // namespace garland::embedded
