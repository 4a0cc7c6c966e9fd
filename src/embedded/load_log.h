// What COPY and UNLOAD leave in the system tables: STL_LOAD_ERRORS, STL_LOADERROR_DETAIL, STL_REPLACEMENTS,
// SYS_LOAD_ERROR_DETAIL, SYS_LOAD_HISTORY, SYS_UNLOAD_HISTORY, SYS_UNLOAD_DETAIL (guide pages of the same names).
// Written in a transaction of its own, so that it stays when the statement's is rolled back.
#pragma once

#include <string>
#include <vector>

#include "embedded/context.h"
#include "records/load_reader.h"

namespace garland::embedded {

class LoadLog {
 public:
  LoadLog(Context& context, const semantics::Relation& table, const std::vector<records::LoadColumn>& columns)
      : context_(context), table_(table), columns_(columns) {}

  /// All are counted; so many are kept that memory stays bounded.
  void error(const std::string& file, const records::LoadError& error);
  /// At most 100 are kept.
  void replaced(const std::string& file, uint64_t line, const std::string& column);
  uint64_t errors() const { return count_; }

  struct Summary {
    bool completed = false;
    std::string source, format;
    uint64_t rows = 0, files = 0, bytes = 0;
  };
  void write(const Summary& summary);

 private:
  struct Refused {
    std::string file;
    records::LoadError error;
  };
  struct Replaced {
    std::string file;
    uint64_t line;
    std::string column;
  };
  std::string column_name(size_t column) const;
  void write_errors(duck::Connection& connection);
  void write_details(duck::Connection& connection);
  void write_replacements(duck::Connection& connection);
  void write_history(duck::Connection& connection, const Summary& summary);

  Context& context_;
  const semantics::Relation& table_;
  const std::vector<records::LoadColumn>& columns_;
  uint64_t count_ = 0;
  std::vector<Refused> errors_;
  std::vector<Replaced> replaced_;
};

/// One file that UNLOAD wrote.
struct UnloadedFile {
  std::string place;
  uint64_t rows = 0;
  uint64_t bytes = 0;
};
struct UnloadSummary {
  std::string target, format, packing, error;  // error: empty when it completed
  std::vector<UnloadedFile> files;
  uint64_t rows = 0;
};
void write_unload_log(Context& context, const UnloadSummary& summary);

}  // namespace garland::embedded
