// The system tables and views that sessions read: pg_catalog, information_schema and Redshift's own. A few base
// relations are computed from the session's catalog when a statement reads them, with what its user may see; all others
// are views over them, written in Redshift SQL (system_views*.cpp), or internal tables of the file (system_tables.h). A
// new one is one entry in one of those places.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "embedded/snapshot.h"

namespace garland::embedded {

class Context;

inline constexpr Oid kInformationSchema = 12;
/// The computed base relations lie here; users' text cannot name it.
inline constexpr std::string_view kBaseSchema = "garland_base";

/// The rows of a computed relation: column by column, values in text form (engine/text.h).
class SystemRows {
 public:
  using Values = std::vector<std::optional<std::string>>;
  explicit SystemRows(size_t columns) : columns_(columns) {}
  SystemRows& number(int64_t value) { return text(std::to_string(value)); }
  SystemRows& flag(bool value) { return text(value ? "t" : "f"); }
  SystemRows& text(std::string_view value) { return put(std::string(value)); }
  /// NULL instead of an empty text.
  SystemRows& text_or_null(std::string_view value) { return value.empty() ? null() : text(value); }
  SystemRows& null() { return put(std::nullopt); }
  const Values& column(size_t index) const { return columns_[index]; }

 private:
  SystemRows& put(std::optional<std::string> value) {
    columns_[at_].push_back(std::move(value));
    at_ = (at_ + 1) % columns_.size();
    return *this;
  }
  std::vector<Values> columns_;
  size_t at_ = 0;
};

/// A relation that is computed. `columns`: "name type, …" with the types of system_type().
struct BaseRelation {
  std::string_view name;
  std::string_view columns;
  void (*fill)(Context& context, SystemRows& rows);
};
enum class SystemVisibility { kAll, kSuperuser };
/// A view. `query` gives its columns in order; they are converted to the declared types.
struct SystemView {
  std::string schema;
  std::string name;
  std::string columns;
  std::string query;
  SystemVisibility visibility = SystemVisibility::kAll;
};

// Where they are defined.
std::vector<BaseRelation> catalog_bases();    // system_bases.cpp
std::vector<BaseRelation> object_bases();     // system_bases_objects.cpp
std::vector<BaseRelation> activity_bases();   // system_activity.cpp
std::vector<SystemView> pg_views();           // system_views_pg.cpp
std::vector<SystemView> information_views();  // system_views_information.cpp
std::vector<SystemView> svv_views();          // system_views_svv.cpp
std::vector<SystemView> activity_views();     // system_views_activity.cpp

/// The encoding of a column that is shown: the given one, or the one that Redshift takes ("none" for RAW).
std::string shown_encoding(const StoredRelation& stored, const semantics::ColumnDef& column);

/// All relations of this header, built once; kind kSystemTable.
const std::vector<StoredRelationPtr>& system_relations();
/// The rows of a computed relation as the session sees them now.
SystemRows computed_rows(Context& context, Oid relation);
/// Names of Redshift's system views that do not exist here yet.
bool is_missing_system_view(std::string_view name);

/// "name", "oid", "int", "bigint", "smallint", "bool", "text", "char(n)", "varchar(n)", "timestamp", "timestamptz",
/// "date", "numeric(p,s)", "real",
/// "double".
engine::Type system_type(std::string_view name);

}  // namespace garland::embedded
