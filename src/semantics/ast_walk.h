// A pass over a syntax tree: calls `visit` for every Expr, Query, Select and TableRef of a statement or query, outer
// ones first. `visit` is called with (const) references; an overload set with a catch-all picks what it wants. Works on
// const and on mutable trees.
//
// A visitor that has `bool enters(const Query&)` is asked before a query is walked: references.cpp follows CTE names
// with it.
#pragma once

#include "sql/ast/statement.h"

namespace garland::semantics {

namespace walking {

template <class Visit>
class Walker {
 public:
  explicit Walker(Visit& visit) : visit_(visit) {}

  void expr(auto& expr) {
    visit_(expr);
    std::visit([&](auto& node) { this->parts(node); }, expr.node);
  }
  void query(auto& query) {
    if constexpr (requires { visit_.enters(query); }) {
      if (!visit_.enters(query)) return;
    }
    visit_(query);
    for (auto& cte : query.with) this->query(*cte.query);
    body(query.body);
    orders(query.order_by);
    optional(query.limit);
    optional(query.offset);
  }
  void table_ref(auto& ref) {
    visit_(ref);
    std::visit([&](auto& node) { this->relation(node); }, ref.node);
  }
  void table_refs(auto& refs) {
    for (auto& ref : refs) table_ref(ref);
  }
  void optional(auto& expr) {
    if (expr) this->expr(*expr);
  }
  void boxed(auto& expr) {
    if (expr) this->expr(**expr);
  }
  void exprs(auto& exprs) {
    for (auto& expr : exprs) this->expr(expr);
  }
  void orders(auto& orders) {
    for (auto& order : orders) expr(order.expr);
  }
  void value(auto& value) {
    if (auto* expr = std::get_if<sql::Expr>(&value)) this->expr(*expr);
  }
  void body(auto& body) {
    std::visit([&](auto& node) { this->part(node); }, body.node);
  }

 private:
  template <class T, class U>
  static constexpr bool kIs = std::is_same_v<std::remove_const_t<T>, U>;

  template <class Node>
  void part(Node& node) {  // of a query's body
    if constexpr (kIs<Node, sql::Select>) {
      select(node);
    } else if constexpr (kIs<Node, sql::SetOperation>) {
      body(*node.left);
      body(*node.right);
    } else {
      query(*node);
    }
  }
  void select(auto& select) {
    visit_(select);
    boxed(select.top);
    for (auto& item : select.items) expr(item.expr);
    table_refs(select.from);
    optional(select.where);
    optional(select.start_with);
    optional(select.connect_by);
    for (auto& item : select.group_by) {
      if (auto* single = std::get_if<sql::Expr>(&item)) {
        expr(*single);
      } else {
        for (auto& set : std::get<sql::GroupingSets>(item).sets) exprs(set);
      }
    }
    optional(select.having);
    optional(select.qualify);
  }
  template <class Node>
  void relation(Node& node) {
    if constexpr (kIs<Node, sql::DerivedTable>) {
      query(*node.query);
    } else if constexpr (kIs<Node, sql::FunctionTable>) {
      call(node.call);
    } else if constexpr (kIs<Node, sql::Join>) {
      table_ref(*node.left);
      table_ref(*node.right);
      optional(node.on);
    } else if constexpr (kIs<Node, sql::Unnest>) {
      expr(node.value);
    } else if constexpr (kIs<Node, sql::Pivot>) {
      table_ref(*node.input);
      expr(node.aggregate);
      for (auto& value : node.values) expr(value.value);
    } else if constexpr (kIs<Node, sql::Unpivot>) {
      table_ref(*node.input);
    }
  }
  void call(auto& call) {
    exprs(call.arguments);
    orders(call.within_group);
    if (!call.over) return;
    auto& over = **call.over;
    exprs(over.partition_by);
    orders(over.order_by);
    if (!over.frame) return;
    boxed(over.frame->start.offset);
    if (over.frame->end) boxed(over.frame->end->offset);
  }

  template <class Node>
  void parts(Node& node) {
    if constexpr (kIs<Node, sql::Unary> || kIs<Node, sql::Not> || kIs<Node, sql::Prior> || kIs<Node, sql::IsNull> ||
                  kIs<Node, sql::IsTruth> || kIs<Node, sql::Cast> || kIs<Node, sql::Extract>) {
      expr(*node.operand);
    } else if constexpr (kIs<Node, sql::Binary>) {
      expr(*node.left);
      expr(*node.right);
    } else if constexpr (kIs<Node, sql::Logical>) {
      exprs(node.operands);
    } else if constexpr (kIs<Node, sql::Between>) {
      expr(*node.operand);
      expr(*node.low);
      expr(*node.high);
    } else if constexpr (kIs<Node, sql::InList>) {
      expr(*node.operand);
      exprs(node.list);
    } else if constexpr (kIs<Node, sql::InQuery> || kIs<Node, sql::Quantified>) {
      expr(*node.operand);
      query(*node.query);
    } else if constexpr (kIs<Node, sql::Exists> || kIs<Node, sql::ScalarQuery>) {
      query(*node.query);
    } else {
      composed(node);
    }
  }
  template <class Node>
  void composed(Node& node) {
    if constexpr (kIs<Node, sql::Navigation>) {
      expr(*node.base);
      for (auto& step : node.steps) {
        if (auto* index = std::get_if<Box<sql::Expr>>(&step)) this->expr(**index);
      }
    } else if constexpr (kIs<Node, sql::Match>) {
      expr(*node.operand);
      expr(*node.pattern);
      boxed(node.escape);
    } else if constexpr (kIs<Node, sql::Row>) {
      exprs(node.fields);
    } else if constexpr (kIs<Node, sql::Case>) {
      boxed(node.operand);
      for (auto& when : node.whens) {
        expr(when.condition);
        expr(when.result);
      }
      boxed(node.otherwise);
    } else if constexpr (kIs<Node, sql::AtTimeZone>) {
      expr(*node.operand);
      expr(*node.zone);
    } else if constexpr (kIs<Node, sql::Trim>) {
      boxed(node.characters);
      expr(*node.operand);
    } else if constexpr (kIs<Node, sql::Call>) {
      call(node);
    }
  }

  Visit& visit_;
};

template <class Visit>
void walk_merge(Walker<Visit>& walker, auto& merge) {
  walker.table_ref(merge.source);
  walker.expr(merge.on);
  if (merge.matched) {
    if (auto* update = std::get_if<sql::MergeUpdate>(&*merge.matched)) {
      for (auto& assignment : update->assignments) walker.value(assignment.value);
    }
  }
  if (!merge.not_matched) return;
  for (auto& value : merge.not_matched->values) walker.value(value);
}

template <class Visit>
void walk_insert(Walker<Visit>& walker, auto& insert) {
  if (auto* query = std::get_if<Box<sql::Query>>(&insert.source)) walker.query(**query);
  if (auto* values = std::get_if<sql::Values>(&insert.source)) {
    for (auto& row : values->rows) {
      for (auto& value : row) walker.value(value);
    }
  }
}

template <class Visit>
void walk_change(Walker<Visit>& walker, auto& change, auto& tables) {
  for (auto& cte : change.with) walker.query(*cte.query);
  if constexpr (requires { change.assignments; }) {
    for (auto& assignment : change.assignments) walker.value(assignment.value);
  }
  walker.table_refs(tables);
  walker.optional(change.where);
}

}  // namespace walking

template <class Query, class Visit>
void walk_query(Query& query, Visit&& visit) {
  walking::Walker<std::remove_reference_t<Visit>>(visit).query(query);
}

template <class Expr, class Visit>
void walk_expression(Expr& expr, Visit&& visit) {
  walking::Walker<std::remove_reference_t<Visit>>(visit).expr(expr);
}

template <class Statement, class Visit>
void walk(Statement& statement, Visit&& visit) {
  walking::Walker<std::remove_reference_t<Visit>> walker(visit);
  std::visit(
      [&]<class Node>(Node& node) {
        using Plain = std::remove_const_t<Node>;
        if constexpr (std::is_same_v<Plain, sql::Query>) {
          walker.query(node);
        } else if constexpr (std::is_same_v<Plain, sql::Insert>) {
          walking::walk_insert(walker, node);
        } else if constexpr (std::is_same_v<Plain, sql::Update>) {
          walking::walk_change(walker, node, node.from);
        } else if constexpr (std::is_same_v<Plain, sql::Delete>) {
          walking::walk_change(walker, node, node.using_tables);
        } else if constexpr (std::is_same_v<Plain, sql::Merge>) {
          walking::walk_merge(walker, node);
        } else if constexpr (std::is_same_v<Plain, sql::CreateTableAs> || std::is_same_v<Plain, sql::CreateView> ||
                             std::is_same_v<Plain, sql::Unload> || std::is_same_v<Plain, sql::CreateMaterializedView> ||
                             std::is_same_v<Plain, sql::DeclareCursor>) {
          walker.query(*node.query);
        } else if constexpr (std::is_same_v<Plain, sql::CreateTable>) {
          for (auto& element : node.elements) {
            if (auto* column = std::get_if<sql::ColumnDefinition>(&element)) walker.optional(column->default_value);
          }
        } else if constexpr (std::is_same_v<Plain, sql::Explain>) {
          walk(*node.statement, visit);
        } else if constexpr (std::is_same_v<Plain, sql::Execute>) {
          walker.exprs(node.arguments);
        }
      },
      statement.node);
}

}  // namespace garland::semantics
