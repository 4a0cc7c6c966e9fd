#include "cli/interrupt.h"

#include <unistd.h>

#include <csignal>

#include "cli/exit_code.h"

namespace garland::cli {
namespace {

std::atomic<bool> stop_wanted{false};

void on_signal(int) {
  if (stop_wanted.exchange(true)) _exit(kInterrupted);
  constexpr char kMessage[] = "\nstopping after this step; press Ctrl-C again to stop now (both are safe)\n";
  [[maybe_unused]] const ssize_t written = write(STDERR_FILENO, kMessage, sizeof(kMessage) - 1);
}

}  // namespace

const std::atomic<bool>& watch_interrupts() {
  struct sigaction action{};
  action.sa_handler = on_signal;
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  return stop_wanted;
}

}  // namespace garland::cli
