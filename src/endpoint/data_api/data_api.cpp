#include "endpoint/data_api/data_api.h"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/core/detect_ssl.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>

#include "base/ascii.h"
#include "base/log.h"
#include "endpoint/on_pool.h"
#include "endpoint/tls_context.h"
#include "engine/text.h"

namespace garland::endpoint {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::use_awaitable;

namespace {

constexpr uint64_t kMostBodyBytes = 1u << 20;
constexpr auto kIdle = std::chrono::seconds(60);
constexpr auto kGoodbye = std::chrono::milliseconds(100);  // most never say theirs
constexpr auto kBetweenLooks = std::chrono::milliseconds(10);
constexpr int64_t kMostSkewUs = int64_t{5} * 60 * 1'000'000;  // as AWS allows
constexpr std::string_view kTargetPrefix = "RedshiftData.";

net::SignedRequest signed_request(const http::request<http::string_body>& request) {
  net::SignedRequest signed_one;
  signed_one.method = std::string(request.method_string());
  const std::string target(request.target());
  const size_t question = std::min(target.find('?'), target.size());
  signed_one.path = target.substr(0, question);
  signed_one.query = question < target.size() ? target.substr(question + 1) : "";
  for (const auto& field : request) signed_one.headers[ascii_lower(field.name_string())] = std::string(field.value());
  signed_one.body = request.body();
  return signed_one;
}

/// 20261124T170000Z
std::optional<int64_t> time_of(const std::string& text) {
  if (text.size() != 16 || text[8] != 'T' || text[15] != 'Z') return std::nullopt;
  const std::string iso = text.substr(0, 4) + "-" + text.substr(4, 2) + "-" + text.substr(6, 2) + " " +
                          text.substr(9, 2) + ":" + text.substr(11, 2) + ":" + text.substr(13, 2);
  return engine::read_timestamp(iso);
}

http::response<http::string_body> response_of(const HttpReply& reply, bool keep_alive) {
  http::response<http::string_body> response(static_cast<http::status>(reply.status), 11);
  response.set(http::field::content_type, reply.type);
  for (const auto& [name, value] : reply.headers) response.set(name, value);
  response.keep_alive(keep_alive);
  response.body() = reply.body;
  response.prepare_payload();
  return response;
}

HttpReply too_long_reply(const HttpRoute& route, bool routed, uint64_t most) {
  const std::string message = "the request is longer than " + std::to_string(most) + " bytes";
  if (routed) return {413, route.refusal(message, "send it as several requests")};
  const ApiReply reply = error_reply(Error(kInvalidParameterValue, message));
  return {413, reply.body, reply.type};
}

}  // namespace

struct DataApi::Open {
  explicit Open(asio::ip::tcp::socket socket) : stream(std::move(socket)) {}
  beast::tcp_stream stream;
};

/// Who is there.
struct DataApi::Peer {
  bool local = false;  // this machine
  bool encrypted = false;
  engine::Client client;
};

DataApi::~DataApi() = default;

void DataApi::stop() {
  actions_.stop();
  const std::lock_guard lock(mutex_);
  for (const auto& open : open_) {
    asio::post(open->stream.get_executor(), [open] { open->stream.close(); });
  }
}

asio::awaitable<void> DataApi::serve(asio::ip::tcp::socket socket) {
  const auto open = std::make_shared<Open>(std::move(socket));
  {
    const std::lock_guard lock(mutex_);
    open_.insert(open);
  }
  co_await begin(*open);
  const std::lock_guard lock(mutex_);
  open_.erase(open);
}

/// The first byte says which it is: no method of HTTP begins as TLS does.
asio::awaitable<void> DataApi::begin(Open& open) {
  beast::flat_buffer buffer;
  try {
    Peer peer;
    const asio::ip::tcp::endpoint from = open.stream.socket().remote_endpoint();
    peer.local = from.address().is_loopback();
    peer.client.host = from.address().to_string();
    peer.client.port = std::to_string(from.port());
    peer.client.auth_method = "sigv4";
    open.stream.expires_after(kIdle);
    peer.encrypted = co_await beast::async_detect_ssl(open.stream, buffer, use_awaitable);
    if (!peer.encrypted) {
      co_await converse(open.stream, buffer, peer);
      co_return;
    }
    asio::ssl::context context = tls_context(tls_);
    asio::ssl::stream<beast::tcp_stream&> stream(open.stream, context);
    const size_t used = co_await stream.async_handshake(asio::ssl::stream_base::server, buffer.data(), use_awaitable);
    buffer.consume(used);
    peer.client.tls_version = SSL_get_version(stream.native_handle());
    peer.client.tls_cipher = SSL_get_cipher_name(stream.native_handle());
    co_await converse(stream, buffer, peer);
    open.stream.expires_after(kGoodbye);
    co_await stream.async_shutdown(use_awaitable);
  } catch (const boost::system::system_error& error) {  // it went, sent nonsense, or nothing for too long
    spdlog::debug("a connection of the Data API ended: {}", error.what());
  } catch (const std::exception& error) {
    spdlog::error("a connection of the Data API failed: {}", error.what());
  }
}

template <class Stream>
asio::awaitable<void> DataApi::converse(Stream& stream, beast::flat_buffer& buffer, const Peer& peer) {
  bool keep_alive = true;
  while (keep_alive) {
    http::request_parser<http::string_body> parser;
    parser.body_limit(boost::none);  // until it is known whose request it is
    beast::get_lowest_layer(stream).expires_after(kIdle);
    co_await http::async_read_header(stream, buffer, parser, use_awaitable);
    const bool routed = is_routed(parser.get());
    const uint64_t most = routed ? route_.most_body_bytes : kMostBodyBytes;
    bool too_long = parser.content_length().value_or(0) > most;
    if (!too_long) {
      parser.body_limit(most);
      boost::system::error_code failure;
      co_await http::async_read(stream, buffer, parser, asio::redirect_error(use_awaitable, failure));
      too_long = failure == http::error::body_limit;  // of chunks, whose length nobody said before
      if (failure && !too_long) throw boost::system::system_error(failure);
    }
    beast::get_lowest_layer(stream).expires_never();
    keep_alive = parser.keep_alive() && (peer.encrypted || peer.local) && !too_long;
    http::response<http::string_body> response;
    if (too_long) {
      response = response_of(too_long_reply(route_, routed, most), keep_alive);
    } else if (routed) {
      const HttpReply reply = co_await pass_on(parser.get(), peer);
      response = response_of(reply, keep_alive);
    } else {
      const net::SignedRequest signed_one = signed_request(parser.get());
      const ApiReply reply = co_await answer(signed_one, peer);
      response = response_of({reply.status, reply.body, reply.type}, keep_alive);
    }
    co_await http::async_write(stream, response, use_awaitable);
  }
}

bool DataApi::is_routed(const Request& request) const {
  return !route_.prefix.empty() && request.target().starts_with(route_.prefix);
}

/// Goes on with the coroutine once the request was answered, from whatever thread; the server does not end before.
asio::awaitable<HttpReply> DataApi::pass_on(Request& request, const Peer& peer) {
  const auto reply = std::make_shared<HttpReply>();
  if (!peer.encrypted && !peer.local) {
    *reply = {403, route_.refusal("other machines must use https", "send it to https:// on the same port")};
    co_return *reply;
  }
  net::SignedRequest parts = signed_request(request);
  HttpRequest passed{parts.method, parts.path.substr(route_.prefix.size()), std::move(parts.headers),
                     std::move(parts.body)};
  ++routed_;
  co_await asio::async_initiate<const asio::use_awaitable_t<>, void()>(
      [&](auto handler) {
        const auto executor = asio::get_associated_executor(handler);
        const auto going_on = std::make_shared<decltype(handler)>(std::move(handler));
        const auto guard = asio::make_work_guard(executor);
        route_.serve(std::move(passed), [reply, going_on, executor, guard](HttpReply answered) {
          *reply = std::move(answered);
          asio::post(executor, [going_on] { std::move (*going_on)(); });
        });
      },
      use_awaitable);
  --routed_;
  co_return *reply;
}

/// A request that was not let in.
ApiReply DataApi::refuse(const Error& error, const Peer& peer) {
  if (error.state() != kInvalidAuthorization) return error_reply(error);
  metrics_.login_failed();
  engine::Login login;
  login.application_name = "redshift-data";
  login.client = peer.client;
  engine_.login_refused(login, error.message());
  log_event(spdlog::level::info, "a request of the Data API was refused",
            {{"from", peer.client.host}, {"sqlstate", error.state().text()}});
  return error_reply(error);
}

asio::awaitable<ApiReply> DataApi::answer(const net::SignedRequest& request, const Peer& peer) {
  if (!peer.encrypted && !peer.local) {
    ApiReply refused = error_reply(Error(kInvalidAuthorization, "other machines must use https"));
    co_return refused;
  }
  if (request.method == "GET" && request.path == "/metrics") {
    const ApiReply shown{200, shown_metrics_(), "text/plain; version=0.0.4; charset=utf-8"};
    const ApiReply hidden{403, "the metrics are for programs of the server's own machine\n", "text/plain"};
    co_return peer.local ? shown : hidden;
  }
  std::optional<Actions::Call> call;
  ApiReply reply;
  co_await on_pool(pool_, [&] {
    try {
      const auto target = request.headers.find("x-amz-target");
      if (target == request.headers.end() || !target->second.starts_with(kTargetPrefix)) {
        throw Error(kInvalidParameterValue, "this is the Redshift Data API: X-Amz-Target must name an operation of it");
      }
      const std::string user = signer_of(request);
      call = actions_.begin(target->second.substr(kTargetPrefix.size()), request.body, user, peer.client);
    } catch (const Error& error) {
      reply = refuse(error, peer);
    }
  });
  if (!call) co_return reply;
  const int64_t until = clock_.steady_ns() + int64_t{call->wait_s} * 1'000'000'000;
  const auto executor = co_await asio::this_coro::executor;
  asio::steady_timer timer(executor);
  while (!actions_.is_ready(*call) && clock_.steady_ns() < until) {
    timer.expires_after(kBetweenLooks);
    co_await timer.async_wait(use_awaitable);
  }
  co_await on_pool(pool_, [&] {
    try {
      reply = actions_.finish(*call);
    } catch (const Error& error) {
      reply = error_reply(error);
    }
  });
  co_return reply;
}

std::string DataApi::signer_of(const net::SignedRequest& request) const {
  const net::RequestSignature signature = net::read_signature(request);
  const auto time = time_of(signature.time);
  if (!time || std::abs(*time - clock_.now_us()) > kMostSkewUs) {
    throw Error(kInvalidAuthorization, "Signature expired: " + signature.time + " is more than five minutes off");
  }
  if (signature.service != "redshift-data") throw Error(kInvalidAuthorization, "the signature is for another service");
  const auto signer = keys_.signer(signature.access_key);
  if (!signer || !net::is_signed_with(request, signature, signer->secret)) {
    throw Error(kInvalidAuthorization,
                "The request signature we calculated does not match the signature you provided.");
  }
  return signer->user;
}

}  // namespace garland::endpoint
