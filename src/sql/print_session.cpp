// Writer: what serves sessions, and the upkeep of tables.
#include "sql/writer.h"

namespace garland::sql {

void Writer::transaction_modes(const TransactionModes& modes) {
  if (modes.isolation) write(" isolation level " + *modes.isolation);
  if (modes.read_only) write(*modes.read_only ? " read only" : " read write");
}

void Writer::node(const SetTransaction& set) {
  write(set.session ? "set session characteristics as transaction" : "set transaction");
  transaction_modes(set.modes);
}

void Writer::node(const Prepare& prepare) {
  write("prepare ");
  identifier(prepare.name.text);
  if (!prepare.types.empty()) {
    write(" ");
    types(prepare.types);
  }
  write(" as ");
  statement(*prepare.statement);
}

void Writer::node(const Execute& execute) {
  write("execute ");
  identifier(execute.name.text);
  if (execute.arguments.empty()) return;
  write(" (");
  expressions(execute.arguments);
  write(")");
}

void Writer::name_or_all(const std::optional<Name>& name) { name ? identifier(name->text) : write("all"); }

void Writer::node(const Deallocate& deallocate) {
  write("deallocate ");
  name_or_all(deallocate.name);
}

void Writer::node(const DeclareCursor& declare) {
  write("declare ");
  identifier(declare.name.text);
  write(" cursor for ");
  query(*declare.query);
}

void Writer::node(const Fetch& fetch) {
  write("fetch forward ");
  fetch.count ? integer(*fetch.count) : write("all");
  write(" from ");
  identifier(fetch.cursor.text);
}

void Writer::node(const CloseCursor& close) {
  write("close ");
  name_or_all(close.cursor);
}

void Writer::node(const Explain& explain) {
  write(explain.verbose ? "explain verbose " : "explain ");
  statement(*explain.statement);
}

void Writer::node(const Analyze& analyze) {
  write(analyze.verbose ? "analyze verbose" : "analyze");
  if (analyze.table) {
    write(" ");
    qualified_name(*analyze.table);
    optional_names(analyze.columns);
  }
  if (analyze.which == AnalyzeColumns::kPredicate) write(" predicate columns");
  if (analyze.which == AnalyzeColumns::kAll) write(" all columns");
}

void Writer::node(const AnalyzeCompression& analyze) {
  write("analyze compression");
  if (analyze.table) {
    write(" ");
    qualified_name(*analyze.table);
    optional_names(analyze.columns);
  }
  if (!analyze.rows) return;
  write(" comprows ");
  integer(*analyze.rows);
}

void Writer::node(const Vacuum& vacuum) {
  write("vacuum");
  switch (vacuum.kind) {
    case VacuumKind::kDefault:
      break;
    case VacuumKind::kFull:
      write(" full");
      break;
    case VacuumKind::kSortOnly:
      write(" sort only");
      break;
    case VacuumKind::kDeleteOnly:
      write(" delete only");
      break;
    case VacuumKind::kReindex:
      write(" reindex");
      break;
    case VacuumKind::kRecluster:
      write(" recluster");
      break;
  }
  if (vacuum.table) {
    write(" ");
    qualified_name(*vacuum.table);
  }
  if (vacuum.percent) {
    write(" to ");
    integer(*vacuum.percent);
    write(" percent");
  }
  if (vacuum.boost) write(" boost");
}

void Writer::node(const Lock& lock) {
  write("lock ");
  list(lock.tables, [&](const QualifiedName& table) { qualified_name(table); });
}

}  // namespace garland::sql
