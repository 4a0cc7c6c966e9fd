// The sums of a run and its report.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "example.h"
#include "verdict.h"

namespace garland::conformance {

struct Sums {
  int parsed = 0, statements = 0;          // in scope, without exceptions
  int right = 0, judged = 0;               // of those, the outputs that count
  int parsed_all = 0, statements_all = 0;  // of every statement
  int exceptions = 0, in_scope = 0;        // in_scope holds the exceptions too
};

class Report {
 public:
  Report(const std::vector<Page>& pages, const std::vector<std::vector<Judged>>& results, const Scope& scope,
         const Exceptions& exceptions)
      : pages_(pages), results_(results), scope_(scope), exceptions_(exceptions) {}

  Sums sums() const;
  /// A table by kind, for the screen.
  std::string by_kind() const;
  /// A table by page and every statement that is neither right nor ran (`shows_all`: every one), with what was expected
  /// and what came.
  void write(const std::filesystem::path& file, bool shows_all) const;

 private:
  template <class F>
  void each(F&& f) const;
  std::string standing(const Example& example) const;

  const std::vector<Page>& pages_;
  const std::vector<std::vector<Judged>>& results_;
  const Scope& scope_;
  const Exceptions& exceptions_;
};

std::string closing_line(const Sums& sums);

}  // namespace garland::conformance
