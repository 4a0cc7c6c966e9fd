// Writes one DuckDB statement from the bound tree: one string, appended in place. Internal to embedded/translate*.cpp.
//
// Names: relation instance N is r<N>, its columns c<attnum> (stored relations) or o1, o2, … (derived tables, CTEs); CTE
// N is q<N>. Every SELECT names its outputs o1, o2, … and gives them exactly their Redshift type.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "embedded/functions.h"
#include "embedded/translate.h"

namespace garland::embedded {

/// Strings that compare equal when they differ in trailing blanks only (guide page r_Character_types) are trimmed where
/// they are grouped, sorted, made distinct or compared, if the catalog says that they may end in blanks. Those of a
/// case-insensitive collation (r_COLLATE) are trimmed there and read in lower case.
class Writer {
 public:
  Writer(const PhysicalNames& names, int32_t parameters);

  /// Makes a relation instance known; joins register their sides. Before the first expression that reads it.
  void add_relation(const semantics::BoundRelation& relation);
  void add_table(semantics::RelationNo number, semantics::Oid oid);

  void query(const semantics::BoundQuery& query);
  /// `WITH …` and a blank, or nothing.
  void with(const std::vector<semantics::BoundCte>& ctes);
  /// To be called when the statement that the CTEs belong to is written.
  void end_with(const std::vector<semantics::BoundCte>& ctes);
  void relation(const semantics::BoundRelation& relation);
  /// ` WHERE …` and the like: `keyword` with its blanks, then the condition.
  void condition(std::string_view keyword, const semantics::BoundExpr& expr);
  void expression(const semantics::BoundExpr& expr);
  /// The expression with exactly the DuckDB type of `type`.
  void typed(const semantics::BoundExpr& expr, const engine::Type& type);
  /// As typed(), and NULL raises 23502 where the column is NOT NULL.
  void assigned(const semantics::BoundExpr& expr, const semantics::ColumnDef& column, const semantics::Relation& table);
  /// Raises `state` when evaluated; otherwise a value of the type.
  void raise(SqlState state, std::string_view message, const engine::Type& type);

  Writer& operator<<(std::string_view text);
  Writer& operator<<(int64_t number);

  /// The name of a stored relation in DuckDB, and what the catalog says of it.
  std::string table_name(semantics::Oid oid);
  const semantics::Relation& table(semantics::Oid oid) const { return names_.relation(oid); }
  bool may_have_trailing_blanks(const semantics::BoundExpr& expr) const;

  /// Ends the statement: 54001 when the text is too long for DuckDB.
  Translation finish();

 private:
  /// What a mention of a relation instance reads.
  struct Instance {
    const semantics::Relation* stored = nullptr;
    const std::vector<semantics::OutputColumn>* columns = nullptr;
  };
  struct Cte {
    size_t hint_position;  // where " NOT MATERIALIZED" stands in the text
    int mentions;
  };
  /// A grouping expression, as text.
  struct GroupKey {
    std::string plain;    // the expression's own
    std::string grouped;  // as it stands in GROUP BY
    std::string output;   // what stands for it in outputs, HAVING, ORDER BY; empty: `plain`
    std::string below;    // what stands for it in queries below those; empty: `plain`
  };
  struct GroupScope {
    std::vector<GroupKey> keys;
  };
  class InScope;
  /// How values of a column are compared: as they are, without trailing blanks, in lower case too (COLLATE), or,
  /// SUPER, by their key.
  enum class Spelling : uint8_t { kExact, kBlanks, kCase, kSuper };
  using Spellings = std::vector<Spelling>;
  /// The texts of a call's arguments, and what emit_call wants to know of them.
  struct Arguments {
    std::vector<std::string> texts;
    std::vector<Argument> values;
  };

  // queries
  void body(const semantics::BoundBody& body);
  void select(const semantics::BoundSelect& select, const semantics::BoundQuery* ordered);
  void plain_select(const semantics::BoundSelect& select, const semantics::BoundQuery* ordered);
  void distinct_select(const semantics::BoundSelect& select, const semantics::BoundQuery* ordered);
  void select_clauses(const semantics::BoundSelect& select, bool distinct, const semantics::BoundQuery* ordered);
  void outputs(const semantics::BoundSelect& select);
  GroupScope group_scope(const semantics::BoundSelect& select);
  void group_by(const semantics::BoundSelect& select, const GroupScope& scope);
  void set_operation(const semantics::BoundSetOperation& operation);
  void set_side(const semantics::BoundBody& side, const semantics::BoundSetOperation& parent, bool left);
  void blank_insensitive_set(const semantics::BoundSetOperation& operation, const Spellings& spellings);
  void ordered_set(const semantics::BoundQuery& query);
  void order_direction(bool descending, bool nulls_first);
  void limits(const semantics::BoundQuery& query);
  void grouped_columns(const Spellings& spellings);
  void group_by_columns(const Spellings& spellings);
  void compared_column(std::string_view alias, size_t column, Spelling spelling);
  void join(const semantics::BoundJoin& join);
  void lateral_join(const semantics::BoundJoin& join);
  void unnest(const semantics::BoundUnnest& node);
  void series(const semantics::BoundCall& call, const engine::Type& type);
  static bool any_spelt(const Spellings& spellings);
  Spelling spelling(const semantics::BoundExpr& expr) const;
  static Spelling spelling(const semantics::OutputColumn& column);
  static Spellings spellings(const std::vector<semantics::OutputColumn>& columns);
  /// Of output columns; registers the relations it meets.
  Spellings spellings(const semantics::BoundSelect& select);
  Spellings spellings(const semantics::BoundBody& body);
  /// What begins and ends a value as it compares.
  static std::string_view opening(Spelling spelling);
  static std::string_view closing(Spelling spelling);
  Instance& instance(semantics::RelationNo number);

  // expressions
  /// A condition of WHERE and the like, where NULL and false are one.
  void conjunct(const semantics::BoundExpr& expr);
  /// Whether the text behind `start` was a grouping expression, and is replaced.
  bool replace_group_key(const GroupScope& scope, size_t start, std::string GroupKey::* replacement);
  void node(const semantics::BoundExpr& expr);
  void column(const semantics::BoundColumn& column);
  void call(const semantics::BoundExpr& expr, const semantics::BoundCall& call);
  void cast(const semantics::BoundExpr& expr, const semantics::BoundCast& cast);
  void case_of(const semantics::BoundCase& node);
  void in_list(const semantics::BoundInList& node);
  void in_long_list(const semantics::BoundInList& node);
  void in_query(const semantics::BoundInQuery& node);
  void in_row_query(const semantics::BoundInQuery& node);
  void row_match(const semantics::BoundInQuery& node, std::string_view truth);
  void exists(const semantics::BoundExists& node);
  void scalar_query(const semantics::BoundScalarQuery& node, const engine::Type& type);
  void quantified(const semantics::BoundQuantified& node);
  void aggregate(const semantics::BoundExpr& expr, const semantics::BoundAggregate& node);
  void window(const semantics::BoundExpr& expr, const semantics::BoundWindow& node);
  void window_clause(const semantics::BoundWindow& node);
  void frame_edge(const semantics::BoundFrameEdge& edge);
  void grouping(const semantics::BoundGrouping& node, const engine::Type& type);
  Arguments arguments(const std::vector<semantics::BoundExpr>& expressions);
  Arguments aggregate_arguments(const std::vector<semantics::BoundExpr>& expressions, bool distinct);
  void aggregate_call(const semantics::BoundExpr& expr, AggregateCall call,
                      const std::vector<semantics::BoundExpr>& expressions,
                      const std::vector<semantics::BoundOrder>& within_group);
  void order_list(const std::vector<semantics::BoundOrder>& order);
  /// The expression as it compares: rtrim around strings that may end in blanks.
  void compared(const semantics::BoundExpr& expr);
  /// A one-column query as it compares.
  void compared_query(const semantics::BoundQuery& query);
  std::string computed_table(semantics::Oid oid);
  int32_t list_parameter(const engine::Type& element, std::vector<std::optional<std::string>> values);
  /// The text behind `start`, taken out again.
  std::string cut(size_t start);
  std::string text_of(const semantics::BoundExpr& expr);
  std::string ungrouped_text_of(const semantics::BoundExpr& expr);
  std::string compared_text_of(const semantics::BoundExpr& expr);

  const PhysicalNames& names_;
  std::string out_;
  int32_t parameters_;
  std::vector<ListParameter> lists_;
  std::vector<Instance> instances_;              // by relation number
  std::vector<Cte> ctes_;                        // by number
  std::vector<const GroupScope*> outer_groups_;  // of the queries around the one being written
  const GroupScope* groups_ = nullptr;           // of the select list being written
  bool outer_join_condition_ = false;            // DuckDB takes no subquery here
};

}  // namespace garland::embedded
