// Who reads which file when several workers load one source: files are handed out and let in in the order of their
// paths, so that the outcome is that of one worker.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <optional>

namespace garland::ingest {

/// Thread-safe.
class Turns {
 public:
  /// `alone(n)`: file n is worked on while no other is, because it may replace rows that the others' loads would wait
  /// for. Asked under the mutex, when every file before n has been handed out. `stopped` is asked before each file.
  Turns(size_t files, std::function<bool(size_t)> alone, std::function<bool()> stopped);

  /// The next file to work on; nothing when there are no more, it was stopped or a worker has failed. Waits.
  std::optional<size_t> next();
  /// Returns when every file before this one is finished. Throws Failed when another worker has failed.
  void wait(size_t file);
  void finish(size_t file);
  /// A worker ends with an error: the others give up what they have not begun to decide.
  void fail();
  /// How many files were handed out.
  size_t handed_out() const;

  struct Failed {};

 private:
  const size_t files_;
  const std::function<bool(size_t)> alone_;
  const std::function<bool()> stopped_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  size_t next_ = 0;        // to hand out
  size_t finished_ = 0;    // all before it are
  bool occupied_ = false;  // by a file that is worked on alone
  bool failed_ = false;
};

}  // namespace garland::ingest
