#include "net/aws.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "environment.h"
#include "net/canned_server.h"
#include "temporary_folder.h"

namespace garland::net {
namespace {

/// With credentials from nowhere, until a test says otherwise.
class AwsTest : public testing::Test {
 protected:
  AwsTest() {
    environment_.unset({"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE", "AWS_REGION",
                        "AWS_DEFAULT_REGION", "AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE",
                        "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
                        "AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_CONTAINER_AUTHORIZATION_TOKEN",
                        "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "AWS_CA_BUNDLE", "AWS_EC2_METADATA_SERVICE_ENDPOINT",
                        "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_KMS", "AWS_ENDPOINT_URL_SECRETS_MANAGER"});
    environment_.set("AWS_EC2_METADATA_DISABLED", "true");
    environment_.set("HOME", folder_.path().string());
  }
  void give_credentials(const std::string& token = "") {
    environment_.set("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE");
    environment_.set("AWS_SECRET_ACCESS_KEY", kSecret);
    if (!token.empty()) environment_.set("AWS_SESSION_TOKEN", token);
  }
  std::filesystem::path write(const std::string& name, const std::string& text) {
    const std::filesystem::path file = folder_.path() / name;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file) << text;
    return file;
  }
  /// "state message" of the error, or the id that was found.
  static std::string found() {
    try {
      const AwsCredentials credentials = find_aws_credentials();
      return credentials.key_id + " " + credentials.secret + " " + credentials.session_token;
    } catch (const Error& error) {
      return fmt::format("{} {}", error.state().text(), error.message());
    }
  }

  static constexpr const char* kSecret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
  TemporaryFolder folder_;
  Environment environment_;
};

constexpr const char* kDocument = R"({"Code": "Success", "AccessKeyId": "ASIA", "SecretAccessKey": "s", "Token": "t"})";

TEST_F(AwsTest, CallsAreSigned) {
  CannedServer server({canned(200, R"({"Plaintext": "x"})")});
  environment_.set("AWS_ENDPOINT_URL_KMS", server.url() + "/");
  environment_.set("AWS_ENDPOINT_URL", "http://127.0.0.1:9");
  give_credentials("token/with+signs==");
  const AwsClient client(kAwsKms, "eu-west-1");
  EXPECT_EQ(client.call("Decrypt", R"({"KeyId": "ä"})", {}).body, R"({"Plaintext": "x"})");
  ASSERT_EQ(server.requests().size(), 1u);
  const SignedRequest& request = server.requests()[0];
  EXPECT_EQ(request.method + request.path, "POST/");
  EXPECT_EQ(request.body, R"({"KeyId": "ä"})");
  EXPECT_EQ(request.headers.at("x-amz-target"), "TrentService.Decrypt");
  EXPECT_EQ(request.headers.at("content-type"), "application/x-amz-json-1.1");
  EXPECT_EQ(request.headers.at("x-amz-security-token"), "token/with+signs==");
  const RequestSignature signature = read_signature(request);
  EXPECT_EQ(signature.access_key + " " + signature.region + " " + signature.service, "AKIDEXAMPLE eu-west-1 kms");
  EXPECT_NE(signature.signed_headers.find("x-amz-security-token"), std::string::npos);
  EXPECT_TRUE(is_signed_with(request, signature, kSecret));
  EXPECT_FALSE(is_signed_with(request, signature, "another secret"));
}

TEST_F(AwsTest, ThrottledCallsAreMadeAgain) {
  CannedServer server({canned(400, R"({"__type": "ThrottlingException", "message": "slow down"})"), canned(200, "{}")});
  environment_.set("AWS_ENDPOINT_URL", server.url());
  give_credentials();
  EXPECT_EQ(AwsClient(kAwsSecretsManager, "eu-west-1").call("GetSecretValue", "{}", {}).body, "{}");
  EXPECT_EQ(server.requests().size(), 2u);
}

TEST_F(AwsTest, FaultsAreTheCallersOrThrown) {
  const std::string missing = R"({"__type": "com.amazonaws.kms#NotFoundException", "message": "no such key"})";
  CannedServer server({canned(400, missing), canned(400, missing)});
  environment_.set("AWS_ENDPOINT_URL", server.url());
  give_credentials();
  const AwsClient client(kAwsKms, "eu-west-1");
  const AwsAnswer answer = client.call("Decrypt", "{}", {"NotFoundException"});
  EXPECT_EQ(answer.fault.code + ": " + answer.fault.message, "NotFoundException: no such key");
  EXPECT_EQ(answer.body, "");
  EXPECT_THROW(client.call("Decrypt", "{}", {"Other"}), Error);
}

TEST_F(AwsTest, NoAnswerSaysWhere) {
  std::string closed;
  {
    closed = CannedServer({}).url();
  }
  environment_.set("AWS_ENDPOINT_URL", closed);
  give_credentials();
  try {
    AwsClient(kAwsKms, "eu-west-1").call("Decrypt", "{}", {});
    ADD_FAILURE() << "there is nobody";
  } catch (const Error& error) {
    EXPECT_EQ(error.state(), kCannotConnect);
    EXPECT_EQ(error.message(), "AWS KMS cannot be reached at " + closed);
  }
}

TEST(AwsFaults, AreReadFromHeaderOrBody) {
  EXPECT_EQ(read_aws_fault(403, "AccessDenied", "<xml/>").code, "AccessDenied");
  EXPECT_EQ(read_aws_fault(400, "", R"({"code": "a#B:http://c/", "Message": "m"})").code, "B");
  EXPECT_EQ(read_aws_fault(400, "", R"({"__type": "A", "Message": "m"})").message, "m");
  EXPECT_EQ(read_aws_fault(502, "", "<html>").code, "HTTP 502");
  EXPECT_EQ(read_aws_fault(502, "", R"(["__type"])").code, "HTTP 502");
}

TEST(AwsFaults, HaveStatesAndSayWhatIsMissing) {
  const auto error_of = [](long status, const char* code) {
    const Error error = aws_error(kAwsKms, "Decrypt", status, {code, "quoted"});
    return fmt::format("{} {} | {} | {}", error.state().text(), error.message(), error.detail(), error.hint());
  };
  EXPECT_EQ(error_of(400, "AccessDeniedException"),
            "42501 AWS denies kms:Decrypt | quoted | Allow kms:Decrypt to the identity whose credentials are used.");
  EXPECT_EQ(error_of(400, "InvalidSignatureException"),
            "28000 AWS KMS does not accept the AWS credentials: InvalidSignatureException |  | They are wrong or have "
            "expired, or this machine's clock is wrong.");
  EXPECT_EQ(error_of(403, "SignatureDoesNotMatch").substr(0, 5), "28000");
  EXPECT_EQ(error_of(403, "HTTP 403").substr(0, 5), "42501");
  EXPECT_EQ(error_of(500, "KMSInternalException"),
            "08001 AWS KMS is too busy or out of order: KMSInternalException | quoted | ");
  EXPECT_EQ(error_of(400, "ThrottlingException"),
            "08001 AWS KMS is too busy or out of order: ThrottlingException | quoted | ");
  EXPECT_EQ(error_of(400, "DisabledException"), "F0000 AWS refuses kms:Decrypt: DisabledException | quoted | ");
}

TEST_F(AwsTest, RegionsAreOfTheNameTheEnvironmentOrTheProject) {
  const auto region_of = [](const char* name, const char* configured) {
    try {
      return aws_region(name, configured);
    } catch (const Error& error) {
      return std::string(error.state().text());
    }
  };
  EXPECT_EQ(region_of("alias/garland", ""), "F0000");
  EXPECT_EQ(region_of("alias/garland", "eu-west-2"), "eu-west-2");
  EXPECT_EQ(region_of("alias/garland", "evil.example.com/"), "F0000");
  environment_.set("AWS_DEFAULT_REGION", "us-east-1");
  EXPECT_EQ(region_of("alias/garland", "eu-west-2"), "us-east-1");
  environment_.set("AWS_REGION", "us-west-2");
  EXPECT_EQ(region_of("alias/garland", "eu-west-2"), "us-west-2");
  EXPECT_EQ(region_of("arn:aws:kms:eu-west-1:111122223333:alias/garland", "eu-west-2"), "eu-west-1");
  EXPECT_EQ(region_of("arn:aws", "eu-west-2"), "us-west-2");
}

TEST_F(AwsTest, EndpointsAreAmazonsUnlessTheEnvironmentSaysOtherwise) {
  const auto endpoint = [](const char* region) {
    try {
      return aws_endpoint(kAwsSecretsManager, region);
    } catch (const Error& error) {
      return fmt::format("{} {}", error.state().text(), error.message());
    }
  };
  EXPECT_EQ(endpoint("eu-west-1"), "https://secretsmanager.eu-west-1.amazonaws.com");
  EXPECT_EQ(endpoint("cn-north-1"), "https://secretsmanager.cn-north-1.amazonaws.com.cn");
  environment_.set("AWS_ENDPOINT_URL", "http://localhost:4566/");
  environment_.set("AWS_ENDPOINT_URL_KMS", "https://kms.example.com");
  EXPECT_EQ(endpoint("eu-west-1"), "http://localhost:4566");
  for (const char* wrong : {"http://example.com", "http://127.0.0.1@example.com", "ftp://localhost", "nothing"}) {
    environment_.set("AWS_ENDPOINT_URL", wrong);
    EXPECT_EQ(endpoint("eu-west-1"), "F0000 AWS_ENDPOINT_URL is no address that secrets may come from") << wrong;
  }
}

TEST(AwsProfiles, AreRead) {
  constexpr const char* kFile =
      "# comment = 1\n[default]\naws_access_key_id = A\r\naws_secret_access_key=b=c \n"
      "[ shop ]\n; x = y\naws_access_key_id=S\n s3 =\n  nested = 1\n[default]\naws_session_token = t";
  const auto standard = read_aws_profile(kFile, "default"), shop = read_aws_profile(kFile, "shop");
  using Settings = std::map<std::string, std::string>;
  EXPECT_EQ(standard.value_or(Settings()),
            (Settings{{"aws_access_key_id", "A"}, {"aws_secret_access_key", "b=c"}, {"aws_session_token", "t"}}));
  EXPECT_EQ(shop.value_or(Settings()), (Settings{{"aws_access_key_id", "S"}}));
  EXPECT_FALSE(read_aws_profile(kFile, "other"));
  EXPECT_FALSE(read_aws_profile("", "default"));
}

TEST_F(AwsTest, CredentialsComeFromTheEnvironmentOrAFile) {
  EXPECT_EQ(found(), "28000 there are no AWS credentials");
  write(".aws/credentials",
        "[default]\naws_access_key_id = A\naws_secret_access_key = B\n[half]\naws_access_key_id = A\n[role]\nrole_arn "
        "= r\n");
  EXPECT_EQ(found(), "A B ");
  environment_.set("AWS_PROFILE", "half");
  EXPECT_EQ(found(), "F0000 the AWS profile \"half\" has no keys");
  environment_.set("AWS_PROFILE", "role");
  EXPECT_EQ(found(), "0A000 the AWS profile \"role\" has role_arn, which is not supported");
  environment_.set("AWS_PROFILE", "absent");
  EXPECT_EQ(found(), "F0000 the AWS profile \"absent\" is not there");
  environment_.set(
      "AWS_SHARED_CREDENTIALS_FILE",
      write("mine", "[absent]\naws_access_key_id = C\naws_secret_access_key = D\naws_session_token = E\n"));
  EXPECT_EQ(found(), "C D E");
  environment_.set("AWS_WEB_IDENTITY_TOKEN_FILE", "token");
  EXPECT_EQ(found(), "0A000 AWS credentials by web identity (AWS_WEB_IDENTITY_TOKEN_FILE) are not supported");
  environment_.set("AWS_ACCESS_KEY_ID", "F");
  EXPECT_EQ(found(), "F0000 the environment has one of AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY only");
  give_credentials();
  EXPECT_EQ(found(), fmt::format("AKIDEXAMPLE {} ", kSecret));
}

TEST_F(AwsTest, ProfilesOfBothFilesAreOne) {
  const auto config = [&](const std::string& text) { write(".aws/config", text); };
  config("[default]\nregion = eu-west-1\n[profile shop]\nsso_session = s\n[shop]\nrole_arn = r\n");
  EXPECT_EQ(found(), "28000 there are no AWS credentials") << "a region alone is no profile to stop at";
  environment_.set("AWS_PROFILE", "shop");
  EXPECT_EQ(found(), "0A000 the AWS profile \"shop\" has sso_session, which is not supported");
  write(".aws/credentials", "[shop]\naws_access_key_id = A\naws_secret_access_key = B\n");
  EXPECT_EQ(found(), "A B ");
  config("[profile shop]\nrole_arn = r\n");
  EXPECT_EQ(found(), "0A000 the AWS profile \"shop\" has role_arn, which is not supported");
  config("[default]\ncredential_process = p\n");
  environment_.unset({"AWS_PROFILE"});
  EXPECT_EQ(found(), "0A000 the AWS profile \"default\" has credential_process, which is not supported");
}

TEST_F(AwsTest, CredentialsComeFromTheContainer) {
  CannedServer server({canned(500, ""), canned(200, kDocument), canned(200, "{}")});
  environment_.set("AWS_CONTAINER_CREDENTIALS_FULL_URI", server.url() + "/v1/credentials");
  environment_.set("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", write("token", "bearer\n"));
  EXPECT_EQ(found(), "ASIA s t");
  EXPECT_EQ(found(), "08001 the container's AWS credentials did not come");
  ASSERT_EQ(server.requests().size(), 3u);
  EXPECT_EQ(server.requests()[1].path, "/v1/credentials");
  EXPECT_EQ(server.requests()[1].headers.at("authorization"), "bearer");
  environment_.set("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://example.com/");
  EXPECT_EQ(found(), "F0000 AWS_CONTAINER_CREDENTIALS_FULL_URI names a place that credentials must not come from");
}

TEST_F(AwsTest, CredentialsComeFromTheMachinesRole) {
  CannedServer server({canned(200, "session"), canned(200, "shop-role\n"), canned(200, kDocument), canned(403, "")});
  environment_.unset({"AWS_EC2_METADATA_DISABLED"});
  environment_.set("AWS_EC2_METADATA_SERVICE_ENDPOINT", server.url());
  EXPECT_EQ(found(), "ASIA s t");
  EXPECT_EQ(found(), "28000 there are no AWS credentials");
  ASSERT_EQ(server.requests().size(), 4u);
  EXPECT_EQ(server.requests()[0].method + " " + server.requests()[0].path, "PUT /latest/api/token");
  EXPECT_EQ(server.requests()[2].path, "/latest/meta-data/iam/security-credentials/shop-role");
  EXPECT_EQ(server.requests()[2].headers.at("x-aws-ec2-metadata-token"), "session");
}

TEST(AwsCredentialsPlaces, AreHttpsOrFixed) {
  for (const char* good : {"https://example.com/c", "http://localhost/c", "http://169.254.170.2/c",
                           "http://169.254.170.23/v1/credentials", "http://[fd00:ec2::23]/v1/credentials"})
    EXPECT_TRUE(may_give_aws_credentials(good)) << good;
  for (const char* bad : {"http://example.com/c", "http://169.254.169.254/", "http://169.254.170.2@example.com/", "x"})
    EXPECT_FALSE(may_give_aws_credentials(bad)) << bad;
}

}  // namespace
}  // namespace garland::net
