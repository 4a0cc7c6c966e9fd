// The Data API over HTTP: requests as AWS's SDKs send them (awsJson1.1, signed with SigV4), answered by actions.h.
// Beside it GET /metrics, unsigned. Connections of this machine only: HTTP is in the clear.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <utility>  // before Asio's coroutines: g++ 12

#include "endpoint/data_api/actions.h"
#include "endpoint/data_api/api_keys.h"
#include "net/sigv4.h"

namespace garland::endpoint {

/// Thread-safe.
class DataApi {
 public:
  /// `metrics`: what GET /metrics answers; from any thread.
  DataApi(engine::Engine& engine, WorkerPool& pool, const Clock& clock, std::filesystem::path data_folder,
          std::function<std::string()> metrics)
      : actions_(engine, pool, clock),
        pool_(pool),
        clock_(clock),
        keys_(std::move(data_folder)),
        metrics_(std::move(metrics)) {}

  ~DataApi();

  /// One connection's requests, until it ends. The socket's executor is a strand. Throws nothing.
  boost::asio::awaitable<void> serve(boost::asio::ip::tcp::socket socket);
  /// Ends every connection and statement. Again until it works no more.
  void stop();
  bool is_working() const { return actions_.is_working(); }

 private:
  struct Open;
  boost::asio::awaitable<void> converse(Open& open);
  boost::asio::awaitable<ApiReply> answer(const net::SignedRequest& request);
  std::string signer_of(const net::SignedRequest& request) const;

  Actions actions_;
  WorkerPool& pool_;
  const Clock& clock_;
  const ApiKeys keys_;
  const std::function<std::string()> metrics_;
  std::mutex mutex_;
  std::set<std::shared_ptr<Open>> open_;  // guarded by mutex_
};

}  // namespace garland::endpoint
