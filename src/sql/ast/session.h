// Statements that serve a session (prepared statements, cursors, EXPLAIN, locks) and the upkeep of tables. See
// expression.h.
#pragma once

#include "sql/ast/query.h"

namespace garland::sql {

struct Statement;

struct TransactionModes {
  std::optional<std::string> isolation;  // lower case: "serializable", "read committed" …
  std::optional<bool> read_only;
  bool operator==(const TransactionModes&) const = default;
};
/// SET TRANSACTION, or with `session` SET SESSION CHARACTERISTICS AS TRANSACTION.
struct SetTransaction {
  bool session = false;
  TransactionModes modes;
  bool operator==(const SetTransaction&) const = default;
};

struct Prepare {
  Name name;
  std::vector<TypeName> types;
  Box<Statement> statement;
  bool operator==(const Prepare&) const;
};
struct Execute {
  Name name;
  std::vector<Expr> arguments;
  bool operator==(const Execute&) const = default;
};
struct Deallocate {
  std::optional<Name> name;  // none: ALL
  bool operator==(const Deallocate&) const = default;
};

struct DeclareCursor {
  Name name;
  Box<Query> query;
  bool operator==(const DeclareCursor&) const = default;
};
struct Fetch {
  Name cursor;
  std::optional<int64_t> count = 1;  // NEXT is 1; none: ALL
  bool operator==(const Fetch&) const = default;
};
struct CloseCursor {
  std::optional<Name> cursor;  // none: ALL
  bool operator==(const CloseCursor&) const = default;
};

struct Explain {
  bool verbose = false;
  Box<Statement> statement;
  bool operator==(const Explain&) const;
};

enum class AnalyzeColumns { kDefault, kPredicate, kAll };
struct Analyze {
  bool verbose = false;
  std::optional<QualifiedName> table;
  std::vector<Name> columns;
  AnalyzeColumns which = AnalyzeColumns::kDefault;
  bool operator==(const Analyze&) const = default;
};
struct AnalyzeCompression {
  std::optional<QualifiedName> table;
  std::vector<Name> columns;
  std::optional<int64_t> rows;  // COMPROWS
  bool operator==(const AnalyzeCompression&) const = default;
};
enum class VacuumKind { kDefault, kFull, kSortOnly, kDeleteOnly, kReindex, kRecluster };
struct Vacuum {
  VacuumKind kind = VacuumKind::kDefault;
  std::optional<QualifiedName> table;
  std::optional<int32_t> percent;  // TO n PERCENT
  bool boost = false;
  bool operator==(const Vacuum&) const = default;
};
struct Lock {
  std::vector<QualifiedName> tables;
  bool operator==(const Lock&) const = default;
};

}  // namespace garland::sql
