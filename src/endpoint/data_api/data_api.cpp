#include "endpoint/data_api/data_api.h"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

#include "base/ascii.h"
#include "base/log.h"
#include "endpoint/on_pool.h"
#include "engine/text.h"

namespace garland::endpoint {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::use_awaitable;

namespace {

constexpr uint64_t kMostBodyBytes = 1u << 20;
constexpr auto kIdle = std::chrono::seconds(60);
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

http::response<http::string_body> response_of(const ApiReply& reply, bool keep_alive) {
  http::response<http::string_body> response(static_cast<http::status>(reply.status), 11);
  response.set(http::field::content_type, reply.type);
  response.keep_alive(keep_alive);
  response.body() = reply.body;
  response.prepare_payload();
  return response;
}

}  // namespace

struct DataApi::Open {
  explicit Open(asio::ip::tcp::socket socket) : stream(std::move(socket)) {}
  beast::tcp_stream stream;
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
  co_await converse(*open);
  const std::lock_guard lock(mutex_);
  open_.erase(open);
}

asio::awaitable<void> DataApi::converse(Open& open) {
  beast::tcp_stream& stream = open.stream;
  beast::flat_buffer buffer;
  try {
    bool keep_alive = true;
    while (keep_alive) {
      http::request_parser<http::string_body> parser;
      parser.body_limit(kMostBodyBytes);
      stream.expires_after(kIdle);
      co_await http::async_read(stream, buffer, parser, use_awaitable);
      stream.expires_never();
      const http::request<http::string_body> request = parser.release();
      keep_alive = request.keep_alive();
      const net::SignedRequest signed_one = signed_request(request);
      const ApiReply reply = co_await answer(signed_one);
      const http::response<http::string_body> response = response_of(reply, keep_alive);
      co_await http::async_write(stream, response, use_awaitable);
    }
  } catch (const boost::system::system_error& error) {  // it went, sent nonsense, or nothing for too long
    spdlog::debug("a connection of the Data API ended: {}", error.what());
  } catch (const std::exception& error) {
    spdlog::error("a connection of the Data API failed: {}", error.what());
  }
}

asio::awaitable<ApiReply> DataApi::answer(const net::SignedRequest& request) {
  if (request.method == "GET" && request.path == "/metrics") {
    ApiReply metrics{200, metrics_(), "text/plain; version=0.0.4; charset=utf-8"};
    co_return metrics;
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
      call = actions_.begin(target->second.substr(kTargetPrefix.size()), request.body, user);
    } catch (const Error& error) {
      reply = error_reply(error);
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
