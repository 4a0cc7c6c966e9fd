#include "ingest/sensitive/aws_keys.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <functional>

#include "environment.h"
#include "ingest/folder.h"
#include "net/canned_server.h"
#include "net/digest.h"

namespace garland::ingest {
namespace {

using net::canned;

const std::string kKey(32, 'k');
constexpr const char* kAlias = "alias/garland";

/// Calls go to the server, signed by whoever.
class AwsKeysTest : public testing::Test {
 protected:
  net::AwsClient client(const net::AwsService& service, const net::CannedServer& server) {
    environment_.unset({service.endpoint_variable, "AWS_SESSION_TOKEN"});
    environment_.set("AWS_ENDPOINT_URL", server.url());
    environment_.set("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE");
    environment_.set("AWS_SECRET_ACCESS_KEY", "secret");
    return {service, "eu-west-1"};
  }
  std::string from_kms(net::CannedServer& server, bool may_make) {
    return outcome([&] { return key_from_kms(client(net::kAwsKms, server), kAlias, file(), "token", may_make); });
  }
  std::string from_secret(net::CannedServer& server) {
    return outcome([&] {
      const SecretKeys keys = keys_from_secret(client(net::kAwsSecretsManager, server), "garland/keys");
      return keys.token + " " + keys.vault;
    });
  }
  /// What it gives, or "state message" of its error, which shows no key.
  static std::string outcome(const std::function<std::string()>& run) {
    try {
      return run();
    } catch (const Error& error) {
      const std::string all = error.message() + error.detail() + error.hint();
      for (const std::string& form : {kKey, net::hex(kKey), net::base64(kKey)})
        EXPECT_EQ(all.find(form), std::string::npos) << all;
      return fmt::format("{} {}", error.state().text(), error.message());
    }
  }
  std::filesystem::path file() const { return folder_.path() / "token.key.kms"; }
  std::string named(const char* text) const { return fmt::format(fmt::runtime(text), file().string()); }

  Folder folder_;
  Environment environment_;
};

std::string data_key(const std::string& plain, const std::string& blob) {
  return canned(200,
                fmt::format(R"({{"CiphertextBlob": "{}", "Plaintext": "{}"}})", net::base64(blob), net::base64(plain)));
}
std::string fault(const char* code) {
  return canned(400, fmt::format(R"({{"__type": "{}", "message": "why"}})", code));
}

TEST_F(AwsKeysTest, KmsMakesAKeyAndDecryptsItLater) {
  net::CannedServer server({data_key(kKey, "sealed"), data_key(kKey, "")});
  EXPECT_EQ(from_kms(server, true), kKey);
  std::ifstream in(file());
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(in), {}), "sealed");
  EXPECT_EQ(from_kms(server, false), kKey);
  ASSERT_EQ(server.requests().size(), 2u);
  EXPECT_EQ(server.requests()[0].headers.at("x-amz-target"), "TrentService.GenerateDataKey");
  EXPECT_EQ(
      server.requests()[0].body,
      R"({"EncryptionContext":{"application":"garland","purpose":"token"},"KeyId":"alias/garland","KeySpec":"AES_256"})");
  EXPECT_EQ(server.requests()[1].headers.at("x-amz-target"), "TrentService.Decrypt");
  EXPECT_EQ(server.requests()[1].body,
            fmt::format(R"({{"CiphertextBlob":"{}",)"
                        R"("EncryptionContext":{{"application":"garland","purpose":"token"}},)"
                        R"("KeyId":"alias/garland"}})",
                        net::base64("sealed")));
}

TEST_F(AwsKeysTest, NothingIsKeptOfAnAnswerThatIsNoKey) {
  net::CannedServer server({data_key("short", "sealed"), data_key(kKey, ""), canned(200, "[]"), canned(200, "{"),
                            data_key(kKey, std::string(6145, 'x')), fault("NotFoundException")});
  const std::string no_key = named("XX001 AWS KMS gave no key of 32 bytes for {}");
  const std::string no_blob = named("XX001 AWS KMS gave no encrypted key for {}");
  for (const std::string& expected : {no_key, no_blob, no_key, no_key, no_blob})
    EXPECT_EQ(from_kms(server, true), expected);
  EXPECT_EQ(from_kms(server, true), "F0000 AWS KMS has no key \"alias/garland\" in eu-west-1");
  EXPECT_EQ(from_kms(server, false), named("58030 the encrypted key {} is missing"));
  EXPECT_TRUE(std::filesystem::is_empty(folder_.path()));
  EXPECT_EQ(server.requests().size(), 6u);
}

TEST_F(AwsKeysTest, AFileThatCannotBeDecryptedIsNeverReplaced) {
  folder_.write("token.key.kms", "sealed");
  net::CannedServer server({fault("IncorrectKeyException"), fault("InvalidCiphertextException"),
                            fault("KMSInvalidStateException"), data_key("short", "")});
  EXPECT_EQ(from_kms(server, true), named("XX001 {} was encrypted under another KMS key than \"alias/garland\""));
  EXPECT_EQ(from_kms(server, true), named("XX001 AWS KMS cannot decrypt {} as the token key"));
  EXPECT_EQ(from_kms(server, true), "F0000 AWS refuses kms:Decrypt: KMSInvalidStateException");
  EXPECT_EQ(from_kms(server, true), named("XX001 AWS KMS gave no key of 32 bytes for {}"));
  folder_.write("token.key.kms", std::string(6145, 'x'));
  EXPECT_EQ(from_kms(server, true), named("XX001 {} is no key that AWS KMS encrypted"));
  EXPECT_EQ(server.requests().size(), 4u);
}

TEST_F(AwsKeysTest, ASecretHasBothKeys) {
  const auto secret = [](const std::string& text) {
    std::string escaped;
    for (const char c : text) escaped += c == '"' ? "\\\"" : std::string(1, c);
    return canned(200, R"({"ARN": "a", "SecretString": ")" + escaped + R"("})");
  };
  const std::string hex = net::hex(kKey);
  net::CannedServer server(
      {secret(fmt::format(R"({{"token_key": "{}", "vault_key": "{}"}})", hex, std::string(64, '0'))),
       fault("ResourceNotFoundException"), secret(hex),
       secret(fmt::format(R"({{"token_key": "{}", "vault_key": "{}0"}})", hex, hex)),
       secret(fmt::format(R"({{"token_key": 7, "vault_key": "{}"}})", hex)), canned(200, R"({"SecretBinary": "aaaa"})"),
       fault("AccessDeniedException")});
  EXPECT_EQ(from_secret(server), kKey + " " + std::string(32, '\0'));
  EXPECT_EQ(from_secret(server), "F0000 AWS Secrets Manager has no secret \"garland/keys\" in eu-west-1");
  EXPECT_EQ(from_secret(server), "F0000 the secret \"garland/keys\" has no token_key of 64 hexadecimal digits");
  EXPECT_EQ(from_secret(server), "F0000 the secret \"garland/keys\" has no vault_key of 64 hexadecimal digits");
  EXPECT_EQ(from_secret(server), "F0000 the secret \"garland/keys\" has no token_key of 64 hexadecimal digits");
  EXPECT_EQ(from_secret(server), "F0000 the secret \"garland/keys\" has no token_key of 64 hexadecimal digits");
  EXPECT_EQ(from_secret(server), "42501 AWS denies secretsmanager:GetSecretValue");
  ASSERT_EQ(server.requests().size(), 7u);
  EXPECT_EQ(server.requests()[0].headers.at("x-amz-target"), "secretsmanager.GetSecretValue");
  EXPECT_EQ(server.requests()[0].body, R"({"SecretId":"garland/keys"})");
}

}  // namespace
}  // namespace garland::ingest
