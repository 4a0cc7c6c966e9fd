#include "endpoint/metrics.h"

#include <fmt/format.h>

#include <algorithm>

namespace garland::endpoint {

namespace {

void describe(std::string& out, const char* name, const char* type, const char* help) {
  out += fmt::format("# HELP garland_{0} {2}\n# TYPE garland_{0} {1}\n", name, type, help);
}

void value(std::string& out, const char* name, const char* labels, uint64_t number) {
  out += fmt::format("garland_{}{} {}\n", name, labels, number);
}

}  // namespace

void Metrics::statement_ended(bool ok, int64_t duration_ns) {
  ++(ok ? succeeded_ : failed_);
  const auto bound =
      std::ranges::lower_bound(kBoundsMs, duration_ns, {}, [](int ms) { return int64_t{ms} * 1'000'000; });
  ++durations_[static_cast<size_t>(bound - kBoundsMs.begin())];
  duration_ns_ += static_cast<uint64_t>(duration_ns);
}

std::string Metrics::text(size_t connections, const WorkerPool::Load& pool) const {
  std::string out;
  describe(out, "connections", "gauge", "Connections that are open, those that log in included.");
  value(out, "connections", "", connections);
  describe(out, "pool_slots", "gauge", "Statements that may run at once.");
  value(out, "pool_slots", "", pool.slots);
  describe(out, "pool_running", "gauge", "Pieces of work that run.");
  value(out, "pool_running", "", pool.running);
  describe(out, "pool_waiting", "gauge", "Pieces of work that wait for a slot.");
  value(out, "pool_waiting", "", pool.waiting);
  describe(out, "pool_threads", "gauge", "Threads; as many as the load wants.");
  value(out, "pool_threads", "", pool.threads);
  describe(out, "connections_total", "counter", "Connections that were accepted.");
  value(out, "connections_total", "", connections_);
  describe(out, "failed_logins_total", "counter", "Logins that were refused.");
  value(out, "failed_logins_total", "", failed_logins_);
  describe(out, "rows_sent_total", "counter", "Rows of results that were sent.");
  value(out, "rows_sent_total", "", rows_);
  describe(out, "statements_total", "counter", "Statements that are over.");
  value(out, "statements_total", "{status=\"success\"}", succeeded_);
  value(out, "statements_total", "{status=\"failed\"}", failed_);
  describe(out, "statement_seconds", "histogram", "From the start of a statement until its last row was sent.");
  uint64_t up_to = 0;
  for (size_t i = 0; i < kBoundsMs.size(); ++i) {
    up_to += durations_[i];
    out += fmt::format("garland_statement_seconds_bucket{{le=\"{}\"}} {}\n", kBoundsMs[i] / 1e3, up_to);
  }
  up_to += durations_.back();
  out += fmt::format("garland_statement_seconds_bucket{{le=\"+Inf\"}} {}\n", up_to);
  out += fmt::format("garland_statement_seconds_sum {}\n", static_cast<double>(duration_ns_) / 1e9);
  out += fmt::format("garland_statement_seconds_count {}\n", up_to);
  return out;
}

}  // namespace garland::endpoint
