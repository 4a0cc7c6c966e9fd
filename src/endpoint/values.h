// Values on the wire: rows of a result as DataRow messages, parameters of a Bind message as the engine takes them.
// Sources: PostgreSQL's send and receive functions of each type; AWS's redshift_connector for what Redshift does
// otherwise (numbers of protocol version 2, intervals).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/engine.h"

namespace garland::endpoint {

enum class Format : int16_t { kText = 0, kBinary = 1 };

/// How DECIMAL looks in binary: PostgreSQL's digits to base 10,000, or the scaled integer of 8 or 16 bytes that
/// Redshift's drivers read from protocol version 2 on.
enum class BinaryDecimal { kDigits, kScaled };

/// The format of each of `count` values. `codes`: none (all text), one (for all), or one each; else 08P01.
std::vector<Format> formats_of(const std::vector<int16_t>& codes, size_t count, std::string_view what);

/// Writes rows of one result.
class RowEncoder {
 public:
  /// Appends a value that is not null, behind its length.
  using Append = void (*)(std::string& out, const engine::Column& column, size_t row);

  RowEncoder(const std::vector<engine::ResultColumn>& columns, const std::vector<Format>& formats,
             BinaryDecimal decimals);
  /// Appends the row as a DataRow message.
  void append(std::string& out, const engine::Batch& batch, size_t row) const;

 private:
  static Append appender(const engine::Type& type, Format format, BinaryDecimal decimals);
  std::vector<Append> columns_;
};

/// A parameter's text form from its binary one. Throws 22P03 for bytes that are no value of the type.
std::string text_of_binary(const engine::Type& type, std::string_view bytes);

}  // namespace garland::endpoint
