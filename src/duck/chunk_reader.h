// DuckDB's chunks as engine batches: without a copy where the layouts agree. Inside duck/ only.
#pragma once

#include <vector>

#include "duck/types.h"
#include "engine/batch.h"

namespace garland::duck {

/// Owns the buffers of converted columns, reused from chunk to chunk. Not thread-safe.
class ChunkReader {
 public:
  /// Throws DuckError when a column cannot be read as its wanted type.
  ChunkReader(std::vector<DuckColumn> sources, const std::vector<engine::Type>& wanted);
  /// Borrows from the chunk and from this reader; valid until the next read(). Throws DuckError when a number does not
  /// fit.
  const engine::Batch& read(duckdb_data_chunk chunk);

 private:
  struct Buffer {
    std::vector<__int128> words;  // aligned for every physical type
    std::vector<uint64_t> validity;
  };
  const void* convert(size_t column, void* data, const uint64_t* validity, size_t rows);
  template <class To>
  const void* convert_integers(size_t column, void* data, const uint64_t* validity, size_t rows);
  const void* convert_strings(size_t column, void* data, const uint64_t* validity, size_t rows);

  std::vector<DuckColumn> sources_;
  std::vector<Buffer> buffers_;
  engine::Batch batch_;
};

}  // namespace garland::duck
