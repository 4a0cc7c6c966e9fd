// A session's settings with PostgreSQL's rules: SET lasts for the session, unless its transaction is rolled back; SET
// LOCAL lasts until the transaction ends. Guide pages r_SET, cm_chap_ConfigurationRef.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "semantics/resolve.h"
#include "sql/parser.h"

namespace garland::embedded {

/// Used by the session's thread.
class Settings {
 public:
  /// `known_time_zone` says whether a zone's name exists.
  explicit Settings(std::function<bool(const std::string&)> known_time_zone);

  /// Throws 42704 for an unknown name without a dot, 22023 for a value the setting cannot have, 0A000 for one that
  /// Garland lacks. No values: the default.
  void set(const std::string& name, const std::vector<std::string>& values, bool local);
  /// "all" resets every one.
  void reset(const std::string& name);
  /// As SHOW prints it; throws 42704.
  std::string show(std::string_view name) const;
  /// For CURRENT_SETTING: also a custom setting that was set.
  bool has(std::string_view name) const;
  /// All of them, by name.
  std::map<std::string, std::string> all() const;

  void begin_transaction();
  void end_transaction(bool committed);

  const std::vector<std::string>& search_path() const { return search_path_; }
  int64_t statement_timeout_ms() const;
  const std::string& time_zone() const;
  bool error_on_nondeterministic_update() const;
  semantics::SuperRules super_rules() const;
  sql::QuotedNames quoted_names() const;
  /// Changes with every setting that plans depend on.
  uint64_t plan_generation() const { return plan_generation_; }

 private:
  using Values = std::map<std::string, std::string, std::less<>>;
  void assign(const std::string& name, std::string value);
  void settle();
  std::string checked(const std::string& name, std::string value) const;

  std::function<bool(const std::string&)> known_time_zone_;
  Values values_;
  bool in_transaction_ = false;
  Values at_begin_;       // what a rollback restores
  Values without_local_;  // what a commit keeps, when SET LOCAL was used
  bool has_local_ = false;
  std::vector<std::string> search_path_;
  std::string settled_;  // the values that plans depend on
  uint64_t plan_generation_ = 0;
};

}  // namespace garland::embedded
