// The verdict over each statement of a page, in order: what it did, and whether its printed output can be judged at
// all.
#pragma once

#include <set>
#include <string>

#include "answer.h"
#include "example.h"
#include "mentions.h"

namespace garland::conformance {

enum class Verdict {
  kRight,            // its output is as printed, or it fails where the guide shows an error
  kRan,              // it runs; the guide prints nothing
  kDifferent,        // another output than printed
  kRefused,          // 0A000
  kWronglyRefused,   // another error where the guide shows none
  kWronglyAccepted,  // no error where the guide shows one
  kApart,            // it runs; its output is over the guide's missing tables
  kUntestable,       // what it needs is not given, or its output is not deterministic
  kCrashed,          // the process died or hung
};
std::string_view name_of(Verdict verdict);

/// One statement's result, as the report shows it.
struct Judged {
  bool is_parsed = false;
  bool is_output_judged = false;  // its output counts: deterministic, over data that is given or that the page makes
  Verdict verdict = Verdict::kCrashed;
  std::string note;  // why
  std::string got;   // the answer, for the report
};

/// What a page has made so far. Names are in lower case, without their schemas.
class Given {
 public:
  /// `missing`: the guide's tables whose rows are not given.
  explicit Given(std::set<std::string> missing) : without_data_(std::move(missing)) {}

  /// Notes what the statement makes and fills. `is_in_scope`: it may be expected to work.
  void after(const Mentions& mentions, bool is_in_scope);

  bool lacks_data(const Mentions& mentions) const;
  /// It uses what only statements out of scope make.
  bool rests_on_foreign(const Mentions& mentions) const;
  bool is_made(const std::string& name) const { return made_.contains(name); }

 private:
  std::set<std::string> without_data_, foreign_, made_;
};

Judged judge(const Example& example, const Mentions& mentions, const Answer& answer, const Given& given,
             bool is_output_in_scope);

}  // namespace garland::conformance
