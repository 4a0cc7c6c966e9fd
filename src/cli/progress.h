// Progress: one live line a task on a terminal, one plain line at its start and end elsewhere. Finished lines stay.
#pragma once

#include <cstdint>
#include <string>

#include "base/clock.h"
#include "cli/terminal.h"

namespace garland::cli {

/// A finished task's line, with a tick (`ok`) or a cross.
void print_finished(const Output& output, bool ok, const std::string& task, const std::string& text);

/// One task with a live line. Not thread-safe: one task shows at a time.
class ProgressLine {
 public:
  /// `quiet`: shows nothing (--json keeps stderr for errors).
  ProgressLine(const Output& output, std::string task, bool quiet);
  /// A line that was not finished is wiped.
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  /// How far: `done` of `total` units (total 0: unknown) and what to say of it. Draws at most ten times a second.
  void update(uint64_t done, uint64_t total, const std::string& text);
  /// Replaces the live line by print_finished().
  void finish(bool ok, const std::string& text);

 private:
  void wipe();
  const Output output_;
  std::string task_;
  bool quiet_, live_, finished_ = false;
  int64_t started_ns_, drawn_ns_ = 0;
};

}  // namespace garland::cli
