#include "ingest/events/event_writer.h"

#include "ingest/batch_number.h"
#include "ingest/files/tables.h"

namespace garland::ingest::events {
namespace {

std::vector<engine::Type> origin_types(const EventTable& table) {
  std::vector<engine::Type> types = column_types(table.own_columns);
  for (const TableColumn& column : provenance_columns()) types.push_back(column.type);
  return types;
}

}  // namespace

struct EventWriter::Batch {
  Batch(engine::Session& session, const EventTable& table, Vault* vault, const Clock& clock)
      : transaction(session),
        id(next_batch_id(session)),
        started_us(clock.now_us()),
        rejects(session, table.source, "", id, started_us, holds_sensitive(column_plans(table)) ? vault : nullptr) {
    if (vault) originals.emplace(*vault, session, id, started_us);
  }

  engine::Transaction transaction;
  const int64_t id;
  const int64_t started_us;
  RejectWriter rejects;
  std::optional<VaultWriter> originals;
  std::unique_ptr<engine::Load> load;  // into the raw table
  EventCounts counts;
};

EventWriter::EventWriter(engine::Session& session, const EventTable& table, Vault* vault, const Clock& clock)
    : session_(session),
      table_(table),
      vault_(vault),
      clock_(clock),
      reader_(table),
      tokeniser_(column_plans(table), table.subject, vault ? vault->keys().token : std::string_view()),
      names_(column_names(raw_columns(table))),
      rows_(reader_.types()),
      origins_(origin_types(table)) {}

EventWriter::~EventWriter() = default;

int64_t EventWriter::begin() {
  rows_.clear();
  origins_.clear();
  batch_ = std::make_unique<Batch>(session_, table_, vault_, clock_);
  return batch_->id;
}

int64_t EventWriter::batch_id() const { return batch_->id; }

const EventCounts& EventWriter::counts() const { return batch_->counts; }

bool EventWriter::add(std::string_view event, std::string_view position, uint64_t number, const SetOwn& set_own) {
  if (const auto fault = reader_.read(event, rows_)) {
    refuse(*fault, event, position, number);
    return false;
  }
  end_row(position, set_own);
  return true;
}

void EventWriter::add_empty(std::string_view position, const SetOwn& set_own) {
  rows_.end_row();
  end_row(position, set_own);
}

/// The row that was added last came from there.
void EventWriter::end_row(std::string_view position, const SetOwn& set_own) {
  const size_t own = table_.own_columns.size();
  if (set_own) set_own(origins_);
  origins_.set_string(own, table_.source);
  origins_.set_string(own + 1, position);
  origins_.set<int64_t>(own + 2, batch_->id);
  origins_.set<int64_t>(own + 3, batch_->started_us);
  origins_.end_row();
  ++batch_->counts.rows;
  if (rows_.full()) append_rows();
}

void EventWriter::refuse(const JsonFault& fault, std::string_view payload, std::string_view position, uint64_t number) {
  records::Refusal refusal;
  refusal.line = number;
  refusal.column = fault.column;
  refusal.state = fault.state;
  refusal.reason = fault.reason;
  refusal.record = std::string(payload);
  batch_->rejects.set_file(std::string(position));
  batch_->rejects.add(refusal);
  ++batch_->counts.rejected;
  if (batch_->rejects.full()) close_loads();
}

void EventWriter::append_rows() {
  if (rows_.rows() == 0) return;
  if (!batch_->load) batch_->load = session_.load(table_.schema + "." + table_.table, names_);
  const engine::Batch& tokens = tokeniser_.apply(rows_.batch(), batch_->originals ? &*batch_->originals : nullptr);
  const engine::Batch& origins = origins_.batch();
  stored_.rows = tokens.rows;
  stored_.columns = tokens.columns;
  stored_.columns.insert(stored_.columns.end(), origins.columns.begin(), origins.columns.end());
  batch_->load->append(stored_);
  rows_.clear();
  origins_.clear();
  if (batch_->originals && batch_->originals->full()) close_loads();
}

void EventWriter::close_loads() {
  append_rows();
  if (batch_->load) batch_->load->finish();
  batch_->load.reset();
  batch_->rejects.flush();
  if (batch_->originals) batch_->originals->flush();
}

void EventWriter::commit(const std::string& path) {
  close_loads();
  write_batch(session_,
              {batch_->id, table_.source, table_.schema + "." + table_.table, "loaded", path, batch_->counts.rows,
               batch_->counts.rejected, batch_->started_us},
              clock_);
  batch_->transaction.commit();
  if (batch_->originals) batch_->originals->committed();
  batch_.reset();
}

void EventWriter::abandon() { batch_.reset(); }

}  // namespace garland::ingest::events
