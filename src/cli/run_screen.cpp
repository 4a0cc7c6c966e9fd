#include "cli/run_screen.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <map>

#include "cli/error_screen.h"
#include "cli/progress.h"
#include "cli/run_json.h"
#include "cli/table.h"
#include "cli/version.h"

namespace garland::cli {
namespace {

constexpr uint64_t kAnswerRows = 20;
constexpr uint64_t kHeadRows = 5;

std::string count_of(uint64_t count, const char* one, const char* many) {
  return fmt::format("{} {}", thousands(static_cast<int64_t>(count)), count == 1 ? one : many);
}

std::string rate(uint64_t rows, double seconds) {
  if (seconds <= 0) return "";
  const double per_second = static_cast<double>(rows) / seconds;
  return per_second >= 1000 ? fmt::format("{}k rows/s", thousands(static_cast<int64_t>(per_second / 1000)))
                            : fmt::format("{:.0f} rows/s", per_second);
}

std::string load_line(const ingest::LoadReport& report) {
  const uint64_t changed = report.loaded + report.replaced;
  std::string text = changed == 0 ? "nothing new"
                                  : fmt::format("{}, {} in {} ({})", count_of(changed, "file", "files"),
                                                count_of(report.rows, "row", "rows"), duration(report.seconds),
                                                rate(report.rows, report.seconds));
  if (report.replaced > 0) text += fmt::format(" · {} replaced", report.replaced);
  if (report.unchanged > 0) text += fmt::format(" · {} as before", thousands(static_cast<int64_t>(report.unchanged)));
  if (report.duplicate > 0) text += fmt::format(" · {} delivered twice, skipped", report.duplicate);
  if (report.refused > 0) text += fmt::format(" · {} refused", count_of(report.refused, "file", "files"));
  if (changed > 0 || report.rejected > 0)
    text += fmt::format(" · {} rejected", thousands(static_cast<int64_t>(report.rejected)));
  return text;
}

/// The "Bad data" screen: each file with refused lines, why, and how to look deeper.
void print_bad_file(const Output& err, const ingest::FileReport& file) {
  const std::string mark = styled(err, Style::kYellow, "!");
  if (file.state == ingest::FileState::kRefused) {
    fmt::print(err.file, "{} {}: refused, nothing of it was loaded: {}\n", mark, file.path, file.reason);
    if (!file.hint.empty()) fmt::print(err.file, "    {}\n", file.hint);
  } else if (file.state == ingest::FileState::kDuplicate) {
    fmt::print(err.file, "{} {}: skipped, {}\n", mark, file.path, file.reason);
  } else {
    fmt::print(err.file, "{} {}: {} of {} rejected\n", mark, file.path, thousands(static_cast<int64_t>(file.rejected)),
               count_of(file.lines, "line", "lines"));
  }
  for (const ingest::RefusedLine& line : file.first_refusals)
    fmt::print(err.file, "    line {}: {}\n", line.line, line.reason);
  if (file.rejected > file.first_refusals.size()) {
    fmt::print(err.file, "    garland rejects list\n");
  }
}

std::string capture_line(const ingest::postgres::CaptureReport& report) {
  std::string text;
  if (report.snapshot) {
    text = fmt::format("{} copied · ", count_of(report.snapshot_rows, "row", "rows"));
  }
  text += report.changes == 0 && !report.snapshot
              ? "nothing new"
              : fmt::format("{}, {} in {}", count_of(report.transactions, "transaction", "transactions"),
                            count_of(report.changes, "change", "changes"), duration(report.seconds));
  if (report.reconnects > 0) text += fmt::format(" · {} reconnects", report.reconnects);
  if (report.rejected > 0) text += fmt::format(" · {} rejected", thousands(static_cast<int64_t>(report.rejected)));
  return text + " · up to " + report.position;
}

std::string topics_line(const ingest::events::KafkaReport& report) {
  std::string text = report.messages == 0 ? "nothing new"
                                          : fmt::format("{} in {}", count_of(report.messages, "message", "messages"),
                                                        duration(report.seconds));
  if (report.rejected > 0) text += fmt::format(" · {} rejected", thousands(static_cast<int64_t>(report.rejected)));
  if (report.lost > 0) text += fmt::format(" · {} expired unread", thousands(static_cast<int64_t>(report.lost)));
  return text;
}

struct LayerCount {
  size_t tables = 0, views = 0, unchanged = 0, bad = 0;
  uint64_t rows = 0;
  double seconds = 0;
};

std::string layer_line(const LayerCount& count) {
  std::vector<std::string> parts;
  if (count.views > 0) parts.push_back(count_of(count.views, "view", "views"));
  if (count.tables > 0) {
    parts.push_back(fmt::format("{}, {} in {}", count_of(count.tables, "table", "tables"),
                                count_of(count.rows, "row", "rows"), duration(count.seconds)));
  }
  if (count.unchanged > 0) parts.push_back(fmt::format("{} as before", count.unchanged));
  if (count.bad > 0) parts.push_back(fmt::format("{} not published", count.bad));
  return fmt::format("{}", fmt::join(parts, " · "));
}

void add_model(LayerCount& count, const models::ModelOutcome& model) {
  using models::ModelState;
  switch (model.state) {
    case ModelState::kView:
      ++count.views;
      break;
    case ModelState::kUnchanged:
      ++count.unchanged;
      break;
    case ModelState::kBuilt:
      ++count.tables;
      count.rows += model.rows;
      break;
    default:
      ++count.bad;
  }
  count.seconds += model.seconds;
}

void print_layers(const Output& err, const models::RunReport& report) {
  std::vector<std::string> order;
  std::map<std::string, LayerCount> layers;
  for (const models::ModelOutcome& model : report.models) {
    if (!layers.contains(model.name.schema)) order.push_back(model.name.schema);
    add_model(layers[model.name.schema], model);
  }
  for (const std::string& layer : order) print_finished(err, layers[layer].bad == 0, layer, layer_line(layers[layer]));
}

void print_failures(const Output& err, const models::RunReport& report, const std::string& project) {
  using models::ModelState;
  const std::string cross = styled(err, Style::kRed, "✗");
  size_t published = 0;
  for (const models::ModelOutcome& model : report.models) {
    if (model.state == ModelState::kFailed && model.error) {
      fmt::print(err.file, "  {} {} failed\n{}", cross, model.name.text(),
                 error_screen(err, *model.error, {}, {"", 1, project}));
    } else if (model.state == ModelState::kWithheld) {
      fmt::print(err.file, "  {} {} withheld: {}\n", cross, model.name.text(), model.withheld_because);
    } else if (model.state == ModelState::kSkipped) {
      fmt::print(err.file, "  {} {} skipped: {}\n", cross, model.name.text(), model.withheld_because);
    } else {
      ++published;
    }
  }
  for (const models::TestOutcome& test : report.query_tests) {
    if (!test.passed) fmt::print(err.file, "  {} {}: {}\n", cross, test.name, test.message);
  }
  fmt::print(err.file,
             "    {} of {} models published\n    garland sql \"select * from ops.test_failures where run_id = {}\"\n",
             published, report.models.size(), report.run);
}

void print_notices(const Output& err, const std::vector<std::string>& notices) {
  for (const std::string& notice : notices) {
    fmt::print(err.file, "{} {}\n", styled(err, Style::kYellow, "!"), notice);
  }
}

void print_rejects_hint(const Output& err, const std::string& source, uint64_t rejected) {
  if (rejected > 0) fmt::print(err.file, "    garland rejects list --source {}\n", source);
}

}  // namespace

bool RunSummary::ok() const {
  const bool files_ok = std::all_of(loads.begin(), loads.end(), [](const auto& load) { return load.refused == 0; });
  return files_ok && models.ok();
}

RunScreen::RunScreen(const Terminal& terminal, const CheckedProject& project, const std::string& as_of, bool json)
    : terminal_(terminal), project_(project), json_(json) {
  if (json_) return;
  const Output& err = terminal_.err;
  fmt::print(err.file, "{} {} · {} · embedded · as of {} ({})\n\n", styled(err, Style::kBold, "Garland"), kVersion,
             project.file.name, as_of, project.file.time_zone);
}

ingest::LoadReport RunScreen::show_load(
    const ingest::FileSource& source,
    const std::function<ingest::LoadReport(const std::function<void(const ingest::LoadProgress&)>&)>& load) {
  ProgressLine line(terminal_.err, source.name, json_);
  const int64_t begun = system_clock().steady_ns();
  const ingest::LoadReport report = load([&](const ingest::LoadProgress& at) {
    const double seconds = static_cast<double>(system_clock().steady_ns() - begun) / 1e9;
    line.update(at.files_done, at.files_total,
                fmt::format("{}/{} files · {} rows · {}", at.files_done, at.files_total,
                            thousands(static_cast<int64_t>(at.rows)), rate(at.rows, seconds)));
  });
  line.finish(report.refused == 0, load_line(report));
  if (json_) {
    print_load_json(terminal_.out.file, report);
    return report;
  }
  for (const ingest::FileReport& file : report.files) {
    if (file.state == ingest::FileState::kRefused || file.state == ingest::FileState::kDuplicate || file.rejected > 0)
      print_bad_file(terminal_.err, file);
  }
  print_notices(terminal_.err, report.notices);
  return report;
}

ingest::postgres::CaptureReport RunScreen::show_capture(
    const ingest::postgres::PostgresSource& source,
    const std::function<ingest::postgres::CaptureReport(
        const std::function<void(const ingest::postgres::CaptureProgress&)>&)>& capture) {
  ProgressLine line(terminal_.err, source.name, json_);
  const int64_t begun = system_clock().steady_ns();
  const auto report = capture([&](const ingest::postgres::CaptureProgress& at) {
    const double seconds = static_cast<double>(system_clock().steady_ns() - begun) / 1e9;
    const auto rows = static_cast<int64_t>(at.snapshot ? at.rows : at.changes);
    if (at.snapshot) {
      line.update(at.rows, std::max(at.rows, at.expected),
                  fmt::format("{} · {} rows · {}", at.table, thousands(rows), rate(at.rows, seconds)));
    } else {
      line.update(0, 0, fmt::format("{} changes · {} of log to go", thousands(rows), megabytes(at.behind_bytes)));
    }
  });
  line.finish(true, capture_line(report));
  if (json_) {
    print_capture_json(terminal_.out.file, report);
    return report;
  }
  print_notices(terminal_.err, report.notices);
  print_rejects_hint(terminal_.err, report.source, report.rejected);
  return report;
}

ingest::events::KafkaReport RunScreen::show_topics(
    const ingest::events::KafkaSource& source,
    const std::function<ingest::events::KafkaReport(const std::function<void(const ingest::events::KafkaProgress&)>&)>&
        consume) {
  ProgressLine line(terminal_.err, source.name(), json_);
  const auto report = consume([&](const ingest::events::KafkaProgress& at) {
    line.update(at.messages, at.messages + at.behind,
                fmt::format("{} messages", thousands(static_cast<int64_t>(at.messages))));
  });
  line.finish(report.lost == 0, topics_line(report));
  if (json_) {
    print_topics_json(terminal_.out.file, report);
    return report;
  }
  print_notices(terminal_.err, report.notices);
  print_rejects_hint(terminal_.err, report.source, report.rejected);
  return report;
}

models::RunReport RunScreen::show_models(
    const std::function<models::RunReport(const std::function<void(const models::Progress&)>&)>& run) {
  models::RunReport report;
  {
    ProgressLine line(terminal_.err, "models", json_);
    report = run([&](const models::Progress& at) {
      line.update(at.done, at.total,
                  fmt::format("{}/{} · {}", at.done, at.total, at.model ? at.model->name.text() : ""));
    });
  }
  if (json_) {
    print_models_json(terminal_.out.file, report);
    return report;
  }
  print_layers(terminal_.err, report);
  if (report.tests_passed + report.tests_failed > 0) {
    std::string text = fmt::format("{} passed", report.tests_passed);
    if (report.tests_failed > 0) text += fmt::format(", {} failed", report.tests_failed);
    print_finished(terminal_.err, report.tests_failed == 0, "tests", text);
  }
  return report;
}

void RunScreen::show_answers(engine::Session& session) {
  std::vector<Answer> answers = project_.file.answers;
  const bool are_heads = answers.empty();
  if (are_heads) {
    for (const models::Model& model : project_.models.models) {
      if (model.name.schema == "marts")
        answers.push_back({model.name.text(), fmt::format("select * from {}", model.name.text())});
    }
  }
  for (const Answer& answer : answers) {
    if (!json_) fmt::print(terminal_.out.file, "\n{}\n", styled(terminal_.out, Style::kBold, answer.title));
    try {
      show_answer(session, answer, are_heads ? kHeadRows : kAnswerRows);
    } catch (const Error& error) {  // a mart that was never published: the rest is still worth reading
      if (json_) {
        fmt::print(terminal_.out.file, "{}\n", error_json(error, answer.sql));
      } else {
        fmt::print(terminal_.out.file, "not available: {}\n", error.message());
      }
    }
  }
}

void RunScreen::show_answer(engine::Session& session, const Answer& answer, uint64_t shown) {
  const auto statement = session.prepare(answer.sql);
  const auto cursor = statement->execute();
  if (json_) return print_answer_json(terminal_.out.file, answer.title, *cursor);
  const uint64_t rows = print_result(terminal_.out.file, *cursor, ResultFormat::kTable, shown);
  if (rows > shown) fmt::print(terminal_.out.file, "… {} rows in all\n", thousands(static_cast<int64_t>(rows)));
}

void RunScreen::show_end(const RunSummary& summary) {
  if (json_) return print_run_json(terminal_.out.file, summary);
  fmt::print(terminal_.out.file, "\n");
  std::fflush(terminal_.out.file);
  if (!summary.models.ok()) print_failures(terminal_.err, summary.models, project_.file.folder.string());
  uint64_t rows = 0, rejected = 0;
  for (const ingest::LoadReport& load : summary.loads) rows += load.rows, rejected += load.rejected;
  for (const auto& capture : summary.captures) {
    rows += capture.snapshot_rows + capture.changes;
    rejected += capture.rejected;
  }
  for (const auto& topics : summary.topics) rows += topics.rows, rejected += topics.rejected;
  const std::string published = summary.models.cut           ? fmt::format("published as cut {}", *summary.models.cut)
                                : summary.models.interrupted ? "stopped, nothing was published"
                                : summary.models.ok()        ? "nothing is stale, nothing was published"
                                                             : "nothing was published";
  fmt::print(terminal_.err.file, "{} rows loaded, {} rejected · {} models · {} tests passed, {} failed\n",
             thousands(static_cast<int64_t>(rows)), thousands(static_cast<int64_t>(rejected)),
             summary.models.models.size(), summary.models.tests_passed, summary.models.tests_failed);
  fmt::print(terminal_.err.file, "{} · {} · peak {}\n", published, duration(summary.seconds),
             megabytes(summary.peak_bytes));
}

}  // namespace garland::cli
