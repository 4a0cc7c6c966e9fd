// The text of an event → a row. An event is one JSON object (RFC 8259): each column takes the value at its path, `rest`
// what no column took. Strings come without quotes and escapes, other values as their text; null, and an empty string
// for a type that is no string, are NULL. Of members with one name a column takes the last; SUPER takes none such, the
// event is refused.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/sqlstate.h"
#include "engine/batch.h"
#include "ingest/events/event_table.h"
#include "records/csv.h"

namespace garland::ingest::events {

struct EventFault {
  std::string column;  // empty: the event as a whole
  SqlState state = kBadCopyFileFormat;
  std::string reason;  // repeats no value of a source with sensitive columns
};

/// Not thread-safe.
class EventReader {
 public:
  /// `table` must outlive it.
  explicit EventReader(const EventTable& table);
  ~EventReader();

  /// Types of column_plans().
  std::vector<engine::Type> types() const;
  /// Adds the event to `out`, or says why not; then nothing is added.
  std::optional<EventFault> read(std::string_view event, engine::BatchBuilder& out);

 private:
  struct Place;
  struct Field {
    std::string_view text;
    bool there = false;
  };
  void walk(std::string_view value, const Place& place, std::string* rest);
  void walk_object(std::string_view object, const Place& place, std::string* rest);
  void walk_array(std::string_view array, const Place& place, std::string* rest);
  void take(std::string_view value, const Place& place);
  std::optional<EventFault> set(size_t column, engine::BatchBuilder& out) const;

  const EventTable& table_;
  const bool show_values_;
  std::vector<records::CsvColumn> columns_;  // as reasons name them
  std::vector<bool> refuses_cards_;
  std::unique_ptr<Place> root_;
  std::vector<Field> fields_;
  std::deque<std::string> texts_;  // of strings with escapes
  std::string rest_;
};

}  // namespace garland::ingest::events
