// A connection that carries a command in place of SQL (command.h).
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include "base/log.h"
#include "endpoint/command_run.h"
#include "endpoint/connection.h"
#include "endpoint/message.h"

namespace garland::endpoint {

namespace asio = boost::asio;
using asio::use_awaitable;

namespace {

constexpr auto kLongestPause = std::chrono::milliseconds(100);

}  // namespace

asio::awaitable<void> Connection::serve_command() {
  using namespace asio::experimental::awaitable_operators;
  carries_command_ = true;
  MessageWriter message(out_);
  append_key();
  message.begin('Z');
  message.byte('I');
  message.end();
  co_await send();
  const std::string text = co_await read_command();
  if (text.empty()) co_return;
  message.begin('H');  // CopyOutResponse: text, no columns
  message.byte(0);
  message.int16(0);
  message.end();

  const auto pause = std::make_shared<asio::steady_timer>(strand_);
  const auto wake = [strand = strand_, pause] { asio::post(strand, [pause] { pause->cancel(); }); };
  engine::Login login = *login_;
  login.waits = nullptr;  // it has no slot to give away
  begin_command(std::make_shared<CommandRun>(hub_.options.commands, hub_.engine, std::move(login), text, wake));
  co_await (send_prints(*pause) || wait_for_goodbye());
  if (!command_->over()) {
    spdlog::info("connection {}: the client of a command went away", process_);
    command_->interrupt();
    command_->abandon();
  }
  out_.clear();  // what did not reach it
  while (!command_->over()) {
    command_->take(out_);
    co_await rest(*pause);
  }
  const std::lock_guard lock(conversation_mutex_);
  command_.reset();
}

/// Empty: the client said goodbye.
asio::awaitable<std::string> Connection::read_command() {
  enter(Stage::kIdle);
  const std::string message = co_await read_message(kMaxCommandBytes);
  enter(Stage::kWorking);
  if (message[0] == 'X') co_return "";
  if (message[0] != 'Q') throw Error(kProtocolViolation, "a command comes in a Query message");
  MessageReader reader(std::string_view(message).substr(1));
  const std::string text(reader.text());
  reader.expect_end();
  if (text.empty()) throw Error(kProtocolViolation, "an empty command");
  co_return text;
}

void Connection::begin_command(std::shared_ptr<CommandRun> command) {
  {
    const std::lock_guard lock(conversation_mutex_);
    command_ = std::move(command);
  }
  if (hub_.stopping) stop_command();
}

asio::awaitable<void> Connection::send_prints(asio::steady_timer& pause) {
  while (!command_->over()) {
    command_->take(out_);
    if (out_.empty()) {
      co_await rest(pause);
    } else {
      co_await send();
    }
  }
}

/// Until the command has something to say, or a little while.
asio::awaitable<void> Connection::rest(asio::steady_timer& pause) {
  boost::system::error_code woken;
  pause.expires_after(kLongestPause);
  co_await pause.async_wait(asio::redirect_error(use_awaitable, woken));
}

/// Until the client is gone. It has nothing to say any more but goodbye.
asio::awaitable<void> Connection::wait_for_goodbye() {
  char bytes[256];
  try {
    for (;;) co_await transport_->read(bytes, sizeof bytes);
  } catch (const boost::system::system_error& error) {
    spdlog::debug("connection {}: {}", process_, error.what());
  }
}

void Connection::stop_command() {
  const std::lock_guard lock(conversation_mutex_);
  if (command_) command_->ask_to_stop("the server is stopping, and the command after this step (its state is safe)");
}

}  // namespace garland::endpoint
