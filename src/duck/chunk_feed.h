// A queue of chunks that a DuckDB statement reads as a table function, g_feed(id). Inside duck/ only.
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <string>
#include <vector>

#include "duck/types.h"

namespace garland::duck {

/// One producer's thread puts chunks, one of DuckDB's threads takes them. (Two threads would leave each load with two
/// row groups that are not full, which DuckDB's checkpoints write again, neighbours included: slower in all.) A chunk
/// that was taken is lent until the next one is taken: only then are its vectors free again. Known to g_feed by its id
/// from construction to destruction; no statement may read it afterwards.
class ChunkFeed {
 public:
  /// `types` must outlive it. At most `capacity` chunks wait.
  ChunkFeed(const std::vector<LogicalType>& types, size_t capacity);
  ~ChunkFeed();
  ChunkFeed(const ChunkFeed&) = delete;
  ChunkFeed& operator=(const ChunkFeed&) = delete;

  /// Makes g_feed known to all connections of the database; once for each.
  static void register_function(duckdb_connection connection);

  uint64_t id() const { return id_; }
  const std::vector<LogicalType>& types() const { return types_; }

  // ---- the producer

  /// A chunk to fill: empty, of the feed's types.
  Chunk empty_chunk();
  /// Waits while the queue is full. False: nobody reads any more, and the chunk is lost.
  bool put(Chunk chunk);
  /// No more chunks. With a reason the readers fail with it, and what waits is dropped.
  void close(std::string reason = {});

  // ---- the reader

  /// The next chunk, lent until the next call; null at the end. Waits. Throws DuckError with the reason of close().
  const Chunk& take();
  /// The reading statement has ended: put() gives up.
  void leave();

 private:
  const std::vector<LogicalType>& types_;
  const size_t capacity_;
  const uint64_t id_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Chunk> waiting_;
  std::vector<Chunk> free_;
  Chunk lent_;
  bool closed_ = false;
  bool left_ = false;
  std::string reason_;
};

}  // namespace garland::duck
