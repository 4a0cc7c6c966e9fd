// The contract of an engine: something that runs Redshift SQL. Two are planned: embedded (DuckDB on this machine) and
// redshift (a cluster over libpq). Nothing above this folder may ask which one it talks to.
//
// Errors are thrown as garland::Error, with positions in the text that was given to prepare().
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/batch.h"
#include "engine/type.h"

namespace garland::engine {

/// A parameter's value in text form, or NULL. Its type is the statement's parameter type.
using ParameterValue = std::optional<std::string>;

/// The column of a table or view that a result's column shows unchanged.
struct ColumnOrigin {
  uint32_t relation = 0;  // pg_class.oid
  int16_t number = 0;     // pg_attribute.attnum
  std::string schema, table, column;
  bool not_null = false;
};

struct ResultColumn {
  std::string name;
  Type type;
  std::shared_ptr<const ColumnOrigin> origin;  // null: an expression
};

struct Notice {
  std::string severity;  // NOTICE, INFO, WARNING
  std::string sqlstate;
  std::string message;
};

enum class TransactionStatus { kIdle, kOpen, kFailed };

/// The result of one execution. Belongs to the thread that uses its session. Destroying it closes it.
class Cursor {
 public:
  virtual ~Cursor() = default;
  /// Empty for statements that return no rows.
  virtual const std::vector<ResultColumn>& columns() const = 0;
  /// The next rows, borrowed until the next fetch, or nullptr at the end; an error throws, so an end is never an error.
  virtual const Batch* fetch() = 0;
  /// "SELECT", "INSERT 0 12", "CREATE TABLE": PostgreSQL's CommandComplete tag; complete once fetch() returned nullptr
  /// (statements without rows are complete at once).
  virtual std::string command_tag() const = 0;
  /// Rows returned so far, or rows changed.
  virtual uint64_t row_count() const = 0;
};

/// A parsed and typed statement. Outlives changes of the catalog: it is planned again when needed.
class Statement {
 public:
  virtual ~Statement() = default;
  virtual const std::vector<Type>& parameters() const = 0;
  virtual const std::vector<ResultColumn>& columns() const = 0;
  /// Runs it. Several cursors of a session may be open.
  virtual std::unique_ptr<Cursor> execute(std::span<const ParameterValue> values = {}) = 0;
};

/// A bulk load into one table, in the session's transaction (its own when none is open: it commits at finish()), with
/// INSERT's rules: defaults for columns that are not given, identity, NOT NULL, lengths. Destroyed without finish(),
/// nothing of it stays. Until then the session runs nothing else (55000).
class Load {
 public:
  virtual ~Load() = default;
  virtual void append(const Batch& batch) = 0;
  /// Rows loaded.
  virtual uint64_t finish() = 0;
};

/// One login's conversation. Used by one thread at a time, except cancel().
class Session {
 public:
  virtual ~Session() = default;

  /// Exactly one statement. `parameter_types` may be shorter than the parameters used or hold kUnknown: the rest is
  /// inferred.
  virtual std::unique_ptr<Statement> prepare(std::string_view sql, std::span<const Type> parameter_types = {}) = 0;

  /// `table` is `name` or `schema.name`, unquoted; `columns` in the order of the batches' columns.
  virtual std::unique_ptr<Load> load(std::string_view table, const std::vector<std::string>& columns) = 0;

  virtual TransactionStatus transaction_status() const = 0;
  /// The caller failed where the session did not: an open block fails as if one of its statements had.
  virtual void fail_transaction() = 0;
  virtual std::vector<Notice> take_notices() = 0;
  /// The value of a setting as SHOW prints it; also is_superuser ("on") and session_authorization. Throws 42704.
  virtual std::string setting(std::string_view name) const = 0;

  /// A number that names the statement being executed now, for cancel(); grows with each execution.
  virtual uint64_t statement_id() const = 0;
  /// From any thread: ends that statement with 57014, if it still runs; never touches a later one.
  virtual void cancel(uint64_t statement_id) = 0;

  /// As the engine's history numbers them: SYS_QUERY_HISTORY.session_id; and .query_id of the statement that runs, or
  /// ran last. 0: not known.
  virtual int64_t number() const { return 0; }
  virtual int64_t query_id() const { return 0; }
  /// For the engine's connection log: why the session will be destroyed; without it, it ended by itself.
  virtual void will_end(std::string_view reason) { static_cast<void>(reason); }
};

/// Told by a session's thread when it waits for another session (a table lock), so that a pool can give its place to
/// other work meanwhile.
class WaitObserver {
 public:
  virtual ~WaitObserver() = default;
  virtual void wait_begins() = 0;
  /// May block.
  virtual void wait_ends() = 0;
};

/// From where and how somebody logs in, for the engine's connection log (guide page SYS_CONNECTION_LOG).
struct Client {
  std::string host, port;               // empty: this machine, without a network
  std::string auth_method;              // "scram-sha-256" …; empty: the program itself
  std::string tls_version, tls_cipher;  // empty: no TLS
  std::string driver_version, os_version, plugin;
  int32_t protocol_version = 0;
};

struct Login {
  std::string user;
  std::string database = "dev";
  std::string application_name;
  WaitObserver* waits = nullptr;  // may be null; must outlive the session
  Client client = {};
};

/// What a login is checked with; kept by the engine that owns the users. Secrets: they go into no log and no error.
struct Account {
  std::string name;
  bool super = false;
  std::string md5;                         // "md5" and 32 hex digits, or empty: md5 is off for this user
  std::string sha256_digest, sha256_salt;  // hex, or empty (net/redshift_digest.h)
  std::string scram;                       // text form, or empty (net/scram.h)
  /// From then on the password does not count; microseconds since 1970 UTC. None: for ever.
  std::optional<int64_t> valid_until_us;
  std::optional<int32_t> connection_limit;  // none: unlimited, as superusers always are
  std::optional<int32_t> session_timeout_s;
};

class Engine {
 public:
  virtual ~Engine() = default;
  /// None: no such user, or one that may not log in. All verifiers empty: no password is right (PASSWORD DISABLE).
  /// Thread-safe.
  virtual std::optional<Account> account(std::string_view user) = 0;
  /// Thread-safe. Sessions must not outlive the engine.
  virtual std::unique_ptr<Session> open_session(const Login& login) = 0;
  /// For the engine's connection log: somebody was not let in. Thread-safe.
  virtual void login_refused(const Login& login, std::string_view reason) {
    static_cast<void>(login);
    static_cast<void>(reason);
  }
};

// ---- conveniences over the contract

/// Runs a statement to its end and returns the number of rows changed (or returned). Throws on error.
uint64_t run(Session& session, std::string_view sql, std::span<const ParameterValue> values = {});

/// All rows as text (NULL is nullopt), for small results.
using TextRow = std::vector<std::optional<std::string>>;
std::vector<TextRow> query_text(Session& session, std::string_view sql, std::span<const ParameterValue> values = {});

/// BEGIN on construction, ROLLBACK on destruction unless commit() was called. Throws 25001 when the session already has
/// a transaction: joining one that failed to roll back would commit what was given up.
class Transaction {
 public:
  explicit Transaction(Session& session);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  void commit();

 private:
  Session& session_;
  bool open_ = true;
};

}  // namespace garland::engine
