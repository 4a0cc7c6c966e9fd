// The actions of the Data API: a JSON body in, a JSON body out (AWS documentation, Redshift Data API Reference). Throws
// Error; error_reply() says how the API tells it. Thread-safe.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "base/error.h"
#include "endpoint/data_api/statements.h"

namespace garland::endpoint {

struct ApiReply {
  unsigned status = 200;
  std::string body;
  std::string type = "application/x-amz-json-1.1";
};

class Actions {
 public:
  Actions(engine::Engine& engine, WorkerPool& pool, const Clock& clock, Metrics& metrics)
      : engine_(engine), clock_(clock), statements_(engine, pool, clock, metrics) {}

  /// A request that was understood; what it starts has begun.
  struct Call {
    std::string action, user;
    engine::Client client = {};  // from where it was asked
    nlohmann::json body;
    std::string statement;  // whose end it may wait for; empty: none
    int wait_s = 0;
  };
  /// `user`: who signed. Runs queries: on a thread that may wait.
  Call begin(const std::string& action, const std::string& body, const std::string& user, const engine::Client& client);
  /// Nothing is left to wait for.
  bool is_ready(const Call& call) const;
  ApiReply finish(const Call& call);
  /// Cancels what runs. Again until nothing works.
  void stop() { statements_.stop(); }
  bool is_working() const { return statements_.is_working(); }
  /// To be called now and then: sessions end. Does not wait.
  void sweep() { statements_.sweep(); }

 private:
  std::string submit(const Call& call);
  engine::Login login(const Call& call) const;
  ApiStatement statement(const Call& call);
  const ApiPart& part(const Call& call, const ApiStatement& statement) const;
  nlohmann::json submitted(const Call& call);
  nlohmann::json describe(const Call& call);
  std::string result(const Call& call, RecordFormat format);
  nlohmann::json list_statements(const Call& call);
  nlohmann::json list_sessions(const Call& call) const;
  nlohmann::json list_databases(const Call& call) const;
  nlohmann::json list_schemas(const Call& call) const;
  nlohmann::json list_tables(const Call& call) const;
  nlohmann::json describe_table(const Call& call) const;

  engine::Engine& engine_;
  const Clock& clock_;
  Statements statements_;
};

/// 22023 is a ValidationException, 42704 a ResourceNotFoundException, 53300 an ActiveStatementsExceededException, 53400
/// an ActiveSessionsExceededException, 28000 an InvalidSignatureException; SQL's own errors are ValidationExceptions,
/// the rest InternalServerExceptions.
ApiReply error_reply(const Error& error);

}  // namespace garland::endpoint
