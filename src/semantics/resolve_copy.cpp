// COPY and UNLOAD.
#include <algorithm>

#include "semantics/resolver.h"
#include "sql/copy_options.h"

namespace garland::semantics {
namespace {

using engine::TypeId;

bool always_identity(const ColumnDef& column) { return column.identity && !column.identity->by_default; }

/// A bare ENCRYPTED, with no key anywhere: on S3 that is SSE-S3, which files there have anyway (guide page
/// t_unloading_encrypted_files). Local files are not encrypted.
bool is_given_anyway(const sql::Unload& unload, const sql::CopyOption& option) {
  if (option.name != "ENCRYPTED" || !option.arguments.empty() || !unload.target.starts_with("s3://")) return false;
  return std::ranges::none_of(unload.options, [](const sql::CopyOption& other) {
    return other.name == "KMS_KEY_ID" || other.name == "MASTER_SYMMETRIC_KEY" || other.name == "CREDENTIALS";
  });
}

/// Formats and sources that need a part of Amazon's cloud, or a library that Garland does not have.
void refuse_missing(const std::vector<sql::CopyOption>& options, std::string_view verb) {
  static constexpr std::string_view kMissing[] = {"AVRO", "ORC", "SHAPEFILE", "LZOP", "SSH", "ENCRYPTED"};
  for (const sql::CopyOption& option : options) {
    if (std::ranges::count(kMissing, option.name) == 0) continue;
    throw Error(kFeatureNotSupported, std::string(verb) + " … " + option.name + " is not supported yet")
        .at(option.span.begin);
  }
}

void refuse_source(const sql::Copy& copy) {
  for (const std::string_view scheme : {"dynamodb://", "emr://"}) {
    if (!copy.source.starts_with(scheme)) continue;
    throw Error(kFeatureNotSupported, "COPY from " + std::string(scheme) + " is not supported yet")
        .at(copy.source_span.begin);
  }
  for (const sql::CopyOption& option : copy.options) {
    if (option.name != "READRATIO") continue;
    throw Error(kFeatureNotSupported, "READRATIO is for COPY from dynamodb://, which is not supported yet")
        .at(option.span.begin);
  }
}

/// Guide page r_UNLOAD, "PARTITION BY clause".
bool may_partition(const engine::Type& type) {
  switch (type.id) {
    case TypeId::kSmallint:
    case TypeId::kInteger:
    case TypeId::kBigint:
    case TypeId::kDecimal:
    case TypeId::kReal:
    case TypeId::kBoolean:
    case TypeId::kChar:
    case TypeId::kVarchar:
    case TypeId::kDate:
    case TypeId::kTimestamp:
      return true;
    default:
      return false;
  }
}

int32_t partition_column(const std::vector<OutputColumn>& columns, const sql::Name& name) {
  const auto found = std::ranges::find(columns, name.text, &OutputColumn::name);
  if (found == columns.end()) {
    throw Error(kUndefinedColumn, "partition column \"" + name.text + "\" is not a column of the query")
        .at(name.span.begin);
  }
  if (!may_partition(found->type)) {
    throw Error(kFeatureNotSupported,
                "column \"" + name.text + "\" of type " + to_string(found->type) + " cannot be a partition column")
        .at(name.span.begin);
  }
  return static_cast<int32_t>(found - columns.begin());
}

void check_types(const sql::Unload& unload, const std::vector<OutputColumn>& columns) {
  const auto has = [&](std::string_view option) {
    return std::ranges::find(unload.options, option, &sql::CopyOption::name) != unload.options.end();
  };
  for (const OutputColumn& column : columns) {
    const bool bytes = column.type.id == TypeId::kVarbyte || column.type.id == TypeId::kHllSketch;
    for (const std::string_view format : {"FIXEDWIDTH", "JSON", "PARQUET"}) {
      if (!bytes || !has(format)) continue;
      throw Error(kFeatureNotSupported,
                  "a column of type " + to_string(column.type) + " cannot be unloaded with " + std::string(format))
          .hint("Unload it as text or CSV.");
    }
  }
  if (!has("JSON")) return;
  for (size_t i = 0; i < columns.size(); ++i) {
    for (size_t j = 0; j < i; ++j) {
      if (columns[i].name != columns[j].name) continue;
      throw Error(kDuplicateColumn, "column \"" + columns[i].name + "\" specified more than once")
          .detail("Each column of an UNLOAD in JSON needs a name of its own.");
    }
  }
}

}  // namespace

/// Without a column list, COPY fills every column but generated identities; EXPLICIT_IDS turns them into ordinary
/// columns, and a list must then hold them (guide page copy-parameters-column-mapping).
void Resolver::statement(const sql::Copy& copy) {
  const Relation& relation = writable(copy.table, "copy to");
  sql::check_copy_options(copy);
  refuse_missing(copy.options, "COPY");
  refuse_source(copy);
  const bool explicit_ids =
      std::ranges::any_of(copy.options, [](const sql::CopyOption& option) { return option.name == "EXPLICIT_IDS"; });
  BoundCopy bound{relation.oid, target_columns(relation, copy.columns), copy};
  const auto generated = [&](int32_t column) { return always_identity(relation.columns[static_cast<size_t>(column)]); };
  if (copy.columns.empty() && !explicit_ids) std::erase_if(bound.targets, generated);
  if (!copy.columns.empty() && !explicit_ids) {
    const auto identity = std::ranges::find_if(bound.targets, generated);
    if (identity != bound.targets.end()) {
      throw Error(kFeatureNotSupported, "cannot set an identity column to a value")
          .hint("EXPLICIT_IDS takes the identity values from the file")
          .at(copy.columns[static_cast<size_t>(identity - bound.targets.begin())].span.begin);
    }
  }
  if (explicit_ids && std::ranges::none_of(bound.targets, generated)) {
    throw Error(kInvalidParameterValue, "EXPLICIT_IDS needs the table's identity column among the columns to load");
  }
  use(relation.oid, -1, Access::kInsert);
  for (const int32_t column : bound.targets) use(relation.oid, column, Access::kInsert);
  result_.node = std::move(bound);
}

void Resolver::statement(const sql::Unload& unload) {
  sql::check_unload_options(unload);
  std::vector<sql::CopyOption> options = unload.options;
  std::erase_if(options, [&](const sql::CopyOption& option) { return is_given_anyway(unload, option); });
  refuse_missing(options, "UNLOAD");
  BoundUnload bound{{}, {}, unload};
  try {
    if (unload.query->limit) {
      throw Error(kFeatureNotSupported, "LIMIT clause is not supported in the outer SELECT of UNLOAD")
          .hint("Nest the LIMIT in a subquery.")
          .at(unload.query->limit->span.begin);
    }
    bound.query = query(*unload.query, nullptr);
  } catch (Error& error) {
    if (error.position()) error.at(unload.place.at(static_cast<uint32_t>(*error.position())));
    throw;
  }
  const std::vector<OutputColumn>& columns = bound.query.columns;
  check_types(unload, columns);
  for (const sql::Name& name : unload.partition_by) {
    const int32_t column = partition_column(columns, name);
    if (std::ranges::count(bound.partition_by, column) > 0) {
      throw Error(kDuplicateColumn, "column \"" + name.text + "\" specified more than once").at(name.span.begin);
    }
    bound.partition_by.push_back(column);
  }
  if (!unload.partition_include && bound.partition_by.size() == columns.size()) {
    throw Error(kInvalidParameterValue, "at least one column must not be a partition column")
        .at(unload.partition_by.front().span.begin);
  }
  result_.node = std::move(bound);
}

}  // namespace garland::semantics
