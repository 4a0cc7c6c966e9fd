// A stream of bytes to parse: a file, plain or packed, or memory.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>

namespace garland::records {

/// Used by one thread at a time; it may be another one than its maker's.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  /// Up to `size` bytes; 0 at the end only. Throws Error: 58030 for failed reads, 22P04 for damaged or truncated packed
  /// data.
  virtual size_t read(char* to, size_t size) = 0;
};

enum class Compression { kAuto, kNone, kGzip };

/// kAuto: gzip or zstd when the file begins with their magic bytes (RFC 1952, RFC 8878), whatever its name.
/// Concatenated gzip members and zstd frames are read one after the other; zero bytes after the last gzip member are
/// padding, anything else there is an error. Throws
/// 58P01 when there is no such file, 58030 when it cannot be read.
std::unique_ptr<ByteSource> open_file(const std::filesystem::path& path, Compression compression = Compression::kAuto);

/// Unpacks another source as open_file() does, by its first bytes; `name` stands in error messages.
std::unique_ptr<ByteSource> unpack(std::unique_ptr<ByteSource> bytes, std::string name);

/// Bytes that are in memory already; mostly for tests.
std::unique_ptr<ByteSource> memory_source(std::string bytes);

/// Unpacks gzip data from another source; `name` stands in error messages.
std::unique_ptr<ByteSource> gunzip(std::unique_ptr<ByteSource> packed, std::string name);

}  // namespace garland::records
