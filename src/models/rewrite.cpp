#include "models/rewrite.h"

namespace garland::models {
namespace {

class Rewriter {
 public:
  explicit Rewriter(const std::function<ModelName(const ModelName&)>& standing) : standing_(standing) {}

  void query(sql::Query& query) {
    for (sql::Cte& cte : query.with) this->query(*cte.query);
    body(query.body);
    orders(query.order_by);
    optional(query.limit);
    optional(query.offset);
  }

 private:
  void body(sql::QueryBody& body) {
    std::visit(overloaded{[&](sql::Select& node) { select(node); },
                          [&](sql::SetOperation& node) { this->body(*node.left), this->body(*node.right); },
                          [&](Box<sql::Query>& node) { query(*node); }},
               body.node);
  }

  void select(sql::Select& select) {
    if (select.top) expr(**select.top);
    for (sql::SelectItem& item : select.items) expr(item.expr);
    for (sql::TableRef& table : select.from) relation(table);
    optional(select.where);
    optional(select.start_with);
    optional(select.connect_by);
    for (sql::GroupItem& item : select.group_by) {
      std::visit(overloaded{[&](sql::Expr& node) { expr(node); },
                            [&](sql::GroupingSets& node) {
                              for (auto& set : node.sets) all(set);
                            }},
                 item);
    }
    optional(select.having);
    optional(select.qualify);
  }

  void relation(sql::TableRef& table) {
    std::visit(
        overloaded{[&](sql::NamedTable& node) { named(node); }, [&](sql::DerivedTable& node) { query(*node.query); },
                   [&](sql::FunctionTable& node) { call(node.call); },
                   [&](sql::Join& node) { relation(*node.left), relation(*node.right), optional(node.on); },
                   [&](sql::Unnest& node) { expr(node.value); },
                   [&](sql::Pivot& node) {
                     relation(*node.input), expr(node.aggregate);
                     for (sql::PivotValue& value : node.values) expr(value.value);
                   },
                   [&](sql::Unpivot& node) { relation(*node.input); }},
        table.node);
  }

  void named(sql::NamedTable& table) {
    if (table.name.parts.size() != 2) return;
    sql::Name& schema = table.name.parts[0];
    sql::Name& name = table.name.parts[1];
    ModelName now = standing_({schema.text, name.text});
    if (now.schema == schema.text && now.name == name.text) return;
    if (!table.alias) table.alias = sql::Alias{{name.text, {}}, {}, std::nullopt};
    schema.text = now.schema;
    name.text = now.name;
  }

  void qualifier(std::vector<sql::Name>& parts, size_t wanted) {
    if (parts.size() != wanted) return;
    ModelName now = standing_({parts[0].text, parts[1].text});
    if (now.schema != parts[0].text || now.name != parts[1].text) parts.erase(parts.begin());
  }

  void all(std::vector<sql::Expr>& list) {
    for (sql::Expr& item : list) expr(item);
  }
  void orders(std::vector<sql::OrderItem>& list) {
    for (sql::OrderItem& item : list) expr(item.expr);
  }
  void optional(std::optional<sql::Expr>& node) {
    if (node) expr(*node);
  }
  void optional(std::optional<Box<sql::Expr>>& node) {
    if (node) expr(**node);
  }

  void call(sql::Call& call) {
    all(call.arguments);
    orders(call.within_group);
    if (!call.over) return;
    auto& over = **call.over;
    all(over.partition_by);
    orders(over.order_by);
    if (!over.frame) return;
    optional(over.frame->start.offset);
    if (over.frame->end) optional(over.frame->end->offset);
  }

  void expr(sql::Expr& node) {
    std::visit([&](auto& part) { visit(part); }, node.node);
  }
  template <class Leaf>
  void visit(Leaf&) {
    static_assert(std::is_same_v<Leaf, sql::NullLiteral> || std::is_same_v<Leaf, sql::BooleanLiteral> ||
                  std::is_same_v<Leaf, sql::NumberLiteral> || std::is_same_v<Leaf, sql::StringLiteral> ||
                  std::is_same_v<Leaf, sql::TypedLiteral> || std::is_same_v<Leaf, sql::Parameter>);
  }
  void visit(sql::ColumnRef& node) { qualifier(node.parts, 3); }
  void visit(sql::Navigation& node) {
    expr(*node.base);
    for (auto& step : node.steps) {
      if (auto* index = std::get_if<Box<sql::Expr>>(&step)) expr(**index);
    }
  }
  void visit(sql::Prior& node) { expr(*node.operand); }
  void visit(sql::Star& node) { qualifier(node.qualifier, 2); }
  void visit(sql::Unary& node) { expr(*node.operand); }
  void visit(sql::Binary& node) { expr(*node.left), expr(*node.right); }
  void visit(sql::Not& node) { expr(*node.operand); }
  void visit(sql::Logical& node) { all(node.operands); }
  void visit(sql::IsNull& node) { expr(*node.operand); }
  void visit(sql::IsTruth& node) { expr(*node.operand); }
  void visit(sql::Between& node) { expr(*node.operand), expr(*node.low), expr(*node.high); }
  void visit(sql::InList& node) { expr(*node.operand), all(node.list); }
  void visit(sql::InQuery& node) { expr(*node.operand), query(*node.query); }
  void visit(sql::Match& node) { expr(*node.operand), expr(*node.pattern), optional(node.escape); }
  void visit(sql::Exists& node) { query(*node.query); }
  void visit(sql::Quantified& node) { expr(*node.operand), query(*node.query); }
  void visit(sql::ScalarQuery& node) { query(*node.query); }
  void visit(sql::Row& node) { all(node.fields); }
  void visit(sql::Case& node) {
    optional(node.operand);
    for (sql::WhenClause& when : node.whens) expr(when.condition), expr(when.result);
    optional(node.otherwise);
  }
  void visit(sql::Cast& node) { expr(*node.operand); }
  void visit(sql::AtTimeZone& node) { expr(*node.operand), expr(*node.zone); }
  void visit(sql::Extract& node) { expr(*node.operand); }
  void visit(sql::Trim& node) { optional(node.characters), expr(*node.operand); }
  void visit(sql::Call& node) { call(node); }

  const std::function<ModelName(const ModelName&)>& standing_;
};

}  // namespace

void rewrite_relations(sql::Statement& statement, const std::function<ModelName(const ModelName&)>& standing) {
  Rewriter rewriter(standing);
  std::visit(
      overloaded{[&](sql::Query& node) { rewriter.query(node); },
                 [&](sql::CreateView& node) { rewriter.query(*node.query); },
                 [&](sql::CreateTableAs& node) { rewriter.query(*node.query); },
                 [](auto&) { throw Error(kInternalError, "only queries, views and CREATE TABLE AS are rewritten"); }},
      statement.node);
}

}  // namespace garland::models
