#include "ingest/postgres/messages.h"

#include <fmt/format.h>

#include <charconv>

#include "ingest/postgres/wire_reader.h"

namespace garland::ingest::postgres {
namespace {

/// PostgreSQL counts from 2000-01-01.
constexpr int64_t kEpochUs = 946'684'800'000'000;

Xid xid_of(WireReader& reader, bool streamed) { return streamed ? reader.number<Xid>() : 0; }

int64_t moment(WireReader& reader) {
  int64_t micros = 0;
  if (__builtin_add_overflow(reader.number<int64_t>(), kEpochUs, &micros))
    throw reader.malformed("a time out of range");
  return micros;
}

Value read_value(WireReader& reader) {
  const char kind = reader.letter();
  switch (kind) {
    case 'n':
      return {ValueKind::kNull, {}};
    case 'u':
      return {ValueKind::kUnchangedToast, {}};
    case 't':
    case 'b': {
      const auto length = reader.number<int32_t>();
      return {kind == 't' ? ValueKind::kText : ValueKind::kBinary, reader.bytes(length)};
    }
    default:
      throw reader.malformed(fmt::format("a value of kind 0x{:02x}", static_cast<unsigned char>(kind)));
  }
}

Tuple read_tuple(WireReader& reader) {
  const auto count = reader.number<int16_t>();
  if (count < 0) throw reader.malformed("a negative number of columns");
  Tuple tuple;
  tuple.reserve(static_cast<size_t>(count));
  for (int i = 0; i < count; ++i) tuple.push_back(read_value(reader));
  return tuple;
}

void expect(WireReader& reader, char wanted) {
  if (reader.letter() != wanted) throw reader.malformed(fmt::format("no '{}' where a row begins", wanted));
}

Begin read_begin(WireReader& reader) {
  Begin begin;
  begin.final_lsn = reader.number<Lsn>();
  begin.committed_us = moment(reader);
  begin.xid = reader.number<Xid>();
  return begin;
}

Commit read_commit(WireReader& reader) {
  Commit commit;
  reader.number<uint8_t>();  // flags, unused
  commit.lsn = reader.number<Lsn>();
  commit.end_lsn = reader.number<Lsn>();
  commit.committed_us = moment(reader);
  return commit;
}

Origin read_origin(WireReader& reader) {
  reader.number<Lsn>();
  reader.text();
  return {};
}

Relation read_relation(WireReader& reader, bool streamed) {
  Relation relation;
  relation.xid = xid_of(reader, streamed);
  relation.id = reader.number<Oid>();
  relation.schema = reader.text();
  if (relation.schema.empty()) relation.schema = "pg_catalog";
  relation.name = reader.text();
  relation.replica_identity = reader.letter();
  const auto count = reader.number<int16_t>();
  if (count < 0) throw reader.malformed("a negative number of columns");
  for (int i = 0; i < count; ++i) {
    RelationColumn& column = relation.columns.emplace_back();
    column.identity = (reader.number<uint8_t>() & 1) != 0;
    column.name = reader.text();
    column.type = reader.number<Oid>();
    column.typmod = reader.number<int32_t>();
  }
  return relation;
}

TypeName read_type_name(WireReader& reader, bool streamed) {
  TypeName type;
  type.xid = xid_of(reader, streamed);
  type.id = reader.number<Oid>();
  type.schema = reader.text();
  type.name = reader.text();
  return type;
}

Insert read_insert(WireReader& reader, bool streamed) {
  Insert insert;
  insert.xid = xid_of(reader, streamed);
  insert.relation = reader.number<Oid>();
  expect(reader, 'N');
  insert.after = read_tuple(reader);
  return insert;
}

Update read_update(WireReader& reader, bool streamed) {
  Update update;
  update.xid = xid_of(reader, streamed);
  update.relation = reader.number<Oid>();
  const char kind = reader.letter();
  if (kind == 'K' || kind == 'O') {
    update.before_is_key = kind == 'K';
    update.before = read_tuple(reader);
    expect(reader, 'N');
  } else if (kind != 'N') {
    throw reader.malformed("a row of unknown kind");
  }
  update.after = read_tuple(reader);
  return update;
}

Delete read_delete(WireReader& reader, bool streamed) {
  Delete deleted;
  deleted.xid = xid_of(reader, streamed);
  deleted.relation = reader.number<Oid>();
  const char kind = reader.letter();
  if (kind != 'K' && kind != 'O') throw reader.malformed("a row of unknown kind");
  deleted.before_is_key = kind == 'K';
  deleted.before = read_tuple(reader);
  return deleted;
}

Truncate read_truncate(WireReader& reader, bool streamed) {
  Truncate truncate;
  truncate.xid = xid_of(reader, streamed);
  const auto count = reader.number<int32_t>();
  const auto options = reader.number<uint8_t>();
  truncate.cascade = (options & 1) != 0;
  truncate.restart_identity = (options & 2) != 0;
  if (count < 0) throw reader.malformed("a negative number of tables");
  for (int32_t i = 0; i < count; ++i) truncate.relations.push_back(reader.number<Oid>());
  return truncate;
}

LogicalMessage read_logical_message(WireReader& reader, bool streamed) {
  LogicalMessage message;
  message.xid = xid_of(reader, streamed);
  message.transactional = (reader.number<uint8_t>() & 1) != 0;
  message.lsn = reader.number<Lsn>();
  message.prefix = reader.text();
  const auto length = reader.number<int32_t>();
  message.content = reader.bytes(length);
  return message;
}

StreamStart read_stream_start(WireReader& reader) {
  StreamStart start;
  start.xid = reader.number<Xid>();
  start.first = reader.number<uint8_t>() == 1;
  return start;
}

StreamCommit read_stream_commit(WireReader& reader) {
  StreamCommit stream;
  stream.xid = reader.number<Xid>();
  stream.commit = read_commit(reader);
  return stream;
}

StreamAbort read_stream_abort(WireReader& reader) {
  StreamAbort abort;
  abort.xid = reader.number<Xid>();
  abort.subxid = reader.number<Xid>();
  return abort;
}

Message read_message(char kind, WireReader& reader, bool streamed) {
  switch (kind) {
    case 'B':
      return read_begin(reader);
    case 'C':
      return read_commit(reader);
    case 'O':
      return read_origin(reader);
    case 'R':
      return read_relation(reader, streamed);
    case 'Y':
      return read_type_name(reader, streamed);
    case 'I':
      return read_insert(reader, streamed);
    case 'U':
      return read_update(reader, streamed);
    case 'D':
      return read_delete(reader, streamed);
    case 'T':
      return read_truncate(reader, streamed);
    case 'M':
      return read_logical_message(reader, streamed);
    case 'S':
      return read_stream_start(reader);
    case 'E':
      return StreamStop{};
    case 'c':
      return read_stream_commit(reader);
    case 'A':
      return read_stream_abort(reader);
    default:
      throw Error(kProtocolViolation, fmt::format("the source sent a replication message of unknown kind 0x{:02x}",
                                                  static_cast<unsigned char>(kind)));
  }
}

std::string_view name_of(char kind) {
  constexpr std::pair<char, std::string_view> kNames[] = {
      {'B', "Begin message"},         {'C', "Commit message"},       {'O', "Origin message"},
      {'R', "Relation message"},      {'Y', "Type message"},         {'I', "Insert message"},
      {'U', "Update message"},        {'D', "Delete message"},       {'T', "Truncate message"},
      {'M', "logical message"},       {'S', "Stream Start message"}, {'E', "Stream Stop message"},
      {'c', "Stream Commit message"}, {'A', "Stream Abort message"}};
  for (const auto& [letter, name] : kNames) {
    if (letter == kind) return name;
  }
  return "message";
}

void append_number(std::string& out, uint64_t value) {
  for (int shift = 56; shift >= 0; shift -= 8) out += static_cast<char>((value >> shift) & 0xff);
}

}  // namespace

std::string lsn_text(Lsn lsn) { return fmt::format("{:X}/{:X}", lsn >> 32, lsn & 0xffffffff); }

std::optional<Lsn> read_lsn(std::string_view text) {
  const size_t slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  uint32_t halves[2] = {};
  const std::string_view parts[2] = {text.substr(0, slash), text.substr(slash + 1)};
  for (int i = 0; i < 2; ++i) {
    const char* end = parts[i].data() + parts[i].size();
    const auto [stopped, fault] = std::from_chars(parts[i].data(), end, halves[i], 16);
    if (fault != std::errc() || stopped != end) return std::nullopt;
  }
  return (static_cast<Lsn>(halves[0]) << 32) | halves[1];
}

Outer decode_outer(std::string_view bytes) {
  WireReader reader(bytes, "replication message");
  const char kind = reader.letter();
  if (kind == 'w') {
    LogData data;
    data.start = reader.number<Lsn>();
    data.log_end = reader.number<Lsn>();
    reader.number<int64_t>();  // the server's clock
    data.data = reader.rest();
    return data;
  }
  if (kind != 'k') {
    throw reader.malformed(fmt::format("unknown kind 0x{:02x}", static_cast<unsigned char>(kind)));
  }
  Keepalive keepalive;
  keepalive.log_end = reader.number<Lsn>();
  reader.number<int64_t>();
  keepalive.reply_now = reader.number<uint8_t>() != 0;
  reader.finish();
  return keepalive;
}

std::string standby_status(Lsn durable, int64_t now_us, bool reply_now) {
  std::string out = "r";
  for (int i = 0; i < 3; ++i) append_number(out, durable);  // written, flushed, applied
  append_number(out, static_cast<uint64_t>(now_us - kEpochUs));
  out += static_cast<char>(reply_now);
  return out;
}

Message decode(std::string_view bytes, bool streamed) {
  if (bytes.empty()) throw Error(kProtocolViolation, "the source sent an empty replication message");
  WireReader reader(bytes.substr(1), name_of(bytes.front()));
  Message message = read_message(bytes.front(), reader, streamed);
  reader.finish();
  return message;
}

}  // namespace garland::ingest::postgres
