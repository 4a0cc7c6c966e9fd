#include "ingest/postgres/drift.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <optional>
#include <set>

namespace garland::ingest::postgres {
namespace {

using engine::Type;

std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

class Planner {
 public:
  Planner(const SourceTable& table, const std::vector<TableColumn>& raw, const Relation& relation,
          const Relation* previous, const SourceTypes& types)
      : table_(table), relation_(relation), previous_(previous), types_(types) {
    for (const TableColumn& column : raw)
      plan_.columns.push_back({column.name, {Form::kText, column.type}, -1, false, std::nullopt});
  }

  DriftPlan plan() {
    check_key();
    for (size_t i = 0; i < relation_.columns.size(); ++i) take(relation_.columns[i], static_cast<int>(i));
    note_gone();
    take_missing_values();
    const bool changed = plan_.changes_tables() || gone_;
    if (changed && policy() == Drift::kQuarantine) quarantine("its columns changed");
    if (table_.keyless && !plan_.widened.empty()) {
      quarantine("a column's type changed, and without a key its rows cannot be found again");
    }
    if (!plan_.quarantine.empty()) plan_.added.clear(), plan_.widened.clear();
    return std::move(plan_);
  }

 private:
  Drift policy() const { return table_.configured.drift; }
  std::string where(const std::string& column) const { return fmt::format("{}.{}", table_.configured.text(), column); }
  void note(std::string text) { plan_.notices.push_back(std::move(text)); }
  void quarantine(const std::string& why) {
    if (!plan_.quarantine.empty()) return;
    plan_.quarantine = fmt::format("table {}: {}", table_.configured.text(), why);
    note(plan_.quarantine + "; its changes go to ops.rejects");
  }

  void check_key() const {
    std::set<std::string> sent, known;
    for (const RelationColumn& column : relation_.columns) {
      if (column.identity) sent.insert(lower(column.name));
    }
    for (const CatalogColumn& column : table_.columns) {
      if (column.key) known.insert(column.target);
    }
    const bool full = relation_.replica_identity == 'f';
    if (full || (!table_.keyless && relation_.replica_identity != 'n' && sent == known)) return;
    throw Error(kObjectNotInPrerequisiteState,
                fmt::format("the key of table {} changed in the source", table_.configured.text()))
        .hint("give it back its primary key or REPLICA IDENTITY, or take a new snapshot");
  }

  const CatalogColumn* known(const std::string& target) const {
    const auto found = std::ranges::find(table_.columns, target, &CatalogColumn::target);
    return found == table_.columns.end() ? nullptr : &*found;
  }

  void take(const RelationColumn& sent, int index) {
    const auto& ignore = table_.configured.ignore;
    if (std::ranges::find(ignore, sent.name) != ignore.end()) return;
    const std::string target = lower(sent.name);
    const auto at = std::ranges::find(plan_.columns, target, &RowColumn::name);
    const bool is_new = at == plan_.columns.end();
    std::optional<Landing> landing;
    try {
      landing = landing_of(types_, sent.type, sent.typmod);
    } catch (const Error& error) {
      if (!is_new) return quarantine(fmt::format("column \"{}\": {}", sent.name, error.message()));
      return note(fmt::format("column {} is left out: {}", where(sent.name), error.message()));
    }
    if (is_new) return add(sent, target, *landing, index);
    at->index = index;
    at->key = known(target) && known(target)->key;
    at->landing.form = landing->form;
    fit(*at, landing->type);
  }

  void add(const RelationColumn& sent, const std::string& target, const Landing& landing, int index) {
    if (policy() == Drift::kFreeze) return note(fmt::format("column {} is new, left out", where(sent.name)));
    if (is_own_column(target) || target.starts_with(kBeforePrefix)) {
      return note(fmt::format("column {} is left out: the name is Garland's own", where(sent.name)));
    }
    note(fmt::format("column {} is new: {}", where(sent.name), to_string(landing.type)));
    plan_.added.push_back({{target, landing.type, false}, sent.name, std::nullopt});
    plan_.columns.push_back({target, landing, index, false, std::nullopt});
  }

  /// The values of a column that is there already, whose type may have changed.
  void fit(RowColumn& column, const Type& sent) {
    const Type raw = column.landing.type;
    if (widens(sent, raw)) return;
    const bool readable = raw.id == sent.id || (raw.is_integer() && sent.is_integer());
    if (!widens(raw, sent) && !(readable && policy() == Drift::kFreeze)) {
      return quarantine(
          fmt::format("column \"{}\" was {} and is {} now", column.name, to_string(raw), to_string(sent)));
    }
    if (policy() == Drift::kFreeze) {
      if (!readable) return quarantine(fmt::format("column \"{}\" is {} now", column.name, to_string(sent)));
      return note(fmt::format("column {} is {} now; what does not fit {} is rejected", where(column.name),
                              to_string(sent), to_string(raw)));
    }
    note(fmt::format("column {} was {} and is {} now", where(column.name), to_string(raw), to_string(sent)));
    plan_.widened.emplace_back(column.name, sent);
    column.landing.type = sent;
  }

  /// Values of rows that are older than their column.
  void take_missing_values() {
    const bool may_be_renamed = std::ranges::any_of(relation_.columns, [&](const RelationColumn& column) {
      return !known(lower(column.name)) && std::ranges::count(table_.configured.ignore, column.name) == 0;
    });
    if (may_be_renamed) return;
    for (RowColumn& column : plan_.columns) {
      if (column.index < 0 && known(column.name)) column.missing = known(column.name)->missing;
    }
    if (gone_) return;
    for (DriftPlan::Added& added : plan_.added) added.value = known(added.column.name)->missing;
  }

  bool was_sent(const std::string& target) const {
    if (!previous_) return true;
    return std::ranges::any_of(previous_->columns, [&](const auto& column) { return lower(column.name) == target; });
  }

  void note_gone() {
    for (const RowColumn& column : plan_.columns) {
      // One that the catalog has comes later in the stream.
      if (column.index >= 0 || !was_sent(column.name) || (!previous_ && known(column.name))) continue;
      gone_ = true;
      const auto renamed =
          std::ranges::find(plan_.added, column.landing.type, [](const auto& added) { return added.column.type; });
      note(renamed == plan_.added.end()
               ? fmt::format("column {} is gone, NULL from now on", where(column.name))
               : fmt::format("column {} is gone, NULL from now on; it may have been renamed to \"{}\"",
                             where(column.name), renamed->source_name));
    }
  }

  const SourceTable& table_;
  const Relation& relation_;
  const Relation* previous_;
  const SourceTypes& types_;
  DriftPlan plan_;
  bool gone_ = false;
};

}  // namespace

DriftPlan plan_drift(const SourceTable& table, const std::vector<TableColumn>& raw, const Relation& relation,
                     const Relation* previous, const SourceTypes& types) {
  return Planner(table, raw, relation, previous, types).plan();
}

}  // namespace garland::ingest::postgres
