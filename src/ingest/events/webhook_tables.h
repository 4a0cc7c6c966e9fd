// What the warehouse remembers of requests: ops.event_requests, one row a request, written in the transaction of its
// rows. INSERT-only.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "ingest/events/webhook_source.h"
#include "semantics/catalog.h"

namespace garland::ingest::events {

const std::vector<TableColumn>& event_request_columns();

/// Creates the tables that a source's requests go to where they are missing. Throws 42804 for a raw table with other
/// columns.
void provide_tables(engine::Session& session, const WebhookSource& source);

struct RequestRow {
  std::string key, body_hash;
  int64_t batch_id = 0;
  uint64_t accepted = 0, rejected = 0;
  int64_t received_us = 0;
};
/// The source's requests received at that time and later, in their order.
void read_requests(engine::Session& session, const std::string& source, int64_t from_us,
                   const std::function<void(RequestRow)>& row);
/// Inside a transaction, with no load open.
void write_requests(engine::Session& session, const std::string& source, const std::vector<RequestRow>& requests);

/// The raw tables of the sources and the state table, for checks without an engine.
std::vector<semantics::Relation> webhook_relations(const std::vector<WebhookSource>& sources);

}  // namespace garland::ingest::events
