// Whose privileges a session has: those of its login, or of the user that SET SESSION AUTHORIZATION named, with the
// rules of settings: a rollback takes it back, LOCAL ends with the transaction (guide page
// r_SET_SESSION_AUTHORIZATION).
#pragma once

#include <optional>
#include <string>

namespace garland::embedded {

/// Used by the session's thread.
class Authorization {
 public:
  /// The user's name, or nothing: the login's.
  const std::optional<std::string>& user() const { return user_; }
  void set(std::optional<std::string> user, bool local);
  void begin_transaction();
  void end_transaction(bool committed);

 private:
  std::optional<std::string> user_;
  std::optional<std::string> at_begin_;
  std::optional<std::string> without_local_;
  bool in_transaction_ = false;
  bool has_local_ = false;
};

}  // namespace garland::embedded
