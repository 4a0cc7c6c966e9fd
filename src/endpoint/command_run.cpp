#include "endpoint/command_run.h"

#include "base/log.h"
#include "endpoint/answers.h"
#include "endpoint/message.h"

namespace garland::endpoint {

namespace {

/// What a command prints ahead of its client.
constexpr size_t kMostPrinted = 1u << 20;

void append_end(std::string& out, int exit_code) {
  MessageWriter message(out);
  message.empty('c');
  append_command_complete(out, "COMMAND " + std::to_string(exit_code));
}

void append_ready(std::string& out) {
  MessageWriter message(out);
  message.begin('Z');
  message.byte('I');
  message.end();
}

}  // namespace

CommandRun::CommandRun(const Commands& commands, engine::Engine& engine, engine::Login login, std::string text,
                       std::function<void()> wake)
    : engine_(engine), wake_(std::move(wake)) {
  thread_ = std::thread([this, &commands, login = std::move(login), text = std::move(text)]() mutable {
    work(commands, std::move(login), std::move(text));
  });
}

CommandRun::~CommandRun() {
  stop_now();
  abandon();
  thread_.join();
}

void CommandRun::work(const Commands& commands, engine::Login login, std::string text) {
  std::string end;
  try {
    const Command command{std::move(text), engine_, std::move(login),
                          [this](char stream, std::string_view bytes) { print(stream, bytes); }, stop_};
    append_end(end, commands(command));
  } catch (const Error& error) {
    append_error(end, error, "ERROR", "");
  } catch (const std::exception& error) {
    spdlog::error("a command failed: {}", error.what());
    append_error(end, Error(kInternalError, "internal error"), "ERROR", "");
  }
  append_ready(end);
  append([&](std::string& out) {
    out += end;
    ended_ = true;
  });
}

void CommandRun::print(char stream, std::string_view bytes) {
  {
    std::unique_lock lock(mutex_);
    taken_.wait(lock, [&] { return abandoned_ || printed_.size() < kMostPrinted; });
  }
  append([&](std::string& out) {
    MessageWriter message(out);
    message.begin('d');
    message.byte(stream);
    message.bytes(bytes);
    message.end();
  });
}

void CommandRun::append(const std::function<void(std::string&)>& message) {
  {
    const std::lock_guard lock(mutex_);
    message(printed_);
    if (abandoned_) printed_.clear();
  }
  wake_();
}

void CommandRun::interrupt() {
  if (stop_.exchange(true)) stop_now();
}

void CommandRun::ask_to_stop(const std::string& why) {
  stop_ = true;
  append([&](std::string& out) {
    if (!ended_) append_notice(out, {"NOTICE", std::string(kAdminShutdown.text()), why});
  });
}

void CommandRun::stop_now() {
  stop_ = stop_now_ = true;
  engine_.stop();
}

void CommandRun::abandon() {
  {
    const std::lock_guard lock(mutex_);
    abandoned_ = true;
    printed_.clear();
  }
  taken_.notify_all();
}

bool CommandRun::over() const {
  const std::lock_guard lock(mutex_);
  return ended_ && printed_.empty();
}

void CommandRun::take(std::string& out) {
  if (stop_now_) engine_.stop();
  {
    const std::lock_guard lock(mutex_);
    out += printed_;
    printed_.clear();
  }
  taken_.notify_all();
}

}  // namespace garland::endpoint
