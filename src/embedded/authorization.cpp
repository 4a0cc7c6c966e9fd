#include "embedded/authorization.h"

namespace garland::embedded {

void Authorization::set(std::optional<std::string> user, bool local) {
  if (local && !in_transaction_) return;
  if (local && !has_local_) {
    without_local_ = user_;
    has_local_ = true;
  }
  user_ = std::move(user);
  if (!local) has_local_ = false;
}

void Authorization::begin_transaction() {
  in_transaction_ = true;
  at_begin_ = user_;
  has_local_ = false;
}

void Authorization::end_transaction(bool committed) {
  if (!in_transaction_) return;
  if (!committed) {
    user_ = at_begin_;
  } else if (has_local_) {
    user_ = without_local_;
  }
  in_transaction_ = has_local_ = false;
}

}  // namespace garland::embedded
