// The one pass from tree to bound tree. One object per statement; not shared. The parts stand in resolve_*.cpp by
// subject.
#pragma once

#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/error.h"
#include "semantics/functions.h"
#include "semantics/resolve.h"
#include "semantics/scope.h"
#include "sql/ast/statement.h"

namespace garland::semantics {

/// An array of the catalog's: the type of its elements, and the number of the first.
struct CatalogVector {
  std::string_view element;
  int first;
};

/// What a standard view's text needs so that it means the same under any search path: the schema of each relation that
/// was named without one, and the columns that each `*` stood for.
struct ViewRecord {
  std::unordered_map<const sql::NamedTable*, std::string> schemas;
  std::unordered_map<const sql::Select*, std::vector<sql::SelectItem>> items;
};

class Resolver {
 public:
  Resolver(const Catalog& catalog, const ResolveOptions& options) : catalog_(catalog), options_(options) {}
  BoundStatement resolve(const sql::Statement& statement);

 private:
  /// A CTE in sight. An open one is being defined: mentions are recursive references.
  struct CommonTable {
    std::string name;
    int32_t number = 0;
    std::vector<OutputColumn> columns;
    bool open = false;
    bool columns_known = false;
    bool mentioned = false;
  };
  /// Counts recursion over expressions, queries and views alike; throws 54001.
  class Depth {
   public:
    explicit Depth(Resolver& resolver);
    ~Depth() { --resolver_.depth_; }
    Depth(const Depth&) = delete;
    Depth& operator=(const Depth&) = delete;

   private:
    Resolver& resolver_;
  };

  class HiddenText;

  // ---- statements (resolve.cpp, resolve_dml.cpp, resolve_copy.cpp, resolve_merge.cpp, resolve_ddl.cpp,
  // resolve_view.cpp)
  void statement(const sql::Query& query);
  bool select_into(const sql::Query& query);
  void statement(const sql::Insert& insert);
  void statement(const sql::Update& written);
  std::optional<sql::Update> self_joined(const sql::Update& update) const;
  void statement(const sql::Delete& statement);
  void statement(const sql::Merge& merge);
  void statement(const sql::Copy& copy);
  void statement(const sql::Unload& unload);
  void statement(const sql::CreateTable& create);
  void statement(const sql::CreateTableAs& create);
  void statement(const sql::CreateView& create);
  void statement(const sql::CreateSchema& create);
  void statement(const sql::Drop& drop);
  void statement(const sql::AlterTable& alter);
  void statement(const sql::Truncate& truncate);
  // resolve_named.cpp
  void statement(const sql::Lock& lock);
  void statement(const sql::Analyze& analyze);
  void statement(const sql::AnalyzeCompression& analyze);
  void statement(const sql::Vacuum& vacuum);
  void statement(const sql::CommentOn& comment);
  void statement(const sql::RefreshMaterializedView& refresh);
  void statement(const sql::Prepare& prepare);
  void statement(const sql::DeclareCursor& declare);
  void statement(const sql::Explain& explain);
  void named(sql::Statement statement, std::vector<Oid> relations);
  Oid analyzed(const sql::QualifiedName& name, const std::vector<sql::Name>& columns);
  // resolve_materialized.cpp, resolve_udf.cpp
  void statement(const sql::CreateMaterializedView& create);
  void check_materialized(const sql::CreateMaterializedView& create);
  void statement(const sql::CreateFunction& create);
  void statement(const sql::DropFunction& drop);
  void statement(const sql::AlterFunction& alter);
  sql::Expr function_body(const std::string& body) const;
  BoundExpr body_value(const Function& function, const std::vector<BoundExpr>& arguments);
  BoundExpr inlined(const Function& function, std::vector<BoundExpr> arguments, Span span);
  std::optional<BoundExpr> user_function(const sql::Call& call, std::vector<BoundExpr>& arguments, Span span);
  std::vector<Type> argument_types(const std::vector<sql::TypeName>& names) const;
  Oid existing_function(const sql::FunctionSignature& written, bool may_miss);
  // resolve_alter.cpp
  void alter(const sql::RenameTable& rename, const Relation& table, BoundAlterTable& bound);
  void alter(const sql::RenameColumn& rename, const Relation& table, BoundAlterTable& bound);
  void alter(const sql::AddColumn& add, const Relation& table, BoundAlterTable& bound);
  void alter(const sql::DropColumn& dropped, const Relation& table, BoundAlterTable& bound);
  void alter(const sql::ChangeColumnType& change, const Relation& table, BoundAlterTable& bound);
  void alter(const sql::ChangeEncodings& change, const Relation& table, BoundAlterTable& bound);
  void alter(const sql::ChangeLayout& layout, const Relation& table, BoundAlterTable& bound);
  void alter(const sql::AddConstraint& add, const Relation& table, BoundAlterTable& bound);
  void alter(const sql::AppendFrom& append, const Relation& table, BoundAlterTable& bound);
  template <class Action>
  void alter(const Action&, const Relation&, BoundAlterTable&) {}  // names nothing
  template <class Plain>
  void statement(const Plain& plain) {
    result_.node = BoundPlain{sql::Statement{plain, {}}};
  }
  void check_function_places() const;

  // ---- names of catalog objects (resolve_name.cpp)
  const Relation* find_relation(const sql::QualifiedName& name) const;
  const Relation& relation(const sql::QualifiedName& name);
  /// A table that a statement writes to; views, system tables and missing ones are errors.
  const Relation& writable(const sql::QualifiedName& name, std::string_view verb);
  std::string schema_of(const sql::QualifiedName& name) const;
  void check_database(const sql::QualifiedName& name) const;
  /// Where CREATE puts a new relation; throws 42P07 when it is there already.
  Relation new_relation(const sql::QualifiedName& name, bool temporary, bool may_exist) const;
  int32_t target_column(const Relation& relation, const sql::Name& column) const;
  void use(Oid relation, int32_t column, Access access);

  // ---- queries (resolve_query.cpp, resolve_cte.cpp, resolve_set_operation.cpp)
  BoundQuery query(const sql::Query& query, Scope* outer, bool keep_unknown = false);
  void query_body(const sql::Query& query, Scope& scope, BoundQuery& bound, bool keep_unknown);
  std::vector<BoundCte> common_tables(const std::vector<sql::Cte>& with, bool recursive, Scope* outer);
  BoundCte common_table(const sql::Cte& cte, bool recursive, Scope* outer);
  BoundQuery recursive_table(const sql::Cte& cte, size_t entry, Scope* outer);
  void rename_columns(std::vector<OutputColumn>& columns, const std::vector<sql::Name>& names, std::string_view table,
                      Span span) const;
  /// Either a plain SELECT, whose names `scope` then holds, or something else that only has output columns.
  BoundBody body(const sql::QueryBody& body, Scope& scope, std::vector<OutputColumn>& columns, bool& plain);
  BoundBody side(const sql::QueryBody& text, Scope* outer, std::vector<OutputColumn>& columns);
  BoundBody set_operation(const sql::SetOperation& operation, Scope* outer, std::vector<OutputColumn>& columns,
                          Span span);
  void unify(BoundBody& left, std::vector<OutputColumn>& left_columns, BoundBody& right,
             std::vector<OutputColumn>& right_columns, std::string_view what, Span span);
  void convert_output(BoundBody& body, std::vector<OutputColumn>& columns, size_t index, const Type& type,
                      CastContext context);
  void convert_output(BoundQuery& query, size_t index, const Type& type, CastContext context);
  void settle_outputs(BoundSelect& select, std::vector<OutputColumn>& columns);
  BoundBody wrapped(BoundQuery query);
  std::vector<BoundQueryOrder> order_by(const std::vector<sql::OrderItem>& items, const BoundBody& body,
                                        const std::vector<OutputColumn>& columns, Scope& scope, bool plain);
  BoundQueryOrder order_key(const sql::OrderItem& item, const BoundSelect& select, Scope& scope);
  std::optional<BoundExpr> row_count(const sql::Expr& expr, std::string_view clause);

  // ---- SELECT (resolve_select.cpp, resolve_grouping.cpp)
  BoundSelect select(const sql::Select& select, Scope& scope);
  void from_and_where(const sql::Select& select, BoundSelect& bound, Scope& scope);
  void behind_where(const sql::Select& select, BoundSelect& bound, Scope& scope);
  void select_list(const sql::Select& select, BoundSelect& bound, Scope& scope);
  void star(const sql::Star& star, Span span, BoundSelect& bound, Scope& scope, std::vector<sql::SelectItem>* expanded);
  void group_by(const sql::Select& select, BoundSelect& bound, Scope& scope);
  std::vector<int32_t> grouping_set(const std::vector<sql::Expr>& exprs, BoundSelect& bound, Scope& scope);
  void add_grouping(const sql::Expr& expr, BoundSelect& bound, Scope& scope, std::vector<int32_t>& set);
  BoundExpr grouping_expression(const sql::Expr& expr, BoundSelect& bound, Scope& scope);
  std::vector<OutputColumn> output_columns(const std::vector<BoundOutput>& outputs, const Scope& scope) const;
  void check_groups(BoundSelect& select, const Scope& scope) const;
  void check_grouped(const BoundSelect& select, const BoundExpr& expr, const Scope& scope,
                     bool in_subquery = false) const;

  // ---- FROM (resolve_from.cpp, resolve_view.cpp)
  BoundRelation from(const std::vector<sql::TableRef>& refs, Scope& scope);
  BoundRelation table_ref(const sql::TableRef& ref, Scope& scope);
  BoundRelation named_table(const sql::NamedTable& table, Span span, Scope& scope);
  BoundRelation stored_table(const Relation& relation, Span span);
  BoundRelation expanded_view(const Relation& view, Span span);
  BoundRelation join(const sql::Join& join, Span span, Scope& scope);
  std::optional<BoundExpr> join_using(const sql::Join& join, Span span, Scope& scope, size_t left_begin,
                                      size_t right_begin);
  void enter(BoundRelation& relation, const std::optional<sql::Alias>& alias, std::string_view name,
             std::string_view schema, Oid oid, Span span, Scope& scope);
  RelationNo next_relation();
  BoundRelation cross_joined(BoundRelation left, BoundRelation right) const;

  // ---- other shapes of FROM (resolve_unnest.cpp, resolve_rotation.cpp, resolve_hierarchy.cpp, resolve_outer.cpp)
  /// The path into a relation of this block or of one around it that a table's name may be.
  std::optional<sql::Unnest> path_of(const sql::NamedTable& table, Span span, const Scope& scope) const;
  BoundRelation unnest(const sql::Unnest& unnest, Span span, Scope& scope);
  BoundRelation elements_of(BoundExpr value, sql::UnnestForm form) const;
  BoundRelation pivot(const sql::Pivot& pivot, Span span, Scope& scope);
  BoundRelation unpivot(const sql::Unpivot& unpivot, Span span, Scope& scope);
  BoundRelation rotation_input(const sql::TableRef& input, std::string_view what, Scope& scope);
  BoundRelation rotated(const sql::Select& select, BoundSelect bound, const std::optional<sql::Alias>& alias, Span span,
                        Scope& inner, Scope& scope);
  BoundRelation hierarchy(const sql::Select& select, BoundRelation from, Scope& scope);
  BoundCte hierarchy_levels(const sql::Select& select, const BoundCte& rows, Scope& scope);
  bool has_outer_marks(const sql::Expr& expr) const;
  void outer_joins(const sql::Select& select, BoundSelect& bound, Scope& scope);
  /// A condition of WHERE: the relations of its block that it reads, and the one that (+) marks, or -1.
  struct MarkedCondition {
    BoundExpr expr;
    std::set<RelationNo> relations;
    RelationNo marked = -1;
    size_t place = 0;
  };
  MarkedCondition marked_condition(const sql::Expr& text, const std::set<RelationNo>& numbers, Scope& scope);

  // ---- expressions (resolve_expression.cpp, resolve_column.cpp, resolve_predicate.cpp)
  BoundExpr expression(const sql::Expr& expr, Scope& scope);
  std::vector<BoundExpr> expressions(const std::vector<sql::Expr>& exprs, Scope& scope);
  /// An expression that must be boolean; `what` is "WHERE", "AND", …
  BoundExpr condition(const sql::Expr& expr, Scope& scope, std::string_view what);
  BoundExpr node(const sql::NullLiteral&, Span span, Scope& scope);
  BoundExpr node(const sql::BooleanLiteral& literal, Span span, Scope& scope);
  BoundExpr node(const sql::NumberLiteral& literal, Span span, Scope& scope);
  BoundExpr node(const sql::StringLiteral& literal, Span span, Scope& scope);
  BoundExpr node(const sql::TypedLiteral& literal, Span span, Scope& scope);
  BoundExpr node(const sql::Parameter& parameter, Span span, Scope& scope);
  BoundExpr node(const sql::ColumnRef& column, Span span, Scope& scope);
  BoundExpr node(const sql::Star& star, Span span, Scope& scope);
  BoundExpr node(const sql::Unary& unary, Span span, Scope& scope);
  BoundExpr node(const sql::Binary& binary, Span span, Scope& scope);
  BoundExpr node(const sql::Not& negation, Span span, Scope& scope);
  BoundExpr node(const sql::Logical& logical, Span span, Scope& scope);
  BoundExpr node(const sql::IsNull& test, Span span, Scope& scope);
  BoundExpr node(const sql::IsTruth& test, Span span, Scope& scope);
  BoundExpr node(const sql::Between& between, Span span, Scope& scope);
  BoundExpr node(const sql::InList& in, Span span, Scope& scope);
  BoundExpr node(const sql::InQuery& in, Span span, Scope& scope);
  BoundExpr node(const sql::Match& match, Span span, Scope& scope);
  BoundExpr node(const sql::Exists& exists, Span span, Scope& scope);
  BoundExpr node(const sql::Quantified& quantified, Span span, Scope& scope);
  BoundExpr node(const sql::ScalarQuery& scalar, Span span, Scope& scope);
  BoundExpr node(const sql::Row& row, Span span, Scope& scope);
  BoundExpr node(const sql::Case& expr, Span span, Scope& scope);
  BoundExpr node(const sql::Cast& cast, Span span, Scope& scope);
  BoundExpr node(const sql::AtTimeZone& zone, Span span, Scope& scope);
  BoundExpr node(const sql::Extract& extract, Span span, Scope& scope);
  BoundExpr node(const sql::Trim& trim, Span span, Scope& scope);
  BoundExpr node(const sql::Call& call, Span span, Scope& scope);
  BoundExpr node(const sql::Navigation& path, Span span, Scope& scope);
  BoundExpr node(const sql::Prior& prior, Span span, Scope& scope);

  BoundExpr column(const Scope& scope, const ScopeColumn& column, Span span);
  BoundExpr qualified_column(const sql::ColumnRef& ref, Span span, const Scope& scope);
  const BoundExpr* alias(const Scope& scope, const sql::Name& name, Span span) const;
  const BoundExpr* alias_in_where(Scope& scope, const sql::Name& name, Span span);
  const BoundExpr& item_in_where(Scope& scope, size_t index);
  [[noreturn]] void missing_column(const Scope& scope, const sql::Name& name, const ScopeRelation* relation) const;
  [[noreturn]] void missing_relation(const Scope& scope, const sql::ColumnRef& ref) const;

  BoundExpr row_comparison(const sql::Binary& binary, Span span, Scope& scope);
  BoundExpr compare_rows(sql::BinaryOp op, std::vector<BoundExpr> left, std::vector<BoundExpr> right, Span span);
  std::vector<BoundExpr> row_fields(const sql::Expr& expr, Scope& scope);
  // arrays of the catalog (resolve_vector.cpp)
  using Steps = std::vector<std::variant<sql::Attribute, Box<sql::Expr>>>;  // of a Navigation
  std::optional<BoundExpr> vector_comparison(const sql::Binary& binary, Span span, Scope& scope);
  std::optional<CatalogVector> vector_of(const BoundExpr& expr, const Scope& scope) const;
  std::optional<BoundExpr> vector_element(const BoundExpr& base, const Steps& steps, Span span, Scope& scope);
  std::optional<BoundExpr> vector_function(const sql::Call& call, const std::string& name, Span span, Scope& scope);
  BoundExpr in_rows(const sql::InList& in, Span span, Scope& scope);
  BoundExpr in_list(BoundExpr operand, std::vector<BoundExpr> list, Span span);
  /// Makes operands and the query's columns comparable.
  void match_columns(std::vector<BoundExpr>& operands, BoundQuery& query, std::string_view op, Span span);

  // ---- calls (resolve_call.cpp, resolve_window.cpp)
  BoundExpr operation(std::string_view op, std::vector<BoundExpr> operands, Span span);
  BoundExpr function(std::string_view name, std::vector<BoundExpr> arguments, Span span);
  // ---- collations (resolve_collation.cpp)
  /// True when one of the strings is case-insensitive: then all of them are compared so. Throws when columns differ.
  bool blend_collations(const std::vector<BoundExpr*>& exprs) const;
  bool blend_collations(std::vector<BoundExpr>& exprs) const;
  /// The same for an operand and the column of a query.
  void blend_collations(BoundExpr& expr, OutputColumn& column) const;
  /// The common type of two sides of a set operation, with their collation.
  Type blended(const Type& common, const Type& left, const Type& right, Span span) const;
  BoundExpr collate(std::vector<BoundExpr> arguments, Span span);

  BoundExpr session_value(const FunctionMatch& match, const std::vector<BoundExpr>& arguments, Span span);
  std::string set_config_value(const std::vector<BoundExpr>& arguments, Span span) const;
  void fit_constants(std::string_view op, std::vector<BoundExpr>& operands) const;
  bool fit_constant(BoundExpr& expr, const Type& type) const;
  FunctionMatch match(std::string_view name, std::vector<BoundExpr>& arguments, Span span);
  std::vector<BoundExpr> arguments(const sql::Call& call, std::string_view name, Scope& scope);
  BoundExpr date_part(const sql::Expr& expr, std::string_view function);
  BoundExpr aggregate(const sql::Call& call, const std::string& name, Span span, Scope& scope);
  BoundExpr window(const sql::Call& call, const std::string& name, Span span, Scope& scope);
  BoundExpr grouping(const sql::Call& call, Span span, Scope& scope);
  BoundExpr decode(const sql::Call& call, Span span, Scope& scope);
  // SUPER (resolve_super.cpp)
  BoundExpr constructor(const sql::Call& call, const std::string& name, Span span, Scope& scope);
  BoundExpr json_parse(std::vector<BoundExpr> arguments, Span span);
  /// A column and what stands behind it: attributes in the reference itself, then steps.
  BoundExpr column_path(const sql::ColumnRef& ref, const Steps& steps, Span span, Scope& scope);
  struct ColumnPath {
    BoundExpr column;
    size_t parts;  // of the reference, that name the column
  };
  std::optional<ColumnPath> find_path(const sql::ColumnRef& ref, Span span, const Scope& scope);
  BoundExpr navigate(BoundExpr base, const Steps& steps, Span span, Scope& scope);
  BoundExpr path_call(BoundExpr base, std::string path, Span span) const;
  std::string attribute_name(const sql::Attribute& attribute) const;

  // calls with grammars of their own (resolve_call_forms.cpp)
  BoundExpr try_cast(const sql::Call& call, Span span, Scope& scope);
  BoundExpr object_transform(const sql::Call& call, Span span, Scope& scope);
  // functions in FROM (resolve_function_table.cpp), rows of the catalog (resolve_catalog_rows.cpp)
  BoundRelation function_table(const sql::FunctionTable& table, Span span, Scope& scope);
  BoundRelation value_table(const sql::FunctionTable& table, Span span, Scope& scope);
  BoundRelation series_table(const sql::FunctionTable& table, Span span, Scope& scope);
  BoundRelation enter_call(const sql::FunctionTable& table, BoundQuery rows, Span span, Scope& scope);
  BoundSelect series_rows(const sql::Select& select, const sql::Call& call, Scope& scope);
  std::optional<BoundRelation> catalog_table(const sql::FunctionTable& table, Span span, Scope& scope);
  BoundQuery catalog_query(std::string_view text, const sql::Call& call);
  /// `select pg_get_cols('t')`, `select generate_series(1, 3)`: nothing when the block is no such one.
  std::optional<BoundSelect> catalog_records(const sql::Select& select, Scope& scope);

  std::optional<BoundExpr> system_function(const sql::Call& call, const std::string& name, Span span, Scope& scope);
  BoundExpr system_expression(std::string_view text, std::string name, const std::vector<BoundExpr>& arguments,
                              Span span, Scope& scope);
  BoundExpr regclass(const sql::Expr& operand, Span span, Scope& scope);
  BoundExpr regproc(const sql::Expr& operand, Span span) const;
  std::vector<BoundOrder> orders(const std::vector<sql::OrderItem>& items, Scope& scope);
  std::optional<BoundFrame> frame(const sql::Call& call, const std::string& name, Span span, Scope& scope);
  BoundFrameEdge frame_edge(const sql::FrameEdge& edge, Span span, Scope& scope);
  void note_function(const FunctionMatch& match, std::string_view name, Span span);

  // ---- conversions (resolve_conversion.cpp)
  /// The expression as a value of `type`, for sure: constants are read, the rest is cast. Throws 42846 and what
  /// constants throw.
  BoundExpr convert(BoundExpr expr, const Type& type, CastContext context);
  std::optional<BoundExpr> named_moment(std::string_view text, const Type& type, Span span);
  std::optional<BoundExpr> zoned_moment(std::string_view local, std::string_view zone, const Type& type, Span span);
  /// As convert, but strings that fit as they are stay as they are.
  BoundExpr as_argument(BoundExpr expr, const Type& type);
  /// Gives a type to what has none yet: literals become VARCHAR; a parameter is 42P18.
  BoundExpr settled(BoundExpr expr);
  /// The type as known so far: a parameter that got its type elsewhere has it.
  void refresh(BoundExpr& expr) const;
  std::vector<Type> types_of(std::vector<BoundExpr>& exprs) const;
  /// Converts all to their common type; 42804 when there is none.
  Type unify(std::vector<BoundExpr*> exprs, std::string_view what, Span span);
  BoundExpr assigned(BoundExpr expr, const ColumnDef& column);
  BoundExpr default_value(const ColumnDef& column);
  /// A deep copy, counted: nested BETWEEN and aliases of aliases must not grow without bound.
  BoundExpr copy(const BoundExpr& expr);

  BoundExpr make(BoundExpr::Node node, const Type& type, Span span) const;
  BoundExpr boolean_call(std::string_view function, std::vector<BoundExpr> arguments, Span span) const;
  BoundExpr negated(bool yes, BoundExpr expr) const;
  /// Positions mean nothing to the user inside a view's text.
  Span place(Span span) const { return hidden_ > 0 ? Span{} : span; }

  // ---- data statements
  BoundExpr value(const sql::ValueOrDefault& value, const ColumnDef& column, Scope& scope);
  std::vector<int32_t> target_columns(const Relation& relation, const std::vector<sql::Name>& names) const;
  std::vector<std::optional<BoundExpr>> defaults(const Relation& relation, const std::vector<int32_t>& targets);
  void insert_values(const sql::Values& values, const Relation& relation, bool listed, BoundInsert& bound);
  void insert_query(const sql::Query& query, const Relation& relation, bool listed, BoundInsert& bound, Span span);
  std::vector<BoundAssignment> assignments(const std::vector<sql::Assignment>& list, const Relation& relation,
                                           Scope& scope);
  void enter_target(const Relation& relation, RelationNo number, const std::optional<sql::Name>& alias, Span span,
                    Scope& scope);
  void merge_actions(const sql::Merge& merge, const Relation& relation, Scope& both, Scope& source, BoundMerge& bound);
  ColumnDef added_column(const Relation& table, const sql::ColumnDefinition& definition);
  ColumnDef column_definition(const sql::ColumnDefinition& definition);
  void add_like(const sql::LikeClause& like, Relation& table);
  std::string constraint_name(const sql::TableConstraint& constraint, const Relation& table) const;
  BoundConstraint constraint(const sql::TableConstraint& written, const Relation& table);
  void table_constraints(const std::vector<sql::TableConstraint>& written, BoundCreateTable& bound);
  void apply_attributes(const sql::TableAttributes& attributes, Relation& table);
  std::string canonical_view_text(const sql::Query& query, const std::vector<sql::Name>& names, Relation& view,
                                  BoundCreateView& bound);

  const Catalog& catalog_;
  const ResolveOptions& options_;
  BoundStatement result_;
  std::unordered_set<uint64_t> used_;
  std::vector<CommonTable> common_tables_;
  size_t first_common_table_ = 0;  // those before it belong to the text around this one
  int32_t next_cte_ = 0;
  RelationNo next_relation_ = 0;
  int32_t user_parameters_ = 0;
  int depth_ = 0;
  int hidden_ = 0;     // HiddenTexts that are open
  int own_depth_ = 0;  // so many of them are the statement's own words
  size_t copied_nodes_ = 0;
  ViewRecord* record_ = nullptr;
  const std::vector<BoundExpr>* hidden_arguments_ = nullptr;

  bool reads_user_table_ = false;
  struct Noted {
    std::string name;
    Span span;
  };
  std::optional<Noted> leader_only_, compute_only_, user_function_;
};

/// Stands while a text of the catalog's is resolved in place of its mention: a view, a default, a function's body. Such
/// a text sees none of the statement's CTEs, and its places mean nothing to the user.
class Resolver::HiddenText {
 public:
  /// `arguments`, which must outlive this, is what $1 … stand for; null when the text takes none.
  HiddenText(Resolver& resolver, const std::vector<BoundExpr>* arguments)
      : resolver_(resolver),
        arguments_(std::exchange(resolver.hidden_arguments_, arguments)),
        first_common_table_(std::exchange(resolver.first_common_table_, resolver.common_tables_.size())),
        record_(std::exchange(resolver.record_, nullptr)) {
    ++resolver.hidden_;
  }
  ~HiddenText() {
    --resolver_.hidden_;
    resolver_.record_ = record_;
    resolver_.first_common_table_ = first_common_table_;
    resolver_.hidden_arguments_ = arguments_;
  }
  HiddenText(const HiddenText&) = delete;
  HiddenText& operator=(const HiddenText&) = delete;

 private:
  Resolver& resolver_;
  const std::vector<BoundExpr>* arguments_;
  size_t first_common_table_;
  ViewRecord* record_;
};

}  // namespace garland::semantics
