// The events of `garland run --json`, one object a line of `out`.
#pragma once

#include <cstdio>
#include <string>

#include "cli/run_screen.h"

namespace garland::cli {

void print_load_json(std::FILE* out, const ingest::LoadReport& report);
void print_capture_json(std::FILE* out, const ingest::postgres::CaptureReport& report);
void print_topics_json(std::FILE* out, const ingest::events::KafkaReport& report);
void print_models_json(std::FILE* out, const models::RunReport& report);
void print_run_json(std::FILE* out, const RunSummary& summary);
void print_answer_json(std::FILE* out, const std::string& title, engine::Cursor& cursor);

}  // namespace garland::cli
