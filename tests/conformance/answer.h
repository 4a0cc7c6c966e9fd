// What the engine did with one statement.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/engine.h"

namespace garland::conformance {

struct Answer {
  bool failed = false;
  std::string sqlstate, message;
  std::vector<engine::ResultColumn> columns;
  std::vector<engine::TextRow> rows;
  std::string tag;
  std::vector<std::string> notices;
};

/// Runs the statement to its end; what it throws is in the answer. Cancelled after `timeout_s` (57014).
Answer ask(engine::Session& session, const std::string& sql, int timeout_s);

/// As a terminal client prints it, for the report; at most `most_rows` rows.
std::string show(const Answer& answer, size_t most_rows);

}  // namespace garland::conformance
