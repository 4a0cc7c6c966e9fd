// Refused events that come again, mended.
#pragma once

#include <cstdint>
#include <string>

#include "base/clock.h"
#include "engine/engine.h"
#include "ingest/events/event_table.h"
#include "ingest/files/rejects.h"
#include "ingest/sensitive/vault.h"

namespace garland::ingest::events {

/// Loads the text, one event, into the source's raw table, as a batch of its own from where the refused one came. One
/// transaction. Throws what is still wrong with the event, and 55000 when the reject was settled. Gives the number of
/// rows.
uint64_t replay_reject(engine::Session& session, const Reject& reject, const EventTable& table, const std::string& text,
                       Vault* vault, const std::string& login, const Clock& clock);

}  // namespace garland::ingest::events
