#include "ingest/events/event_reader.h"

#include <fmt/format.h>

#include "engine/text.h"
#include "engine/text_scan.h"
#include "ingest/sensitive/cards.h"
#include "ingest/sensitive/tokeniser.h"
#include "records/refusal_text.h"

namespace garland::ingest::events {
namespace {

using engine::TextFault;
using engine::TypeId;

constexpr std::string_view kNothingLeft = "{}";

}  // namespace

/// Where columns lie: the event, and below it the members and elements that their paths go through.
struct EventReader::Place {
  std::vector<size_t> columns;
  std::map<std::string, Place, std::less<>> members;
  std::map<size_t, Place> elements;
  bool is_end() const { return members.empty() && elements.empty(); }

  Place& below(const records::JsonPath::Step& step) {
    if (const auto* name = std::get_if<std::string>(&step)) return members[*name];
    return elements[std::get<size_t>(step)];
  }
};

EventReader::EventReader(const EventTable& table)
    : table_(table),
      show_values_(!holds_sensitive(column_plans(table))),
      root_(std::make_unique<Place>()),
      fields_(table.columns.size()) {
  for (size_t i = 0; i < table.columns.size(); ++i) {
    const EventColumn& column = table.columns[i];
    columns_.push_back({column.name, column.type, column.path});
    Place* place = root_.get();
    if (column.path.empty()) {
      place = &place->members[column.name];
    } else {
      const records::JsonPath path(column.path);
      for (const auto& step : path.steps()) place = &place->below(step);
    }
    place->columns.push_back(i);
  }
  for (const ColumnPlan& plan : column_plans(table)) refuses_cards_.push_back(refuses_cards(plan));
}

EventReader::~EventReader() = default;

std::vector<engine::Type> EventReader::types() const {
  std::vector<engine::Type> types;
  for (const ColumnPlan& plan : column_plans(table_)) types.push_back(plan.type);
  return types;
}

void EventReader::take(std::string_view value, const Place& place) {
  for (const size_t column : place.columns) {
    Field& field = fields_[column];
    field = {value, value != "null"};
    if (!value.starts_with('"') || table_.columns[column].type.id == TypeId::kSuper) continue;
    field.text = value.substr(1, value.size() - 2);
    if (field.text.find('\\') != std::string_view::npos) field.text = texts_.emplace_back(records::json_string(value));
  }
}

/// `rest`: where what no column takes is written; nullptr: nowhere.
void EventReader::walk(std::string_view value, const Place& place, std::string* rest) {
  if (value.starts_with('{')) return walk_object(value, place, rest);
  if (value.starts_with('[')) return walk_array(value, place, rest);
  if (rest) *rest += value;
}

void EventReader::walk_object(std::string_view object, const Place& place, std::string* rest) {
  if (rest) *rest += '{';
  bool first = true;
  records::for_each_member(object, [&](std::string_view name, std::string_view value) {
    const auto found = place.members.find(name);
    const Place* below = found == place.members.end() ? nullptr : &found->second;
    if (below) take(value, *below);
    const bool taken = below && !below->columns.empty();
    std::string* const out = taken ? nullptr : rest;
    if (out) {
      if (!std::exchange(first, false)) *out += ',';
      records::append_json_string(*out, name);
      *out += ':';
    }
    if (below && !below->is_end()) return walk(value, *below, out);
    if (out) *out += value;
  });
  if (rest) *rest += '}';
}

/// What is taken leaves a null, so that the others keep their places.
void EventReader::walk_array(std::string_view array, const Place& place, std::string* rest) {
  if (rest) *rest += '[';
  size_t index = 0;
  records::for_each_element(array, [&](std::string_view value) {
    if (rest && index > 0) *rest += ',';
    const auto found = place.elements.find(index++);
    const Place* below = found == place.elements.end() ? nullptr : &found->second;
    if (below) take(value, *below);
    const bool taken = below && !below->columns.empty();
    if (taken && rest) *rest += "null";
    std::string* const out = taken ? nullptr : rest;
    if (below && !below->is_end()) return walk(value, *below, out);
    if (out) *out += value;
  });
  if (rest) *rest += ']';
}

std::optional<EventFault> EventReader::set(size_t column, engine::BatchBuilder& out) const {
  const records::CsvColumn& named = columns_[column];
  const Field& field = fields_[column];
  const auto fault_of = [](records::Reason reason) -> EventFault {
    return {std::move(reason.column), reason.state, std::move(reason.text)};
  };
  if (!field.there || (field.text.empty() && !named.type.is_string())) {
    out.set_null(column);
    if (!table_.columns[column].required) return std::nullopt;
    return fault_of(records::field_reason(named, "", TextFault::kNotNull, show_values_));
  }
  if (field.text.find('\0') != std::string_view::npos) {
    return fault_of(records::objection_reason(named, "holds a NUL character"));
  }
  if (field.text.size() >= kShortestCard && refuses_cards_[column] && find_card(field.text, 0, CardSearch::kStrict)) {
    return fault_of(records::objection_reason(named, kUnexpectedCard));
  }
  const auto fault = engine::read_field(field.text, named.type, out, column);
  if (!fault) return std::nullopt;
  return fault_of(records::field_reason(named, field.text, *fault, show_values_));
}

std::optional<EventFault> EventReader::read(std::string_view event, engine::BatchBuilder& out) {
  if (event.size() > table_.max_event_bytes) {
    return EventFault{
        "", kProgramLimitExceeded,
        fmt::format("the event is {} bytes long, {} allowed (max_event_bytes)", event.size(), table_.max_event_bytes)};
  }
  event = engine::trim_blanks(event);
  if (!engine::is_utf8(event)) return EventFault{"", kCharacterNotInRepertoire, "the event is not UTF-8 text"};
  if (!event.starts_with('{') || !engine::is_json(event)) {
    return EventFault{"", kBadCopyFileFormat, "the event is not a JSON object"};
  }
  fields_.assign(fields_.size(), {});
  texts_.clear();
  rest_.clear();
  walk(event, *root_, table_.rest.empty() ? nullptr : &rest_);
  for (size_t column = 0; column < fields_.size(); ++column) {
    auto fault = set(column, out);
    if (!fault) continue;
    out.drop_row();
    return fault;
  }
  if (!table_.rest.empty() && rest_ != kNothingLeft) {
    if (engine::read_field(rest_, engine::Type::of(TypeId::kSuper), out, fields_.size())) {
      out.drop_row();
      return EventFault{table_.rest, kInvalidTextRepresentation,
                        table_.rest + " holds what SUPER cannot: a name twice, a number too long"};
    }
  }
  out.end_row();
  return std::nullopt;
}

}  // namespace garland::ingest::events
