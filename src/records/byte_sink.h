// Where unloaded bytes go: a file, packed or not.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace garland::records {

/// Used by one thread. What was not closed may be incomplete.
class ByteSink {
 public:
  virtual ~ByteSink() = default;
  /// Throws 58030.
  virtual void write(std::string_view bytes) = 0;
  /// Completes the file. Nothing may be written afterwards.
  virtual void close() = 0;
  /// Bytes that reached the file so far; the rest may wait in buffers until close().
  virtual uint64_t written() const = 0;
};

enum class Packing { kNone, kGzip, kBzip2, kZstd };

/// Makes the file, or with `replace` empties an existing one; links at its place are not followed. Throws 58P02 when it
/// is there already, 58030 when it cannot be made.
std::unique_ptr<ByteSink> create_file(const std::filesystem::path& path, bool replace);

std::unique_ptr<ByteSink> packed(std::unique_ptr<ByteSink> sink, Packing packing);

}  // namespace garland::records
