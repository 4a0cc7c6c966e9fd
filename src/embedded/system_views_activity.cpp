// Sessions, connections and statements (guide pages SYS_QUERY_HISTORY, SYS_QUERY_TEXT, SYS_CONNECTION_LOG,
// r_STV_RECENTS, r_STV_SESSIONS, r_STV_INFLIGHT, r_STL_QUERY, r_STL_QUERYTEXT, SYS_USERLOG,
// r_STL_USERLOG).
#include <algorithm>
#include <iterator>

#include "embedded/system_relations.h"

namespace garland::embedded {

namespace {
/// "create user" is told as "create". Superusers may update the catalog, nobody else may.
constexpr const char* kUserLog =
    R"(select changeduser, left(objectname, 50), left(oldname, 50), split_part(action, ' ', 1), usecreatedb::int,
        usesuper::int, usesuper::int, validuntil, sessionid, xid, recordtime from pg_catalog.garland_user_log where
        changeduser is not null)";

std::vector<SystemView> log_views() {
  return {
      {"pg_catalog", "sys_connection_log",
       R"(event char(50), record_time timestamp, remote_host char(45), remote_port char(32), session_id int,
           database_name char(50), user_name char(50), auth_method char(32), duration bigint, ssl_version char(50),
           ssl_cipher char(128), mtu int, ssl_compression char(64), ssl_expansion char(64), iam_auth_guid char(36),
           application_name char(250), driver_version char(64), os_version char(64), plugin_name char(32),
           protocol_version int)",
       R"(select event, recordtime, host, port, sessionid, databasename, username, authmethod, duration, tlsversion,
           tlscipher, 0, '', '', '', left(application, 250), driverversion, osversion, pluginname, protocolversion from
           garland_base.connections)",
       SystemVisibility::kSuperuser},
      {"pg_catalog", "stl_connection_log",
       R"(event char(50), recordtime timestamp, remotehost char(45), remoteport char(32), pid int, dbname char(50),
           username char(50), authmethod char(32), duration int, sslversion char(50), sslcipher char(128), mtu int,
           sslcompression char(64), sslexpansion char(64), iamauthguid char(36), application_name char(250),
           os_version char(64), driver_version char(64), plugin_name char(32), protocol_version int, sessionid
           char(36))",
       R"(select event, recordtime, host, port, sessionid, databasename, username, authmethod, duration, tlsversion,
           tlscipher, 0, '', '', '', left(application, 250), osversion, driverversion, pluginname, protocolversion, ''
           from garland_base.connections)",
       SystemVisibility::kSuperuser},
      {"pg_catalog", "sys_userlog",
       R"(user_id int, user_name char(50), original_user_name char(50), action char(10), has_create_db_privs int,
           is_superuser int, has_update_catalog_privs int, password_expiration timestamp, session_id int,
           transaction_id bigint, record_time timestamp)",
       kUserLog, SystemVisibility::kSuperuser},
      {"pg_catalog", "stl_userlog",
       R"(userid int, username char(50), oldusername char(50), action char(10), usecreatedb int, usesuper int,
           usecatupd int, valuntil timestamp, pid int, xid bigint, recordtime timestamp)",
       kUserLog, SystemVisibility::kSuperuser},
  };
}

}  // namespace

std::vector<SystemView> activity_views() {
  std::vector<SystemView> views{
      {"pg_catalog", "sys_query_history",
       R"(user_id int, query_id bigint, query_label char(320), transaction_id bigint, session_id int, database_name
           char(128), query_type char(32), status char(10), result_cache_hit bool, start_time timestamp, end_time
           timestamp, elapsed_time bigint, queue_time bigint, execution_time bigint, error_message char(512),
           returned_rows bigint, returned_bytes bigint, query_text char(4000), redshift_version char(256), usage_limit
           text, compute_type varchar(32), compile_time bigint, planning_time bigint, lock_wait_time bigint)",
       R"(select userid, id, label, xid, sessionid, databasename, type, status, false, starttime, endtime, elapsed,
           0, elapsed, left(error, 512), resultrows, null, querytext, 'Redshift 1.0', null, 'primary', 0, 0, 0 from
           garland_base.queries)"},
      {"pg_catalog", "sys_query_text",
       R"(user_id int, query_id bigint, transaction_id bigint, session_id int, start_time timestamp, "sequence" int,
           text char(4000))",
       "select userid, id, xid, sessionid, starttime, 0, querytext from garland_base.queries"},
      {"pg_catalog", "stl_query",
       R"(userid int, query int, label char(320), xid bigint, pid int, database char(32), querytxt char(4000),
           starttime timestamp, endtime timestamp, aborted int, insert_pristine int, concurrency_scaling_status int)",
       R"(select userid, id, label, xid, sessionid, databasename, querytext, starttime, endtime, case when status =
           'failed' then 1 else 0 end, 0, 0 from garland_base.queries where status <> 'running')"},
      {"pg_catalog", "stl_querytext", "userid int, xid bigint, pid int, query int, sequence int, text char(200)",
       R"(select userid, xid, sessionid, id, 0, left(querytext, 200) from garland_base.queries where status <>
           'running')"},
      {"pg_catalog", "svl_qlog",
       R"(userid int, query int, xid bigint, pid int, starttime timestamp, endtime timestamp, elapsed bigint, aborted
           int, label char(320), substring char(60), source_query int, concurrency_scaling_status_txt text,
           from_sp_call int)",
       R"(select userid, id, xid, sessionid, starttime, endtime, elapsed, case when status = 'failed' then 1 else 0
           end, label, left(querytext, 60), null, '0 - Did not use concurrency scaling', null from
           garland_base.queries where status <> 'running')"},
      {"pg_catalog", "stv_recents",
       R"(userid int, status char(20), starttime timestamp, duration int, user_name char(50), db_name char(50), query
           char(600), pid int)",
       R"(select userid, case when status = 'running' then 'Running' else 'Done' end, starttime, elapsed, username,
           databasename, left(querytext, 600), case when status = 'running' then sessionid else -1 end from
           garland_base.queries)"},
      {"pg_catalog", "stv_inflight",
       R"(userid int, slice int, query int, label char(320), xid bigint, pid int, starttime timestamp, text
           char(100), suspended int, insert_pristine int, concurrency_scaling_status int)",
       R"(select userid, 0, id, label, xid, sessionid, starttime, left(querytext, 100), 0, 0, 0 from
           garland_base.queries where status = 'running')"},
      {"pg_catalog", "stv_sessions",
       "starttime timestamp, process int, user_name char(50), db_name char(50), timeout_sec int",
       "select starttime, id, username, databasename, 0 from garland_base.sessions"},
  };
  std::ranges::move(log_views(), std::back_inserter(views));
  return views;
}

}  // namespace garland::embedded
