// How a coroutine runs a statement: where it is, with a slot of the pool.
#pragma once

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <memory>
#include <utility>

#include "endpoint/worker_pool.h"

namespace garland::endpoint {

/// Goes on with a coroutine that waited for a slot.
template <class Handler>
class Resume : public WorkerPool::Job {
 public:
  explicit Resume(Handler handler) : handler_(std::move(handler)) {}
  void run() override {
    const auto executor = boost::asio::get_associated_executor(handler_);
    boost::asio::post(executor, std::move(handler_));
  }

 private:
  Handler handler_;
};

/// Runs `work` with a slot, which it waits for without a thread. What it throws is thrown here.
template <class Work>
boost::asio::awaitable<void> on_pool(WorkerPool& pool, Work work) {
  const bool entered = pool.try_enter();
  if (!entered) {
    co_await boost::asio::async_initiate<const boost::asio::use_awaitable_t<>, void()>(
        [&](auto handler) { pool.enter_later(std::make_unique<Resume<decltype(handler)>>(std::move(handler))); },
        boost::asio::use_awaitable);
  }
  const HeldSlot slot(pool);
  work();
}

}  // namespace garland::endpoint
