#include "cli/run_json.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "cli/table.h"

namespace garland::cli {
namespace {

using Json = nlohmann::ordered_json;

void print(std::FILE* out, const Json& object) {
  fmt::print(out, "{}\n", object.dump(-1, ' ', false, Json::error_handler_t::replace));
}

const char* state_name(ingest::FileState state) {
  switch (state) {
    case ingest::FileState::kLoaded:
      return "loaded";
    case ingest::FileState::kReplaced:
      return "replaced";
    case ingest::FileState::kUnchanged:
      return "unchanged";
    case ingest::FileState::kDuplicate:
      return "duplicate";
    case ingest::FileState::kRefused:
      return "refused";
  }
  return "";
}

const char* state_name(models::ModelState state) {
  switch (state) {
    case models::ModelState::kBuilt:
      return "built";
    case models::ModelState::kUnchanged:
      return "unchanged";
    case models::ModelState::kView:
      return "view";
    case models::ModelState::kWithheld:
      return "withheld";
    case models::ModelState::kFailed:
      return "failed";
    case models::ModelState::kSkipped:
      return "skipped";
  }
  return "";
}

void print_test(std::FILE* out, const models::TestOutcome& test, const std::string& model) {
  Json object = {{"event", "test"}, {"name", test.name}, {"passed", test.passed}, {"failures", test.failures}};
  if (!model.empty()) object["model"] = model;
  if (!test.message.empty()) object["message"] = test.message;
  print(out, object);
}

}  // namespace

void print_load_json(std::FILE* out, const ingest::LoadReport& report) {
  for (const ingest::FileReport& file : report.files) {
    if (file.state == ingest::FileState::kUnchanged) continue;
    Json object = {
        {"event", "file"},   {"source", report.source},   {"path", file.path},  {"state", state_name(file.state)},
        {"rows", file.rows}, {"rejected", file.rejected}, {"bytes", file.bytes}};
    if (!file.reason.empty()) object["reason"] = file.reason;
    for (const ingest::RefusedLine& line : file.first_refusals) {
      object["refusals"].push_back({{"line", line.line}, {"reason", line.reason}});
    }
    print(out, object);
  }
  for (const std::string& notice : report.notices)
    print(out, {{"event", "notice"}, {"source", report.source}, {"text", notice}});
}

void print_capture_json(std::FILE* out, const ingest::postgres::CaptureReport& report) {
  print(out, {{"event", "capture"},
              {"source", report.source},
              {"snapshot_rows", report.snapshot_rows},
              {"transactions", report.transactions},
              {"changes", report.changes},
              {"rejected", report.rejected},
              {"batches", report.batches},
              {"position", report.position},
              {"reconnects", report.reconnects},
              {"stopped", report.stopped},
              {"notices", report.notices},
              {"seconds", report.seconds}});
}

void print_topics_json(std::FILE* out, const ingest::events::KafkaReport& report) {
  print(out, {{"event", "topics"},
              {"source", report.source},
              {"messages", report.messages},
              {"rows", report.rows},
              {"rejected", report.rejected},
              {"batches", report.batches},
              {"lost", report.lost},
              {"stopped", report.stopped},
              {"notices", report.notices},
              {"seconds", report.seconds}});
}

void print_models_json(std::FILE* out, const models::RunReport& report) {
  for (const models::ModelOutcome& model : report.models) {
    Json object = {{"event", "model"},
                   {"name", model.name.text()},
                   {"state", state_name(model.state)},
                   {"rows", model.rows},
                   {"seconds", model.seconds}};
    if (model.error) object["error"] = model.error->message(), object["sqlstate"] = model.error->state().text();
    if (!model.withheld_because.empty()) object["withheld_because"] = model.withheld_because;
    print(out, object);
    for (const models::TestOutcome& test : model.tests) print_test(out, test, model.name.text());
  }
  for (const models::TestOutcome& test : report.query_tests) print_test(out, test, "");
}

void print_answer_json(std::FILE* out, const std::string& title, engine::Cursor& cursor) {
  // The rows are already JSON text, one a line: they become the array's elements.
  char* text = nullptr;
  size_t size = 0;
  std::FILE* memory = open_memstream(&text, &size);
  print_result(memory, cursor, ResultFormat::kJson);
  std::fclose(memory);
  std::string rows(text, size);
  std::free(text);
  if (!rows.empty()) rows.pop_back();
  for (char& c : rows) {
    if (c == '\n') c = ',';
  }
  fmt::print(out, "{{\"event\": \"answer\", \"title\": {}, \"rows\": [{}]}}\n", Json(title).dump(), rows);
}

void print_run_json(std::FILE* out, const RunSummary& summary) {
  Json object = {{"event", "run"}, {"run", summary.models.run}, {"ok", summary.ok()}};
  object["cut"] = summary.models.cut ? Json(*summary.models.cut) : Json(nullptr);
  uint64_t loaded = 0, replaced = 0, duplicate = 0, refused = 0, rows = 0, rejected = 0;
  for (const ingest::LoadReport& load : summary.loads) {
    loaded += load.loaded;
    replaced += load.replaced;
    duplicate += load.duplicate;
    refused += load.refused;
    rows += load.rows;
    rejected += load.rejected;
  }
  for (const auto& capture : summary.captures) {
    rows += capture.snapshot_rows + capture.changes;
    rejected += capture.rejected;
  }
  for (const auto& topics : summary.topics) rows += topics.rows, rejected += topics.rejected;
  object["files_loaded"] = loaded;
  object["files_replaced"] = replaced;
  object["files_duplicate"] = duplicate;
  object["files_refused"] = refused;
  object["rows_loaded"] = rows;
  object["rows_rejected"] = rejected;
  object["models"] = summary.models.models.size();
  object["tests_passed"] = summary.models.tests_passed;
  object["tests_failed"] = summary.models.tests_failed;
  object["load_seconds"] = summary.load_seconds;
  object["model_seconds"] = summary.model_seconds;
  object["seconds"] = summary.seconds;
  object["peak_bytes"] = summary.peak_bytes;
  print(out, object);
}

}  // namespace garland::cli
