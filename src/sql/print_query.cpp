// Writer: queries.
#include "sql/writer.h"

namespace garland::sql {

void Writer::with(const std::vector<Cte>& with, bool recursive) {
  if (with.empty()) return;
  write(recursive ? "with recursive " : "with ");
  list(with, [&](const Cte& cte) {
    identifier(cte.name.text);
    optional_names(cte.columns);
    write(" as ");
    query_in_parentheses(*cte.query);
  });
  write(" ");
}

void Writer::query(const Query& query) {
  with(query.with, query.recursive);
  body(query.body);
  if (!query.order_by.empty()) {
    write(" ");
    order_by(query.order_by);
  }
  if (query.limit) {
    write(" limit ");
    expression(*query.limit);
  }
  if (query.offset) {
    write(" offset ");
    expression(*query.offset);
  }
}

void Writer::body(const QueryBody& body) {
  if (const auto* block = std::get_if<Select>(&body.node)) return select(*block);
  if (const auto* inner = std::get_if<Box<Query>>(&body.node)) return query_in_parentheses(**inner);
  const auto& operation = std::get<SetOperation>(body.node);
  const int power = operation.op == SetOp::kIntersect ? 2 : 1;
  body_operand(*operation.left, power);
  write(operation.op == SetOp::kUnion ? " union " : operation.op == SetOp::kIntersect ? " intersect " : " except ");
  if (operation.all) write("all ");
  body_operand(*operation.right, power + 1);
}

void Writer::body_operand(const QueryBody& operand, int least_power) {
  const auto* operation = std::get_if<SetOperation>(&operand.node);
  const int power = operation == nullptr ? 3 : operation->op == SetOp::kIntersect ? 2 : 1;
  if (power >= least_power) return body(operand);
  write("(");
  body(operand);
  write(")");
}

void Writer::select(const Select& select) {
  write(select.distinct ? "select distinct " : "select ");
  if (select.top) {
    write("top ");
    operand(**select.top, Binding::kPrimary);
    write(" ");
  }
  list(select.items, [&](const SelectItem& item) {
    expression(item.expr);
    if (!item.alias) return;
    write(" as ");
    identifier(item.alias->text);
  });
  if (select.into) {
    write((*select.into)->temporary ? " into temporary " : " into ");
    qualified_name((*select.into)->name);
  }
  if (!select.from.empty()) {
    write(" from ");
    tables(select.from);
  }
  if (select.where) {
    write(" where ");
    expression(*select.where);
  }
  if (select.start_with) {
    write(" start with ");
    expression(*select.start_with);
  }
  if (select.connect_by) {
    write(" connect by ");
    expression(*select.connect_by);
  }
  group_by(select);
  if (select.having) {
    write(" having ");
    expression(*select.having);
  }
  if (select.qualify) {
    write(" qualify ");
    expression(*select.qualify);
  }
}

void Writer::group_by(const Select& select) {
  if (select.group_by_all) return write(" group by all");
  if (select.group_by.empty()) return;
  write(" group by ");
  list(select.group_by, [&](const GroupItem& item) {
    std::visit(
        overloaded{[&](const Expr& expr) { expression(expr); }, [&](const GroupingSets& sets) { grouping_sets(sets); }},
        item);
  });
}

void Writer::grouping_sets(const GroupingSets& sets) {
  write(sets.kind == GroupingKind::kRollup ? "rollup" : sets.kind == GroupingKind::kCube ? "cube" : "grouping sets");
  parenthesised_list(sets.sets, [&](const std::vector<Expr>& set) { grouping_set(set, sets.kind); });
}

// One call alone in GROUPING SETS would be read as ROLLUP (…) if its name says so; a parenthesised expression is not.
void Writer::grouping_set(const std::vector<Expr>& set, GroupingKind) {
  if (set.size() == 1) return expression(set[0]);
  parenthesised_list(set, [&](const Expr& expr) { expression(expr); });
}

void Writer::tables(const std::vector<TableRef>& tables) {
  list(tables, [&](const TableRef& each) { table(each); });
}

void Writer::table(const TableRef& table) {
  std::visit(overloaded{
                 [&](const NamedTable& named) {
                   path(named.name.parts, named.written);
                   alias(named.alias);
                 },
                 [&](const DerivedTable& derived) {
                   query_in_parentheses(*derived.query);
                   alias(derived.alias);
                 },
                 [&](const FunctionTable& function) {
                   call(function.call, CallPlace::kFrom);
                   alias(function.alias);
                 },
                 [&](const Join& each) { join(each); },
                 [&](const Unnest& each) { unnest(each); },
                 [&](const Pivot& each) { pivot(each); },
                 [&](const Unpivot& each) { unpivot(each); },
             },
             table.node);
}

void Writer::join(const Join& join) {
  table(*join.left);
  if (join.natural) write(" natural");
  switch (join.kind) {
    case JoinKind::kInner:
      write(" join ");
      break;
    case JoinKind::kLeft:
      write(" left join ");
      break;
    case JoinKind::kRight:
      write(" right join ");
      break;
    case JoinKind::kFull:
      write(" full join ");
      break;
    case JoinKind::kCross:
      write(" cross join ");
      break;
  }
  join_operand(*join.right);
  if (join.on) {
    write(" on ");
    expression(*join.on);
  } else if (!join.using_columns.empty()) {
    write(" using ");
    names(join.using_columns);
  }
}

void Writer::join_operand(const TableRef& operand) {
  if (!std::holds_alternative<Join>(operand.node)) return table(operand);
  write("(");
  table(operand);
  write(")");
}

void Writer::alias(const std::optional<Alias>& alias) {
  if (!alias) return;
  write(" as ");
  identifier(alias->name.text);
  optional_names(alias->columns);
  if (!alias->index) return;
  write(" at ");
  identifier(alias->index->text);
}

void Writer::optional_alias(const std::optional<Name>& alias) {
  if (!alias) return;
  write(" as ");
  identifier(alias->text);
}

void Writer::unnest(const Unnest& unnest) {
  const bool function = unnest.form == UnnestForm::kFunction || unnest.form == UnnestForm::kFunctionWithOffset;
  write(function ? "unnest(" : unnest.form == UnnestForm::kUnpivot ? "unpivot " : "");
  function ? expression(unnest.value) : operand(unnest.value, Binding::kPrimary);
  if (function) write(unnest.form == UnnestForm::kFunction ? ")" : ") with offset");
  alias(unnest.alias);
}

void Writer::rotated(const TableRef& input) {
  const bool joined = std::holds_alternative<Join>(input.node);
  write(joined ? "(" : "");
  table(input);
  write(joined ? ")" : "");
}

void Writer::pivot(const Pivot& pivot) {
  rotated(*pivot.input);
  write(" pivot (");
  expression(pivot.aggregate);
  optional_alias(pivot.aggregate_alias);
  write(" for ");
  identifier(pivot.column.text);
  write(" in ");
  parenthesised_list(pivot.values, [&](const PivotValue& value) {
    expression(value.value);
    optional_alias(value.alias);
  });
  write(")");
  alias(pivot.alias);
}

void Writer::unpivot(const Unpivot& unpivot) {
  rotated(*unpivot.input);
  write(unpivot.include_nulls ? " unpivot include nulls (" : " unpivot (");
  identifier(unpivot.value.text);
  write(" for ");
  identifier(unpivot.name.text);
  write(" in ");
  parenthesised_list(unpivot.columns, [&](const UnpivotColumn& column) {
    identifier(column.column.text);
    optional_alias(column.alias);
  });
  write(")");
  alias(unpivot.alias);
}

}  // namespace garland::sql
