// One connection's life: TLS, start-up, login, then messages until it ends.
#pragma once

#include <atomic>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>  // before Asio's coroutines: g++ 12

#include "base/error.h"
#include "base/log.h"
#include "endpoint/authentication.h"
#include "endpoint/connections.h"
#include "endpoint/conversation.h"
#include "endpoint/lockout.h"
#include "endpoint/metrics.h"
#include "endpoint/server.h"
#include "endpoint/startup.h"
#include "endpoint/transport.h"
#include "endpoint/worker_pool.h"

namespace garland::endpoint {

class CommandRun;

/// What the connections of a server share.
struct Hub {
  engine::Engine& engine;
  const net::ServerTls& tls;
  const ServerOptions options;
  const Clock& clock;
  Connections connections;
  Lockout lockout;
  std::atomic<bool> stopping{false};
  WorkerPool pool;
  Metrics metrics;
};

/// What a connection is told that ends because the server does.
Error shutting_down();

struct Peer {
  std::string address;   // without the port; "local": the local socket
  std::string port;      // empty: the local socket
  bool local = false;    // this machine: the loopback, the local socket
  bool trusted = false;  // the server's own system user, or root, over the local socket
};

class Connection : public std::enable_shared_from_this<Connection> {
 public:
  using Strand = boost::asio::strand<boost::asio::io_context::executor_type>;
  /// `process`: its number, which clients cancel it by.
  Connection(Hub& hub, Strand strand, Socket socket, Peer peer, int32_t process);
  ~Connection();

  int32_t process() const { return process_; }
  const Strand& strand() const { return strand_; }
  /// Until the end of the connection; in its strand. Throws nothing.
  boost::asio::awaitable<void> run();

  // ---- from any thread
  /// A cancel request with this key; a wrong key does nothing.
  void cancel(int32_t key);
  /// Its statement, or those of its command.
  void cancel_statement();
  /// Its command is to end after its step, because the server does.
  void stop_command();
  /// Ends it when it waits for its client: at once, or only outside of a transaction. It is told why.
  void end(const Error& reason, bool in_transaction_too);
  /// Closes it, whatever it does.
  void abort();
  /// Ends it when it has waited too long for its client.
  void sweep(int64_t now_ns);

 private:
  enum class Stage : uint8_t { kLogin, kWorking, kIdle, kIdleInTransaction };

  boost::asio::awaitable<void> serve();
  boost::asio::awaitable<std::optional<StartupMessage>> start();
  void cancel_other(const CancelRequest& request);
  boost::asio::awaitable<std::string> read_startup_packet();
  boost::asio::awaitable<std::string> read_message(int32_t most_bytes);
  boost::asio::awaitable<void> read_exactly(char* data, size_t size);
  boost::asio::awaitable<void> secure();
  boost::asio::awaitable<std::optional<engine::Account>> authenticate(const StartupMessage& startup);
  void admit(const engine::Account& account);
  boost::asio::awaitable<void> open_session(const StartupMessage& startup);
  boost::asio::awaitable<void> converse();
  boost::asio::awaitable<void> receive();
  boost::asio::awaitable<void> send();
  void append_key();
  engine::Account trusted_account(const std::string& user);
  /// Its end, for the logs: `failure` none and not `gone`: it said goodbye.
  void note_end(const std::optional<Error>& failure, bool gone);
  void check_startup(const StartupMessage& startup) const;
  void enter(Stage stage);
  LogOwner log_owner() const { return {process_, conversation_ ? conversation_->session_number() : 0, 0}; }

  // ---- connection_command.cpp
  boost::asio::awaitable<void> serve_command();
  boost::asio::awaitable<std::string> read_command();
  void begin_command(std::shared_ptr<CommandRun> command);
  boost::asio::awaitable<void> send_prints(boost::asio::steady_timer& pause);
  boost::asio::awaitable<void> rest(boost::asio::steady_timer& pause);
  boost::asio::awaitable<void> wait_for_goodbye();

  Hub& hub_;
  const Strand strand_;
  std::unique_ptr<Transport> transport_;
  const Peer peer_;
  const int32_t process_;
  const int32_t key_;
  Input in_;
  size_t read_bytes_;
  std::string out_;
  std::optional<engine::Login> login_;  // once it said who it is
  std::unique_ptr<Conversation> conversation_;
  std::shared_ptr<CommandRun> command_;  // in place of a conversation
  std::mutex conversation_mutex_;        // guards their coming and going against other threads
  bool carries_command_ = false;
  std::optional<Error> ending_;  // why it has to end
  std::atomic<Stage> stage_{Stage::kLogin};
  std::atomic<int64_t> since_ns_;  // of the stage
  /// CREATE USER … SESSION TIMEOUT (guide page r_CREATE_USER), in place of the server's own limits; 0: none.
  std::atomic<int32_t> session_timeout_s_{0};
};

}  // namespace garland::endpoint
