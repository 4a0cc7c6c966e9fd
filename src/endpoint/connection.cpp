#include "endpoint/connection.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>
#include <cstring>

#include "base/log.h"
#include "endpoint/answers.h"
#include "endpoint/command_run.h"
#include "endpoint/message.h"
#include "endpoint/on_pool.h"
#include "endpoint/session_start.h"
#include "net/digest.h"

namespace garland::endpoint {

namespace asio = boost::asio;

namespace {

constexpr int32_t kMostStartupBytes = 10'000;  // as PostgreSQL
/// What is read at once: little while a client's messages are small, since the buffer stays while it is idle.
constexpr size_t kLeastReadBytes = 1u << 10, kMostReadBytes = 64u << 10;
constexpr size_t kKeptOutputBytes = 4u << 10;

int32_t random_key() {
  int32_t key = 0;
  std::memcpy(&key, net::random_bytes(sizeof key).data(), sizeof key);
  return key;
}

}  // namespace

Error shutting_down() {
  return Error(kAdminShutdown, "terminating connection due to administrator command").hint("The server is stopping.");
}

Connection::Connection(Hub& hub, Strand strand, Socket socket, Peer peer, int32_t process)
    : hub_(hub),
      strand_(std::move(strand)),
      transport_(plain_transport(std::move(socket))),
      peer_(std::move(peer)),
      process_(process),
      key_(random_key()),
      in_(kMaxMessageBytes),
      read_bytes_(kLeastReadBytes),
      since_ns_(hub.clock.steady_ns()) {}

Connection::~Connection() = default;

asio::awaitable<void> Connection::run() {
  const auto self = shared_from_this();
  std::optional<Error> failure;
  bool gone = false;
  try {
    co_await serve();
  } catch (const Error& error) {
    failure = error;
  } catch (const boost::system::system_error& error) {
    gone = !ending_;
    if (ending_) failure = ending_;
    const LogScope scope(log_owner());
    spdlog::debug("the connection ended: {}", error.what());
  } catch (const std::exception& error) {
    const LogScope scope(log_owner());
    spdlog::error("the connection failed: {}", error.what());
    failure = Error(kInternalError, "internal error");
  }
  note_end(failure, gone);
  if (failure) append_error(out_, *failure, "FATAL", "");
  try {
    co_await send();
    co_await transport_->say_goodbye();
  } catch (const boost::system::system_error& error) {  // it does not want to hear it
    const LogScope scope(log_owner());
    spdlog::debug("the connection went before its end: {}", error.what());
  }
  transport_->close();
  if (conversation_) {
    co_await on_pool(hub_.pool, [&] {
      const LogScope scope(log_owner());
      std::unique_ptr<Conversation> ended;
      const std::lock_guard lock(conversation_mutex_);
      ended = std::move(conversation_);
    });
  }
  hub_.connections.remove(*this);
}

void Connection::note_end(const std::optional<Error>& failure, bool gone) {
  const LogScope scope(log_owner());
  if (conversation_) {
    const std::string reason = failure ? failure->message() : gone ? "the client went" : "the client said goodbye";
    conversation_->will_end(reason);
    log_event(spdlog::level::info, "the session ended", {{"reason", reason}});
  } else if (failure && login_ && !carries_command_) {
    hub_.metrics.login_failed();
    hub_.engine.login_refused(*login_, failure->message());
    log_event(spdlog::level::info, "a login was refused",
              {{"user", login_->user}, {"from", peer_.address}, {"sqlstate", failure->state().text()}});
  }
}

asio::awaitable<void> Connection::serve() {
  const std::optional<StartupMessage> startup = co_await start();
  if (!startup) co_return;
  login_ = login_of(*startup);
  login_->waits = &hub_.pool;
  login_->client.host = peer_.port.empty() ? "" : peer_.address;
  login_->client.port = peer_.port;
  login_->client.tls_version = transport_->tls_version();
  login_->client.tls_cipher = transport_->tls_cipher();
  check_startup(*startup);
  const std::optional<engine::Account> account = co_await authenticate(*startup);
  admit(*account);
  if (startup->wants_commands()) {
    co_await serve_command();
  } else {
    co_await open_session(*startup);
    co_await converse();
  }
}

// ---- until the login

// g++ 12 loses `this` in a coroutine that declares variables in conditions: they are declared before.

/// None: a cancel request, which needs no session.
asio::awaitable<std::optional<StartupMessage>> Connection::start() {
  constexpr int kMostPackets = 3;  // TLS, GSS, and the start
  for (int packets = 0; packets < kMostPackets; ++packets) {
    const std::string payload = co_await read_startup_packet();
    const StartupPacket packet = read_startup(payload);
    if (std::holds_alternative<SslRequest>(packet)) {
      co_await secure();
    } else if (std::holds_alternative<GssRequest>(packet)) {
      co_await transport_->write("N");
    } else if (std::holds_alternative<CancelRequest>(packet)) {
      cancel_other(std::get<CancelRequest>(packet));
      co_return std::nullopt;
    } else {
      co_return std::get<StartupMessage>(packet);
    }
  }
  throw Error(kProtocolViolation, "too many requests before the start of the session");
}

void Connection::cancel_other(const CancelRequest& request) {
  if (const auto meant = hub_.connections.find(request.process)) meant->cancel(request.key);
}

asio::awaitable<void> Connection::read_exactly(char* data, size_t size) {
  for (size_t done = 0; done < size;) {
    const size_t more = co_await transport_->read(data + done, size - done);
    done += more;
  }
}

asio::awaitable<std::string> Connection::read_startup_packet() {
  char header[4];
  co_await read_exactly(header, sizeof header);
  const int32_t length = MessageReader({header, sizeof header}).int32();
  if (length < 8 || length > kMostStartupBytes) throw Error(kProtocolViolation, "invalid length of startup packet");
  std::string payload(static_cast<size_t>(length) - sizeof header, '\0');
  co_await read_exactly(payload.data(), payload.size());
  co_return payload;
}

/// Type and payload of a message that is read by itself: while it logs in, a client has nothing else to send.
asio::awaitable<std::string> Connection::read_message(int32_t most_bytes) {
  char header[5];
  co_await read_exactly(header, sizeof header);
  const int32_t length = MessageReader({header + 1, 4}).int32();
  if (length < 4 || length > most_bytes) throw Error(kProtocolViolation, "invalid message length");
  std::string message(static_cast<size_t>(length) - 3, header[0]);
  co_await read_exactly(message.data() + 1, message.size() - 1);
  co_return message;
}

/// Nothing was read behind the request, so that bytes that a third party put there are taken for TLS and fail.
asio::awaitable<void> Connection::secure() {
  if (transport_->encrypted()) throw Error(kProtocolViolation, "the connection is encrypted already");
  co_await transport_->write("S");
  transport_ = tls_transport(std::move(transport_), hub_.tls);
  co_await transport_->handshake();
}

void Connection::check_startup(const StartupMessage& startup) const {
  if (!transport_->encrypted() && !peer_.local) {
    throw Error(kInvalidAuthorization, "connections from other machines must be encrypted")
        .hint("Connect with TLS: sslmode=require");
  }
  if (const std::string wanted = startup.parameter("replication"); !wanted.empty() && wanted != "false") {
    throw Error(kFeatureNotSupported, "replication is not supported");
  }
  if (startup.wants_commands() && (!peer_.trusted || !hub_.options.commands)) {
    throw Error(kInsufficientPrivilege, "commands are done for the system's user who runs the server only")
        .hint("Connect to the server's Unix socket as that user.");
  }
  if (hub_.stopping) throw Error(kCannotConnectNow, "the server is stopping");
}

/// The system's user who runs the server is told apart from nobody: its own file protects the data no better.
engine::Account Connection::trusted_account(const std::string& user) {
  std::optional<engine::Account> account = hub_.engine.account(user);
  if (!account) throw Error(kInvalidAuthorization, "user \"" + user + "\" does not exist");
  append_authentication_ok(out_);
  return *std::move(account);
}

asio::awaitable<std::optional<engine::Account>> Connection::authenticate(const StartupMessage& startup) {
  const std::string user = startup.parameter("user");
  if (peer_.trusted) {
    login_->client.auth_method = "peer";
    co_return trusted_account(user);
  }
  hub_.lockout.check(user, peer_.address);
  std::optional<engine::Account> account = hub_.engine.account(user);
  const Authentication::Channel channel{transport_->encrypted() || peer_.local,
                                        transport_->encrypted() ? hub_.tls.end_point() : ""};
  Authentication authentication(startup, account, channel);
  login_->client.auth_method = authentication.method_name();
  authentication.start(out_);
  co_await send();
  for (;;) {
    const std::string message = co_await read_message(kMaxLoginMessageBytes);
    bool done = false;
    try {
      done = authentication.answer(message, out_);
    } catch (const Error& error) {
      if (error.state() == kInvalidPassword) hub_.lockout.failed(user, peer_.address);
      throw;
    }
    if (done) break;
    co_await send();
  }
  if (account->valid_until_us && *account->valid_until_us <= hub_.clock.now_us()) {
    throw Error(kInvalidPassword, "the password of user \"" + user + "\" has expired")
        .hint("A superuser renews it: ALTER USER … VALID UNTIL");
  }
  hub_.lockout.succeeded(user, peer_.address);
  co_return account;
}

void Connection::admit(const engine::Account& account) {
  constexpr size_t kForSuperusers = 5;
  const size_t most = hub_.options.max_connections + (account.super ? kForSuperusers : 0);
  if (!hub_.connections.admit(*this, account.name, most, account.super ? std::nullopt : account.connection_limit)) {
    throw Error(kTooManyConnections, "too many connections")
        .hint(
            "The limit is " + std::to_string(hub_.options.max_connections) + " for all" +
            (account.connection_limit ? " and " + std::to_string(*account.connection_limit) + " for this user." : "."));
  }
  session_timeout_s_ = account.session_timeout_s.value_or(0);
}

asio::awaitable<void> Connection::open_session(const StartupMessage& startup) {
  co_await on_pool(hub_.pool, [&] {
    const LogScope scope(log_owner());
    auto session = start_session(hub_.engine, *login_, startup);
    const std::lock_guard lock(conversation_mutex_);
    conversation_ = std::make_unique<Conversation>(std::move(session), startup.parameter("database"),
                                                   startup.protocol_version(), hub_.metrics);
  });
  append_key();
  conversation_->greet(out_);
  const LogScope scope(log_owner());
  spdlog::info("user \"{}\" from {} logged in", startup.parameter("user"), peer_.address);
}

/// What a cancel request names the connection by.
void Connection::append_key() {
  MessageWriter message(out_);
  message.begin('K');
  message.int32(process_);
  message.int32(key_);
  message.end();
}

// ---- messages

asio::awaitable<void> Connection::converse() {
  for (;;) {
    co_await send();
    if (hub_.stopping && !conversation_->in_transaction()) throw shutting_down();
    co_await receive();
    auto progress = Conversation::Progress::kSend;
    while (progress == Conversation::Progress::kSend) {
      co_await send();
      co_await on_pool(hub_.pool, [&] {
        const LogScope scope(log_owner());
        progress = conversation_->work(in_, out_);
      });
    }
    if (progress == Conversation::Progress::kEnded) break;
  }
  co_await send();
}

asio::awaitable<void> Connection::receive() {
  in_.shrink();
  enter(conversation_->in_transaction() ? Stage::kIdleInTransaction : Stage::kIdle);
  const size_t size = co_await transport_->read(in_.room(read_bytes_), read_bytes_);
  enter(Stage::kWorking);
  in_.commit(size);
  read_bytes_ = size == read_bytes_ ? std::min(2 * size, kMostReadBytes) : kLeastReadBytes;
}

asio::awaitable<void> Connection::send() {
  if (out_.empty()) co_return;
  co_await transport_->write(out_);
  out_.clear();
  if (out_.capacity() > kKeptOutputBytes) out_.shrink_to_fit();
}

void Connection::enter(Stage stage) {
  since_ns_ = hub_.clock.steady_ns();
  stage_ = stage;
}

// ---- from other threads

void Connection::cancel(int32_t key) {
  const std::string mine(reinterpret_cast<const char*>(&key_), sizeof key_);
  if (!net::equal_in_constant_time({reinterpret_cast<const char*>(&key), sizeof key}, mine)) return;
  const std::lock_guard lock(conversation_mutex_);
  if (conversation_) conversation_->cancel();
  if (command_) {
    spdlog::info("connection {}: its command is asked to stop", process_);
    command_->interrupt();
  }
}

void Connection::cancel_statement() {
  const std::lock_guard lock(conversation_mutex_);
  if (conversation_) conversation_->cancel();
  if (command_) command_->stop_now();
}

void Connection::end(const Error& reason, bool in_transaction_too) {
  asio::post(strand_, [self = shared_from_this(), reason, in_transaction_too] {
    const Stage stage = self->stage_;
    const bool waits = stage == Stage::kIdle || (stage == Stage::kIdleInTransaction && in_transaction_too);
    if (!waits) return;
    self->ending_ = reason;
    self->transport_->cancel();
  });
}

void Connection::abort() {
  asio::post(strand_, [self = shared_from_this()] { self->transport_->close(); });
}

void Connection::sweep(int64_t now_ns) {
  const Stage stage = stage_;
  const auto waited = std::chrono::nanoseconds(now_ns - since_ns_);
  if (stage == Stage::kLogin && waited > hub_.options.login_timeout) return abort();
  const std::chrono::seconds own(session_timeout_s_.load());
  if (stage == Stage::kIdle && waited > (own.count() > 0 ? own : hub_.options.idle_timeout)) {
    end(Error(kIdleSessionTimeout, "terminating connection due to idle-session timeout"), false);
  }
  if (stage == Stage::kIdleInTransaction &&
      waited > (own.count() > 0 ? own : hub_.options.idle_in_transaction_timeout)) {
    end(Error(kIdleInTransactionTimeout, "terminating connection due to idle-in-transaction timeout"), true);
  }
}

}  // namespace garland::endpoint
