// Writer: changes of definitions, schemas, databases, materialized views, functions.
#include "sql/writer.h"

namespace garland::sql {

void Writer::node(const AlterTable& alter) {
  write(alter.materialized_view ? "alter materialized view " : "alter table ");
  qualified_name(alter.table);
  const bool refresh = std::holds_alternative<ChangeAutoRefresh>(alter.action);
  if (refresh && !alter.materialized_view) {
    write(std::get<ChangeAutoRefresh>(alter.action).on ? " alter autorefresh true" : " alter autorefresh false");
  } else {
    std::visit([&](const auto& each) { action(each); }, alter.action);
  }
}

void Writer::action(const RenameTable& rename) {
  write(" rename to ");
  identifier(rename.to.text);
}

void Writer::action(const RenameColumn& rename) {
  write(" rename column ");
  identifier(rename.from.text);
  write(" to ");
  identifier(rename.to.text);
}

void Writer::action(const AddColumn& add) {
  write(" add column ");
  column(add.column);
}

void Writer::action(const DropColumn& drop) {
  write(" drop column ");
  identifier(drop.column.text);
  if (drop.cascade) write(" cascade");
}

void Writer::action(const ChangeOwner& change) {
  write(" owner to ");
  identifier(change.owner.text);
}

void Writer::action(const ChangeColumnType& change) {
  write(" alter column ");
  identifier(change.column.text);
  write(" type ");
  type(change.type);
}

void Writer::action(const ChangeEncodings& change) {
  write(" ");
  list(change.columns, [&](const ColumnEncoding& each) {
    write("alter column ");
    identifier(each.column.text);
    encoding(each.encode);
  });
}

void Writer::dist_style(DistStyle style) {
  switch (style) {
    case DistStyle::kDefault:
      return;
    case DistStyle::kAuto:
      return write(" diststyle auto");
    case DistStyle::kEven:
      return write(" diststyle even");
    case DistStyle::kKey:
      return write(" diststyle key");
    case DistStyle::kAll:
      return write(" diststyle all");
  }
}

void Writer::action(const ChangeLayout& layout) {
  std::string_view separator = " alter";
  const auto clause = [&] {
    write(separator);
    separator = ", alter";
  };
  if (layout.dist_style != DistStyle::kDefault) {
    clause();
    dist_style(layout.dist_style);
    if (layout.dist_key) {
      write(" distkey ");
      identifier(layout.dist_key->text);
    }
  }
  if (layout.sort_none || layout.sort_style != SortStyle::kDefault) {
    clause();
    if (layout.sort_none) {
      write(" sortkey none");
    } else if (layout.sort_style == SortStyle::kAuto) {
      write(" sortkey auto");
    } else {
      write(" compound sortkey ");
      names(layout.sort_keys);
    }
  }
  if (!layout.encode_auto) return;
  clause();
  write(" encode auto");
}

void Writer::action(const AddConstraint& add) {
  write(" add ");
  constraint(add.constraint);
}

void Writer::action(const DropConstraint& drop) {
  write(" drop constraint ");
  identifier(drop.constraint.text);
  if (drop.cascade) write(" cascade");
}

void Writer::action(const AppendFrom& append) {
  write(" append from ");
  qualified_name(append.source);
  if (append.fill == AppendFill::kIgnoreExtra) write(" ignoreextra");
  if (append.fill == AppendFill::kFillTarget) write(" filltarget");
}

void Writer::action(const ChangeAutoRefresh& change) { write(change.on ? " auto refresh yes" : " auto refresh no"); }

void Writer::action(const RenameObject& rename) {
  write(" rename to ");
  identifier(rename.to.text);
}

void Writer::quota(const Quota& quota) {
  write(" quota ");
  if (!quota.megabytes) return write("unlimited");
  const int64_t megabytes = *quota.megabytes;
  constexpr int64_t kTerabyte = 1024 * 1024;
  if (megabytes % kTerabyte == 0) {
    integer(megabytes / kTerabyte);
    write(" tb");
  } else if (megabytes % 1024 == 0) {
    integer(megabytes / 1024);
    write(" gb");
  } else {
    integer(megabytes);
    write(" mb");
  }
}

void Writer::node(const AlterSchema& alter) {
  write("alter schema ");
  identifier(alter.schema.text);
  std::visit([&](const auto& each) { action(each); }, alter.action);
}

void Writer::action(const DatabaseOptions& options) {
  if (options.connection_limit) {
    write(" connection limit ");
    *options.connection_limit < 0 ? write("unlimited") : integer(*options.connection_limit);
  }
  if (options.case_sensitive) write(*options.case_sensitive ? " collate case_sensitive" : " collate case_insensitive");
  if (options.isolation) write(" isolation level " + *options.isolation);
}

void Writer::node(const CreateDatabase& create) {
  write("create database ");
  identifier(create.database.text);
  if (create.options.owner) {
    write(" owner ");
    identifier(create.options.owner->text);
  }
  action(create.options);
}

void Writer::node(const AlterDatabase& alter) {
  write("alter database ");
  identifier(alter.database.text);
  const auto* options = std::get_if<DatabaseOptions>(&alter.action);
  if (options != nullptr && options->owner) return action(ChangeOwner{*options->owner});
  std::visit([&](const auto& each) { action(each); }, alter.action);
}

void Writer::node(const CommentOn& comment) {
  write("comment on ");
  switch (comment.kind) {
    case CommentKind::kTable:
    case CommentKind::kView:
      write(comment.kind == CommentKind::kTable ? "table " : "view ");
      qualified_name(comment.object);
      break;
    case CommentKind::kColumn:
      write("column ");
      qualified_name(comment.object);
      write(".");
      identifier(comment.part->text);
      break;
    case CommentKind::kConstraint:
      write("constraint ");
      identifier(comment.part->text);
      write(" on ");
      qualified_name(comment.object);
      break;
    case CommentKind::kDatabase:
      write("database ");
      qualified_name(comment.object);
      break;
  }
  write(" is ");
  comment.text ? literal(*comment.text) : write("null");
}

void Writer::node(const CreateMaterializedView& create) {
  write("create materialized view ");
  qualified_name(create.name);
  attributes(create.attributes);
  if (create.auto_refresh) write(*create.auto_refresh ? " auto refresh yes" : " auto refresh no");
  write(" as ");
  query(*create.query);
}

void Writer::node(const RefreshMaterializedView& refresh) {
  write("refresh materialized view ");
  qualified_name(refresh.view);
  if (refresh.cascade) write(" cascade");
}

void Writer::types(const std::vector<TypeName>& types) {
  parenthesised_list(types, [&](const TypeName& each) { type(each); });
}

void Writer::signature(const FunctionSignature& function) {
  qualified_name(function.name);
  write(" ");
  types(function.arguments);
}

void Writer::node(const CreateFunction& create) {
  write(create.or_replace ? "create or replace function " : "create function ");
  qualified_name(create.name);
  write(" ");
  types(create.arguments);
  write(" returns ");
  type(create.returns);
  write(create.volatility == Volatility::kVolatile ? " volatile"
        : create.volatility == Volatility::kStable ? " stable"
                                                   : " immutable");
  write(" as ");
  literal(create.body);
  write(" language sql");
}

void Writer::node(const DropFunction& drop) {
  write(drop.if_exists ? "drop function if exists " : "drop function ");
  signature(drop.function);
  if (drop.cascade) write(" cascade");
}

void Writer::node(const AlterFunction& alter) {
  write("alter function ");
  signature(alter.function);
  std::visit([&](const auto& each) { action(each); }, alter.action);
}

}  // namespace garland::sql
