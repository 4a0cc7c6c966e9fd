// The protocol of one session behind its login (PostgreSQL documentation, "Message Flow"): messages in, messages out,
// an engine's session between. Knows no socket and never waits for the client, so that a thread can work on it
// for a while and leave it when the client has to read.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "endpoint/message.h"
#include "endpoint/metrics.h"
#include "endpoint/values.h"
#include "engine/engine.h"
#include "sql/ast/name.h"

namespace garland::endpoint {

/// Used by one thread at a time, except cancel().
class Conversation {
 public:
  /// `database`: its name, for clients; `protocol_version` as startup.h says. `metrics` must outlive it.
  Conversation(std::unique_ptr<engine::Session> session, std::string database, int protocol_version, Metrics& metrics);
  ~Conversation();

  /// The ParameterStatus messages and the first ReadyForQuery.
  void greet(std::string& out);

  enum class Progress {
    kNeedsInput,  // all whole messages are answered
    kSend,        // `out` holds enough: call again once it is sent
    kEnded,       // the client said goodbye, or cannot be understood: send `out` and close
  };
  /// Answers the messages in `in`. Throws nothing.
  Progress work(Input& in, std::string& out);

  /// From any thread: ends the statement that runs now, if any, with 57014.
  void cancel();
  /// Why it will be destroyed, for the engine's connection log.
  void will_end(std::string_view reason) { session_->will_end(reason); }
  int64_t session_number() const { return session_->number(); }
  bool in_transaction() const { return session_->transaction_status() != engine::TransactionStatus::kIdle; }

 private:
  struct Prepared {
    std::unique_ptr<engine::Statement> statement;  // null: an empty text
    std::string text;
  };
  struct Portal {
    std::shared_ptr<Prepared> prepared;
    std::vector<engine::ParameterValue> values;
    std::vector<Format> formats;
    std::unique_ptr<engine::Cursor> cursor;  // once it runs
    std::optional<RowEncoder> encoder;
    std::deque<std::string> kept;  // rows of a batch of which the client did not want all, as messages
    std::string tag;               // once it is done
  };
  /// What is being sent now.
  struct Running {
    Portal* portal;
    uint64_t wanted;  // rows; 0: all
    uint64_t sent = 0;
    const engine::Batch* batch = nullptr;
    size_t row = 0;
  };

  void answer(const Message& message, const Input& in, std::string& out);
  /// Goes on with what runs; false when `out` is full.
  bool advance(std::string& out);

  // ---- one message, one handler
  void handle(const Message& message, const Input& in, std::string& out);
  void on_query(MessageReader& reader, std::string& out);
  void on_parse(MessageReader& reader, std::string& out);
  void on_bind(MessageReader& reader, std::string& out);
  void on_describe(MessageReader& reader, std::string& out);
  void on_execute(MessageReader& reader, std::optional<char> next, std::string& out);
  void on_close(MessageReader& reader, std::string& out);
  void on_sync(std::string& out);
  void describe_cursor(std::string_view name, std::string& out);

  // ---- simple queries
  void start_script(std::string_view text, std::string& out);
  void next_of_script(std::string& out);
  std::unique_ptr<engine::Statement> prepared_at(const sql::Span& span);
  void end_script(std::string& out, bool commit);

  std::unique_ptr<engine::Statement> prepare(std::string_view text, std::span<const engine::Type> types);

  // ---- rows
  void open(Portal& portal);
  /// True when the running statement is complete or suspended; false when `out` is full.
  bool pump(std::string& out);
  bool send_kept(std::string& out);
  bool send_batches(std::string& out);
  bool enough() const { return running_->wanted > 0 && running_->sent == running_->wanted; }
  void count_end(bool ok);
  void suspend(std::string& out);
  void complete(std::string& out);

  // ---- the implicit transaction around what one simple query or one Sync holds together
  void begin_implicit();
  void end_implicit(bool commit);

  void fail(const Error& error, std::string& out);
  void ready(std::string& out);
  void send_fixed_parameters(std::string& out) const;
  void send_changed_parameters(std::string& out);
  const std::shared_ptr<Prepared>& prepared(std::string_view name) const;
  Portal& portal(std::string_view name);

  std::unique_ptr<engine::Session> session_;
  const std::string database_;
  const int protocol_version_;
  const BinaryDecimal decimals_;
  Metrics& metrics_;
  std::map<std::string, std::shared_ptr<Prepared>, std::less<>> prepared_;
  std::map<std::string, Portal, std::less<>> portals_;
  std::map<std::string_view, std::optional<std::string>> reported_;  // ParameterStatus: what the client knows

  std::string script_;          // a simple query's text
  std::deque<sql::Span> left_;  // its statements that did not begin
  bool in_script_ = false;
  std::string_view text_;                // what positions of errors count in; empty: nothing
  std::optional<Portal> script_portal_;  // of the statement that runs
  std::optional<Running> running_;
  std::optional<int64_t> started_ns_;  // the statement that was opened last, until it ends
  bool implicit_ = false;
  bool skipping_ = false;  // until Sync, after an error
  bool ended_ = false;
};

}  // namespace garland::endpoint
