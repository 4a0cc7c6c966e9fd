// Which models of a run are withheld, by the design's rule ("Publishing models"). A pure function over the run's graph.
#pragma once

#include <functional>
#include <optional>
#include <vector>

namespace garland::models {

/// A model that this run built, or should have built.
struct RunNode {
  bool failed = false;  // its SQL or one of its tests
  bool built = false;   // the new version exists
  /// A mart: withheld with any table of the run that it reads, and what it reads is withheld with it.
  bool is_mart = false;
  /// A view whose text changes: its new text may not fit the old version of what it reads, so it is withheld like a
  /// mart; what it reads is not.
  bool is_new_view = false;
  /// The run's nodes that it reads, directly or through views.
  std::vector<size_t> reads;
};

/// Why a node is withheld.
struct Withheld {
  enum class Why {
    kFailed,     // itself
    kBuiltFrom,  // `other` failed, or was built from what failed
    kReadBy,     // `other`, a withheld mart, reads it
    kReads,      // it reads `other`, which is withheld
  };
  Why why;
  size_t other = 0;
};

/// A failed node is withheld, every node built from it, and every node that a withheld mart reads; then every other
/// mart (and new view) that reads a withheld node, until nothing changes. A node for which `equal` says that its new
/// version equals the published one does not spread it; `equal` is asked at most once a node, only for built ones, and
/// only when the answer matters.
std::vector<std::optional<Withheld>> withhold(const std::vector<RunNode>& nodes,
                                              const std::function<bool(size_t)>& equal);

}  // namespace garland::models
