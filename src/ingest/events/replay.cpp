#include "ingest/events/replay.h"

#include <fmt/format.h>

#include "ingest/events/event_writer.h"

namespace garland::ingest::events {
namespace {

void check_event(const Reject& reject, const EventTable& table, const std::string& text) {
  JsonReader reader(table);
  engine::BatchBuilder row(reader.types());
  const auto fault = reader.read(text, row);
  if (!fault) return;
  throw Error(fault->state, fmt::format("reject {} is refused again: {}", reject.text(), fault->reason))
      .hint(fmt::format("garland rejects show {} > event.json; mend it; garland rejects replay {} --from event.json",
                        reject.text(), reject.text()));
}

}  // namespace

uint64_t replay_reject(engine::Session& session, const Reject& reject, const EventTable& table, const std::string& text,
                       Vault* vault, const std::string& login, const Clock& clock) {
  check_waiting(reject);
  check_event(reject, table, text);
  EventWriter writer(session, table, vault, clock);
  writer.begin();
  writer.add(text, reject.file, static_cast<uint64_t>(reject.line));
  writer.close_loads();
  settle_reject(session, reject, "replayed", 1, login, clock);
  writer.commit("reject " + reject.text());
  return 1;
}

}  // namespace garland::ingest::events
