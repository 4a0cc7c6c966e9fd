#include "net/redshift_digest.h"

#include <gtest/gtest.h>

#include "base/limits.h"
#include "net/digest.h"
#include "net/failing.h"

namespace garland::net {
namespace {

using namespace std::string_literals;

constexpr const char* kNonce = "0123456789abcdef0123456789abcdef";
constexpr const char* kClientNonce = "1700000000000";
// Guide page r_CREATE_USER, for the password Mypassword1.
const DigestVerifier kDocumented{"821708135fcc42eb3afda85286dee0ed15c2c461d000291609f77eb113073ec2",
                                 "c721bff5d9042cf541ff7b9d48fa8a6e545c19a763e3710151f9513038b0f6c6"};

std::string counted(const std::string& bytes) {
  const auto size = static_cast<uint32_t>(bytes.size());
  std::string out;
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(size >> shift);
  return out + bytes;
}

/// As redshift_connector computes it (its ExtensibleDigest) from the request's salt and nonce.
std::string answer(const std::string& password, const DigestVerifier& verifier) {
  const std::string request = digest_request(verifier, kNonce);
  const std::string salt = request.substr(8, 32), nonce = request.substr(44);
  return counted(sha256(sha256(password + salt) + nonce + kClientNonce)) + counted(kClientNonce);
}

TEST(RedshiftDigest, AsksAsTheDriversRead) {
  EXPECT_EQ(digest_request(kDocumented, kNonce), "\0\0\0\0"s + counted(*from_hex(kDocumented.salt)) + counted(kNonce));
}

TEST(RedshiftDigest, LetsTheRightPasswordIn) {
  EXPECT_TRUE(digest_answers(kDocumented, kNonce, answer("Mypassword1", kDocumented)));
  EXPECT_FALSE(digest_answers(kDocumented, kNonce, answer("Mypassword2", kDocumented)));
  EXPECT_FALSE(digest_answers(kDocumented, "another nonce", answer("Mypassword1", kDocumented)));
}

TEST(RedshiftDigest, MakesVerifiers) {
  const DigestVerifier made = make_digest_verifier("abcD1234");
  EXPECT_EQ(made.digest.size(), 64u);
  EXPECT_EQ(made.salt.size(), 64u);
  EXPECT_NE(make_digest_verifier("abcD1234").salt, made.salt);
  EXPECT_TRUE(digest_answers(made, kNonce, answer("abcD1234", made)));
}

TEST(RedshiftDigest, MakesOneUpForUsersWhoAreNotThere) {
  const DigestVerifier bob = made_up_digest_verifier("bob"), again = made_up_digest_verifier("bob");
  EXPECT_EQ(bob.salt, again.salt);
  EXPECT_NE(bob.salt, made_up_digest_verifier("eve").salt);
  EXPECT_EQ(bob.salt.size(), 64u);
  EXPECT_FALSE(digest_answers(bob, kNonce, answer("", bob)));
}

TEST(RedshiftDigest, RefusesMalformedAnswers) {
  const std::string digest(32, 'd');
  for (const std::string& payload :
       {""s, "\0\0\0"s, counted(digest), counted(digest) + "\0\0\0"s, counted(digest) + "\0\0\0\5abcd"s,
        counted(digest) + counted("abc") + "x", counted(digest.substr(1)) + counted("abc"),
        counted(digest + "d") + counted("abc"), counted("") + counted("abc"), "\xFF\xFF\xFF\xFF"s + digest,
        "\x80\0\0\x20"s + digest + counted("abc"), "\x7F\xFF\xFF\xFF"s, counted(digest) + "\xFF\xFF\xFF\xFFnonce"s,
        counted(digest) + counted(std::string(kMaxDigestNonceBytes + 1, 'n'))}) {
    EXPECT_EQ(state_of([&] { digest_answers(kDocumented, kNonce, payload); }), "08P01") << hex(payload);
  }
  EXPECT_FALSE(digest_answers(kDocumented, kNonce, counted(digest) + counted("")));
}

TEST(RedshiftDigest, SaysWhenTheCatalogIsDamaged) {
  EXPECT_EQ(state_of([] { digest_request({"00", "0"}, kNonce); }), "XX001");
}

}  // namespace
}  // namespace garland::net
