#include "embedded/failure.h"

#include "base/log.h"
#include "embedded/translate.h"

namespace garland::embedded {

bool is_disk_full(const duck::DuckError& error) {
  return error.kind() == duck::ErrorKind::kIo && error.text().find("No space left") != std::string::npos;
}

Error to_error(const duck::DuckError& error) {
  switch (error.kind()) {
    case duck::ErrorKind::kInterrupted:
      return Error(kQueryCanceled, "canceling statement due to user request");
    case duck::ErrorKind::kConflict:
      spdlog::debug("conflict: {}", error.text());
      return serialization_failure("");
    case duck::ErrorKind::kOutOfMemory:
      return Error(kOutOfMemory, "out of memory").hint("Give the engine more memory, or read less at once.");
    case duck::ErrorKind::kIo:
      spdlog::error("storage: {}", error.text());
      if (is_disk_full(error)) {
        return Error(kDiskFull, "no space left on the warehouse's disk")
            .hint("Make room; what is committed is safe, and the same command goes on from there.");
      }
      return Error(kIoError, "the warehouse's storage failed");
    case duck::ErrorKind::kOther:
      break;
  }
  Error result = translate_error(error.text());
  if (result.state() == kInternalError) spdlog::error("engine: {}", error.text());
  return result;
}

Error serialization_failure(std::string_view relation) {
  std::string message = "1023: Serializable isolation violation";
  if (!relation.empty()) message += " on table \"" + std::string(relation) + "\"";
  return Error(kSerializationFailure, message)
      .detail("Another transaction changed the table after this one's snapshot was taken.")
      .hint("Run this transaction again.");
}

}  // namespace garland::embedded
