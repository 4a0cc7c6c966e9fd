// Commands that write batches, beside a process that owns the warehouse: their arguments go to that process, which does
// them and sends back what they show (endpoint/command.h).
#pragma once

#include <atomic>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>

#include "cli/commands.h"
#include "cli/flow.h"
#include "cli/terminal.h"
#include "endpoint/command.h"

namespace garland::cli {

/// `garland run` by the owner that answers at `socket`, as `login`; returns its exit code. What it prints appears on
/// this process's own streams. Once `stop` is set, the owner is asked to stop. Throws 08006 when the owner is lost, or
/// its refusal.
int hand_over(const std::filesystem::path& socket, const engine::Login& login, const RunArguments& arguments,
              const std::atomic<bool>& stop);
/// Likewise `garland sources` and `garland reconcile`.
int hand_over(const std::filesystem::path& socket, const engine::Login& login, const SourcesArguments& arguments,
              const std::atomic<bool>& stop);
int hand_over(const std::filesystem::path& socket, const engine::Login& login, const ReconcileArguments& arguments,
              const std::atomic<bool>& stop);
/// Likewise `garland rejects replay`, with the text that `--from` named.
int hand_over(const std::filesystem::path& socket, const engine::Login& login, const RejectsArguments& arguments,
              const std::optional<std::string>& mended, const std::atomic<bool>& stop);

/// The owner's side. One command at a time writes: another is refused with 55006, as it is where the first one owns the
/// warehouse itself. Thread-safe.
class HandedOver {
 public:
  /// `writing`: held by whoever runs models. `flow`: what `garland up` keeps going, so that a run has no sources to
  /// read; nullptr: nothing. Both must outlive it.
  HandedOver(std::mutex& writing, const Flow* flow) : writing_(writing), flow_(flow) {}

  /// Does what hand_over() asked for; returns the exit code. The command's errors are shown to its client. Throws 08P01
  /// for a request that it does not understand.
  int run(const endpoint::Command& command);

 private:
  int run_project(const endpoint::Command& command, const RunArguments& arguments, const Terminal& terminal);
  int reconcile(const endpoint::Command& command, const ReconcileArguments& arguments, const Terminal& terminal);
  int replay(const endpoint::Command& command, const RejectsArguments& arguments,
             const std::optional<std::string>& mended, const Terminal& terminal);
  std::unique_lock<std::mutex> sole_writer();

  std::mutex& writing_;
  const Flow* const flow_;
};

}  // namespace garland::cli
