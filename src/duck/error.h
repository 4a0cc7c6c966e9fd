// What DuckDB reports, in its own words. Never shown to users: embedded/ turns it into garland::Error.
#pragma once

#include <exception>
#include <string>

namespace garland::duck {

enum class ErrorKind {
  kOther,
  kInterrupted,  // by Connection::interrupt()
  kConflict,     // two transactions wrote one row or one catalog entry
  kOutOfMemory,
  kIo,
};

/// Thrown by everything in duck/. `text` is DuckDB's message with its "… Error: " prefix.
class DuckError : public std::exception {
 public:
  DuckError(ErrorKind kind, std::string text) : kind_(kind), text_(std::move(text)) {}
  const char* what() const noexcept override { return text_.c_str(); }
  const std::string& text() const { return text_; }
  ErrorKind kind() const { return kind_; }

 private:
  ErrorKind kind_;
  std::string text_;
};

}  // namespace garland::duck
