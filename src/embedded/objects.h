// What the catalog knows of objects besides their columns: layout, constraints, comments, quotas, materialized views,
// SQL functions, databases; one value in each snapshot of the catalog. Constraints are informational (guide page
// t_Defining_constraints).
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "semantics/catalog.h"
#include "sql/ast/statement.h"

namespace garland::embedded {

using semantics::Oid;

struct Constraint {
  sql::ConstraintKind kind = sql::ConstraintKind::kUnique;
  std::string name;
  std::vector<int16_t> columns;  // attnums
  Oid referenced = 0;            // FOREIGN KEY
  std::vector<int16_t> referenced_columns;
};
struct MaterializedView {
  bool auto_refresh = false;
  bool incremental = false;  // as Redshift would refresh it; here every refresh computes it anew
  bool stale = false;        // a base table was written since the last refresh
};
struct RelationDetail {
  sql::SortStyle sort_style = sql::SortStyle::kDefault;
  bool encode_auto = true;
  bool backup = true;
  std::vector<Constraint> constraints;
  std::optional<MaterializedView> view;
};
/// A relation's comment has part 0, a column's its attnum, a constraint's -1 - its place in RelationDetail; a
/// database's object is the database's oid.
struct CommentKey {
  Oid object = 0;
  int32_t part = 0;
  friend auto operator<=>(const CommentKey&, const CommentKey&) = default;
};
struct Database {
  Oid oid = 0;
  std::string name;
  std::string owner;
  int32_t connection_limit = -1;  // -1: unlimited
  bool case_sensitive = true;
  std::string isolation = "snapshot";
};

// ---- changes
struct PutDetail {
  Oid relation;
  RelationDetail detail;
};
/// A base table of the materialized view was written.
struct MarkStale {
  Oid view;
};
/// Without a text the comment goes.
struct PutComment {
  CommentKey key;
  std::optional<std::string> text;
};
/// Without a limit the schema has none.
struct PutQuota {
  Oid schema;
  std::optional<int64_t> megabytes;
};
struct PutFunction {
  semantics::Function function;
};
struct RemoveFunction {
  Oid oid;
};
struct PutDatabase {
  Database database;
};
struct RemoveDatabase {
  Oid oid;
};
/// What was known of an object that is dropped goes with it.
struct ForgetObject {
  Oid oid;
};
using ObjectChange = std::variant<PutDetail, MarkStale, PutComment, PutQuota, PutFunction, RemoveFunction, PutDatabase,
                                  RemoveDatabase, ForgetObject>;

/// Value type.
class Objects {
 public:
  void apply(const ObjectChange& change);

  /// The defaults for a relation that nothing is known of.
  const RelationDetail& detail(Oid relation) const;
  /// Whether anything is kept about the object.
  bool knows(Oid object) const;
  const std::map<Oid, RelationDetail>& details() const { return details_; }
  const std::map<CommentKey, std::string>& comments() const { return comments_; }
  const std::map<Oid, int64_t>& quotas() const { return quotas_; }  // megabytes by schema
  const std::map<Oid, semantics::Function>& functions() const { return functions_; }
  const std::map<Oid, Database>& databases() const { return databases_; }
  const Database* find_database(std::string_view name) const;
  std::vector<const semantics::Function*> find_functions(std::string_view schema, std::string_view name) const;
  /// Functions move with their schema.
  void rename_schema(std::string_view from, std::string_view to);
  bool has_materialized_views() const { return materialized_views_ > 0; }

 private:
  void put(const PutDetail& change);
  void forget(Oid object);

  std::map<Oid, RelationDetail> details_;
  std::map<CommentKey, std::string> comments_;
  std::map<Oid, int64_t> quotas_;
  std::map<Oid, semantics::Function> functions_;
  std::map<Oid, Database> databases_;
  size_t materialized_views_ = 0;
};

}  // namespace garland::embedded
