#include "shop/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "base/clock.h"

namespace garland::shop {
namespace {

constexpr int64_t kRedrawNs = 100'000'000, kCells = 24;

std::string bar(int64_t done, int64_t total) {
  std::string cells;
  for (int64_t i = 0; i < kCells; ++i) cells += i < done * kCells / total ? "█" : "░";
  return cells + " ";
}

bool has_colour() {
  const char* no_colour = std::getenv("NO_COLOR");
  return isatty(STDERR_FILENO) == 1 && !(no_colour && *no_colour);
}

std::string in_colour(const char* code, const std::string& text) {
  return has_colour() ? fmt::format("\033[{}m{}\033[0m", code, text) : text;
}

}  // namespace

Progress::Progress(std::string task, bool quiet)
    : task_(std::move(task)),
      quiet_(quiet),
      live_(!quiet && isatty(STDERR_FILENO) == 1),
      started_ns_(system_clock().steady_ns()) {
  if (!quiet_ && !live_) fmt::print(stderr, "    {:<10} …\n", task_);
}

Progress::~Progress() {
  if (drawn_) fmt::print(stderr, "\r\033[K");
}

double Progress::seconds() const { return static_cast<double>(system_clock().steady_ns() - started_ns_) / 1e9; }

void Progress::update(int64_t done, int64_t total, const std::string& text) {
  const int64_t now = system_clock().steady_ns();
  if (!live_ || (drawn_ && now - drawn_ns_ < kRedrawNs)) return;
  drawn_ns_ = now;
  drawn_ = true;
  const bool soon = total > 0 && done > 0 && seconds() > 1;
  const std::string left =
      soon ? fmt::format(" · {:.0f} s left", seconds() * static_cast<double>(total - done) / static_cast<double>(done))
           : "";
  fmt::print(stderr, "\r\033[K    {:<10} {}{}{}", task_, total > 0 ? bar(done, total) : "", text, left);
  std::fflush(stderr);
}

void Progress::finish(const std::string& text) {
  if (drawn_) fmt::print(stderr, "\r\033[K");
  drawn_ = false;
  if (!quiet_) fmt::print(stderr, "  {} {:<10} {} in {:.1f} s\n", in_colour("32", "✓"), task_, text, seconds());
}

std::string thousands(int64_t number) {
  std::string digits = std::to_string(number);
  const size_t first = number < 0 ? 1 : 0;
  for (size_t i = digits.size(); i > first + 3;) digits.insert(i -= 3, ",");
  return digits;
}

std::string error_screen(const Error& error) {
  std::string text = fmt::format("{} {}\n", in_colour("31", "error:"), error.message());
  if (!error.detail().empty()) text += fmt::format("  = {}\n", error.detail());
  if (!error.hint().empty()) text += fmt::format("  = hint: {}\n", error.hint());
  return text + fmt::format("  = SQLSTATE {}\n", error.state().text());
}

}  // namespace garland::shop
