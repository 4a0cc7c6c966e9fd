#include "embedded/load.h"

#include <algorithm>

#include "embedded/defaults.h"

namespace garland::embedded {

namespace {

std::vector<int32_t> targets_of(const semantics::Relation& table, const std::vector<std::string>& columns) {
  std::vector<int32_t> targets;
  for (const std::string& name : columns) {
    const auto found = std::ranges::find(table.columns, name, &semantics::ColumnDef::name);
    if (found == table.columns.end()) {
      throw Error(kUndefinedColumn, "column \"" + name + "\" of relation \"" + table.name + "\" does not exist");
    }
    const auto number = static_cast<int32_t>(found - table.columns.begin());
    if (std::ranges::count(targets, number) > 0) {
      throw Error(kDuplicateColumn, "column \"" + name + "\" specified more than once");
    }
    targets.push_back(number);
  }
  return targets;
}

}  // namespace

TableLoad::TableLoad(SqlSession& session, const semantics::Relation& table, const std::vector<std::string>& columns)
    : session_(session), transaction_(session.context().transaction.number()) {
  const std::vector<int32_t> targets = targets_of(table, columns);
  writer_ = std::make_unique<TableWriter>(session.context(), table, targets);
  set_defaults(session.context(), *writer_, table, targets);
}

TableLoad::~TableLoad() {
  if (!writer_) return;
  writer_.reset();
  if (session_.context().transaction.number() == transaction_) session_.abandon_load();
}

void TableLoad::require_open() const {
  if (!writer_ || session_.context().transaction.number() != transaction_) {
    throw Error(kObjectNotInPrerequisiteState, "the load's transaction has ended");
  }
}

void TableLoad::append(const engine::Batch& batch) {
  require_open();
  session_.work([&] { writer_->append(batch); }, [&] { writer_.reset(); });
}

uint64_t TableLoad::finish() {
  require_open();
  session_.commit_load(
      [&] {
        rows_ = writer_->finish();
        writer_.reset();
      },
      [&] { writer_.reset(); });
  return rows_;
}

}  // namespace garland::embedded
