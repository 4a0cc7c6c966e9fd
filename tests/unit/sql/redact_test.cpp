#include "sql/redact.h"

#include <gtest/gtest.h>

namespace garland::sql {
namespace {

TEST(WithoutSecrets, HidesEveryFormOfCredentials) {
  EXPECT_EQ(without_secrets("copy t from 's3://b/k' credentials 'aws_access_key_id=A;aws_secret_access_key=S' csv"),
            "copy t from 's3://b/k' credentials '***' csv");
  EXPECT_EQ(without_secrets("COPY t FROM 's3://b' ACCESS_KEY_ID 'A' SECRET_ACCESS_KEY AS 'S''x' session_token $$T$$"),
            "COPY t FROM 's3://b' ACCESS_KEY_ID '***' SECRET_ACCESS_KEY AS '***' session_token '***'");
  EXPECT_EQ(without_secrets("unload ('select 1') to 'x' master_symmetric_key /* k */ 'M' encrypted"),
            "unload ('select 1') to 'x' master_symmetric_key /* k */ '***' encrypted");
  EXPECT_EQ(without_secrets("create user u password 'Secret1'"), "create user u password '***'");
}

TEST(WithoutSecrets, LeavesTheRestAlone) {
  EXPECT_EQ(without_secrets("select 'credentials', \"password\", 'x' from t"),
            "select 'credentials', \"password\", 'x' from t");
  EXPECT_EQ(without_secrets(""), "");
}

TEST(WithoutSecrets, CutsWhatDoesNotTokenise) {
  const std::string shown = without_secrets("copy t from 's3://b' secret_access_key 'S");
  EXPECT_EQ(shown.find("'S"), std::string::npos);
  EXPECT_TRUE(shown.starts_with("copy t from 's3://b' secret_access_key"));
}

TEST(MaskedSecrets, KeepsLinesAndColumns) {
  EXPECT_EQ(masked_secrets("copy t\nfrom 'x' secret_access_key 'S\xC3\xA9''x' csv"),
            "copy t\nfrom 'x' secret_access_key '**''*' csv");
  EXPECT_EQ(masked_secrets("copy t from 'x' credentials 'open"), "copy t from 'x' credentials '****");
}

}  // namespace
}  // namespace garland::sql
