// The one printer behind printer.h: appends text for one node a function, spread over print_*.cpp by family. Internal
// to sql/.
//
// Parentheses: a node is written bare where its own binding power exceeds what its place asks for. The powers are those
// of parse_expression.cpp, rounded to the safe side, so that whatever stands in a tree is read back as that tree.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sql/ast/statement.h"
#include "sql/copy_options.h"

namespace garland::sql {

/// How tightly an expression's outermost operator binds; a larger one needs no parentheses inside a smaller one.
enum class Binding : int {
  kOr = 1,
  kAnd,
  kNot,  // also NOT LIKE, NOT IN, NOT BETWEEN
  kEqual,
  kLess,
  kMatch,
  kBetween,
  kIn,
  kOther,  // <=, ||, ~ and their like
  kIs,
  kAdd,
  kMultiply,
  kPower,
  kZone,
  kSign,
  kPrimary,
};

class Writer {
 public:
  void statement(const Statement& statement);
  void query(const Query& query);
  void expression(const Expr& expr);
  void qualified_name(const QualifiedName& name);
  void identifier(std::string_view name);
  void literal(std::string_view value);
  std::string take() { return std::move(text_); }

 private:
  void write(std::string_view text) { text_ += text; }
  template <class List, class F>
  void list(const List& items, F&& item) {
    bool first = true;
    for (const auto& each : items) {
      if (!first) write(", ");
      first = false;
      item(each);
    }
  }
  template <class List, class F>
  void parenthesised_list(const List& items, F&& item) {
    write("(");
    list(items, item);
    write(")");
  }
  void names(const std::vector<Name>& names);
  void optional_names(const std::vector<Name>& names);
  void type(const TypeName& type);
  void integer(int64_t value) { text_ += std::to_string(value); }

  // ---- expressions (print_expression.cpp)
  /// In parentheses unless it binds at least as `least` asks.
  void operand(const Expr& expr, Binding least);
  void expressions(const std::vector<Expr>& list);
  void query_in_parentheses(const Query& query);
  void node(const TypedLiteral& literal);
  void node(const Star& star);
  void node(const Unary& unary);
  void node(const Binary& binary);
  void node(const Logical& logical);
  void node(const IsNull& is_null);
  void node(const IsTruth& is_truth);
  void node(const Between& between);
  void node(const InList& in);
  void node(const InQuery& in);
  void node(const Match& match);
  void node(const Quantified& quantified);
  void node(const Case& c);
  void node(const Cast& cast);
  void node(const AtTimeZone& at);
  void node(const Extract& extract);
  void node(const Trim& trim);
  void node(const Call& call);
  void node(const NullLiteral&) { write("null"); }
  void node(const BooleanLiteral& value) { write(value.value ? "true" : "false"); }
  void node(const NumberLiteral& number) { write(number.text); }
  void node(const StringLiteral& string) { literal(string.value); }
  void node(const Parameter& parameter);
  void node(const ColumnRef& column);
  void node(const Navigation& path);
  void node(const Prior& prior);
  void attribute(const Attribute& attribute);
  void path(const std::vector<Name>& parts, const std::vector<Attribute>& written);
  void node(const Not& negation);
  void node(const Exists& exists);
  void node(const ScalarQuery& scalar) { query_in_parentheses(*scalar.query); }
  void node(const Row& row);
  enum class CallPlace { kExpression, kFrom };
  void call(const Call& call, CallPlace place);
  bool special_call(const Call& call);
  void function_name(const Call& call, CallPlace place);
  void window(const WindowSpec& window);
  void frame_edge(const FrameEdge& edge);
  void order_by(const std::vector<OrderItem>& items);

  // ---- queries (print_query.cpp)
  void with(const std::vector<Cte>& with, bool recursive);
  void body(const QueryBody& body);
  void body_operand(const QueryBody& body, int least_power);
  void select(const Select& select);
  void group_by(const Select& select);
  void grouping_sets(const GroupingSets& sets);
  void grouping_set(const std::vector<Expr>& set, GroupingKind kind);
  void tables(const std::vector<TableRef>& tables);
  void table(const TableRef& table);
  void join(const Join& join);
  void join_operand(const TableRef& table);
  void alias(const std::optional<Alias>& alias);
  void optional_alias(const std::optional<Name>& alias);
  void unnest(const Unnest& unnest);
  void pivot(const Pivot& pivot);
  void unpivot(const Unpivot& unpivot);
  void rotated(const TableRef& input);

  // ---- statements (print_ddl.cpp, print_statement.cpp)
  void node(const CreateTable& create);
  void node(const CreateTableAs& create);
  void node(const CreateView& create);
  void node(const CreateSchema& create);
  void node(const Drop& drop);
  void node(const AlterTable& alter);
  void node(const Truncate& truncate);
  void column(const ColumnDefinition& column);
  void encoding(const std::string& encode);
  void constraint(const TableConstraint& constraint);
  void reference(const Reference& reference);
  void attributes(const TableAttributes& attributes);
  void key_columns(const TableAttributes& attributes, const std::vector<Name>& columns);

  // ---- access (print_access.cpp, print_grant.cpp)
  void node(const CreateUser& create);
  void node(const AlterUser& alter);
  void node(const CreateGroup& create);
  void node(const AlterGroup& alter);
  void node(const CreateRole& create);
  void node(const AlterRole& alter);
  void node(const DropPrincipals& drop);
  void node(const SetSessionAuthorization& set);
  void node(const Grant& grant);
  void node(const AlterDefaultPrivileges& alter);
  void node(const CreatePolicy& create);
  void node(const AlterPolicy& alter);
  void node(const DropPolicy& drop);
  void node(const AttachPolicy& attach);
  void node(const RowLevelSecurity& security);
  void node(const ShowObjects& show);
  void name_list(const std::vector<Name>& names);
  void user_option(const UserOption& option);
  void user_setting(const UserSetting& setting);
  void privileges(const Grant& grant);
  void granted_objects(const Grant& grant);
  void relations(const std::vector<QualifiedName>& names);
  void routine(const RoutineName& routine);
  void argument_types(const std::vector<TypeName>& types);
  void grantee(const Grantee& grantee);
  void policy_words(PolicyKind kind) { write(kind == PolicyKind::kMasking ? "masking policy " : "rls policy "); }
  void show_name(const ShowObjects& show);

  void node(const Query& query) { this->query(query); }
  void node(const Insert& insert);
  void node(const Update& update);
  void node(const Delete& del);
  void node(const Merge& merge);
  void node(const Copy& copy);
  void node(const Unload& unload);
  void node(const Begin& begin);
  void node(const Commit&) { write("commit"); }
  void node(const Rollback&) { write("rollback"); }
  void node(const Set& set);
  void node(const Reset& reset);
  void node(const Show& show);
  void value(const ValueOrDefault& value);
  void value_row(const std::vector<ValueOrDefault>& row);
  void assignments(const std::vector<Assignment>& assignments);
  void setting_name(std::string_view name);
  void copy_option(const CopyOption& option, CopyVerb verb);

  // ---- changes of definitions (print_alter.cpp)
  void action(const RenameTable& rename);
  void action(const RenameColumn& rename);
  void action(const AddColumn& add);
  void action(const DropColumn& drop);
  void action(const ChangeOwner& change);
  void action(const ChangeColumnType& change);
  void action(const ChangeEncodings& change);
  void action(const ChangeLayout& layout);
  void action(const AddConstraint& add);
  void action(const DropConstraint& drop);
  void action(const AppendFrom& append);
  void action(const ChangeAutoRefresh& change);
  void action(const RenameObject& rename);
  void action(const Quota& limit) { quota(limit); }
  void action(const DatabaseOptions& options);
  void quota(const Quota& quota);
  void dist_style(DistStyle style);
  void types(const std::vector<TypeName>& types);
  void signature(const FunctionSignature& function);
  void node(const AlterSchema& alter);
  void node(const CreateDatabase& create);
  void node(const AlterDatabase& alter);
  void node(const CommentOn& comment);
  void node(const CreateMaterializedView& create);
  void node(const RefreshMaterializedView& refresh);
  void node(const CreateFunction& create);
  void node(const DropFunction& drop);
  void node(const AlterFunction& alter);

  // ---- sessions and upkeep (print_session.cpp)
  void transaction_modes(const TransactionModes& modes);
  void node(const SetTransaction& set);
  void node(const Prepare& prepare);
  void node(const Execute& execute);
  void node(const Deallocate& deallocate);
  void node(const DeclareCursor& declare);
  void node(const Fetch& fetch);
  void node(const CloseCursor& close);
  void node(const Explain& explain);
  void node(const Analyze& analyze);
  void node(const AnalyzeCompression& analyze);
  void node(const Vacuum& vacuum);
  void node(const Lock& lock);
  void name_or_all(const std::optional<Name>& name);

  std::string text_;
};

}  // namespace garland::sql
