// `[[source]]` tables of the kinds "events" and "kafka": what they say, and how their mistakes are told.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "ingest/events/kafka_source.h"
#include "ingest/events/webhook_source.h"
#include "ingest/folder.h"

namespace garland::ingest::events {
namespace {

const std::string kHook = "[[source]]\nname = \"reviews\"\nkind = \"events\"\ntable = \"raw.reviews\"\n";
const std::string kTopics =
    "[[source]]\nname = \"sessions\"\nkind = \"kafka\"\ntable = \"raw.sessions\"\nrest = \"payload\"\n";

struct Read {
  std::vector<WebhookSource> webhooks;
  std::vector<KafkaSource> topics;
};

Read read(const std::string& text) {
  const Folder folder;
  const auto file = folder.write("garland.toml", text);
  Read sources;
  sources.webhooks = read_webhook_sources(file, {}, {});
  sources.topics = read_kafka_sources(file, {}, {}, sources.webhooks);
  return sources;
}

/// "line: message | hint"
std::string fault_of(const std::string& text) {
  try {
    read(text);
  } catch (const Error& error) {
    EXPECT_EQ(error.state().text(), "F0000");
    return fmt::format("{}: {} | {}", error.place() ? error.place()->line : 0, error.message(), error.hint());
  }
  return "no error";
}

TEST(EventSources, AreRead) {
  const Read sources = read(kHook + "secret_env = \"A\"\nprevious_secret_file = \"b\"\nmax_event_bytes = 100\n" +
                            "columns = [ { name = \"id\", type = \"bigint\", required = true } ]\n" + kTopics +
                            "brokers = \"a:1,b:2\"\ntopics = [\"x\", \"y.z\"]\nstart = \"latest\"\n" +
                            "security = \"sasl_ssl\"\nuser = \"u\"\npassword_env = \"P\"\nca_file = \"ca.pem\"\n");
  ASSERT_EQ(sources.webhooks.size(), 1u);
  const WebhookSource& hook = sources.webhooks[0];
  EXPECT_EQ(hook.secret.environment, "A");
  EXPECT_EQ(hook.previous_secret->file.filename(), "b");
  EXPECT_TRUE(hook.previous_secret->file.is_absolute());  // beside garland.toml
  EXPECT_EQ(hook.table.max_bytes, 100u);
  EXPECT_TRUE(hook.table.columns[0].required);
  ASSERT_EQ(sources.topics.size(), 1u);
  const KafkaSource& topics = sources.topics[0];
  EXPECT_EQ(topics.topics, (std::vector<std::string>{"x", "y.z"}));
  EXPECT_EQ(topics.group, "garland_sessions");
  EXPECT_EQ(topics.mechanism, "SCRAM-SHA-512");
  EXPECT_EQ(topics.start, KafkaStart::kLatest);
  EXPECT_EQ(topics.ca_file.filename(), "ca.pem");
}

TEST(EventSources, MistakesSayHowToMendThem) {
  EXPECT_EQ(fault_of(kHook + "secret_env = \"A\"\n"), "1: source \"reviews\" needs \"columns\" or \"rest\" | ");
  EXPECT_EQ(
      fault_of(kHook + "rest = \"payload\"\n"),
      "1: source \"reviews\" needs a secret, which its senders sign with | name where it lies: secret_env = \"…\" "
      "or secret_file = \"…\"");
  EXPECT_EQ(fault_of(kHook + "rest = \"payload\"\nsecret_env = \"A\"\nsecret_file = \"b\"\n"),
            "7: a secret lies in one place: secret_env or secret_file | ");
  EXPECT_EQ(fault_of(kHook + "secret_env = \"A\"\nrest = \"id\"\ncolumns = [ { name = \"id\", type = \"bigint\" } ]\n"),
            "7: column \"id\" stands here twice | ");
  EXPECT_EQ(fault_of(kTopics + "topics = [\"x\"]\n"), "1: source \"sessions\" needs \"brokers\" | ");
  EXPECT_EQ(fault_of(kTopics + "brokers = \"a:1\"\ntopics = []\n"), "1: source \"sessions\" needs \"topics\" | ");
  EXPECT_EQ(fault_of(kTopics + "brokers = \"a:1\"\ntopics = [\"a b\"]\n"),
            "7: a topic is a text of letters, digits, ., _ and - | ");
  EXPECT_EQ(fault_of(kTopics + "brokers = \"a:1\"\ntopics = [\"x\"]\nuser = \"u\"\n"),
            "8: \"user\" goes with security = \"sasl_ssl\" | ");
  EXPECT_EQ(fault_of(kTopics + "brokers = \"a:1\"\ntopics = [\"x\"]\nsecurity = \"tls\"\n"),
            "8: \"tls\" is no security that is known | one of plaintext, ssl, sasl_plaintext, sasl_ssl");
}

}  // namespace
}  // namespace garland::ingest::events
