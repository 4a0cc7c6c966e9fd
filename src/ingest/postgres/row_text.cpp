#include "ingest/postgres/row_text.h"

#include <algorithm>
#include <limits>
#include <optional>

#include "engine/text.h"
#include "ingest/postgres/numeric.h"
#include "ingest/postgres/wire_reader.h"
#include "net/digest.h"
#include "records/json_path.h"

namespace garland::ingest::postgres {
namespace {

class JsonObject {
 public:
  void add(std::string_view name, std::string_view text) {
    begin(name);
    records::append_json_string(text_, text);
  }
  void add_null(std::string_view name) {
    begin(name);
    text_ += "null";
  }
  std::string text() && { return std::move(text_) + "}"; }

 private:
  void begin(std::string_view name) {
    if (text_.size() > 1) text_ += ',';
    records::append_json_string(text_, name);
    text_ += ':';
  }
  std::string text_ = "{";
};

std::string hexadecimal(std::string_view bytes) { return "\\x" + net::hex(bytes); }

std::string utf8_or_hexadecimal(std::string_view bytes) {
  return engine::is_utf8(bytes) ? std::string(bytes) : hexadecimal(bytes);
}

/// Days and microseconds have the ends of their range for infinity.
template <class Number>
std::string infinity_or_hexadecimal(std::string_view bytes) {
  const auto number = WireReader(bytes, "value").number<Number>();
  if (number == std::numeric_limits<Number>::max()) return "infinity";
  if (number == std::numeric_limits<Number>::min()) return "-infinity";
  return hexadecimal(bytes);
}

/// Of a value that its column cannot hold.
std::string unfit_text(Form form, std::string_view bytes) {
  switch (form) {
    case Form::kText:
    case Form::kPaddedText:
    case Form::kJson:
      return utf8_or_hexadecimal(bytes);
    case Form::kJsonb:
      return utf8_or_hexadecimal(bytes.substr(1));  // behind its version
    case Form::kNumeric:
      return numeric_text(bytes);
    case Form::kDate:
      return infinity_or_hexadecimal<int32_t>(bytes);
    case Form::kTimestamp:
      return infinity_or_hexadecimal<int64_t>(bytes);
    default:
      return hexadecimal(bytes);
  }
}

std::optional<Landing> known_landing(const SourceTypes& types, const RelationColumn& column) {
  try {
    return landing_of(types, column.type, column.typmod);
  } catch (const Error&) {  // a type that Garland does not take, which may be why the row is refused
    return std::nullopt;
  }
}

std::string value_text(const SourceTypes& types, const RelationColumn& column, std::string_view bytes) {
  const auto landing = known_landing(types, column);
  if (!landing) return hexadecimal(bytes);
  engine::BatchBuilder value({landing->type});
  if (ValueReader(types).read(*landing, bytes, value, 0)) return unfit_text(landing->form, bytes);
  value.end_row();
  std::string text;
  engine::append_text(text, value.batch().columns.front(), 0);
  return utf8_or_hexadecimal(text);
}

}  // namespace

std::string row_text(const Tuple& tuple, const Relation& relation, const SourceTypes& types) {
  JsonObject object;
  for (size_t i = 0; i < std::min(tuple.size(), relation.columns.size()); ++i) {
    const RelationColumn& column = relation.columns[i];
    switch (tuple[i].kind) {
      case ValueKind::kNull:
        object.add_null(column.name);
        break;
      case ValueKind::kUnchangedToast:
        break;
      case ValueKind::kText:
        object.add(column.name, utf8_or_hexadecimal(tuple[i].bytes));
        break;
      case ValueKind::kBinary:
        object.add(column.name, value_text(types, column, tuple[i].bytes));
    }
  }
  return std::move(object).text();
}

std::string row_text(const std::vector<TableColumn>& names, std::span<const engine::Column> columns, size_t row) {
  JsonObject object;
  for (size_t i = 0; i < names.size(); ++i) {
    if (columns[i].is_null(row)) continue;
    std::string text;
    engine::append_text(text, columns[i], row);
    object.add(names[i].name, text);
  }
  return std::move(object).text();
}

}  // namespace garland::ingest::postgres
