// What runs and ran, as base relations: superusers and SYSLOG ACCESS UNRESTRICTED see all, others their own (guide page
// c_visibility-of-data). Their texts are CHAR in the views, which has one byte for a character.
#include "base/utf8.h"
#include "embedded/context.h"
#include "embedded/system_relations.h"
#include "engine/text.h"

namespace garland::embedded {

namespace {

void put_time(SystemRows& rows, int64_t time_us) {
  if (time_us == 0) {
    rows.null();
    return;
  }
  engine::BatchBuilder one({engine::Type::of(engine::TypeId::kTimestamp)});
  one.set<int64_t>(0, time_us);
  one.end_row();
  std::string text;
  engine::append_text(text, one.batch().columns[0], 0);
  rows.text(text);
}

bool may_see(Context& context, const SessionRecord& session) {
  const Identity& who = context.identity();
  return who.super || who.unrestricted || session.user == who.user;
}

void fill_viewer(Context& context, SystemRows& rows) {
  const Identity& who = context.identity();
  rows.number(who.user).flag(who.super || who.unrestricted);
}

void fill_sessions(Context& context, SystemRows& rows) {
  for (const SessionRecord& session : context.warehouse.history_of_queries().sessions()) {
    if (!may_see(context, session)) continue;
    rows.number(session.id).number(session.user).text(as_single_bytes(session.user_name));
    rows.text(as_single_bytes(session.database)).text(as_single_bytes(session.application));
    put_time(rows, session.start_us);
  }
}

void fill_connections(Context& context, SystemRows& rows) {
  for (const ConnectionRecord& connection : context.warehouse.history_of_queries().connections()) {
    if (!may_see(context, connection.session)) continue;
    rows.text(connection.event);
    put_time(rows, connection.time_us);
    rows.number(connection.session.id)
        .number(connection.session.user)
        .text(as_single_bytes(connection.session.user_name));
    rows.text(as_single_bytes(connection.session.database)).text(as_single_bytes(connection.session.application));
    rows.number(connection.time_us - connection.session.start_us);
    const engine::Client& client = connection.session.client;
    rows.text(client.host.empty() ? "[local]" : client.host).text(client.port);
    rows.text(client.auth_method.empty() ? "trust" : client.auth_method).text(client.tls_version);
    rows.text(client.tls_cipher).text(as_single_bytes(client.driver_version));
    rows.text(as_single_bytes(client.os_version));
    rows.text(client.plugin.empty() ? "none" : as_single_bytes(client.plugin)).number(client.protocol_version);
  }
}

void fill_queries(Context& context, SystemRows& rows) {
  const int64_t now = context.warehouse.options().clock->now_us();
  for (const QueryRecord& query : context.warehouse.history_of_queries().queries()) {
    if (!may_see(context, query.session)) continue;
    rows.number(query.session.user).text(as_single_bytes(query.session.user_name)).number(query.id);
    rows.text(as_single_bytes(query.label)).number(query.transaction).number(query.session.id);
    rows.text(as_single_bytes(query.session.database)).text(query.type).text(query.status);
    put_time(rows, query.start_us);
    put_time(rows, query.end_us);
    rows.number((query.end_us == 0 ? now : query.end_us) - query.start_us);
    rows.number(static_cast<int64_t>(query.rows))
        .text_or_null(as_single_bytes(query.error))
        .text(as_single_bytes(query.text));
  }
}

}  // namespace

std::vector<BaseRelation> activity_bases() {
  return {
      {"viewer", "id int, everything bool", fill_viewer},
      {"sessions",
       "id int, userid int, username name, databasename name, application "
       "text, starttime timestamp",
       fill_sessions},
      {"connections",
       "event text, recordtime timestamp, sessionid int, userid int, username "
       "name, databasename name, application text, "
       "duration bigint, host text, port text, authmethod text, tlsversion text, tlscipher text, driverversion text, "
       "osversion text, pluginname text, protocolversion int",
       fill_connections},
      {"queries",
       "userid int, username name, id bigint, label text, xid bigint, "
       "sessionid int, databasename name, type text, status "
       "text, starttime timestamp, endtime timestamp, elapsed bigint, "
       "resultrows bigint, error text, querytext text",
       fill_queries},
  };
}

}  // namespace garland::embedded
