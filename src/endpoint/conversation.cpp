#include "endpoint/conversation.h"

#include <algorithm>

#include "base/log.h"
#include "endpoint/answers.h"
#include "endpoint/deallocate.h"
#include "endpoint/parameters.h"
#include "sql/parser.h"
#include "sql/printer.h"

namespace garland::endpoint {

using engine::TransactionStatus;

namespace {

/// A thread leaves a conversation whose client has this much to read.
constexpr size_t kSendBytes = 128u << 10;

bool controls_transaction(std::string_view text) {
  try {
    const sql::Statement statement = sql::parse_statement(text);
    return std::holds_alternative<sql::Begin>(statement.node) || std::holds_alternative<sql::Commit>(statement.node) ||
           std::holds_alternative<sql::Rollback>(statement.node);
  } catch (const Error&) {  // said where it is prepared
    return false;
  }
}

Error no_portal(std::string_view name) {
  return Error(kUndefinedCursor, "portal \"" + std::string(name) + "\" does not exist");
}

}  // namespace

Conversation::Conversation(std::unique_ptr<engine::Session> session, std::string database, int protocol_version,
                           Metrics& metrics)
    : session_(std::move(session)),
      database_(std::move(database)),
      protocol_version_(protocol_version),
      decimals_(protocol_version >= 2 ? BinaryDecimal::kScaled : BinaryDecimal::kDigits),
      metrics_(metrics) {}

Conversation::~Conversation() = default;

void Conversation::greet(std::string& out) {
  send_fixed_parameters(out);
  send_changed_parameters(out);
  ready(out);
}

void Conversation::cancel() { session_->cancel(session_->statement_id()); }

Conversation::Progress Conversation::work(Input& in, std::string& out) {
  for (;;) {
    if (running_ || in_script_) {
      if (!advance(out)) return Progress::kSend;
      continue;
    }
    if (ended_) return Progress::kEnded;
    if (out.size() >= kSendBytes) return Progress::kSend;
    try {
      const std::optional<Message> message = in.next();
      if (!message) return Progress::kNeedsInput;
      if (message->type == 'E' && !in.peek()) {  // what follows decides whether it is a transaction of its own
        in.put_back(*message);
        return Progress::kNeedsInput;
      }
      answer(*message, in, out);
    } catch (const Error& error) {
      append_error(out, error, "FATAL", "");
      ended_ = true;
    }
  }
}

void Conversation::answer(const Message& message, const Input& in, std::string& out) {
  try {
    handle(message, in, out);
  } catch (const Error& error) {
    fail(error, out);
  } catch (const std::exception& error) {
    const LogScope scope({0, session_->number(), 0});
    spdlog::error("a message of type {} failed: {}", message.type, error.what());
    fail(Error(kInternalError, "internal error"), out);
  }
}

bool Conversation::advance(std::string& out) {
  try {
    if (running_) return pump(out);
    next_of_script(out);
  } catch (const Error& error) {
    fail(error, out);
  } catch (const std::exception& error) {
    const LogScope scope({0, session_->number(), session_->query_id()});
    spdlog::error("a statement failed: {}", error.what());
    fail(Error(kInternalError, "internal error"), out);
  }
  return true;
}

void Conversation::handle(const Message& message, const Input& in, std::string& out) {
  MessageReader reader(message.payload);
  if (message.type == 'X') {
    ended_ = true;
    return;
  }
  if (skipping_ && message.type != 'S') return;
  switch (message.type) {
    case 'Q':
      return on_query(reader, out);
    case 'P':
      return on_parse(reader, out);
    case 'B':
      return on_bind(reader, out);
    case 'D':
      return on_describe(reader, out);
    case 'E':
      return on_execute(reader, in.peek(), out);
    case 'C':
      return on_close(reader, out);
    case 'S':
      return on_sync(out);
    case 'H':  // Flush: what is answered is sent whenever the input is used up
    case 'd':
    case 'c':
    case 'f':  // left over from a COPY that was refused
      return;
    case 'F':
      in_script_ = true;  // it is answered as a simple query is
      throw Error(kFeatureNotSupported, "the function call message is not supported");
    default: {
      append_error(out, Error(kProtocolViolation, "invalid frontend message type " + std::to_string(message.type)),
                   "FATAL", "");
      ended_ = true;
    }
  }
}

// ---- simple queries

void Conversation::on_query(MessageReader& reader, std::string& out) {
  const std::string_view text = reader.text();
  reader.expect_end();
  prepared_.erase("");
  portals_.erase("");
  start_script(text, out);
}

void Conversation::start_script(std::string_view text, std::string& out) {
  in_script_ = true;
  script_ = text;
  text_ = script_;
  require_utf8(script_, "the statement");
  const std::vector<sql::Span> spans = sql::split_statements(script_);
  left_.assign(spans.begin(), spans.end());
  if (left_.empty()) MessageWriter(out).empty('I');
  const auto statement = [&](const sql::Span& span) { return script_.substr(span.begin, span.end - span.begin); };
  const bool together = spans.size() > 1 && !in_transaction() && std::ranges::none_of(spans, [&](const auto& span) {
                          return controls_transaction(statement(span));
                        });
  if (together) begin_implicit();
}

void Conversation::next_of_script(std::string& out) {
  script_portal_.reset();
  if (left_.empty()) return end_script(out, true);
  const sql::Span span = left_.front();
  left_.pop_front();
  Portal& portal = script_portal_.emplace();
  portal.prepared = std::make_shared<Prepared>(prepared_at(span));
  open(portal);
  if (portal.encoder) {
    append_row_description(out, portal.cursor->columns(), portal.formats, database_, protocol_version_);
  }
  running_ = Running{&portal, 0};
}

/// Positions of its errors count in the whole text.
std::unique_ptr<engine::Statement> Conversation::prepared_at(const sql::Span& span) {
  try {
    return prepare(std::string_view(script_).substr(span.begin, span.end - span.begin), {});
  } catch (Error& error) {
    if (error.position()) error.at(*error.position() + span.begin);
    throw;
  }
}

void Conversation::end_script(std::string& out, bool commit) {
  script_portal_.reset();
  in_script_ = false;
  script_ = {};
  text_ = {};
  try {
    if (implicit_) end_implicit(commit);
  } catch (const Error& error) {
    append_error(out, error, "ERROR", "");
  }
  send_changed_parameters(out);
  ready(out);
}

std::unique_ptr<engine::Statement> Conversation::prepare(std::string_view text, std::span<const engine::Type> types) {
  const std::optional<std::string> name = deallocated_name(text);
  if (!name || !prepared_.contains(*name)) return session_->prepare(text, types);
  return deallocate_statement([this, name] { prepared_.erase(*name); });
}

// ---- the extended protocol

void Conversation::on_parse(MessageReader& reader, std::string& out) {
  const std::string name(reader.text());
  const std::string_view text = reader.text();
  const int count = reader.int16();
  if (count < 0) throw Error(kProtocolViolation, "a negative number of parameter types");
  std::vector<engine::Type> types;
  for (int i = 0; i < count; ++i) types.push_back(declared_type(reader.int32()));
  reader.expect_end();
  require_utf8(name, "the statement's name");
  require_utf8(text, "the statement");
  text_ = text;
  if (!name.empty() && prepared_.contains(name)) {
    throw Error(kDuplicatePreparedStatement, "prepared statement \"" + name + "\" already exists");
  }
  const auto spans = sql::split_statements(text);
  if (spans.size() > 1) throw Error(kSyntaxError, "cannot insert multiple commands into a prepared statement");
  auto made = std::make_shared<Prepared>();
  made->text = text;
  if (!spans.empty()) made->statement = prepare(text, types);
  text_ = {};
  prepared_[name] = std::move(made);
  MessageWriter(out).empty('1');
}

void Conversation::on_bind(MessageReader& reader, std::string& out) {
  const std::string name(reader.text());
  Portal bound;
  bound.prepared = prepared(reader.text());
  const std::vector<int16_t> codes = read_format_codes(reader);
  const int count = reader.int16();
  static const std::vector<engine::Type> kNone;
  const auto& types = bound.prepared->statement ? bound.prepared->statement->parameters() : kNone;
  if (count < 0 || static_cast<size_t>(count) != types.size()) {
    throw Error(kProtocolViolation, "bind message supplies " + std::to_string(count) +
                                        " parameters, but the statement"
                                        " requires " +
                                        std::to_string(types.size()));
  }
  const std::vector<Format> formats = formats_of(codes, types.size(), "parameters");
  for (size_t i = 0; i < types.size(); ++i) {
    bound.values.push_back(read_parameter(reader, types[i], formats[i]));
  }
  const size_t columns = bound.prepared->statement ? bound.prepared->statement->columns().size() : 0;
  bound.formats = formats_of(read_format_codes(reader), columns, "result columns");
  reader.expect_end();
  if (!name.empty() && portals_.contains(name)) {
    throw Error(kDuplicateCursor, "portal \"" + name + "\" already exists");
  }
  require_utf8(name, "the portal's name");
  portals_.erase(name);
  portals_.emplace(name, std::move(bound));
  MessageWriter(out).empty('2');
}

void Conversation::on_describe(MessageReader& reader, std::string& out) {
  const char kind = static_cast<char>(reader.byte());
  const std::string_view name = reader.text();
  reader.expect_end();
  if (kind != 'S' && kind != 'P') throw Error(kProtocolViolation, "invalid DESCRIBE message subtype");
  if (kind == 'P' && !portals_.contains(name)) return describe_cursor(name, out);
  const Portal* open = kind == 'P' ? &portal(name) : nullptr;
  const Prepared& described = open ? *open->prepared : *prepared(name);
  const engine::Statement* statement = described.statement.get();
  MessageWriter message(out);
  if (kind == 'S') {
    message.begin('t');
    message.int16(static_cast<int16_t>(statement ? statement->parameters().size() : 0));
    if (statement) {
      for (const engine::Type& type : statement->parameters()) message.int32(static_cast<int32_t>(engine::oid(type)));
    }
    message.end();
  }
  if (!statement || statement->columns().empty()) return message.empty('n');
  const auto& columns = statement->columns();
  const std::vector<Format> formats = open ? open->formats : std::vector<Format>(columns.size(), Format::kText);
  append_row_description(out, columns, formats, database_, protocol_version_);
}

/// A cursor that SQL declared: it stands among the portals, and clients describe it as one.
void Conversation::describe_cursor(std::string_view name, std::string& out) {
  try {
    const auto fetch = session_->prepare("FETCH FORWARD 1 FROM " + sql::quote_identifier(name));
    const auto& columns = fetch->columns();
    const std::vector<Format> formats(columns.size(), Format::kText);
    append_row_description(out, columns, formats, database_, protocol_version_);
  } catch (const Error& error) {
    if (error.state() != kUndefinedCursor) throw;
    throw no_portal(name);
  }
}

void Conversation::on_execute(MessageReader& reader, std::optional<char> next, std::string& out) {
  Portal& wanted = portal(reader.text());
  const int32_t rows = reader.int32();
  reader.expect_end();
  if (!wanted.prepared->statement) return MessageWriter(out).empty('I');
  if (!wanted.tag.empty()) return append_command_complete(out, wanted.tag);
  text_ = wanted.prepared->text;
  if (!wanted.cursor) {
    const bool alone = next == 'S' || in_transaction();
    if (!alone && !controls_transaction(wanted.prepared->text)) begin_implicit();
    open(wanted);
  }
  running_ = Running{&wanted, rows > 0 ? static_cast<uint64_t>(rows) : 0};
}

void Conversation::on_close(MessageReader& reader, std::string& out) {
  const char kind = static_cast<char>(reader.byte());
  const std::string_view name = reader.text();
  reader.expect_end();
  if (kind == 'S') {
    const auto found = prepared_.find(name);
    if (found != prepared_.end()) prepared_.erase(found);
  } else if (kind == 'P') {
    const auto found = portals_.find(name);
    if (found != portals_.end()) portals_.erase(found);
  } else {
    throw Error(kProtocolViolation, "invalid CLOSE message subtype");
  }
  MessageWriter(out).empty('3');
}

void Conversation::on_sync(std::string& out) {
  const bool failed = std::exchange(skipping_, false);
  try {
    if (implicit_) {
      portals_.clear();
      end_implicit(!failed);
    }
  } catch (const Error& error) {
    append_error(out, error, "ERROR", "");
  }
  send_changed_parameters(out);
  ready(out);
}

// ---- rows

void Conversation::open(Portal& portal) {
  started_ns_ = metrics_.now_ns();
  portal.cursor = portal.prepared->statement->execute(portal.values);
  const auto& columns = portal.cursor->columns();
  if (columns.empty()) return;
  portal.formats.resize(columns.size(), Format::kText);
  portal.encoder.emplace(columns, portal.formats, decimals_);
}

bool Conversation::pump(std::string& out) {
  if (!send_kept(out)) return out.size() < kSendBytes;
  return send_batches(out);
}

/// True when batches are next.
bool Conversation::send_kept(std::string& out) {
  std::deque<std::string>& kept = running_->portal->kept;
  while (!kept.empty()) {
    if (enough()) {
      suspend(out);
      return false;
    }
    if (out.size() >= kSendBytes) return false;
    out += kept.front();
    kept.pop_front();
    ++running_->sent;
  }
  return true;
}

bool Conversation::send_batches(std::string& out) {
  Running& running = *running_;
  const std::optional<RowEncoder>& encoder = running.portal->encoder;
  for (;;) {
    if (encoder && enough()) {
      suspend(out);
      return true;
    }
    if (!running.batch || running.row == running.batch->rows) {
      running.batch = running.portal->cursor->fetch();
      running.row = 0;
      if (!running.batch) {
        complete(out);
        return true;
      }
      if (!encoder) running.row = running.batch->rows;
      continue;
    }
    encoder->append(out, *running.batch, running.row++);
    ++running.sent;
    if (out.size() >= kSendBytes) return false;
  }
}

/// The client has the rows it wanted for now. The batch would not outlive another statement of the session.
void Conversation::suspend(std::string& out) {
  const Running running = *running_;
  running_.reset();
  text_ = {};
  metrics_.rows_sent(running.sent);
  for (size_t row = running.row; running.batch && row < running.batch->rows; ++row) {
    std::string message;
    running.portal->encoder->append(message, *running.batch, row);
    running.portal->kept.push_back(std::move(message));
  }
  for (const engine::Notice& notice : session_->take_notices()) append_notice(out, notice);
  MessageWriter(out).empty('s');
}

void Conversation::complete(std::string& out) {
  Portal& portal = *running_->portal;
  metrics_.rows_sent(running_->sent);
  running_.reset();
  count_end(true);
  if (!in_script_) text_ = {};
  portal.tag = portal.cursor->command_tag();
  portal.encoder.reset();
  portal.cursor.reset();
  for (const engine::Notice& notice : session_->take_notices()) append_notice(out, notice);
  append_command_complete(out, portal.tag);
}

// ---- transactions and errors

void Conversation::begin_implicit() {
  engine::run(*session_, "BEGIN");
  implicit_ = true;
}

void Conversation::end_implicit(bool commit) {
  implicit_ = false;
  if (!in_transaction()) return;  // a statement ended it: COMMIT, TRUNCATE
  engine::run(*session_, commit ? "COMMIT" : "ROLLBACK");
}

void Conversation::count_end(bool ok) {
  metrics_.statement_ended(ok, started_ns_ ? metrics_.now_ns() - *started_ns_ : 0);
  started_ns_.reset();
}

void Conversation::fail(const Error& error, std::string& out) {
  count_end(false);
  session_->fail_transaction();
  for (const engine::Notice& notice : session_->take_notices()) append_notice(out, notice);
  append_error(out, error, "ERROR", text_);
  text_ = {};
  running_.reset();
  if (!in_script_) {
    skipping_ = true;
    return;
  }
  left_.clear();
  end_script(out, false);
}

void Conversation::ready(std::string& out) {
  if (!in_transaction()) portals_.clear();     // they end with their transaction
  constexpr std::string_view kStatus = "ITE";  // in the order of TransactionStatus
  MessageWriter message(out);
  message.begin('Z');
  message.byte(kStatus[static_cast<size_t>(session_->transaction_status())]);
  message.end();
}

// ---- what the client is told

void Conversation::send_fixed_parameters(std::string& out) const {
  for (const char* name : {"integer_datetimes", "server_encoding", "server_version", "standard_conforming_strings"}) {
    append_parameter_status(out, name, session_->setting(name));
  }
  if (protocol_version_ > 0) {
    append_parameter_status(out, "server_protocol_version", std::to_string(protocol_version_));
  }
  // SHOW … with parameters for names, which Amazon's drivers ask for metadata with.
  append_parameter_status(out, "show_discovery", "4");
  append_parameter_status(out, "datashare_enabled", "off");
  append_parameter_status(out, "external_database", "off");
}

void Conversation::send_changed_parameters(std::string& out) {
  static constexpr std::pair<const char*, const char*> kSettings[] = {
      {"application_name", "application_name"},
      {"client_encoding", "client_encoding"},
      {"DateStyle", "datestyle"},
      {"is_superuser", "is_superuser"},
      {"session_authorization", "session_authorization"},
      {"TimeZone", "timezone"}};
  for (const auto& [name, setting] : kSettings) {
    std::optional<std::string>& known = reported_[name];
    std::string value = session_->setting(setting);
    if (known == value) continue;
    append_parameter_status(out, name, value);
    known = std::move(value);
  }
}

const std::shared_ptr<Conversation::Prepared>& Conversation::prepared(std::string_view name) const {
  const auto found = prepared_.find(name);
  if (found != prepared_.end()) return found->second;
  throw Error(kUndefinedPreparedStatement, name.empty()
                                               ? "unnamed prepared statement does not exist"
                                               : "prepared statement \"" + std::string(name) + "\" does not exist");
}

Conversation::Portal& Conversation::portal(std::string_view name) {
  const auto found = portals_.find(name);
  if (found != portals_.end()) return found->second;
  throw no_portal(name);
}

}  // namespace garland::endpoint
