#include "endpoint/worker_pool.h"

namespace garland::endpoint {

WorkerPool::WorkerPool(size_t slots) : slots_(slots) {}

WorkerPool::~WorkerPool() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
  }
  has_work_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void WorkerPool::post(std::unique_ptr<Job> job) {
  const std::lock_guard lock(mutex_);
  jobs_.push_back(std::move(job));
  wake();
}

WorkerPool::Load WorkerPool::load() const {
  const std::lock_guard lock(mutex_);
  return {slots_, running_, jobs_.size() + returning_};
}

/// With the mutex held: a place and a job find a thread, a new one when all others are busy or wait.
void WorkerPool::wake() {
  if (jobs_.empty() || running_ + returning_ >= slots_) return;
  if (idle_ > 0) {
    has_work_.notify_one();
  } else {
    threads_.emplace_back([this] { work(); });
  }
}

void WorkerPool::work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    ++idle_;
    has_work_.wait(lock, [&] { return closing_ || (!jobs_.empty() && running_ + returning_ < slots_); });
    --idle_;
    if (jobs_.empty()) return;  // closing
    std::unique_ptr<Job> job = std::move(jobs_.front());
    jobs_.pop_front();
    ++running_;
    wake();
    lock.unlock();
    job->run();
    job.reset();
    lock.lock();
    --running_;
    if (returning_ > 0) has_place_.notify_one();
  }
}

void WorkerPool::wait_begins() {
  const std::lock_guard lock(mutex_);
  --running_;
  if (returning_ > 0) has_place_.notify_one();
  wake();
}

void WorkerPool::wait_ends() {
  std::unique_lock lock(mutex_);
  ++returning_;
  has_place_.wait(lock, [&] { return running_ < slots_; });
  --returning_;
  ++running_;
}

}  // namespace garland::endpoint
