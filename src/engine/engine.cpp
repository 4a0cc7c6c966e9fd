#include "engine/engine.h"

#include "base/error.h"
#include "base/log.h"
#include "engine/text.h"

namespace garland::engine {

uint64_t run(Session& session, std::string_view sql, std::span<const ParameterValue> values) {
  const auto statement = session.prepare(sql);
  const auto cursor = statement->execute(values);
  while (cursor->fetch() != nullptr) {
  }
  return cursor->row_count();
}

std::vector<TextRow> query_text(Session& session, std::string_view sql, std::span<const ParameterValue> values) {
  const auto statement = session.prepare(sql);
  const auto cursor = statement->execute(values);
  std::vector<TextRow> rows;
  while (const Batch* batch = cursor->fetch()) {
    for (size_t row = 0; row < batch->rows; ++row) {
      TextRow& texts = rows.emplace_back(batch->columns.size());
      for (size_t i = 0; i < batch->columns.size(); ++i) {
        if (!batch->columns[i].is_null(row)) append_text(texts[i].emplace(), batch->columns[i], row);
      }
    }
  }
  return rows;
}

Transaction::Transaction(Session& session) : session_(session) {
  // A rollback that failed in a destructor must not let the next commit keep what it left.
  if (session.transaction_status() != TransactionStatus::kIdle) {
    throw Error(kActiveSqlTransaction, "there is already a transaction in progress");
  }
  run(session_, "begin");
}

Transaction::~Transaction() {
  if (!open_) return;
  try {
    run(session_, "rollback");
  } catch (const std::exception& error) {
    spdlog::error("rollback failed: {}", error.what());
  }
}

void Transaction::commit() {
  run(session_, "commit");
  open_ = false;
}

}  // namespace garland::engine
