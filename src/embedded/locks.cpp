#include "embedded/locks.h"

#include <algorithm>

#include "base/error.h"

namespace garland::embedded {

namespace {
bool conflict(LockMode a, LockMode b) { return a != LockMode::kShared || b != LockMode::kShared; }
}  // namespace

void LockTable::acquire(LockOwner owner, const LockKey& key, LockMode mode, const std::function<void()>& cancelled,
                        const std::function<void()>& before_wait) {
  std::unique_lock lock(mutex_);
  cancelled();
  const auto found = entries_.try_emplace(key).first;
  Entry& entry = found->second;
  const auto mine = entry.held.find(owner);
  const bool holder = mine != entry.held.end();
  if (holder && mine->second >= mode) return;
  const auto place = holder ? entry.queue.begin() : entry.queue.end();
  const auto request = entry.queue.insert(place, Request{owner, &found->first, mode});
  try {
    if (!grantable(entry, request)) wait_for(lock, entry, request, cancelled, before_wait);
  } catch (...) {
    entry.queue.erase(request);
    forget_if_free(key);
    changed_.notify_all();
    throw;
  }
  entry.queue.erase(request);
  entry.held[owner] = mode;
  changed_.notify_all();
}

void LockTable::wait_for(std::unique_lock<std::mutex>& lock, Entry& entry, std::list<Request>::iterator request,
                         const std::function<void()>& cancelled, const std::function<void()>& before_wait) {
  const LockOwner owner = request->owner;
  if (before_wait) {
    lock.unlock();
    before_wait();
    lock.lock();
  }
  waiting_[owner] = request;
  if (closes_circle(owner)) {
    waiting_.erase(owner);
    throw Error(kDeadlockDetected, "deadlock detected")
        .detail("Each of the transactions waits for a table that another of them has locked.")
        .hint("Run this transaction again.");
  }
  try {
    while (!grantable(entry, request)) {
      changed_.wait(lock);
      cancelled();
    }
  } catch (...) {
    waiting_.erase(owner);
    throw;
  }
  waiting_.erase(owner);
}

bool LockTable::grantable(const Entry& entry, std::list<Request>::const_iterator request) const {
  for (const auto& [owner, mode] : entry.held) {
    if (owner != request->owner && conflict(mode, request->mode)) return false;
  }
  for (auto earlier = entry.queue.begin(); earlier != request; ++earlier) {
    if (conflict(earlier->mode, request->mode)) return false;
  }
  return true;
}

std::set<LockOwner> LockTable::blockers(LockOwner owner) const {
  std::set<LockOwner> result;
  const auto waiting = waiting_.find(owner);
  if (waiting == waiting_.end()) return result;
  const std::list<Request>::const_iterator request = waiting->second;
  const Entry& entry = entries_.at(*request->key);
  for (const auto& [holder, mode] : entry.held) {
    if (holder != owner && conflict(mode, request->mode)) result.insert(holder);
  }
  for (auto earlier = entry.queue.begin(); earlier != request; ++earlier) {
    if (conflict(earlier->mode, request->mode)) result.insert(earlier->owner);
  }
  return result;
}

bool LockTable::closes_circle(LockOwner owner) const {
  std::set<LockOwner> seen;
  std::vector<LockOwner> open = {owner};
  while (!open.empty()) {
    const LockOwner next = open.back();
    open.pop_back();
    for (const LockOwner blocker : blockers(next)) {
      if (blocker == owner) return true;
      if (seen.insert(blocker).second) open.push_back(blocker);
    }
  }
  return false;
}

void LockTable::release_all(LockOwner owner) {
  const std::lock_guard lock(mutex_);
  for (auto entry = entries_.begin(); entry != entries_.end();) {
    entry->second.held.erase(owner);
    const bool free = entry->second.held.empty() && entry->second.queue.empty();
    entry = free ? entries_.erase(entry) : std::next(entry);
  }
  changed_.notify_all();
}

void LockTable::wake(LockOwner owner) {
  const std::lock_guard lock(mutex_);
  if (waiting_.contains(owner)) changed_.notify_all();
}

bool LockTable::waits(LockOwner owner) const {
  const std::lock_guard lock(mutex_);
  const auto found = waiting_.find(owner);
  return found != waiting_.end() && !grantable(entries_.at(*found->second->key), found->second);
}

bool LockTable::holds(LockOwner owner, const LockKey& key, LockMode mode) const {
  const std::lock_guard lock(mutex_);
  const auto entry = entries_.find(key);
  if (entry == entries_.end()) return false;
  const auto held = entry->second.held.find(owner);
  return held != entry->second.held.end() && held->second >= mode;
}

void LockTable::forget_if_free(const LockKey& key) {
  const auto entry = entries_.find(key);
  if (entry != entries_.end() && entry->second.held.empty() && entry->second.queue.empty()) entries_.erase(entry);
}

uint64_t CommitHistory::current() const {
  const std::lock_guard lock(mutex_);
  return current_;
}

void CommitHistory::record(const std::map<LockKey, LockMode>& held) {
  if (held.empty()) return;
  const std::lock_guard lock(mutex_);
  ++current_;
  for (const auto& [key, mode] : held) {
    Last& last = last_[key];
    (mode == LockMode::kShared ? last.shared : last.exclusive) = current_;
  }
}

uint64_t CommitHistory::last_change(const LockKey& key, LockMode mode) const {
  const std::lock_guard lock(mutex_);
  const auto found = last_.find(key);
  if (found == last_.end()) return 0;
  const Last& last = found->second;
  return mode == LockMode::kAccessExclusive ? std::max(last.shared, last.exclusive) : last.exclusive;
}

}  // namespace garland::embedded
