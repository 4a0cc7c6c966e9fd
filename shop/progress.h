// How the program looks on stderr, as shared by all of Garland's programs: one live line a task on a terminal, one
// plain line at its start and end elsewhere; finished lines stay.
#pragma once

#include <cstdint>
#include <string>

#include "base/error.h"

namespace garland::shop {

/// One task. Not thread-safe.
class Progress {
 public:
  explicit Progress(std::string task, bool quiet = false);
  /// A line that was not finished is wiped.
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// `done` of `total` steps (total 0: unknown), and what to say of it. Draws at most ten times a second.
  void update(int64_t done, int64_t total, const std::string& text);
  void finish(const std::string& text);
  double seconds() const;

 private:
  std::string task_;
  bool quiet_, live_, drawn_ = false;
  int64_t started_ns_, drawn_ns_ = 0;
};

/// 1234567 → "1,234,567".
std::string thousands(int64_t number);

/// Message, detail, hint and SQLSTATE, as people see them.
std::string error_screen(const Error& error);

}  // namespace garland::shop
