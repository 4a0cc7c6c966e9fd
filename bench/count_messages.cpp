// A consumer that only counts: the peer of bench/events.py. Arguments: brokers, topic, how many messages to wait for.
// Prints the seconds from the first message to the last.
#include <librdkafka/rdkafka.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <utility>
#include <vector>

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  const uint64_t wanted = std::strtoull(argv[3], nullptr, 10);
  char why[512];
  rd_kafka_conf_t* settings = rd_kafka_conf_new();
  for (const auto& [name, value] : {std::pair<const char*, const char*>{"bootstrap.servers", argv[1]},
                                    std::pair<const char*, const char*>{"group.id", "counter"}}) {
    if (rd_kafka_conf_set(settings, name, value, why, sizeof why) != RD_KAFKA_CONF_OK) return 1;
  }
  rd_kafka_t* kafka = rd_kafka_new(RD_KAFKA_CONSUMER, settings, why, sizeof why);
  if (!kafka) return 1;
  rd_kafka_poll_set_consumer(kafka);
  rd_kafka_topic_partition_list_t* partitions = rd_kafka_topic_partition_list_new(1);
  rd_kafka_topic_partition_list_add(partitions, argv[2], 0)->offset = RD_KAFKA_OFFSET_BEGINNING;
  rd_kafka_assign(kafka, partitions);
  rd_kafka_queue_t* queue = rd_kafka_queue_get_consumer(kafka);
  std::vector<rd_kafka_message_t*> messages(5000);
  uint64_t count = 0;
  std::chrono::steady_clock::time_point begun;
  while (count < wanted) {
    const ssize_t read = rd_kafka_consume_batch_queue(queue, 100, messages.data(), messages.size());
    if (count == 0 && read > 0) begun = std::chrono::steady_clock::now();
    for (ssize_t i = 0; i < read; ++i) {
      count += messages[static_cast<size_t>(i)]->err == RD_KAFKA_RESP_ERR_NO_ERROR;
      rd_kafka_message_destroy(messages[static_cast<size_t>(i)]);
    }
  }
  std::printf("%f\n", std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count());
  std::fflush(stdout);
  std::_Exit(0);
}
