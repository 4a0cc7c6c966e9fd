#include "ingest/json_reader.h"

#include <fmt/format.h>

#include "base/limits.h"
#include "engine/text.h"
#include "engine/text_scan.h"
#include "ingest/sensitive/cards.h"
#include "ingest/sensitive/tokeniser.h"
#include "records/json_path.h"
#include "records/refusal_text.h"

namespace garland::ingest {
namespace {

using engine::TextFault;
using engine::TypeId;

constexpr std::string_view kNothingLeft = "{}";

}  // namespace

std::vector<ColumnPlan> column_plans(const JsonShape& shape) {
  std::vector<ColumnPlan> plans;
  for (const JsonColumn& column : shape.columns) plans.push_back({column.name, column.type, column.sensitive});
  if (!shape.rest.empty()) plans.push_back({shape.rest, engine::Type::of(TypeId::kSuper), std::nullopt});
  return plans;
}

std::string read_json_path(const TomlReader& reader, const toml::table& column) {
  std::string path = reader.text(column, "path").value_or("");
  if (path.empty()) return path;
  try {
    if (records::JsonPath(path).steps().empty()) throw Error(kInvalidParameterValue, "");
  } catch (const Error&) {
    throw reader.error(*column.get("path"), fmt::format("\"{}\" is no path into a JSON object", path))
        .hint("for instance $.product.sku or $['product']['sku'][0]");
  }
  return path;
}

void read_json_shape(const TomlReader& reader, const toml::table& source, JsonShape& shape) {
  shape.rest = reader.text(source, "rest").value_or("");
  if (!shape.rest.empty() && (!is_plain_name(shape.rest) || shape.rest.front() == '_')) {
    throw reader.error(*source.get("rest"), fmt::format("\"{}\" is no name of a column", shape.rest))
        .hint("rest = \"payload\" keeps what no column takes in a column of type SUPER");
  }
  const std::string key = fmt::format("max_{}_bytes", shape.what);
  const auto most = reader.value<int64_t>(source, key, "a number of bytes");
  if (most && (*most < 1 || *most > kMaxSuperBytes)) {
    throw reader.error(*source.get(key), fmt::format("\"{}\" must be from 1 to {}", key, kMaxSuperBytes));
  }
  if (most) shape.max_bytes = static_cast<uint64_t>(*most);
}

/// Where columns lie: the object, and below it the members and elements that their paths go through.
struct JsonReader::Place {
  std::vector<size_t> columns;
  std::map<std::string, Place, std::less<>> members;
  std::map<size_t, Place> elements;
  bool is_end() const { return members.empty() && elements.empty(); }

  Place& below(const records::JsonPath::Step& step) {
    if (const auto* name = std::get_if<std::string>(&step)) return members[*name];
    return elements[std::get<size_t>(step)];
  }
};

JsonReader::JsonReader(const JsonShape& shape)
    : shape_(shape),
      show_values_(!holds_sensitive(column_plans(shape))),
      root_(std::make_unique<Place>()),
      fields_(shape.columns.size()) {
  for (size_t i = 0; i < shape.columns.size(); ++i) {
    const JsonColumn& column = shape.columns[i];
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
  for (const ColumnPlan& plan : column_plans(shape)) refuses_cards_.push_back(refuses_cards(plan));
}

JsonReader::~JsonReader() = default;

std::vector<engine::Type> JsonReader::types() const {
  std::vector<engine::Type> types;
  for (const ColumnPlan& plan : column_plans(shape_)) types.push_back(plan.type);
  return types;
}

void JsonReader::take(std::string_view value, const Place& place) {
  for (const size_t column : place.columns) {
    Field& field = fields_[column];
    field = {value, value != "null"};
    if (!value.starts_with('"') || shape_.columns[column].type.id == TypeId::kSuper) continue;
    field.text = value.substr(1, value.size() - 2);
    if (field.text.find('\\') != std::string_view::npos) field.text = texts_.emplace_back(records::json_string(value));
  }
}

/// `rest`: where what no column takes is written; nullptr: nowhere.
void JsonReader::walk(std::string_view value, const Place& place, std::string* rest) {
  if (value.starts_with('{')) return walk_object(value, place, rest);
  if (value.starts_with('[')) return walk_array(value, place, rest);
  if (rest) *rest += value;
}

void JsonReader::walk_object(std::string_view object, const Place& place, std::string* rest) {
  if (rest) *rest += '{';
  bool first = true;
  records::for_each_member(object, [&](std::string_view name, std::string_view value) {
    const auto found = place.members.find(name);
    const Place* below = found == place.members.end() ? nullptr : &found->second;
    if (below) take(value, *below);
    const bool taken = below && !below->columns.empty();
    if (!below && shape_.rest.empty() && left_out_.size() < kNamesLeftOut && !left_out_.contains(name))
      left_out_.emplace(name);
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
void JsonReader::walk_array(std::string_view array, const Place& place, std::string* rest) {
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

std::optional<JsonFault> JsonReader::set(size_t column, engine::BatchBuilder& out) const {
  const records::CsvColumn& named = columns_[column];
  const Field& field = fields_[column];
  const auto fault_of = [](records::Reason reason) -> JsonFault {
    return {std::move(reason.column), reason.state, std::move(reason.text)};
  };
  if (!field.there || (field.text.empty() && !named.type.is_string())) {
    out.set_null(column);
    if (!shape_.columns[column].required) return std::nullopt;
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

std::optional<JsonFault> JsonReader::read(std::string_view object, engine::BatchBuilder& out) {
  if (object.size() > shape_.max_bytes) {
    return JsonFault{"", kProgramLimitExceeded,
                     fmt::format("the {0} is {1} bytes long, {2} allowed (max_{0}_bytes)", shape_.what, object.size(),
                                 shape_.max_bytes)};
  }
  object = engine::trim_blanks(object);
  if (!engine::is_utf8(object)) {
    return JsonFault{"", kCharacterNotInRepertoire, fmt::format("the {} is not UTF-8 text", shape_.what)};
  }
  if (!object.starts_with('{') || !engine::is_json(object)) {
    return JsonFault{"", kBadCopyFileFormat, fmt::format("the {} is not a JSON object", shape_.what)};
  }
  fields_.assign(fields_.size(), {});
  texts_.clear();
  rest_.clear();
  walk(object, *root_, shape_.rest.empty() ? nullptr : &rest_);
  for (size_t column = 0; column < fields_.size(); ++column) {
    auto fault = set(column, out);
    if (!fault) continue;
    out.drop_row();
    return fault;
  }
  if (!shape_.rest.empty() && rest_ != kNothingLeft) {
    if (engine::read_field(rest_, engine::Type::of(TypeId::kSuper), out, fields_.size())) {
      out.drop_row();
      return JsonFault{shape_.rest, kInvalidTextRepresentation,
                       shape_.rest + " holds what SUPER cannot: a name twice, a number too long"};
    }
  }
  out.end_row();
  return std::nullopt;
}

}  // namespace garland::ingest
