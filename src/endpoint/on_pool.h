// A coroutine's way to a thread of the pool and back.
#pragma once

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <memory>
#include <utility>

#include "endpoint/worker_pool.h"

namespace garland::endpoint {

template <class Handler, class Work>
class PoolJob : public WorkerPool::Job {
 public:
  PoolJob(Handler handler, Work& work) : handler_(std::move(handler)), work_(work) {}
  void run() override {
    work_();
    const auto executor = boost::asio::get_associated_executor(handler_);
    boost::asio::post(executor, std::move(handler_));
  }

 private:
  Handler handler_;
  Work& work_;
};

/// Runs `work` on a thread of the pool. What it throws is thrown here.
template <class Work>
boost::asio::awaitable<void> on_pool(WorkerPool& pool, Work work) {
  std::exception_ptr failure;
  auto guarded = [&] {
    try {
      work();
    } catch (...) {  // of whatever kind: the coroutine throws it again
      failure = std::current_exception();
    }
  };
  co_await boost::asio::async_initiate<const boost::asio::use_awaitable_t<>, void()>(
      [&](auto handler) {
        using Job = PoolJob<decltype(handler), decltype(guarded)>;
        pool.post(std::make_unique<Job>(std::move(handler), guarded));
      },
      boost::asio::use_awaitable);
  if (failure) std::rethrow_exception(failure);
}

}  // namespace garland::endpoint
