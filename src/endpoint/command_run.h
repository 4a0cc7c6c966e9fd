// One command at work (command.h): its thread, what it has printed, how it is stopped.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

#include "endpoint/command.h"
#include "endpoint/stoppable_engine.h"

namespace garland::endpoint {

/// Thread-safe.
class CommandRun {
 public:
  /// Begins at once. `wake` is called, from any thread, when there is something to take. `commands` and `engine` must
  /// outlive it.
  CommandRun(const Commands& commands, engine::Engine& engine, engine::Login login, std::string text,
             std::function<void()> wake);
  /// Ends it, if it is not over, and waits for that.
  ~CommandRun();
  CommandRun(const CommandRun&) = delete;
  CommandRun& operator=(const CommandRun&) = delete;

  /// As a press of Ctrl-C: the first asks it to stop after its step, another one ends its statements.
  void interrupt();
  /// Asks it to stop after its step; the client is told `why`.
  void ask_to_stop(const std::string& why);
  /// Ends its statements.
  void stop_now();
  /// Nobody reads any more what it prints.
  void abandon();

  /// It has ended and all of its messages are taken.
  bool over() const;
  /// Moves the messages that are ready behind `out`. Called at least every second: stops again what slipped through
  /// stop_now().
  void take(std::string& out);

 private:
  void work(const Commands& commands, engine::Login login, std::string text);
  void print(char stream, std::string_view bytes);
  void append(const std::function<void(std::string&)>& message);

  StoppableEngine engine_;
  const std::function<void()> wake_;
  std::atomic<bool> stop_{false}, stop_now_{false};
  mutable std::mutex mutex_;  // guards what follows
  std::condition_variable taken_;
  std::string printed_;  // whole messages
  bool abandoned_ = false, ended_ = false;
  std::thread thread_;
};

}  // namespace garland::endpoint
