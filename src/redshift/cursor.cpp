#include "redshift/cursor.h"

#include "engine/text.h"

namespace garland::redshift {

using engine::Type;

Type type_of_wire(Oid oid, int typmod) {
  try {
    return engine::type_of(oid, typmod);
  } catch (const Error&) {  // catalog types of a cluster (oid, aclitem[], …)
    return Type::varchar(kMaxVarcharBytes);
  }
}

std::vector<engine::ResultColumn> columns_of(const PGresult* result) {
  std::vector<engine::ResultColumn> columns;
  for (int i = 0; i < PQnfields(result); ++i) {
    columns.push_back({PQfname(result, i), type_of_wire(PQftype(result, i), PQfmod(result, i)), nullptr});
  }
  return columns;
}

PgCursor::PgCursor(PgSession& session, std::string sql)
    : session_(session), sql_(std::move(sql)), status_before_(session.transaction_status()) {
  session_.begin(*this);
  receive();
  if (failure_) throw *failure_;
}

PgCursor::~PgCursor() {
  if (!arriving_) return;
  session_.cancel(session_.statement_id());
  while (arriving_) {
    kept_.clear();
    receive();
  }
}

/// The next row, or the end, comes from the wire.
void PgCursor::receive() {
  Result result(PQgetResult(session_.connection().get()));
  if (!result) {
    arriving_ = false;
    session_.end();
    return;
  }
  switch (PQresultStatus(result.get())) {
    case PGRES_SINGLE_TUPLE:
      if (!builder_) describe(result.get());
      kept_.push_back(std::move(result));
      break;
    case PGRES_TUPLES_OK:
      if (!builder_) describe(result.get());
      tag_ = PQcmdStatus(result.get());
      receive();
      break;
    case PGRES_COMMAND_OK:
    case PGRES_EMPTY_QUERY: {
      tag_ = PQcmdStatus(result.get());
      const std::string count = PQcmdTuples(result.get());
      if (!count.empty()) rows_ = std::stoull(count);
      receive();
      break;
    }
    case PGRES_COPY_IN:  // the server asks for rows that nobody has; its error follows
      PQputCopyEnd(session_.connection().get(), "COPY FROM STDIN is not supported");
      receive();
      break;
    default:
      failure_ = session_.connection().error_of(result.get(), sql_);
      receive();
  }
}

void PgCursor::describe(const PGresult* result) {
  columns_ = columns_of(result);
  std::vector<Type> types;
  for (const engine::ResultColumn& column : columns_) types.push_back(column.type);
  builder_.emplace(std::move(types));
}

void PgCursor::keep_rest() {
  while (arriving_) receive();
}

const engine::Batch* PgCursor::fetch() {
  if (!builder_) return nullptr;
  builder_->clear();
  while (!builder_->full()) {
    if (kept_.empty() && arriving_) receive();
    if (kept_.empty()) {
      if (arriving_) continue;
      break;
    }
    append(kept_.front().get());
    kept_.pop_front();
  }
  if (builder_->rows() > 0) return &builder_->batch();
  if (failure_) throw *failure_;
  return nullptr;
}

void PgCursor::append(const PGresult* row) {
  for (int i = 0; i < PQnfields(row); ++i) {
    const auto column = static_cast<size_t>(i);
    if (PQgetisnull(row, 0, i)) continue;
    const std::string_view text(PQgetvalue(row, 0, i), static_cast<size_t>(PQgetlength(row, 0, i)));
    if (engine::read_field(text, columns_[column].type, *builder_, column)) {
      throw Error(kInternalError, "the server sent a value that is no " + engine::to_string(columns_[column].type));
    }
  }
  builder_->end_row();
  ++rows_;
}

}  // namespace garland::redshift
