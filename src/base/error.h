// The one exception type of Garland. Thrown anywhere, caught only at the boundaries (a session, a command, a protocol
// message).
//
// Every error says what is wrong, where, and what to do: SQLSTATE, primary message, detail, hint, and a position in the
// user's own text. The fields are those of a PostgreSQL ErrorResponse (protocol v3, "Error and Notice Message Fields").
#pragma once

#include <cstddef>
#include <cstdint>
#include <exception>
#include <optional>
#include <string>
#include <string_view>

#include "base/sqlstate.h"

namespace garland {

/// Where in a file an error stands; `line` and `column` count from 1, 0 means unknown. `column` counts characters, not
/// bytes.
struct FilePlace {
  std::string file;
  uint64_t line = 0;
  uint64_t column = 0;
};

class Error : public std::exception {
 public:
  Error(SqlState state, std::string message) : state_(state), message_(std::move(message)) {}

  // Builders, used as `throw Error(kUndefinedColumn, "…").hint("…").at(offset);`. Each replaces what was set before.
  Error& hint(std::string text) & { return hint_ = std::move(text), *this; }
  Error&& hint(std::string text) && { return hint_ = std::move(text), std::move(*this); }
  Error& detail(std::string text) & { return detail_ = std::move(text), *this; }
  Error&& detail(std::string text) && { return detail_ = std::move(text), std::move(*this); }
  /// `offset`: byte offset, from 0, into the statement text that the user sent.
  Error& at(size_t offset) & { return position_ = offset, *this; }
  Error&& at(size_t offset) && { return position_ = offset, std::move(*this); }
  Error& in(FilePlace place) & { return place_ = std::move(place), *this; }
  Error&& in(FilePlace place) && { return place_ = std::move(place), std::move(*this); }

  const char* what() const noexcept override { return message_.c_str(); }
  SqlState state() const { return state_; }
  const std::string& message() const { return message_; }
  const std::string& hint() const { return hint_; }
  const std::string& detail() const { return detail_; }
  /// Byte offset from 0 into the user's statement, if known.
  std::optional<size_t> position() const { return position_; }
  const std::optional<FilePlace>& place() const { return place_; }

 private:
  SqlState state_;
  std::string message_, hint_, detail_;
  std::optional<size_t> position_;
  std::optional<FilePlace> place_;
};

/// Line and column, both from 1, of the byte `offset` in `text`; the column counts UTF-8 characters.
struct LineColumn {
  uint64_t line = 1;
  uint64_t column = 1;
};
LineColumn line_column(std::string_view text, size_t offset);

}  // namespace garland
