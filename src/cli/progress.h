// Progress on stderr: one live line a task on a terminal, one plain line at its start and end elsewhere. Finished lines
// stay.
#pragma once

#include <cstdint>
#include <string>

#include "base/clock.h"

namespace garland::cli {

/// One task with a live line. Not thread-safe: one task shows at a time.
class ProgressLine {
 public:
  /// `quiet`: shows nothing (--json keeps stderr for errors).
  ProgressLine(std::string task, bool quiet);
  /// A line that was not finished is wiped.
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  /// How far: `done` of `total` units (total 0: unknown) and what to say of it. Draws at most ten times a second.
  void update(uint64_t done, uint64_t total, const std::string& text);
  /// A line that stays, with a tick (`ok`) or a cross.
  void finish(bool ok, const std::string& text);

 private:
  void wipe();
  std::string task_;
  bool quiet_, live_, finished_ = false;
  int64_t started_ns_, drawn_ns_ = 0;
};

}  // namespace garland::cli
