// The events of `garland run --json`, one object a line.
#pragma once

#include <string>

#include "cli/run_screen.h"

namespace garland::cli {

void print_load_json(const ingest::LoadReport& report);
void print_capture_json(const ingest::postgres::CaptureReport& report);
void print_models_json(const models::RunReport& report);
void print_run_json(const RunSummary& summary);
void print_answer_json(const std::string& title, engine::Cursor& cursor);

}  // namespace garland::cli
