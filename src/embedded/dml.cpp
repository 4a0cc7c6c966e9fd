#include "embedded/dml.h"

#include <algorithm>

#include "embedded/failure.h"
#include "embedded/table_writer.h"
#include "engine/text.h"
#include "semantics/walk.h"

namespace garland::embedded {

using engine::Type;
using engine::TypeId;
using semantics::BoundConstant;
using semantics::BoundExpr;
using semantics::BoundParameter;
using semantics::ColumnDef;
using semantics::Relation;

namespace {

int32_t parameter_count(const Plan& plan) {
  return static_cast<int32_t>(plan.bound.parameters.size() + plan.bound.session_values.size());
}

const Relation& relation_of(const Plan& plan, Oid oid) { return *plan.catalog->find_relation(oid); }

/// A cell whose text needs no evaluation: a constant, or the user's parameter.
struct Cell {
  const engine::ParameterValue* text = nullptr;
};

/// Whether the text form of a `from` value reads as a `to` value just as the cast would give it.
bool reads_as(const Type& from, const Type& to) {
  if (from.id == TypeId::kUnknown || from.is_string()) return true;
  if (from.is_integer()) return to.is_numeric();
  if (from.id == TypeId::kDecimal) return to.id == TypeId::kDecimal || to.is_float();
  return from.id == to.id;
}

std::optional<Cell> plain_cell(const BoundExpr& expr, const Type& type, const Plan& plan, Parameters values) {
  const BoundExpr* inner = &expr;
  while (const auto* cast = std::get_if<semantics::BoundCast>(&inner->node)) {
    if (cast->context == semantics::CastContext::kExplicit) return std::nullopt;
    inner = &*cast->operand;
  }
  if (!reads_as(inner->type, type)) return std::nullopt;
  if (const auto* constant = std::get_if<BoundConstant>(&inner->node)) return Cell{&constant->text};
  const auto* parameter = std::get_if<BoundParameter>(&inner->node);
  const bool own = parameter && parameter->number >= 1 && static_cast<size_t>(parameter->number) <= values.size();
  if (!own || !reads_as(plan.bound.parameters[static_cast<size_t>(parameter->number - 1)], type)) return std::nullopt;
  return Cell{&values[static_cast<size_t>(parameter->number - 1)]};
}

using Rows = std::vector<std::vector<BoundExpr>>;

bool all_plain(const Rows& rows, const std::vector<Type>& types, const Plan& plan, Parameters values) {
  return std::ranges::all_of(rows, [&](const std::vector<BoundExpr>& row) {
    for (size_t i = 0; i < row.size(); ++i) {
      if (!plain_cell(row[i], types[i], plan, values)) return false;
    }
    return true;
  });
}

void set_defaults(Context& context, TableWriter& writer, const Plan& plan, const semantics::BoundInsert& statement,
                  Parameters values) {
  for (size_t i = 0; i < statement.defaults.size(); ++i) {
    const auto number = static_cast<int32_t>(i);
    if (!statement.defaults[i] || std::ranges::count(statement.targets, number) > 0) continue;
    writer.set_default(number, context.evaluate(*statement.defaults[i], plan, values));
  }
}

uint64_t insert_rows(Context& context, const Plan& plan, const semantics::BoundInsert& statement, const Rows& rows,
                     Parameters values) {
  TableWriter writer(context, relation_of(plan, statement.table), statement.targets);
  set_defaults(context, writer, plan, statement, values);
  engine::BatchBuilder batch(writer.types());
  for (const auto& row : rows) {
    for (size_t i = 0; i < row.size(); ++i) {
      const Type& type = writer.types()[i];
      const engine::ParameterValue& text = *plain_cell(row[i], type, plan, values)->text;
      if (!text) {
        batch.set_null(i);
      } else if (const auto fault = engine::read_field(*text, type, batch, i)) {
        throw field_error(*fault, *text, type).at(row[i].span.begin);
      }
    }
    batch.end_row();
    if (batch.full()) {
      writer.append(batch.batch());
      batch.clear();
    }
  }
  writer.append(batch.batch());
  return writer.finish();
}

bool writable_as_batches(const semantics::BoundInsert& statement, const Relation& table, const Plan& plan,
                         Parameters values) {
  const auto* rows = std::get_if<Rows>(&statement.source);
  if (!rows) return false;
  std::vector<Type> types;
  for (const int32_t target : statement.targets) {
    const ColumnDef& column = table.columns[static_cast<size_t>(target)];
    if (column.identity && !column.identity->by_default) return false;
    types.push_back(column.type);
  }
  return all_plain(*rows, types, plan, values);
}

void check_not_null(Context& context, const Relation& table, const std::vector<int32_t>* columns) {
  for (size_t i = 0; i < table.columns.size(); ++i) {
    const ColumnDef& column = table.columns[i];
    if (!column.not_null || (columns && std::ranges::count(*columns, static_cast<int32_t>(i)) == 0)) continue;
    const std::string name = "c" + std::to_string(column.attnum);
    duck::Result found =
        context.run("SELECT 1 FROM " + Context::physical_name(table) + " WHERE " + name + " IS NULL LIMIT 1");
    if (found.fetch()) {
      throw Error(kNotNullViolation, "null value in column \"" + column.name + "\" violates not-null constraint");
    }
  }
}

/// Attnums of the VARCHAR columns whose values may come with trailing blanks.
std::vector<int16_t> blank_columns(const Relation& table, const std::vector<int32_t>& columns,
                                   const std::function<bool(size_t)>& may_be_blank) {
  std::vector<int16_t> result;
  for (size_t i = 0; i < columns.size(); ++i) {
    const ColumnDef& column = table.columns[static_cast<size_t>(columns[i])];
    if (column.type.id == TypeId::kVarchar && may_be_blank(i)) result.push_back(column.attnum);
  }
  return result;
}

/// Without the columns at hand, a column may bring blanks.
bool may_be_blank(const BoundExpr& expr) {
  return semantics::may_have_trailing_blanks(expr, [](const semantics::BoundColumn&) { return true; });
}

void flag_assigned(Context& context, const Relation& table,
                   const std::vector<semantics::BoundAssignment>& assignments) {
  std::vector<int32_t> columns;
  for (const auto& assignment : assignments) columns.push_back(assignment.column);
  flag_blanks(context, table.oid,
              blank_columns(table, columns, [&](size_t i) { return may_be_blank(assignments[i].value); }));
}

}  // namespace

uint64_t insert_query(Context& context, const Plan& plan, const Relation& table, const std::vector<int32_t>& columns,
                      const Translation& query, Parameters values) {
  std::string names, extra;
  for (const int32_t number : columns) {
    names += (names.empty() ? "c" : ", c") + std::to_string(table.columns[static_cast<size_t>(number)].attnum);
  }
  for (size_t i = 0; i < table.columns.size(); ++i) {
    const ColumnDef& column = table.columns[i];
    if (!column.identity || std::ranges::count(columns, static_cast<int32_t>(i)) > 0) continue;
    names += (names.empty() ? "c" : ", c") + std::to_string(column.attnum);
    extra += ", CAST(garland_identity(" + std::to_string(table.oid) + "::BIGINT, " + std::to_string(column.attnum) +
             "::BIGINT) AS " + duck_type(column.type) + ")";
  }
  prepare_identities(context, table);
  const std::string source = extra.empty() ? query.sql : "SELECT *" + extra + " FROM (" + query.sql + ")";
  const Translation insert{"INSERT INTO " + Context::physical_name(table) + " (" + names + ") " + source, query.lists};
  const uint64_t rows = context.run(insert, plan, values).rows_changed();
  if (rows > 0) check_not_null(context, table, nullptr);
  return rows;
}

Outcome insert(Context& context, const Plan& plan, const semantics::BoundInsert& statement, Parameters values) {
  const Relation& table = relation_of(plan, statement.table);
  uint64_t rows = 0;
  if (writable_as_batches(statement, table, plan, values)) {
    rows = insert_rows(context, plan, statement, std::get<Rows>(statement.source), values);
  } else {
    const std::vector<int32_t> columns = inserted_columns(statement, table);
    rows = insert_query(context, plan, table, columns,
                        translate_insert(statement, Context::names(plan), parameter_count(plan)), values);
    const auto* query = std::get_if<semantics::BoundQuery>(&statement.source);
    const auto blank = [&](size_t i) {
      const auto place = std::ranges::find(statement.targets, columns[i]) - statement.targets.begin();
      if (place == static_cast<int64_t>(statement.targets.size())) {
        const auto& value = statement.defaults[static_cast<size_t>(columns[i])];
        return value && may_be_blank(*value);
      }
      return !query || query->columns[static_cast<size_t>(place)].may_have_trailing_blanks;
    };
    if (rows > 0) flag_blanks(context, table.oid, blank_columns(table, columns, blank));
  }
  return {"INSERT 0 " + std::to_string(rows), rows};
}

Outcome update(Context& context, const Plan& plan, const semantics::BoundUpdate& statement, Parameters values) {
  const Relation& table = relation_of(plan, statement.table);
  const Translation translation = translate_update(statement, Context::names(plan), parameter_count(plan),
                                                   context.settings.error_on_nondeterministic_update());
  const uint64_t rows = context.run(translation, plan, values).rows_changed();
  if (rows > 0) flag_assigned(context, table, statement.assignments);
  context.transaction.changed_rows(table.oid);
  return {"UPDATE " + std::to_string(rows), rows};
}

Outcome delete_rows(Context& context, const Plan& plan, const semantics::BoundDelete& statement, Parameters values) {
  const Translation translation = translate_delete(statement, Context::names(plan), parameter_count(plan));
  const uint64_t rows = context.run(translation, plan, values).rows_changed();
  context.transaction.changed_rows(statement.table);
  return {"DELETE " + std::to_string(rows), rows};
}

Outcome merge(Context& context, const Plan& plan, const semantics::BoundMerge& statement, Parameters values) {
  const Relation& table = relation_of(plan, statement.table);
  uint64_t rows = 0;
  for (const MergeStatement& step : translate_merge(statement, Context::names(plan), parameter_count(plan))) {
    switch (step.step) {
      case MergeStep::kStage:
      case MergeStep::kCleanup:
        context.run(step.translation, plan, values);
        break;
      case MergeStep::kCheck: {
        duck::Result check = context.run(step.translation, plan, values);
        while (check.fetch()) {
        }
        break;
      }
      case MergeStep::kUpdate:
      case MergeStep::kDelete:
        rows += context.run(step.translation, plan, values).rows_changed();
        break;
      case MergeStep::kInsert:
        rows += insert_query(context, plan, table, merge_inserted_columns(statement, table), step.translation, values);
    }
  }
  flag_assigned(context, table, statement.matched_update);
  std::vector<int32_t> inserted;
  for (size_t i = 0; i < statement.insert_values.size(); ++i) {
    if (statement.insert_values[i]) inserted.push_back(static_cast<int32_t>(i));
  }
  flag_blanks(context, table.oid, blank_columns(table, inserted, [&](size_t i) {
                return may_be_blank(*statement.insert_values[static_cast<size_t>(inserted[i])]);
              }));
  context.transaction.changed_rows(statement.table);
  return {"MERGE " + std::to_string(rows), rows};
}

}  // namespace garland::embedded
