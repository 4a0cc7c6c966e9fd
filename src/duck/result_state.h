// What a Result holds. Inside duck/ only.
#pragma once

#include <memory>

#include "duck/chunk_reader.h"
#include "duck/result.h"
#include "duck/task_threads.h"

namespace garland::duck {

struct Result::State {
  State() = default;
  ~State();
  /// Throws what the result reports.
  void check();
  void describe_columns();

  duckdb_result raw{};
  std::vector<DuckColumn> columns;
  std::vector<engine::Type> types;
  std::vector<engine::Type> wanted;
  std::unique_ptr<ChunkReader> reader, held_reader;
  Chunk chunk, held_chunk;
  bool ended = false;
  TaskThreads* task_threads = nullptr;  // of a stream
};

}  // namespace garland::duck
