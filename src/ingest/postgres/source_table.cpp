#include "ingest/postgres/source_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace garland::ingest::postgres {
namespace {

using engine::Type;
using engine::TypeId;

// relkind, replica identity, whether this user may read it.
constexpr const char* kTableSql =
    "select c.oid, c.relkind, c.relreplident, has_table_privilege(c.oid, 'SELECT') "
    "from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace "
    "where n.nspname = $1 and c.relname = $2";

// Each column, whether it is part of the primary key and of the replica identity's index, and the value that rows older
// than it have.
constexpr const char* kColumnsSql =
    "select a.attname, a.atttypid, a.atttypmod, a.attgenerated <> '', "
    "  exists (select from pg_catalog.pg_index i where i.indrelid = a.attrelid and i.indisprimary and i.indimmediate "
    "          and i.indisvalid and a.attnum = any ((i.indkey::int2[])[0:i.indnkeyatts - 1])), "
    "  exists (select from pg_catalog.pg_index i where i.indrelid = a.attrelid and i.indisreplident "
    "          and a.attnum = any ((i.indkey::int2[])[0:i.indnkeyatts - 1])), "
    "  case when a.atthasmissing then (a.attmissingval::text::text[])[1] end "
    "from pg_catalog.pg_attribute a where a.attrelid = $1 and a.attnum > 0 and not a.attisdropped order by a.attnum";

const std::vector<TableColumn>& change_head() {
  static const std::vector<TableColumn> kColumns = {{"_op", Type::varchar(8), true},
                                                    {"_lsn", Type::of(TypeId::kBigint), true},
                                                    {"_sequence", Type::of(TypeId::kBigint), true},
                                                    {"_committed_at", Type::of(TypeId::kTimestamp), true}};
  return kColumns;
}

bool is_true(const std::optional<std::string>& value) { return value == "t"; }

/// Reads one table.
class Describer {
 public:
  Describer(SourceConnection& connection, const PostgresSource& source, const CapturedTable& configured,
            SourceTypes& types)
      : connection_(connection), source_(source), configured_(configured), types_(types) {}

  SourceTable read() {
    const auto rows = connection_.query(kTableSql, {configured_.schema, configured_.name});
    if (rows.empty()) {
      throw fault(kUndefinedTable, "is not there").hint("mend \"tables\" of the source in garland.toml, or create it");
    }
    const SourceRow& row = rows.front();
    table_.configured = configured_;
    table_.oid = static_cast<Oid>(std::stoul(*row[0]));
    const char kind = row[1]->front();
    if (kind != 'r' && kind != 'p') {
      throw fault(kFeatureNotSupported, "is no table").hint("views and foreign tables have no changes to capture");
    }
    table_.partitioned = kind == 'p';
    if (!is_true(row[3])) {
      throw fault(kInsufficientPrivilege, "may not be read by this user")
          .hint(fmt::format("GRANT USAGE ON SCHEMA {} TO <the user>; GRANT SELECT ON {} TO <the user>;",
                            connection_.identifier(configured_.schema), sql_name()));
    }
    read_columns(row[2]->front());
    return std::move(table_);
  }

 private:
  Error fault(SqlState state, const std::string& what) const {
    return Error(state, fmt::format("table {} of source \"{}\" {}", configured_.text(), source_.name, what))
        .in(source_.place);
  }
  std::string sql_name() const {
    return connection_.identifier(configured_.schema) + "." + connection_.identifier(configured_.name);
  }

  void read_columns(char identity) {
    const auto rows = connection_.query(kColumnsSql, {std::to_string(table_.oid)});
    const bool has_primary = std::any_of(rows.begin(), rows.end(), [](const auto& row) { return is_true(row[4]); });
    if (identity == 'n' || (identity == 'd' && !has_primary)) throw no_identity(identity);
    table_.keyless = identity == 'f' && !has_primary;
    for (const SourceRow& row : rows) {
      const bool ignored =
          std::find(configured_.ignore.begin(), configured_.ignore.end(), *row[0]) != configured_.ignore.end();
      const bool key = identity == 'i' ? is_true(row[5]) : is_true(row[4]);
      if (ignored && key) {
        throw fault(kInvalidColumnDefinition,
                    fmt::format("cannot go without column \"{}\": it is part of its key", *row[0]));
      }
      if (!ignored && !is_true(row[3])) add_column(row, key);
    }
    check_names();
    check_classes();
  }

  Error no_identity(char identity) const {
    Error error = fault(kObjectNotInPrerequisiteState,
                        identity == 'n' ? "has REPLICA IDENTITY NOTHING: its changes do not say which row they change"
                                        : "has no primary key: its changes do not say which row they change");
    const std::string name = sql_name();
    return error.hint(
        fmt::format("ALTER TABLE {} ADD PRIMARY KEY (…); or, at the price of a larger log: "
                    "ALTER TABLE {} REPLICA IDENTITY FULL;",
                    name, name));
  }

  void add_column(const SourceRow& row, bool key) {
    CatalogColumn& column = table_.columns.emplace_back();
    column.name = *row[0];
    column.target = target_name(column.name);
    column.type = static_cast<Oid>(std::stoul(*row[1]));
    column.typmod = std::stoi(*row[2]);
    column.key = key;
    column.missing = row[6];
    types_.read(connection_, column.type);
    try {
      column.landing = landing_of(types_, column.type, column.typmod);
    } catch (const Error& error) {
      throw fault(error.state(), fmt::format("has column \"{}\": {}", column.name, error.message()))
          .hint("leave it out: ignore = [\"" + column.name + "\"] at the table in garland.toml");
    }
    column.sensitive = class_of(configured_, column.target);
    if (column.sensitive) check_class(column);
    if (key && column.landing.type.id == TypeId::kSuper) {
      throw fault(kFeatureNotSupported, fmt::format("has column \"{}\" in its key: SUPER cannot be one", column.name));
    }
  }

  /// Tokens of values that differ only in their form are equal: as a key, two rows would become one.
  void check_class(const CatalogColumn& column) const {
    check_class_type(configured_.place, column.name, column.sensitive->pii, column.landing.type);
    if (!column.key || column.sensitive->pii == PiiClass::kNone) return;
    throw Error(kConfigFileError, fmt::format("column \"{}\" of table {} has pii = \"{}\" and is part of its key: "
                                              "keys that differ only in their form would become one",
                                              column.name, configured_.text(), pii_class_name(column.sensitive->pii)))
        .in(configured_.place)
        .hint(
            fmt::format("let another unique index tell the rows apart: ALTER TABLE {} REPLICA IDENTITY USING INDEX …;",
                        sql_name()));
  }

  void check_classes() {
    std::vector<ColumnPlan> plans;
    for (const CatalogColumn& column : table_.columns)
      plans.push_back({column.target, column.landing.type, column.sensitive});
    check_columns(configured_.place, plans, configured_.subject);
    for (const ClassedColumn& classed : configured_.classes) {
      if (std::ranges::find(table_.columns, target_name(classed.name), &CatalogColumn::target) == table_.columns.end())
        table_.absent.push_back(classed.name);
    }
  }

  void check_names() const {
    std::set<std::string> names;
    for (const TableColumn& column : change_columns(raw_columns(table_))) {
      if (names.insert(column.name).second) continue;
      throw fault(kDuplicateColumn, fmt::format("has two columns that would be \"{}\" in the warehouse", column.name))
          .hint("names are lower case there; leave one out: ignore = [\"…\"]");
    }
    if (names.size() > kMaxColumns) {
      throw fault(kTooManyColumns, fmt::format("has {} columns; its change log would have {}, at most {}",
                                               table_.columns.size(), names.size(), kMaxColumns))
          .hint("leave some out: ignore = [\"…\"]");
    }
  }

  SourceConnection& connection_;
  const PostgresSource& source_;
  const CapturedTable& configured_;
  SourceTypes& types_;
  SourceTable table_;
};

}  // namespace

std::vector<SourceTable> describe_tables(SourceConnection& connection, const PostgresSource& source,
                                         SourceTypes& types) {
  std::vector<SourceTable> tables;
  for (const CapturedTable& configured : source.tables) {
    tables.push_back(Describer(connection, source, configured, types).read());
  }
  return tables;
}

bool is_own_column(std::string_view name) {
  return name == kRowKey || name == kStale ||
         std::ranges::any_of(provenance_columns(), [&](const TableColumn& other) { return other.name == name; });
}

std::vector<TableColumn> with_own_columns(std::vector<TableColumn> columns, bool keyless) {
  if (keyless) columns.push_back({std::string(kRowKey), Type::varchar(32), true});
  columns.push_back({std::string(kStale), Type::of(TypeId::kBoolean), true});
  columns.insert(columns.end(), provenance_columns().begin(), provenance_columns().end());
  return columns;
}

std::vector<TableColumn> raw_columns(const SourceTable& table) {
  std::vector<TableColumn> columns;
  for (const CatalogColumn& column : table.columns) {
    for (StoredColumn& stored : stored_columns({column.target, column.landing.type, column.sensitive}))
      columns.push_back({std::move(stored.name), stored.type, false});
  }
  return with_own_columns(std::move(columns), table.keyless);
}

std::vector<TableColumn> change_columns(const std::vector<TableColumn>& raw) {
  std::vector<TableColumn> columns = change_head();
  std::vector<TableColumn> before;
  for (const TableColumn& column : raw) {
    if (is_own_column(column.name)) continue;
    columns.push_back({column.name, column.type, false});
    before.push_back({std::string(kBeforePrefix) + column.name, column.type, false});
  }
  columns.insert(columns.end(), before.begin(), before.end());
  columns.insert(columns.end(), provenance_columns().begin(), provenance_columns().end());
  columns.push_back(gap_column());
  return columns;
}

const TableColumn& gap_column() {
  static const TableColumn kColumn = {"_gap", Type::of(TypeId::kBoolean)};
  return kColumn;
}

}  // namespace garland::ingest::postgres
