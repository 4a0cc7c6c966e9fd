#include "models/audit_views.h"

#include <fmt/format.h>

#include "models/ops.h"

namespace garland::models {

namespace {

struct AuditView {
  const char* name;
  const char* table;
  const char* columns;
};

constexpr AuditView kViews[] = {
    {"connection_log", "garland_connection_log",
     "recordtime as record_time, event, sessionid as session_id, username as user_name, databasename as database_name, "
     "application as application_name, remotehost as remote_host, remoteport as remote_port, "
     "authmethod as auth_method, tlsversion as tls_version, tlscipher as tls_cipher, "
     "driverversion as driver_version, osversion as os_version, pluginname as plugin_name, "
     "protocolversion as protocol_version, duration as duration_us, reason"},
    {"user_log", "garland_user_log",
     "recordtime as record_time, userid as user_id, username as user_name, sessionid as session_id, "
     "xid as transaction_id, query as query_id, action, objectname as object_name, oldname as original_name, "
     "changeduser as changed_user_id, usecreatedb as has_create_db, usesuper as is_superuser, "
     "validuntil as password_expiration, querytext as query_text"},
    {"activity_log", "garland_statement_log",
     "endtime as record_time, query as query_id, userid as user_id, username as user_name, sessionid as session_id, "
     "xid as transaction_id, databasename as database_name, application as application_name, label as query_label, "
     "type as query_type, starttime as start_time, endtime as end_time, elapsed as elapsed_us, status, "
     "sqlstate, error as error_message, resultrows as returned_rows, querytext as query_text"}};

}  // namespace

void prepare_audit_views(engine::Session& session) {
  if (!relation_exists(session, {"pg_catalog", kViews[0].table})) return;
  engine::run(session, "create schema if not exists ops");
  for (const AuditView& view : kViews) {
    if (relation_exists(session, {"ops", view.name})) continue;
    engine::run(session, fmt::format("create view ops.{} as select {} from pg_catalog.{} with no schema binding",
                                     view.name, view.columns, view.table));
  }
}

}  // namespace garland::models
