// The one parser behind parser.h: a cursor over the tokens and one member function a grammar rule, spread over
// parse_*.cpp by family of statement. Internal to sql/.
//
// Two counters keep recursion within kMaxNesting: `depth_`, the rules now open, and `height_`, the height of the tree
// that the open rule has built so far (`1 + 1 + … + 1` recurses nowhere here, yet its tree is as high as it is long).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "sql/ast/statement.h"
#include "sql/copy_options.h"
#include "sql/lexer.h"
#include "sql/parser.h"

namespace garland::sql {

class Parser {
 public:
  /// Checks the text's size, encoding and tokens.
  explicit Parser(std::string_view text, QuotedNames names = QuotedNames::kFold);

  Statement whole_statement();
  Query whole_query();
  Expr whole_expression();

 private:
  /// Open while a rule that may nest runs.
  class Level {
   public:
    explicit Level(Parser& parser);
    ~Level();
    Level(const Level&) = delete;
    Level& operator=(const Level&) = delete;

   private:
    Parser& parser_;
    int outer_height_;
  };
  /// One more node above all that the open level has read.
  void grow();
  /// Whether operators stand out that would be ambiguous where an expression is followed by AND or IN or a column's
  /// attributes (PostgreSQL's b_expr): no AND, OR, NOT, IS, LIKE, BETWEEN or IN outside parentheses.
  enum class Reach { kFull, kRestricted };

  // ---- cursor (parse_cursor.cpp)
  const Token& peek(size_t ahead = 0) const {
    return tokens_[at_ + ahead < tokens_.size() ? at_ + ahead : tokens_.size() - 1];
  }
  const Token& take() { return at_ + 1 < tokens_.size() ? tokens_[at_++] : tokens_[at_]; }
  bool at(Keyword keyword, size_t ahead = 0) const { return peek(ahead).keyword == keyword; }
  bool at(Symbol symbol, size_t ahead = 0) const { return peek(ahead).symbol == symbol; }
  bool at(TokenKind kind, size_t ahead = 0) const { return peek(ahead).kind == kind; }
  bool at_string(size_t ahead = 0) const;
  /// A word, in any case of letters, that is not in the table of keywords.
  bool at_word(std::string_view lower_case, size_t ahead = 0) const;
  template <class T>
  bool accept(T what) {
    if (!at(what)) return false;
    take();
    return true;
  }
  template <class T>
  const Token& expect(T what) {
    if (!at(what)) fail();
    return take();
  }
  bool accept_word(std::string_view lower_case);
  std::string_view text(const Token& token) const { return text_.substr(token.begin, token.end - token.begin); }
  std::string lower_text(const Token& token) const;
  std::string upper_text(const Token& token) const;
  uint32_t begin() const { return peek().begin; }
  Span since(uint32_t begin) const { return {begin, at_ == 0 ? begin : tokens_[at_ - 1].end}; }
  /// 42601 at the next token.
  [[noreturn]] void fail() const { fail(peek()); }
  [[noreturn]] void fail(const Token& token) const;
  /// 0A000: what Garland does not do yet, and what Redshift does not have.
  [[noreturn]] void not_yet(std::string_view what, const Token& token) const;
  [[noreturn]] void not_in_redshift(std::string_view what, const Token& token) const;
  void expect_end();

  // ---- names and types (parse_cursor.cpp, parse_type.cpp)
  bool at_name(size_t ahead = 0) const;
  Name name();
  /// Any word, also a reserved one: after AS or a dot.
  Name label();
  std::vector<Name> names_in_parentheses();
  QualifiedName qualified_name();
  QualifiedName table_name(std::vector<Attribute>* written = nullptr);
  bool at_table_name() const;
  std::string text_of_string();
  TypeName type();
  void type_words(TypeName& type);
  void type_modifiers(TypeName& type);
  void time_zone_words(TypeName& type);
  void interval_qualifier(TypeName& type);
  bool at_interval_field(size_t ahead = 0) const;
  size_t behind_type(size_t ahead) const;
  int64_t signed_integer();
  int32_t unsigned_integer();

  // ---- expressions (parse_expression.cpp)
  struct Infix;
  Expr expression() { return expression(Reach::kFull); }
  Expr expression(Reach reach);
  Expr operation(int least_power);
  Infix infix() const;
  Infix symbol_infix() const;
  Infix word_infix() const;
  Expr infix_operation(Box<Expr> left, const Infix& infix);
  Expr binary_operation(Box<Expr> left, const Infix& infix);
  Expr regex_operation(Box<Expr> left, const Infix& infix);
  Expr unary_operation(UnaryOp op, int power);
  Expr not_operation();
  Expr prior_operation();
  Expr prefix_operation();
  Expr logical(Box<Expr> left, LogicalOp op, int power);
  Expr at_time_zone(Box<Expr> left);
  Expr cast_operation(Box<Expr> left);
  Expr comparison(Box<Expr> left, const Infix& infix);
  Expr array_comparison(Box<Expr> left, BinaryOp op, Quantifier quantifier);
  Expr between(Box<Expr> left, bool negated);
  Expr predicate(Box<Expr> left, Keyword keyword, bool negated);
  Expr is_predicate(Box<Expr> left);
  Expr match(Box<Expr> left, MatchKind kind, bool negated);
  Expr in_predicate(Box<Expr> left, bool negated);
  std::vector<Expr> expressions();

  // ---- primaries (parse_primary.cpp)
  Expr primary();
  Expr primary_node();
  Expr number();
  Expr niladic();
  Expr keyword_call();
  Expr word_primary();
  Expr reserved_primary();
  bool at_typed_literal() const;
  Expr typed_literal();
  Expr interval_literal();
  Expr parenthesised();
  Expr case_expression();
  Expr cast();
  Expr convert();
  Expr extract();
  Expr trim();
  Expr position();
  Expr exists();
  Expr parameter();
  Expr name_or_call();
  /// A word or quoted name as written.
  Attribute attribute(const Token& token) const;
  Attribute attribute() const { return attribute(peek()); }
  std::vector<Attribute> written_names(const std::vector<Name>& parts, size_t first) const;
  Expr navigation(Expr base);
  Expr column_reference(std::vector<Name> parts, std::vector<Attribute> written, uint32_t begin);
  Expr wrap(Expr::Node node, uint32_t begin) const { return Expr{std::move(node), since(begin)}; }

  // ---- calls (parse_call.cpp)
  Expr call(QualifiedName function, uint32_t begin);
  void call_arguments(Call& call);
  void substring_arguments(Call& call);
  bool special_arguments(Call& call);  // parse_call_forms.cpp, and the next two
  void try_cast_arguments(Call& call);
  void transform_arguments(Call& call);
  bool null_treatment(Call& call);
  void call_suffixes(Call& call);
  WindowSpec window();
  Frame frame();
  FrameEdge frame_edge();
  std::vector<OrderItem> order_by();

  // ---- queries (parse_query.cpp, parse_from.cpp)
  bool at_query(size_t ahead = 0) const;
  /// A query, perhaps in further parentheses.
  bool at_nested_query(size_t ahead) const;
  // These fill what they are given, or live on the heap: a Query on the stack of each nested rule would cost kilobytes
  // a level.
  void query(Query& into);
  Box<Query> boxed_query();
  Box<Query> query_in_parentheses();
  /// Goes on behind a parenthesised query that was read as an expression or a table: set operations, ORDER BY, LIMIT.
  void continue_query(Box<Query>& first, Span span);
  void finish_query(Query& query, uint32_t start);
  bool at_query_continuation() const;
  void with_clause(std::vector<Cte>& with, bool& recursive);
  void set_operations(QueryBody& left, int least_power);
  void query_operand(QueryBody& into);
  void select(Select& into);
  Box<IntoTable> into_table();
  void select_quantifiers(Select& select);
  SelectItem select_item();
  Expr vector_item();
  std::optional<Expr> star();
  std::vector<GroupItem> group_by();
  GroupItem group_item();
  GroupingSets grouping_sets(GroupingKind kind);
  void nested_grouping_sets(GroupingSets& into);
  void order_and_limit(Query& query);
  std::vector<TableRef> from_list();
  TableRef table_ref();
  TableRef table_primary();
  TableRef table_in_parentheses();
  TableRef named_table();
  std::optional<Alias> table_alias();
  std::optional<Alias> function_alias();
  TableRef unnest_function();
  TableRef unpivoted_object();
  TableRef path_table(QualifiedName name, std::vector<Attribute> written, uint32_t begin);
  TableRef pivot(TableRef input);
  TableRef unpivot(TableRef input);
  bool at_hierarchy(size_t ahead = 0) const;
  void hierarchy(Select& select);
  bool at_join() const;
  TableRef joins(TableRef left);
  TableRef join(TableRef left);

  // ---- statements (parse_statement.cpp, parse_ddl.cpp, parse_dml.cpp, parse_copy.cpp, parse_transaction.cpp)
  Statement::Node statement();
  void refuse_statement() const;
  Statement::Node create();
  Statement::Node create_table(bool temporary);
  Statement::Node create_table_as(CreateTable table);
  void table_elements(CreateTable& table);
  bool at_column_list() const;
  std::optional<TableConstraint> table_constraint();
  Reference reference();
  ColumnDefinition column_definition();
  bool column_attribute(ColumnDefinition& column);
  bool column_constraint(ColumnDefinition& column);
  void default_or_identity(ColumnDefinition& column);
  Identity identity(bool by_default);
  std::string encoding();
  void table_attributes(TableAttributes& attributes);
  bool table_attribute(TableAttributes& attributes);
  std::vector<Name> key_columns(TableAttributes& attributes);
  DistStyle dist_style();
  Statement::Node create_view(bool or_replace);
  Statement::Node create_schema();
  Statement::Node drop();
  Statement::Node alter();
  Statement::Node truncate();

  // ---- ALTER TABLE (parse_alter_table.cpp)
  AlterTable alter_table(QualifiedName table, bool materialized_view);
  decltype(AlterTable::action) rename_action();
  decltype(AlterTable::action) add_action();
  decltype(AlterTable::action) drop_action();
  decltype(AlterTable::action) alter_action();
  ChangeEncodings encodings(Name first);
  void layout_clause(ChangeLayout& layout);
  void sort_key_clause(ChangeLayout& layout);
  void refuse_external(std::string_view action) const;

  // ---- schemas, databases, comments, materialized views, functions (parse_objects.cpp)
  Quota quota();
  Statement::Node create_database();
  bool database_option(DatabaseOptions& options);
  int32_t connection_limit();
  Statement::Node alter_schema();
  Statement::Node alter_database();
  CommentOn comment();
  Statement::Node create_materialized_view();
  Statement::Node refresh_materialized_view();
  Statement::Node create_function(bool or_replace);
  bool function_clause(CreateFunction& function, bool& has_body, bool& has_language);
  std::vector<TypeName> function_arguments();
  FunctionSignature function_signature();
  Statement::Node drop_function();
  Statement::Node alter_function();
  bool if_exists();
  bool if_not_exists();
  bool cascade();

  Statement::Node with_statement();
  Insert insert();
  Values values();
  ValueOrDefault value_or_default();
  std::vector<ValueOrDefault> value_row();
  Update update();
  Delete delete_statement();
  Merge merge();
  MergeInsert merge_insert();
  std::vector<Assignment> assignments();
  void refuse_returning() const;
  std::optional<Name> target_alias();

  // ---- access (parse_user.cpp, parse_grant.cpp, parse_policy.cpp, parse_show.cpp)
  std::optional<Statement::Node> access_statement();
  std::optional<Statement::Node> access_definition();
  Name principal_name();
  std::vector<Name> principal_names();
  std::string secret_string();
  std::string string_or_name();
  bool user_flag(UserOption& option);
  bool user_option(UserOption& option);
  std::vector<UserOption> user_options();
  void end_of_user_statement() const;
  CreateUser create_user();
  AlterUser alter_user();
  CreateGroup create_group();
  AlterGroup alter_group();
  CreateRole create_role();
  AlterRole alter_role();
  DropPrincipals drop_principals();
  bool at_session_authorization() const;
  SetSessionAuthorization set_session_authorization();
  bool at_privileges_end() const;
  Privilege privilege();
  Grant grant();
  Grant grant_of_roles(Grant result);
  Grant grant_assumerole(Grant result);
  void granted_objects(Grant& grant);
  void granted_names(Grant& grant);
  void granted_routines(Grant& grant);
  std::vector<TypeName> routine_arguments();
  void granted_scope(Grant& grant);
  void grantees(Grant& grant);
  Grantee grantee();
  AlterDefaultPrivileges alter_default_privileges();
  PolicyKind policy_words();
  Statement::Node policy_definition();
  CreatePolicy create_policy(PolicyKind kind);
  std::vector<Expr> policy_expressions(PolicyKind kind);
  AttachPolicy attach_policy();
  RowLevelSecurity row_level_security(QualifiedName table);
  bool at_show_objects() const;
  ShowObjects show_objects();
  void show_from(ShowObjects& show, ShowKind kind, std::string_view object);
  void show_databases(ShowObjects& show);
  void show_constraints(ShowObjects& show);
  void show_grants(ShowObjects& show);
  void show_one(ShowObjects& show, std::string_view word);

  Copy copy();
  Unload unload();
  void partition_by(Unload& unload);
  CopyOption copy_option(CopyVerb verb);
  void copy_arguments(CopyOption& option, const CopyOptionRule& rule);
  [[noreturn]] void fail_option() const;

  Begin begin_statement();
  void end_of_transaction();
  TransactionModes transaction_modes();
  std::string isolation_level();
  std::optional<SetTransaction> set_transaction();
  Statement::Node set();
  std::vector<std::string> setting_values();
  std::string setting_value();
  std::string setting_name();
  Statement::Node reset_or_show();

  // ---- sessions and upkeep (parse_session.cpp)
  Statement::Node session_statement();
  Prepare prepare();
  Execute execute();
  DeclareCursor declare_cursor();
  Fetch fetch();
  Explain explain();
  Box<Statement> inner_statement();
  Statement::Node analyze();
  Vacuum vacuum();
  Lock lock();

  std::string_view text_;
  QuotedNames quoted_names_;
  std::vector<Token> tokens_;
  size_t at_ = 0;
  int depth_ = 0;
  int height_ = 0;
  Reach reach_ = Reach::kFull;
  bool in_connect_by_ = false;  // PRIOR is an operator
};

}  // namespace garland::sql
