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

/// NDJSON, one file a stream and day, or a stream and minute where others read along:
/// <folder>/<stream>/2026-11-22.ndjson, 2026-11-22T16-03.ndjson (UTC). It has ".part" behind its name until its time is
/// over, so that nobody sees a file grow; what a program that died left behind is taken over. A file that is there
/// already goes on.
class EventFiles : public EventSink {
 public:
  enum class Each : uint8_t { kDay, kMinute };
  EventFiles(std::filesystem::path folder, Each each);
  void send(const Event& event) override;
  void finish() override;

 private:
  struct File {
    std::filesystem::path path;
    std::ofstream out;
  };
  std::filesystem::path folder_;
  Each each_;
  Instant begin_;  // of the files that are open
  std::map<std::string, File, std::less<>> files_;
};

}  // namespace garland::shop
