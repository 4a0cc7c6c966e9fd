#include "models/withhold.h"

#include <queue>

namespace garland::models {
namespace {

class Spread {
 public:
  Spread(const std::vector<RunNode>& nodes, const std::function<bool(size_t)>& equal)
      : nodes_(nodes), equal_(equal), readers_(nodes.size()), withheld_(nodes.size()), differs_(nodes.size()) {
    for (size_t i = 0; i < nodes.size(); ++i) {
      for (size_t read : nodes[i].reads) readers_[read].push_back(i);
    }
  }

  std::vector<std::optional<Withheld>> run() {
    for (size_t i = 0; i < nodes_.size(); ++i) {
      if (nodes_[i].failed) add(i, {Withheld::Why::kFailed, i});
    }
    spread_to_what_was_built();
    while (!waiting_.empty()) {
      size_t at = waiting_.front();
      waiting_.pop();
      spread(at);
    }
    return std::move(withheld_);
  }

 private:
  void add(size_t node, Withheld why) {
    if (withheld_[node]) return;
    withheld_[node] = why;
    waiting_.push(node);
  }

  bool differs(size_t node) {
    if (!differs_[node]) differs_[node] = !(nodes_[node].built && equal_(node));
    return *differs_[node];
  }

  void spread_to_what_was_built() {
    std::queue<size_t> built_from = waiting_;
    for (; !built_from.empty(); built_from.pop()) {
      size_t at = built_from.front();
      for (size_t reader : readers_[at]) {
        if (withheld_[reader] || !differs(at)) continue;
        add(reader, {Withheld::Why::kBuiltFrom, at});
        built_from.push(reader);
      }
    }
  }

  void spread(size_t at) {
    for (size_t reader : readers_[at]) {
      if (withheld_[reader] || !(nodes_[reader].is_mart || nodes_[reader].is_new_view)) continue;
      if (differs(at)) add(reader, {Withheld::Why::kReads, at});
    }
    if (!nodes_[at].is_mart) return;
    for (size_t read : nodes_[at].reads) {
      if (!withheld_[read] && differs(at)) add(read, {Withheld::Why::kReadBy, at});
    }
  }

  const std::vector<RunNode>& nodes_;
  const std::function<bool(size_t)>& equal_;
  std::vector<std::vector<size_t>> readers_;
  std::vector<std::optional<Withheld>> withheld_;
  std::vector<std::optional<bool>> differs_;
  std::queue<size_t> waiting_;
};

}  // namespace

std::vector<std::optional<Withheld>> withhold(const std::vector<RunNode>& nodes,
                                              const std::function<bool(size_t)>& equal) {
  return Spread(nodes, equal).run();
}

}  // namespace garland::models
