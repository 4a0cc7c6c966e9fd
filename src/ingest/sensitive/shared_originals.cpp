#include "ingest/sensitive/shared_originals.h"

#include "base/error.h"
#include "ingest/batch_number.h"

namespace garland::ingest {

SharedOriginals::SharedOriginals(Vault& vault, std::unique_ptr<engine::Session> session, const Clock& clock)
    : vault_(vault), session_(std::move(session)), clock_(clock) {}

void SharedOriginals::keep(std::string_view subject, PiiClass pii, std::string_view token, std::string_view original) {
  if (vault_.has(original_id(subject, pii, token))) return;
  const std::lock_guard lock(mutex_);
  begin();
  if (!writer_) writer_.emplace(vault_, *session_, next_batch_id(*session_), clock_.now_us());
  writer_->keep(subject, pii, token, original);
  failed_ = false;
}

bool SharedOriginals::full() const {
  const std::lock_guard lock(mutex_);
  return writer_ && writer_->full();
}

void SharedOriginals::flush() {
  const std::lock_guard lock(mutex_);
  begin();
  if (writer_) {
    engine::Transaction transaction(*session_);
    writer_->flush();
    transaction.commit();
    writer_->committed();
    writer_.reset();
  }
  failed_ = false;
}

/// What follows has failed until it is done.
void SharedOriginals::begin() {
  if (failed_) throw Error(kObjectNotInPrerequisiteState, "originals of this snapshot could not be kept");
  failed_ = true;
}

}  // namespace garland::ingest
