// A catalog of a few literals, and the short way to resolve and to describe results.
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "base/error.h"
#include "semantics/catalog.h"
#include "semantics/resolve.h"
#include "semantics/similar.h"
#include "sql/parser.h"

namespace garland::semantics {

class SmallCatalog : public Catalog {
 public:
  SmallCatalog() {
    table("public", "sales",
          {"id integer", "sold date", "qty smallint", "price decimal(10,2)", "total bigint", "rate double precision",
           "name varchar(20)", "code char(4)", "paid boolean", "at timestamp", "customer_id integer"});
    table("public", "customer", {"customer_id integer", "name varchar(40)", "country varchar(30)", "since date"});
    table("marts", "daily", {"sold date", "net_sales decimal(18,2)", "category varchar(12)"});
    Relation& numbered =
        table("public", "numbered", {"id bigint", "label varchar(5)", "made timestamp", "kind integer"});
    numbered.columns[0].identity = IdentitySpec{1, 1, false};
    numbered.columns[0].not_null = true;
    numbered.columns[2].default_text = "getdate()";
    numbered.columns[3].default_text = "7";
    Relation& soft = table("public", "soft", {"id integer", "label varchar(5)"});
    soft.columns[0].identity = IdentitySpec{1, 1, true};
    table("public", "#scratch", {"a integer"}).temporary = true;
    table("public", "odd", {"doc super", "bytes varbyte(10)"});
    view(RelationKind::kView, "marts", "recent",
         "select s.id, s.name as label from public.sales s where s.sold > '2011-01-01'",
         {"id integer", "label varchar(20)"});
    view(RelationKind::kLateBindingView, "marts", "loose",
         "select category, sum(net_sales) as net from marts.daily group by 1", {});
    view(RelationKind::kLateBindingView, "marts", "broken", "select gone from marts.missing", {});
    view(RelationKind::kLateBindingView, "marts", "circle", "select * from marts.circle", {});
    system_table("pg_catalog", "pg_class", {"relname varchar(128)"});
  }

  Relation& table(std::string schema, std::string name, const std::vector<std::string>& columns) {
    Relation& made = relations_.emplace_back();
    made.oid = static_cast<Oid>(100 + relations_.size());
    made.schema = std::move(schema);
    made.name = std::move(name);
    for (const std::string& column : columns) {
      const size_t blank = column.find(' ');
      const sql::Expr cast = sql::parse_expression("cast(null as " + column.substr(blank + 1) + ")");
      ColumnDef definition;
      definition.attnum = static_cast<int16_t>(made.columns.size() + 1);
      definition.name = column.substr(0, blank);
      definition.type = resolve_type(std::get<sql::Cast>(cast.node).type);
      definition.may_have_trailing_blanks = false;
      made.columns.push_back(std::move(definition));
    }
    return made;
  }
  Relation& view(RelationKind kind, std::string schema, std::string name, std::string text,
                 const std::vector<std::string>& columns) {
    Relation& made = table(std::move(schema), std::move(name), columns);
    made.kind = kind;
    made.view_text = std::move(text);
    return made;
  }
  void system_table(std::string schema, std::string name, const std::vector<std::string>& columns) {
    table(std::move(schema), std::move(name), columns).kind = RelationKind::kSystemTable;
  }

  const Relation* find_relation(std::string_view schema, std::string_view name) const override {
    for (const Relation& relation : relations_) {
      const bool in_path = relation.schema == "public" || relation.schema == "pg_catalog";
      if (relation.name == name && (schema.empty() ? in_path : relation.schema == schema)) return &relation;
    }
    return nullptr;
  }
  const Relation* find_relation(Oid oid) const override {
    for (const Relation& relation : relations_) {
      if (relation.oid == oid) return &relation;
    }
    return nullptr;
  }
  bool has_schema(std::string_view schema) const override {
    return schema == "public" || schema == "marts" || schema == "pg_catalog" || schema == "pg_temp";
  }
  std::string_view database() const override { return "dev"; }
  std::string_view creation_schema() const override { return "public"; }
  std::vector<std::string> similar_relations(std::string_view schema, std::string_view name) const override {
    std::vector<std::string_view> names;
    for (const Relation& relation : relations_) {
      if (schema.empty() || relation.schema == schema) names.push_back(relation.name);
    }
    return similar_names(name, names);
  }
  std::string name_of(const Use& use) const {
    const Relation& relation = *find_relation(use.relation);
    return relation.name + (use.column < 0 ? "" : "." + relation.columns[static_cast<size_t>(use.column)].name);
  }

 private:
  std::deque<Relation> relations_;  // stable addresses
};

inline BoundStatement resolve_text(std::string_view text, const Catalog& catalog = SmallCatalog(),
                                   const ResolveOptions& options = {}) {
  return resolve(sql::parse_statement(text), catalog, options);
}

/// "name type, name type".
inline std::string describe(const std::vector<OutputColumn>& columns) {
  std::string text;
  for (const OutputColumn& column : columns) {
    text += (text.empty() ? "" : ", ") + column.name + " " + engine::to_string(column.type);
  }
  return text;
}

}  // namespace garland::semantics
