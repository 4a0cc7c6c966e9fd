#include "embedded/cursor.h"

#include "embedded/session.h"

namespace garland::embedded {

QueryCursor::QueryCursor(SqlSession& session, PlanPtr plan, std::shared_ptr<duck::Prepared> prepared,
                         duck::Result result)
    : session_(session), plan_(std::move(plan)), prepared_(std::move(prepared)), result_(std::move(result)) {}

QueryCursor::~QueryCursor() {
  if (live_) session_.close_live(*this);
}

const engine::Batch* QueryCursor::fetch() {
  if (error_) std::rethrow_exception(error_);
  const engine::Batch* batch = nullptr;
  if (live_) {
    batch = session_.fetch_live(*this);
  } else if (spooled_) {
    result_.reset();  // held the batch given before
    prepared_.reset();
    batch = spool_.next();
  }
  if (batch) rows_ += batch->rows;
  return batch;
}

void QueryCursor::drain() {
  spooled_ = true;
  result_->hold();
  while (const engine::Batch* batch = result_->fetch()) spool_.add(*batch);
}

void QueryCursor::detach() {
  live_ = false;
  if (!spooled_) result_.reset();
}

const engine::Batch* FinishedCursor::fetch() {
  if (!rows_ || rows_->rows() == 0 || rows_->batch().rows == 0) return nullptr;
  if (outcome_.rows > 0) return nullptr;
  outcome_.rows = rows_->rows();
  return &rows_->batch();
}

}  // namespace garland::embedded
