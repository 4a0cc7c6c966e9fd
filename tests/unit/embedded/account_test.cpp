// What engine::Engine::account() gives for the password forms of r_CREATE_USER, and that what it gives lets the
// password in.
#include <gtest/gtest.h>

#include "embedded/password.h"
#include "net/digest.h"
#include "net/redshift_digest.h"
#include "net/scram.h"
#include "warehouse_fixture.h"

namespace garland::embedded {
namespace {

using engine::Account;

class AccountTest : public WarehouseTest {
 protected:
  void run(const std::string& sql) { engine::run(*session(), sql); }
  Account account(const std::string& user) {
    const auto found = engine_->account(user);
    if (!found) ADD_FAILURE() << user << " has no account";
    return found.value_or(Account{});
  }
};

bool opens_by_digest(const Account& account, const std::string& password) {
  return net::hex(net::sha256(password + net::from_hex(account.sha256_salt).value())) == account.sha256_digest;
}

bool opens_by_scram(const Account& account, const std::string& password) {
  const auto verifier = net::read_scram_verifier(account.scram);
  return verifier && net::make_scram_verifier(password, verifier->salt, verifier->iterations) == *verifier;
}

TEST_F(AccountTest, APlainPasswordOpensByScramAndDigest) {
  run("create user ann password 'abcD1234'");
  run("create user bob password 'sha256|Mypassword1'");
  for (const auto& [user, password] : {std::pair("ann", "abcD1234"), {"bob", "Mypassword1"}}) {
    const Account found = account(user);
    EXPECT_EQ(found.name, user);
    EXPECT_FALSE(found.super);
    EXPECT_EQ(found.md5, "") << "md5 is off unless it is asked for";
    EXPECT_TRUE(opens_by_digest(found, password));
    EXPECT_TRUE(opens_by_scram(found, password));
    EXPECT_FALSE(opens_by_digest(found, "abcD12345"));
    EXPECT_FALSE(opens_by_scram(found, "abcD12345"));
  }
}

TEST_F(AccountTest, AnMd5HashOpensByMd5Only) {
  run("create user user1 password 'md5153C434B4B77C89E6B94F12C5393AF5B'");
  const Account found = account("user1");
  EXPECT_EQ(found.md5, "md5" + net::md5_hex("ezuser1"));
  EXPECT_EQ(found.sha256_digest + found.sha256_salt + found.scram, "");
}

TEST_F(AccountTest, ASha256HashOpensByDigestOnly) {
  run("create user admin2 password 'sha256|821708135fcc42eb3afda85286dee0ed15c2c461d000291609f77eb113073ec2|"
      "c721bff5d9042cf541ff7b9d48fa8a6e545c19a763e3710151f9513038b0f6c6'");
  const Account found = account("admin2");
  EXPECT_TRUE(opens_by_digest(found, "Mypassword1"));
  EXPECT_EQ(found.md5 + found.scram, "");
}

TEST_F(AccountTest, ADisabledPasswordOpensNothing) {
  run("create user ann password disable");
  const Account found = account("ann");
  EXPECT_EQ(found.md5 + found.sha256_digest + found.sha256_salt + found.scram, "");
  run("alter user ann password 'abcD1234'");
  EXPECT_TRUE(opens_by_scram(account("ann"), "abcD1234"));
  run("alter user ann password disable");
  EXPECT_EQ(account("ann").scram, "");
}

TEST_F(AccountTest, WhoMayNotLogInHasNone) {
  EXPECT_FALSE(engine_->account("nobody"));
  EXPECT_FALSE(engine_->account(""));
  EXPECT_FALSE(engine_->account("rdsdb"));
  EXPECT_TRUE(account("admin").super);
  run("create user ann password 'abcD1234'");
  run("alter user ann nologin");
  EXPECT_FALSE(engine_->account("ann"));
  run("alter user ann login password 'abcD1234'");
  EXPECT_TRUE(engine_->account("ann"));
  run("drop user ann");
  EXPECT_FALSE(engine_->account("ann"));
}

TEST_F(AccountTest, ChangesCountOnceTheyAreCommitted) {
  const auto other = session();
  engine::run(*other, "begin");
  engine::run(*other, "create user ann password 'abcD1234'");
  EXPECT_FALSE(engine_->account("ann"));
  engine::run(*other, "commit");
  EXPECT_TRUE(engine_->account("ann"));
}

TEST_F(AccountTest, TellsItsLimits) {
  run("create user ann password 'abcD1234' valid until '2017-12-31 23:59' connection limit 30 session timeout 120");
  const Account ann = account("ann");
  EXPECT_EQ(ann.valid_until_us, 1514764740000000);
  EXPECT_EQ(ann.connection_limit, 30);
  EXPECT_EQ(ann.session_timeout_s, 120);
  run("alter user ann valid until 'Infinity' connection limit unlimited reset session timeout");
  const Account free = account("ann");
  EXPECT_EQ(free.valid_until_us, std::nullopt);
  EXPECT_EQ(free.connection_limit, std::nullopt);
  EXPECT_EQ(free.session_timeout_s, std::nullopt);
  EXPECT_TRUE(opens_by_scram(free, "abcD1234"));
}

// r_ALTER_USER: the limit is not enforced for superusers.
TEST_F(AccountTest, SuperusersHaveNoConnectionLimit) {
  run("create user boss password 'abcD1234' createuser connection limit 1");
  EXPECT_EQ(account("boss").connection_limit, std::nullopt);
}

// r_ALTER_USER: "when a user is renamed, the password is cleared".
TEST_F(AccountTest, RenamingClearsThePassword) {
  run("create user ann password 'abcD1234'");
  const auto admin = session();
  engine::run(*admin, "alter user ann rename to anne");
  const auto notices = admin->take_notices();
  ASSERT_EQ(notices.size(), 1u);
  EXPECT_EQ(notices[0].message, "password cleared because of user rename");
  const Account found = account("anne");
  EXPECT_EQ(found.md5 + found.sha256_digest + found.scram, "");
  EXPECT_FALSE(engine_->account("ann"));
}

TEST_F(AccountTest, IsReadBackFromDisk) {
  run("create user ann password 'abcD1234'");
  const Account before = account("ann");
  reopen();
  EXPECT_EQ(account("ann").scram, before.scram);
  EXPECT_EQ(account("ann").sha256_digest, before.sha256_digest);
}

TEST(Verifiers, OlderFormsAreRead) {
  EXPECT_EQ(read_verifiers("").scram, "");
  const Verifiers combined = read_verifiers("md5153c434b4b77c89e6b94f12c5393af5b sha256|aa|bb");
  EXPECT_EQ(combined.md5, "") << "nobody asked for it";
  EXPECT_EQ(combined.sha256_digest, "aa");
  EXPECT_EQ(combined.sha256_salt, "bb");
  const Verifiers digest = read_verifiers("sha256|aa|bb");
  EXPECT_EQ(digest.sha256_digest + "|" + digest.sha256_salt + "|" + digest.scram, "aa|bb|");
  EXPECT_EQ(read_verifiers("md5153c434b4b77c89e6b94f12c5393af5b").md5, "md5153c434b4b77c89e6b94f12c5393af5b");
}

}  // namespace
}  // namespace garland::embedded
