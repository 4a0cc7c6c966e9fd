// What PostgreSQL's logical replication sends, as plain structs: the outer messages of the streaming replication
// protocol and the messages of the output plugin pgoutput, protocol versions 1 and 2.
//
// Sources: PostgreSQL 15 documentation, "Streaming Replication Protocol" (protocol-replication) and "Logical
// Replication Message Formats" (protocol-logicalrep-message-formats). Pure: bytes in, structs out. Texts and values
// point into the bytes that were decoded. Malformed bytes throw 08P01.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace garland::ingest::postgres {

/// A place in the write-ahead log, in bytes.
using Lsn = uint64_t;
/// "16/B374D848", as PostgreSQL prints it.
std::string lsn_text(Lsn lsn);
/// Nothing when it is no such text.
std::optional<Lsn> read_lsn(std::string_view text);

using Oid = uint32_t;
using Xid = uint32_t;

// ---- the outer messages

/// 'w': a piece of the log, one message of the plugin.
struct LogData {
  Lsn start = 0;
  Lsn log_end = 0;
  std::string_view data;
};
/// 'k': everything up to `log_end` has been sent.
struct Keepalive {
  Lsn log_end = 0;
  bool reply_now = false;
};
using Outer = std::variant<LogData, Keepalive>;
Outer decode_outer(std::string_view bytes);

/// 'r': how far this side is. All three positions are `durable`.
std::string standby_status(Lsn durable, int64_t now_us, bool reply_now);

// ---- the plugin's messages

enum class ValueKind : uint8_t { kNull, kUnchangedToast, kText, kBinary };
struct Value {
  ValueKind kind = ValueKind::kNull;
  std::string_view bytes;
};
using Tuple = std::vector<Value>;

struct RelationColumn {
  bool identity = false;  // part of the replica identity
  std::string name;
  Oid type = 0;
  int32_t typmod = -1;
  friend bool operator==(const RelationColumn&, const RelationColumn&) = default;
};

struct Begin {
  Lsn final_lsn = 0;
  int64_t committed_us = 0;  // since 1970-01-01 UTC
  Xid xid = 0;
};
struct Commit {
  Lsn lsn = 0, end_lsn = 0;
  int64_t committed_us = 0;
};
struct Origin {};
/// Owns its texts: it describes the messages that follow, until it comes again.
struct Relation {
  Xid xid = 0;  // here and below: 0 outside streamed transactions; a subtransaction's own number
  Oid id = 0;
  std::string schema, name;
  char replica_identity = 'd';  // pg_class.relreplident
  std::vector<RelationColumn> columns;
  friend bool operator==(const Relation&, const Relation&) = default;
};
struct TypeName {
  Xid xid = 0;
  Oid id = 0;
  std::string schema, name;
};
struct Insert {
  Xid xid = 0;
  Oid relation = 0;
  Tuple after;
};
/// `before`: nothing, the old key (the other columns are NULL there), or with REPLICA IDENTITY FULL the whole old row.
struct Update {
  Xid xid = 0;
  Oid relation = 0;
  bool before_is_key = false;
  std::optional<Tuple> before;
  Tuple after;
};
struct Delete {
  Xid xid = 0;
  Oid relation = 0;
  bool before_is_key = false;
  Tuple before;
};
struct Truncate {
  Xid xid = 0;
  bool cascade = false, restart_identity = false;
  std::vector<Oid> relations;
};
/// What pg_logical_emit_message() wrote.
struct LogicalMessage {
  Xid xid = 0;
  bool transactional = false;
  Lsn lsn = 0;
  std::string_view prefix, content;
};
struct StreamStart {
  Xid xid = 0;
  bool first = false;
};
struct StreamStop {};
struct StreamCommit {
  Xid xid = 0;
  Commit commit;
};
/// `subxid` is `xid` where the whole transaction is undone.
struct StreamAbort {
  Xid xid = 0, subxid = 0;
};

using Message = std::variant<Begin, Commit, Origin, Relation, TypeName, Insert, Update, Delete, Truncate,
                             LogicalMessage, StreamStart, StreamStop, StreamCommit, StreamAbort>;

/// `streamed`: the message stands between a StreamStart and its StreamStop, where messages carry transaction numbers.
Message decode(std::string_view bytes, bool streamed);

}  // namespace garland::ingest::postgres
