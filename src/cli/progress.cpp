#include "cli/progress.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

namespace garland::cli {
namespace {

constexpr int64_t kRedrawNs = 100'000'000;
constexpr size_t kBarCells = 24;

std::string bar(uint64_t done, uint64_t total) {
  const size_t filled = total == 0 ? 0 : static_cast<size_t>(std::min(done, total) * kBarCells / total);
  std::string text;
  for (size_t i = 0; i < kBarCells; ++i) text += i < filled ? "█" : "░";
  return text;
}

std::string time_left(uint64_t done, uint64_t total, int64_t elapsed_ns) {
  if (done == 0 || total <= done || elapsed_ns < 1'000'000'000) return {};
  const double seconds =
      static_cast<double>(elapsed_ns) / 1e9 * static_cast<double>(total - done) / static_cast<double>(done);
  return " · " + duration(seconds) + " left";
}

}  // namespace

ProgressLine::ProgressLine(const Output& output, std::string task, bool quiet)
    : output_(output),
      task_(std::move(task)),
      quiet_(quiet),
      live_(!quiet && output.is_terminal),
      started_ns_(system_clock().steady_ns()) {
  if (!quiet_ && !live_) fmt::print(output_.file, "    {:<13} …\n", task_);
}

ProgressLine::~ProgressLine() {
  if (!finished_) wipe();
}

void ProgressLine::wipe() {
  if (live_ && drawn_ns_ != 0) fmt::print(output_.file, "\r\033[K");
}

void ProgressLine::update(uint64_t done, uint64_t total, const std::string& text) {
  if (!live_) return;
  const int64_t now = system_clock().steady_ns();
  if (drawn_ns_ != 0 && now - drawn_ns_ < kRedrawNs) return;
  drawn_ns_ = now;
  std::string line =
      fmt::format("    {:<13} {} {}{}", task_, bar(done, total), text, time_left(done, total, now - started_ns_));
  if (display_width(line) >= output_.width) line = fmt::format("    {:<13} {}", task_, text);
  fmt::print(output_.file, "\r\033[K{}", line);
  std::fflush(output_.file);
}

void ProgressLine::finish(bool ok, const std::string& text) {
  finished_ = true;
  if (quiet_) return;
  wipe();
  print_finished(output_, ok, task_, text);
}

void print_finished(const Output& output, bool ok, const std::string& task, const std::string& text) {
  const std::string mark = ok ? styled(output, Style::kGreen, "✓") : styled(output, Style::kRed, "✗");
  fmt::print(output.file, "  {} {:<13} {}\n", mark, task, text);
}

}  // namespace garland::cli
