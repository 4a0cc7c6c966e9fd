// Vectors: AWS documentation's Signature Version 4 test suite, "get-vanilla".
#include "net/sigv4.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace garland::net {
namespace {

constexpr const char* kSecret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

SignedRequest vanilla() {
  return {"GET", "/", "", {{"host", "example.amazonaws.com"}, {"x-amz-date", "20150830T123600Z"}}, ""};
}
RequestSignature vanilla_signature() {
  return {"AKIDEXAMPLE",     "20150830",        "us-east-1",
          "service",         "host;x-amz-date", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
          "20150830T123600Z"};
}

TEST(SigV4, AgreesWithTheTestSuite) { EXPECT_TRUE(is_signed_with(vanilla(), vanilla_signature(), kSecret)); }

TEST(SigV4, AnythingElseIsNotSigned) {
  EXPECT_FALSE(is_signed_with(vanilla(), vanilla_signature(), "another secret"));
  SignedRequest changed = vanilla();
  changed.body = "x";
  EXPECT_FALSE(is_signed_with(changed, vanilla_signature(), kSecret));
  changed = vanilla();
  changed.headers["host"] = "elsewhere";
  EXPECT_FALSE(is_signed_with(changed, vanilla_signature(), kSecret));
  RequestSignature cut = vanilla_signature();
  cut.signature.pop_back();
  EXPECT_FALSE(is_signed_with(vanilla(), cut, kSecret));
}

std::string refusal(const std::string& authorization, const std::string& time = "20150830T123600Z") {
  SignedRequest request = vanilla();
  request.headers["authorization"] = authorization;
  request.headers["x-amz-date"] = time;
  try {
    read_signature(request);
  } catch (const Error& error) {
    return std::string(error.state().text());
  }
  return "";
}

TEST(SigV4, ReadsAuthorization) {
  const std::string scope = "AKIDEXAMPLE/20150830/us-east-1/service/aws4_request";
  const auto header = [](const std::string& credential, const std::string& names) {
    return "AWS4-HMAC-SHA256 Credential=" + credential + ", SignedHeaders=" + names + ", Signature=00";
  };
  SignedRequest request = vanilla();
  request.headers["authorization"] = header(scope, "host;x-amz-date;x-amz-target");
  const RequestSignature read = read_signature(request);
  EXPECT_EQ(read.access_key + " " + read.date + " " + read.region + " " + read.service,
            "AKIDEXAMPLE 20150830 us-east-1 service");
  EXPECT_EQ(read.signature, "00");
  EXPECT_EQ(refusal(""), "28000");
  EXPECT_EQ(refusal("Basic YWRtaW4="), "28000");
  EXPECT_EQ(refusal(header("AKIDEXAMPLE", "host;x-amz-date;x-amz-target")), "28000");
  EXPECT_EQ(refusal(header(scope + "/more", "host;x-amz-date;x-amz-target")), "28000");
  EXPECT_EQ(refusal(header(scope, "host;x-amz-date")), "28000");  // the operation is not covered
  EXPECT_EQ(refusal(header(scope, "x-amz-date;x-amz-target")), "28000");
  EXPECT_EQ(refusal(header(scope, "host;x-amz-date;x-amz-target"), "20160830T123600Z"), "28000");
  EXPECT_EQ(refusal(header(scope, "host;x-amz-date;x-amz-target"), ""), "28000");
}

}  // namespace
}  // namespace garland::net
