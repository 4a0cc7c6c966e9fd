#include "embedded/system_tables.h"

#include <algorithm>
#include <iterator>

#include "base/error.h"
#include "embedded/system_relations.h"

namespace garland::embedded {

using engine::Type;
using engine::TypeId;

namespace {

struct SystemColumn {
  const char* name;
  Type type;
};

constexpr Type kOidType = Type::of(TypeId::kBigint);
constexpr Type kName = Type::varchar(128);
constexpr Type kText = Type::varchar(kMaxVarcharBytes);
constexpr Type kFlag = Type::of(TypeId::kBoolean);
constexpr Type kShort = Type::of(TypeId::kSmallint);
constexpr Type kInt = Type::of(TypeId::kInteger);
constexpr Type kLong = Type::of(TypeId::kBigint);
constexpr Type kLetter = Type::character(1);
constexpr Type kMoment = Type::of(TypeId::kTimestamp);

StoredRelationPtr define(Oid oid, const char* name, std::initializer_list<SystemColumn> columns) {
  auto stored = std::make_shared<StoredRelation>();
  stored->schema = kPgCatalogSchema;
  stored->superuser_only = oid == kGarlandDetail || is_audit_table(oid);
  stored->last_attnum = static_cast<int16_t>(columns.size());
  semantics::Relation& relation = stored->relation;
  relation.oid = oid;
  relation.schema = is_load_log(oid) ? kBaseSchema : "pg_catalog";
  relation.name = name;
  relation.kind = semantics::RelationKind::kSystemTable;
  for (const SystemColumn& column : columns) {
    semantics::ColumnDef& added = relation.columns.emplace_back();
    added.attnum = static_cast<int16_t>(relation.columns.size());
    added.name = column.name;
    added.type = column.type;
    added.may_have_trailing_blanks = false;
  }
  return stored;
}

/// Guide pages of the tables' names.
std::vector<StoredRelationPtr> define_load_errors() {
  return {
      define(kStlLoadErrors, "stl_load_errors",
             {{"userid", kInt},
              {"slice", kInt},
              {"tbl", kInt},
              {"starttime", kMoment},
              {"session", kInt},
              {"query", kInt},
              {"filename", Type::varchar(256)},
              {"line_number", kLong},
              {"colname", Type::varchar(127)},
              {"type", Type::varchar(10)},
              {"col_length", Type::varchar(10)},
              {"position", kInt},
              {"raw_line", Type::varchar(1024)},
              {"raw_field_value", Type::varchar(1024)},
              {"err_code", kInt},
              {"err_reason", Type::varchar(100)}}),
      define(kStlLoadErrorDetail, "stl_loaderror_detail",
             {{"userid", kInt},
              {"slice", kInt},
              {"session", kInt},
              {"query", kInt},
              {"filename", Type::varchar(256)},
              {"line_number", kLong},
              {"field", kInt},
              {"colname", Type::varchar(1024)},
              {"value", Type::varchar(1024)},
              {"is_null", kInt},
              {"type", Type::varchar(10)},
              {"col_length", Type::varchar(10)}}),
      define(kStlReplacements, "stl_replacements",
             {{"userid", kInt},
              {"query", kInt},
              {"slice", kInt},
              {"tbl", kInt},
              {"starttime", kMoment},
              {"session", kInt},
              {"filename", Type::varchar(256)},
              {"line_number", kLong},
              {"colname", Type::varchar(127)},
              {"raw_line", Type::varchar(1024)}}),
      define(kSysLoadErrorDetail, "sys_load_error_detail",
             {{"user_id", kInt},
              {"query_id", kLong},
              {"transaction_id", kLong},
              {"session_id", kInt},
              {"database_name", Type::varchar(64)},
              {"table_id", kInt},
              {"start_time", kMoment},
              {"file_name", Type::varchar(256)},
              {"line_number", kLong},
              {"column_name", Type::varchar(127)},
              {"column_type", Type::varchar(10)},
              {"column_length", Type::varchar(10)},
              {"position", kInt},
              {"error_code", kInt},
              {"error_message", Type::varchar(512)}}),
  };
}

std::vector<StoredRelationPtr> define_load_histories() {
  return {
      define(kSysLoadHistory, "sys_load_history",
             {{"user_id", kInt},
              {"query_id", kLong},
              {"transaction_id", kLong},
              {"session_id", kInt},
              {"database_name", kText},
              {"status", kText},
              {"table_name", kText},
              {"start_time", kMoment},
              {"end_time", kMoment},
              {"duration", kLong},
              {"data_source", kText},
              {"file_format", kText},
              {"loaded_rows", kLong},
              {"loaded_bytes", kLong},
              {"source_file_count", kInt},
              {"source_file_bytes", kLong},
              {"file_count_scanned", kInt},
              {"file_bytes_scanned", kLong},
              {"error_count", kLong},
              {"copy_job_id", kLong}}),
      define(kSysUnloadHistory, "sys_unload_history",
             {{"user_id", kInt},
              {"query_id", kLong},
              {"transaction_id", kLong},
              {"session_id", kInt},
              {"database_name", kText},
              {"status", kText},
              {"start_time", kMoment},
              {"end_time", kMoment},
              {"duration", kLong},
              {"file_format", kText},
              {"compression_type", kText},
              {"unloaded_location", kText},
              {"unloaded_rows", kLong},
              {"unloaded_files_count", kLong},
              {"unloaded_files_size", kLong},
              {"error_message", kText}}),
      define(kSysUnloadDetail, "sys_unload_detail",
             {{"user_id", kInt},
              {"query_id", kInt},
              {"session_id", kInt},
              {"transaction_id", kLong},
              {"file_name", Type::varchar(1280)},
              {"start_time", kMoment},
              {"end_time", kMoment},
              {"line_count", kLong},
              {"transfer_size", kLong},
              {"file_format", Type::varchar(10)}}),
  };
}

/// All ours. The audit's writer puts rows in this order: audit.cpp.
std::vector<StoredRelationPtr> define_audit() {
  return {
      define(kGarlandConnectionLog, "garland_connection_log",
             {{"recordtime", kMoment},
              {"event", Type::varchar(50)},
              {"sessionid", kInt},
              {"username", kName},
              {"databasename", kName},
              {"application", Type::varchar(250)},
              {"remotehost", Type::varchar(45)},
              {"remoteport", Type::varchar(32)},
              {"authmethod", Type::varchar(32)},
              {"tlsversion", Type::varchar(50)},
              {"tlscipher", kName},
              {"driverversion", Type::varchar(64)},
              {"osversion", Type::varchar(64)},
              {"pluginname", Type::varchar(32)},
              {"protocolversion", kInt},
              {"duration", kLong},
              {"reason", Type::varchar(256)}}),
      define(kGarlandUserLog, "garland_user_log",
             {{"recordtime", kMoment},
              {"userid", kInt},
              {"username", kName},
              {"sessionid", kInt},
              {"xid", kLong},
              {"query", kLong},
              {"action", Type::varchar(32)},
              {"objectname", Type::varchar(260)},
              {"oldname", kName},
              {"changeduser", kInt},
              {"usecreatedb", kFlag},
              {"usesuper", kFlag},
              {"validuntil", kMoment},
              {"querytext", kText}}),
      define(kGarlandStatementLog, "garland_statement_log",
             {{"query", kLong},
              {"userid", kInt},
              {"username", kName},
              {"sessionid", kInt},
              {"xid", kLong},
              {"databasename", kName},
              {"application", Type::varchar(250)},
              {"label", Type::varchar(320)},
              {"type", Type::varchar(32)},
              {"starttime", kMoment},
              {"endtime", kMoment},
              {"elapsed", kLong},
              {"status", Type::varchar(10)},
              {"sqlstate", Type::varchar(5)},
              {"error", Type::varchar(512)},
              {"resultrows", kLong},
              {"querytext", kText}}),
  };
}

std::vector<StoredRelationPtr> define_catalog() {
  return {
      define(kPgNamespace, "pg_namespace", {{"oid", kOidType}, {"nspname", kName}, {"nspowner", kInt}}),
      // rellatebinding is ours: WITH NO SCHEMA BINDING
      define(kPgClass, "pg_class",
             {{"oid", kOidType},
              {"relname", kName},
              {"relnamespace", kOidType},
              {"relowner", kInt},
              {"relkind", kLetter},
              {"relnatts", kShort},
              {"reldiststyle", kShort},
              {"rellatebinding", kFlag}}),
      // attident… are ours: IDENTITY(seed, step); attidentity as in PostgreSQL ('a' always, 'd' by default)
      define(kPgAttribute, "pg_attribute",
             {{"attrelid", kOidType},
              {"attname", kName},
              {"atttypid", kOidType},
              {"atttypmod", kInt},
              {"attnum", kShort},
              {"attnotnull", kFlag},
              {"atthasdef", kFlag},
              {"attisdropped", kFlag},
              {"attencoding", kName},
              {"attisdistkey", kFlag},
              {"attsortkeyord", kShort},
              {"attidentity", kLetter},
              {"attidentseed", kLong},
              {"attidentstep", kLong}}),
      define(kPgAttrdef, "pg_attrdef", {{"adrelid", kOidType}, {"adnum", kShort}, {"adsrc", kText}}),
      define(kPgRewrite, "pg_rewrite", {{"ev_class", kOidType}, {"ev_action", kText}}),
      define(kPgDepend, "pg_depend",
             {{"objid", kOidType}, {"refobjid", kOidType}, {"refobjsubid", kInt}, {"deptype", kLetter}}),
      // all ours: object_store.cpp says what stands where
      define(
          kGarlandDetail, "garland_detail",
          {{"kind", kName}, {"oid", kOidType}, {"number", kLong}, {"name", kName}, {"body", kText}, {"more", kText}}),
  };
}

std::vector<StoredRelationPtr> define_all() {
  std::vector<StoredRelationPtr> all = define_catalog();
  std::ranges::move(define_load_errors(), std::back_inserter(all));
  std::ranges::move(define_load_histories(), std::back_inserter(all));
  std::ranges::move(define_audit(), std::back_inserter(all));
  return all;
}

}  // namespace

bool is_load_log(Oid oid) { return oid >= kStlLoadErrors && oid <= kStlReplacements; }

bool is_audit_table(Oid oid) { return oid >= kGarlandConnectionLog && oid <= kGarlandStatementLog; }

bool names_audit_table(std::string_view text) {
  for (const Oid oid : {kGarlandConnectionLog, kGarlandUserLog, kGarlandStatementLog}) {
    if (text.find(system_table(oid).name) != std::string_view::npos) return true;
  }
  return false;
}

const std::vector<StoredRelationPtr>& system_tables() {
  static const std::vector<StoredRelationPtr> all = define_all();
  return all;
}

const semantics::Relation& system_table(Oid oid) {
  for (const StoredRelationPtr& stored : system_tables()) {
    if (stored->relation.oid == oid) return stored->relation;
  }
  throw Error(kInternalError, "no system table " + std::to_string(oid));
}

}  // namespace garland::embedded
