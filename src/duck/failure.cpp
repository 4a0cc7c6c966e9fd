#include "duck/failure.h"

namespace garland::duck {

namespace {
bool starts_with(const std::string& text, std::string_view prefix) {
  return text.compare(0, prefix.size(), prefix) == 0;
}

/// A commit that the disk did not take is reported as any other that failed.
bool is_unwritten_commit(const std::string& text) {
  return starts_with(text, "TransactionContext Error: Failed to commit") &&
         text.find("Could not write") != std::string::npos;
}
}  // namespace

ErrorKind kind_of(duckdb_error_type type, const std::string& text) {
  if (is_unwritten_commit(text)) return ErrorKind::kIo;
  switch (type) {
    case DUCKDB_ERROR_INTERRUPT:
      return ErrorKind::kInterrupted;
    case DUCKDB_ERROR_TRANSACTION:
      return ErrorKind::kConflict;
    case DUCKDB_ERROR_OUT_OF_MEMORY:
      return ErrorKind::kOutOfMemory;
    case DUCKDB_ERROR_IO:
      return ErrorKind::kIo;
    default:
      break;
  }
  // Prepared statements and appenders report a text only.
  if (starts_with(text, "INTERRUPT")) return ErrorKind::kInterrupted;
  if (starts_with(text, "TransactionContext Error") || starts_with(text, "Transaction")) return ErrorKind::kConflict;
  if (starts_with(text, "Out of Memory")) return ErrorKind::kOutOfMemory;
  if (starts_with(text, "IO Error")) return ErrorKind::kIo;
  return ErrorKind::kOther;
}

}  // namespace garland::duck
