// The Data API over HTTP and HTTPS, on one port: requests as AWS's SDKs send them (awsJson1.1, signed with SigV4),
// answered by actions.h. Beside it GET /metrics, unsigned, for this machine only, and what http_route.h has. Other
// machines must use TLS.
#pragma once

#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <utility>  // before Asio's coroutines: g++ 12

#include "endpoint/data_api/actions.h"
#include "endpoint/data_api/api_keys.h"
#include "endpoint/http_route.h"
#include "net/sigv4.h"
#include "net/tls.h"

namespace garland::endpoint {

/// Thread-safe.
class DataApi {
 public:
  /// `route` must outlive it, as the others. `shown_metrics`: what GET /metrics answers; from any thread.
  DataApi(engine::Engine& engine, const net::ServerTls& tls, WorkerPool& pool, const Clock& clock, Metrics& metrics,
          std::filesystem::path data_folder, const HttpRoute& route, std::function<std::string()> shown_metrics)
      : actions_(engine, pool, clock, metrics),
        engine_(engine),
        tls_(tls),
        pool_(pool),
        clock_(clock),
        metrics_(metrics),
        keys_(std::move(data_folder)),
        route_(route),
        shown_metrics_(std::move(shown_metrics)) {}

  ~DataApi();

  /// One connection's requests, until it ends. The socket's executor is a strand. Throws nothing.
  boost::asio::awaitable<void> serve(boost::asio::ip::tcp::socket socket);
  /// Ends sessions whose time is over; to be called now and then. Does not wait.
  void sweep() { actions_.sweep(); }
  /// Ends every connection and statement. Again until it works no more.
  void stop();
  bool is_working() const { return actions_.is_working() || routed_ > 0; }

 private:
  struct Open;
  struct Peer;
  using Request = boost::beast::http::request<boost::beast::http::string_body>;
  boost::asio::awaitable<void> begin(Open& open);
  template <class Stream>
  boost::asio::awaitable<void> converse(Stream& stream, boost::beast::flat_buffer& buffer, const Peer& peer);
  bool is_routed(const Request& request) const;
  boost::asio::awaitable<HttpReply> pass_on(Request& request, const Peer& peer);
  boost::asio::awaitable<ApiReply> answer(const net::SignedRequest& request, const Peer& peer);
  ApiReply refuse(const Error& error, const Peer& peer);
  std::string signer_of(const net::SignedRequest& request) const;

  Actions actions_;
  engine::Engine& engine_;
  const net::ServerTls& tls_;
  WorkerPool& pool_;
  const Clock& clock_;
  Metrics& metrics_;
  const ApiKeys keys_;
  const HttpRoute& route_;
  std::atomic<size_t> routed_{0};  // requests that were passed on and not answered yet
  const std::function<std::string()> shown_metrics_;
  std::mutex mutex_;
  std::set<std::shared_ptr<Open>> open_;  // guarded by mutex_
};

}  // namespace garland::endpoint
