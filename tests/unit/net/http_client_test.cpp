#include "net/http_client.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "net/canned_server.h"

namespace garland::net {
namespace {

HttpRequest to(const CannedServer& server) { return {.method = "GET", .url = server.url() + "/a"}; }

TEST(HttpClient, GivesTheAnswer) {
  CannedServer server({canned(404, "nobody", "X-Amzn-ErrorType: A")});
  HttpRequest request = to(server);
  request.method = "PUT";
  request.headers = {"X-One: 1"};
  const HttpAnswer answer = send(request);
  EXPECT_EQ(answer.status, 404);
  EXPECT_EQ(answer.body, "nobody");
  EXPECT_EQ(answer.headers.at("x-amzn-errortype"), "A");
  ASSERT_EQ(server.requests().size(), 1u);
  EXPECT_EQ(server.requests()[0].method + " " + server.requests()[0].path, "PUT /a");
  EXPECT_EQ(server.requests()[0].headers.at("x-one"), "1");
}

TEST(HttpClient, FollowsNobody) {
  CannedServer elsewhere({canned(200, "")});
  CannedServer server({canned(307, "", "Location: " + elsewhere.url())});
  EXPECT_EQ(send(to(server)).status, 307);
  EXPECT_TRUE(elsewhere.requests().empty());
}

TEST(HttpClient, AsksAgainWhileItMayPass) {
  CannedServer server({canned(503, ""), "", canned(429, ""), canned(200, "at last")});
  EXPECT_EQ(send_patiently(to(server)).body, "at last");
  EXPECT_EQ(server.requests().size(), 4u);
}

TEST(HttpClient, DoesNotAskAgainForWhatLasts) {
  CannedServer server({canned(403, ""), canned(200, "")});
  EXPECT_EQ(send_patiently(to(server)).status, 403);
  EXPECT_EQ(server.requests().size(), 1u);
}

TEST(HttpClient, AsksAgainFiveTimesAtMost) {
  CannedServer server(
      {canned(500, ""), canned(500, ""), canned(500, ""), canned(500, ""), canned(500, ""), canned(200, "")});
  EXPECT_EQ(send_patiently(to(server)).status, 500);
  EXPECT_EQ(server.requests().size(), 5u);
}

TEST(HttpClient, TellsWhyThereIsNoAnswer) {
  CannedServer server({canned(200, std::string((1 << 20) + 1, 'x'))});
  HttpAnswer answer = send(to(server));
  EXPECT_EQ(answer.status, 0);
  EXPECT_EQ(answer.failure, "the answer is too long");
  EXPECT_FALSE(answer.may_pass);
  answer = send({.method = "GET", .url = "ftp://127.0.0.1/"});
  EXPECT_EQ(answer.status, 0);
  EXPECT_FALSE(answer.may_pass);
  std::string closed;
  {
    closed = CannedServer({}).url();
  }
  answer = send({.method = "GET", .url = closed});
  EXPECT_EQ(answer.status, 0);
  EXPECT_TRUE(answer.may_pass);
}

TEST(HttpClient, RefusesAHeaderThatWouldBeTwo) {
  try {
    send({.method = "GET", .url = "http://127.0.0.1:9/", .headers = {"X-Token: secret\r\nX-Other: 1"}});
    ADD_FAILURE() << "sent";
  } catch (const Error& error) {
    EXPECT_EQ(error.message(), "the HTTP header X-Token has a line break");
  }
}

TEST(HttpClient, ReadsUrls) {
  EXPECT_EQ(read_url("https://vpce-1.kms.eu-west-1.vpce.amazonaws.com").host,
            "vpce-1.kms.eu-west-1.vpce.amazonaws.com");
  EXPECT_TRUE(read_url("http://localhost:4566/aws").is_plain);
  EXPECT_FALSE(read_url("http://localhost@example.com/").is_plain);
  EXPECT_FALSE(read_url("https://example.com/?a=b").is_plain);
  EXPECT_EQ(read_url("file:///a").scheme, "");
  EXPECT_EQ(read_url("no url").scheme, "");
}

TEST(HttpClient, KnowsThisMachine) {
  for (const char* here : {"localhost", "127.0.0.1", "127.9.9.9", "[::1]"}) EXPECT_TRUE(is_loopback(here)) << here;
  for (const char* there : {"127.example.com", "localhost.example.com", "128.0.0.1", "::2", ""})
    EXPECT_FALSE(is_loopback(there)) << there;
}

}  // namespace
}  // namespace garland::net
