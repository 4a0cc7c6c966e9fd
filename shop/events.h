// What customers do and say beside their orders, as events: reviews, survey answers, tickets, web sessions. Each is one
// JSON object.
#pragma once

#include <filesystem>
#include <fstream>
#include <map>
#include <string>

#include "shop/calendar.h"

namespace garland::shop {

struct Event {
  std::string_view stream;  // reviews, surveys, tickets, sessions
  std::string id;           // the same when an event is sent twice
  Instant at;               // when it is sent
  std::string body;         // the JSON object, without a line's end
};

/// Where events go: files here; a Kafka topic or a webhook are others. Called by one thread, in the order of sending.
class EventSink {
 public:
  virtual ~EventSink() = default;
  virtual void send(const Event& event) = 0;
  /// Everything sent so far is kept; throws Error when it is not.
  virtual void finish() = 0;
};

/// NDJSON, one file a stream and day: <folder>/<stream>/2026-11-22.ndjson. Files are appended to.
class EventFiles : public EventSink {
 public:
  explicit EventFiles(std::filesystem::path folder) : folder_(std::move(folder)) {}
  void send(const Event& event) override;
  void finish() override;

 private:
  struct File {
    Day day;
    std::ofstream out;
  };
  std::filesystem::path folder_;
  std::map<std::string, File, std::less<>> files_;
};

}  // namespace garland::shop
