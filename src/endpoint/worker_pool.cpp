#include "endpoint/worker_pool.h"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <chrono>
#include <ctime>
#include <utility>

namespace garland::endpoint {

namespace {

constexpr auto kLook = std::chrono::milliseconds(2);
constexpr size_t kStuckLooks = 2;     // until a thread comes, times those beyond one a processor
constexpr size_t kLoadLooks = 25;     // between readings of the processor time
constexpr double kLoaded = 0.85;      // of the threads' time, from where on a further processor is used
constexpr size_t kSpareLooks = 1000;  // until a thread goes
constexpr size_t kIdleLooks = 50;     // until nobody looks
constexpr size_t kLeastProcessors = 2;

int64_t process_time_ns() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

}  // namespace

WorkerPool::WorkerPool(boost::asio::io_context& io, size_t slots)
    : io_(io), slots_(slots), processors_(std::max<size_t>(std::thread::hardware_concurrency(), kLeastProcessors)) {}

WorkerPool::~WorkerPool() = default;

// ---- slots

bool WorkerPool::try_enter() {
  {
    const std::lock_guard lock(mutex_);
    if (running_ + returning_ >= slots_ || !jobs_.empty()) return false;
    ++running_;
  }
  if (watch_sleeps_) watched_.notify_one();
  return true;
}

void WorkerPool::enter_later(std::unique_ptr<Job> job) {
  const std::lock_guard lock(mutex_);
  jobs_.push_back(std::move(job));
  pass_on();
}

void WorkerPool::leave() {
  const std::lock_guard lock(mutex_);
  --running_;
  ++ended_;
  pass_on();
}

/// With the mutex held: a free slot goes to who had one before, else to the next job.
void WorkerPool::pass_on() {
  if (returning_ > 0) return has_slot_.notify_one();
  while (!jobs_.empty() && running_ < slots_) {
    const std::unique_ptr<Job> job = std::move(jobs_.front());
    jobs_.pop_front();
    ++running_;
    job->run();
  }
}

WorkerPool::Load WorkerPool::load() const {
  const std::lock_guard lock(mutex_);
  return {slots_, running_, jobs_.size() + returning_, threads_};
}

void WorkerPool::wait_begins() {
  const std::lock_guard lock(mutex_);
  --running_;
  ++blocked_;
  pass_on();
  if (blocked_ >= threads_) start_thread();
}

void WorkerPool::wait_ends() {
  std::unique_lock lock(mutex_);
  ++returning_;
  has_slot_.wait(lock, [&] { return running_ < slots_; });
  --returning_;
  --blocked_;
  ++running_;
}

// ---- threads

void WorkerPool::run() {
  std::thread watcher([this] { watch(); });
  {
    const std::lock_guard lock(mutex_);
    ++threads_;
  }
  io_.run();
  {
    const std::lock_guard lock(mutex_);
    done_ = true;
  }
  watched_.notify_one();
  watcher.join();
  for (std::thread& thread : started_) thread.join();
}

/// With the mutex held.
void WorkerPool::start_thread() {
  if (done_) return;
  ++threads_;
  started_.emplace_back([this] { work(); });
}

void WorkerPool::work() {
  while (!goes()) {
    if (io_.run_one() == 0) return;
  }
}

/// True for a thread that is not needed any more.
bool WorkerPool::goes() {
  if (surplus_ == 0) return false;
  const std::lock_guard lock(mutex_);
  if (surplus_ == 0) return false;
  --surplus_;
  --threads_;
  gone_.push_back(std::this_thread::get_id());
  return true;
}

/// With the mutex held.
void WorkerPool::join_gone() {
  for (; !gone_.empty(); gone_.pop_front()) {
    const auto found = std::ranges::find(started_, gone_.front(), &std::thread::get_id);
    found->join();  // it has nothing left to do
    started_.erase(found);
  }
}

/// Sleeps while no statement runs.
void WorkerPool::watch() {
  Looks looks;
  std::unique_lock lock(mutex_);
  while (!done_) {
    if (looks.idle > kIdleLooks && threads_ == 1) {
      watch_sleeps_ = true;
      watched_.wait(lock, [&] { return done_ || running_ > 0 || ended_ != looks.ended; });
      watch_sleeps_ = false;
      looks = {};
    }
    watched_.wait_for(lock, kLook, [&] { return done_; });
    look(looks);
    join_gone();
  }
}

/// With the mutex held: as many threads as the load wants.
void WorkerPool::look(Looks& looks) {
  const size_t able = threads_ - std::min<size_t>(threads_, blocked_ + surplus_);
  const bool none_ended = ended_ == looks.ended;
  looks.ended = ended_;
  looks.idle = none_ended && running_ == 0 ? looks.idle + 1 : 0;
  looks.stuck = none_ended && running_ >= able ? looks.stuck + 1 : 0;
  looks.with_spare = running_ + 1 < able ? looks.with_spare + 1 : 0;
  const size_t beyond = able < processors_ ? 0 : able - processors_ + 1;
  if (looks.stuck >= kStuckLooks * (1 + beyond) || (is_loaded(looks) && beyond == 0)) {
    start_thread();
    looks.stuck = 0;
  }
  if (looks.with_spare >= kSpareLooks) {
    ++surplus_;
    looks.with_spare = 0;
  }
  if (surplus_ > 0) boost::asio::post(io_, [] {});  // for one that waits
}

/// With the mutex held, at each look: the threads have little time left.
bool WorkerPool::is_loaded(Looks& looks) const {
  if (looks.since_load++ % kLoadLooks != 0) return false;
  const int64_t cpu_ns = process_time_ns() - std::exchange(looks.cpu_ns, process_time_ns());
  const int64_t now_ns = system_clock().steady_ns();
  const int64_t wall_ns = now_ns - std::exchange(looks.at_ns, now_ns);
  return looks.since_load > 1 && static_cast<double>(cpu_ns) >
                                     kLoaded * static_cast<double>(wall_ns) * static_cast<double>(threads_ - blocked_);
}

}  // namespace garland::endpoint
