// What names a query block sees: the relations of its FROM clause, its columns in the order of `*`, the aliases of its
// select list, and the block around it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "semantics/bound.h"

namespace garland::semantics {

/// The clause that is being resolved: decides what may stand there, and words the errors.
enum class Clause {
  kSelect,
  kFrom,
  kJoin,
  kWhere,
  kGroupBy,
  kHaving,
  kQualify,
  kOrderBy,
  kLimit,
  kValues,
  kSet,
  kDefault,
  kMerge
};

/// "WHERE clause", "JOIN conditions", …
std::string_view clause_name(Clause clause);

struct ScopeRelation {
  RelationNo number = -1;
  std::string alias;   // the name it is called by
  std::string schema;  // of a relation named without an alias: `schema.table.column` finds it
  Oid oid = 0;         // catalog object whose columns are read; 0 for derived tables and CTEs
  std::vector<OutputColumn> columns;
  bool is_value = false;     // an unnested array's element: its name alone is the value, `name.a` an attribute of it
  int32_t first_column = 0;  // of the relation instance, from which this relation's columns are numbered
};

/// A column as the unqualified name sees it: of one relation, or merged by USING.
struct ScopeColumn {
  int32_t relation = -1;  // index into Scope::relations
  int32_t column = -1;
  int32_t merged = -1;  // index into Scope::merged
};

struct MergedColumn {
  std::string name;
  BoundExpr expr;
  std::vector<ScopeColumn> sides;
};

class Scope {
 public:
  explicit Scope(Scope* around = nullptr) : outer(around) {}

  /// Adds a relation and its columns. Throws 42712 when the name is taken.
  void add(ScopeRelation relation, Span span);
  /// An unqualified name among the visible columns of this block: `count` 0, 1, or 2 (then it is ambiguous).
  struct Found {
    ScopeColumn column;
    int count = 0;
  };
  Found find(std::string_view column) const;
  /// The visible relation of that name, or nullptr.
  const ScopeRelation* find_relation(std::string_view schema, std::string_view alias) const;
  /// The relation of this block that the column belongs to, or nullptr.
  const ScopeRelation* relation_of(const BoundColumn& column) const;
  std::string_view name_of(const ScopeColumn& column) const;
  const Type& type_of(const ScopeColumn& column) const;

  Scope* outer;
  Clause clause = Clause::kSelect;
  std::vector<ScopeRelation> relations;
  std::vector<ScopeColumn> columns;
  std::vector<MergedColumn> merged;
  /// While a join's condition is resolved, only the columns and relations from here on are visible.
  size_t first_column = 0;
  size_t first_relation = 0;

  /// The select list so far; aliases name its items.
  const std::vector<BoundOutput>* outputs = nullptr;
  struct Alias {
    std::string_view name;
    size_t output;
  };
  std::vector<Alias> aliases;
  bool aliases_visible = false;

  /// While WHERE is resolved: the select list, whose aliases WHERE may name, what those named so far mean, and how many
  /// of the items are in sight (an alias reads only items before its own).
  const std::vector<sql::SelectItem>* items = nullptr;
  std::vector<std::optional<BoundExpr>> item_values;
  size_t visible_items = 0;

  /// In a query with CONNECT BY: LEVEL, and what PRIOR reads.
  std::optional<BoundExpr> level;
  Scope* prior = nullptr;
  bool outer_marks = false;  // (+) may stand here

  bool in_aggregate = false;
  bool in_window = false;
  bool has_aggregates = false;
};

}  // namespace garland::semantics
