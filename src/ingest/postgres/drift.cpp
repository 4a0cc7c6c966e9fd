#include "ingest/postgres/drift.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>

#include "ingest/table.h"

namespace garland::ingest::postgres {
namespace {

using engine::Type;

bool is_tokenised(const std::optional<ColumnClass>& sensitive) {
  return sensitive && ingest::is_tokenised(sensitive->pii);
}

Error unlike_classes(const SourceTable& table, const std::string& column, const std::string& what) {
  return Error(kObjectNotInPrerequisiteState, fmt::format("column {}.{} {}", table.configured.text(), column, what))
      .in(table.configured.place);
}

/// Columns of the raw table that stand beside tokens.
std::set<std::string> facts_in(const SourceTable& table, const std::vector<TableColumn>& raw) {
  std::set<std::string> facts;
  for (const TableColumn& column : raw) {
    for (const StoredColumn& stored :
         stored_columns({column.name, column.type, class_of(table.configured, column.name)}))
      if (stored.name != column.name) facts.insert(stored.name);
  }
  return facts;
}

class Planner {
 public:
  Planner(const SourceTable& table, const std::vector<TableColumn>& raw, const Relation& relation,
          const Relation* previous, const SourceTypes& types)
      : table_(table), relation_(relation), previous_(previous), types_(types) {
    std::vector<std::string> sent;
    for (const RelationColumn& column : relation.columns) sent.push_back(target_name(column.name));
    check_tokens(table, raw, sent);
    const std::set<std::string> facts = facts_in(table, raw);
    for (const TableColumn& column : raw) {
      names_.insert(column.name);
      if (facts.contains(column.name)) continue;
      RowColumn& planned = plan_.columns.emplace_back();
      planned.name = column.name;
      planned.sensitive = class_of(table_.configured, column.name);
      planned.landing.type = is_tokenised(planned.sensitive) ? Type::varchar(kMaxVarcharBytes) : column.type;
    }
  }

  DriftPlan plan() {
    check_key();
    for (size_t i = 0; i < relation_.columns.size(); ++i) take(relation_.columns[i], static_cast<int>(i));
    note_gone();
    check_renamed();
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
      if (column.identity) sent.insert(target_name(column.name));
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
    const std::string target = target_name(sent.name);
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
    if (!is_tokenised(at->sensitive)) return fit(*at, landing->type);
    if (landing->type.is_string()) {
      at->landing.type = landing->type;
    } else {
      quarantine(
          fmt::format("column \"{}\" is {} now, no text to make tokens of", sent.name, to_string(landing->type)));
    }
  }

  void add(const RelationColumn& sent, const std::string& target, const Landing& landing, int index) {
    if (policy() == Drift::kFreeze) return note(fmt::format("column {} is new, left out", where(sent.name)));
    if (is_own_column(target) || target.starts_with(kBeforePrefix)) {
      return note(fmt::format("column {} is left out: the name is Garland's own", where(sent.name)));
    }
    const RowColumn column{target, landing, index, false, std::nullopt, class_of(table_.configured, target)};
    if (is_tokenised(column.sensitive) && !landing.type.is_string())
      return note(fmt::format("column {} is left out: it is no text to make tokens of", where(sent.name)));
    const std::vector<StoredColumn> stored = stored_columns(column.plan());
    for (const StoredColumn& each : stored) {
      if (names_.insert(each.name).second) continue;
      return note(fmt::format("column {} is left out: the raw table has a column \"{}\"", where(sent.name), each.name));
    }
    note(fmt::format("column {} is new: {}", where(sent.name),
                     is_tokenised(column.sensitive)
                         ? std::string(pii_class_name(column.sensitive->pii)) + ", as a token"
                         : to_string(landing.type)));
    for (const StoredColumn& each : stored)
      plan_.added.push_back({{each.name, each.type, false}, sent.name, std::nullopt, column.sensitive.has_value()});
    plan_.columns.push_back(column);
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
      return !known(target_name(column.name)) && std::ranges::count(table_.configured.ignore, column.name) == 0;
    });
    if (may_be_renamed) return;
    for (RowColumn& column : plan_.columns) {
      if (column.index < 0 && known(column.name)) column.missing = known(column.name)->missing;
    }
    if (gone_) return;
    for (DriftPlan::Added& added : plan_.added) {
      const CatalogColumn* column = known(target_name(added.source_name));
      if (!added.classed) {
        added.value = column->missing;
      } else if (column->missing && added.column.name == column->target) {
        note(fmt::format("column {} has a default: it stays out of the rows that were there, since it is sensitive",
                         where(added.source_name)));
      }
    }
  }

  /// Under its new name a sensitive column would come in clear.
  void check_renamed() const {
    const auto gone = std::ranges::find_if(plan_.columns, [&](const RowColumn& column) {
      return column.index < 0 && column.sensitive && column.sensitive->pii != PiiClass::kNone && !known(column.name);
    });
    const auto come = std::ranges::find_if(plan_.added, [](const DriftPlan::Added& added) {
      return !added.classed && (added.column.type.is_string() || added.column.type.id == engine::TypeId::kSuper);
    });
    if (policy() != Drift::kEvolve || gone == plan_.columns.end() || come == plan_.added.end()) return;
    throw unlike_classes(
        table_, gone->name,
        fmt::format("is gone and \"{}\" is new: it may be the same one, and it has no class", come->source_name))
        .hint(fmt::format("say what it holds: {{ name = \"{}\", pii = \"{}\" }}, or pii = \"none\"", come->source_name,
                          pii_class_name(gone->sensitive->pii)));
  }

  bool was_sent(const std::string& target) const {
    if (!previous_) return true;
    return std::ranges::any_of(previous_->columns,
                               [&](const auto& column) { return target_name(column.name) == target; });
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
  std::set<std::string> names_;  // of the raw table's columns
  bool gone_ = false;
};

}  // namespace

void check_tokens(const SourceTable& table, const std::vector<TableColumn>& raw, const std::vector<std::string>& sent) {
  const auto is_sent = [&](const std::string& name) { return std::ranges::find(sent, name) != sent.end(); };
  const auto has = [&](const std::string& name, const Type& type) {
    return std::ranges::any_of(raw, [&](const auto& each) { return each.name == name && each.type == type; });
  };
  for (const TableColumn& column : raw) {
    const auto sensitive = class_of(table.configured, column.name);
    if (is_tokenised(sensitive)) {
      const std::vector<StoredColumn> stored = stored_columns({column.name, column.type, sensitive});
      if (std::ranges::all_of(stored, [&](const StoredColumn& each) { return has(each.name, each.type); })) continue;
      throw unlike_classes(table, column.name, "has a class in garland.toml, and lies in the warehouse in clear")
          .hint("drop the raw table and its change log, and take a new snapshot: then its values come as tokens");
    }
    const std::string fact = column.name + "_valid";
    if (!is_sent(column.name) || is_sent(fact) || !has(column.name, Type::varchar(kTokenBytes)) ||
        !has(fact, Type::of(engine::TypeId::kBoolean))) {
      continue;
    }
    throw unlike_classes(table, column.name, "holds tokens in the warehouse and has no class in garland.toml any more")
        .hint("put the class back; or drop the raw table and its change log, and take a new snapshot");
  }
}

DriftPlan plan_drift(const SourceTable& table, const std::vector<TableColumn>& raw, const Relation& relation,
                     const Relation* previous, const SourceTypes& types) {
  return Planner(table, raw, relation, previous, types).plan();
}

}  // namespace garland::ingest::postgres
