// One JSON object (RFC 8259) → a row: an event, or a line of a file. Each column takes the value at its path, `rest`
// what no column took. Strings come without quotes and escapes, other values as their text; null, and an empty string
// for a type that is no string, are NULL. Of members with one name a column takes the last; SUPER takes none such, the
// object is refused.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/sqlstate.h"
#include "engine/batch.h"
#include "engine/type.h"
#include "ingest/sensitive/columns.h"
#include "ingest/toml_reader.h"
#include "records/csv.h"

namespace garland::ingest {

struct JsonColumn {
  std::string name;  // lower case, as in the raw table
  engine::Type type;
  std::string path;                      // `$.product.sku`; empty: the member named as the column is
  bool required = false;                 // an object without a value is refused
  std::optional<ColumnClass> sensitive;  // type is that of the original
};

/// How objects become rows.
struct JsonShape {
  std::vector<JsonColumn> columns;
  std::string rest;                 // the SUPER column of what no column takes; empty: that is not kept
  uint64_t max_bytes = 1u << 20;    // of an object's text; longer ones are refused
  std::string_view what = "event";  // what an object is called in reasons; the limit's key is max_<what>_bytes
};

/// The columns as objects bring them, `rest` last.
std::vector<ColumnPlan> column_plans(const JsonShape& shape);

/// The key `path` of a column's table. Throws F0000.
std::string read_json_path(const TomlReader& reader, const toml::table& column);
/// The keys `rest` and max_<what>_bytes of a source. Throws F0000.
void read_json_shape(const TomlReader& reader, const toml::table& source, JsonShape& shape);

struct JsonFault {
  std::string column;  // empty: the object as a whole
  SqlState state = kBadCopyFileFormat;
  std::string reason;  // repeats no value of a source with sensitive columns
};

/// Not thread-safe.
class JsonReader {
 public:
  /// `shape` must outlive it.
  explicit JsonReader(const JsonShape& shape);
  ~JsonReader();

  /// Types of column_plans().
  std::vector<engine::Type> types() const;
  /// Adds the object to `out`, or says why not; then nothing is added.
  std::optional<JsonFault> read(std::string_view object, engine::BatchBuilder& out);
  /// Names of members that nothing took, where there is no `rest`: the first kNamesLeftOut, of all objects so far.
  const std::set<std::string, std::less<>>& left_out() const { return left_out_; }
  static constexpr size_t kNamesLeftOut = 20;

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
  std::optional<JsonFault> set(size_t column, engine::BatchBuilder& out) const;

  const JsonShape& shape_;
  const bool show_values_;
  std::vector<records::CsvColumn> columns_;  // as reasons name them
  std::vector<bool> refuses_cards_;
  std::unique_ptr<Place> root_;
  std::vector<Field> fields_;
  std::deque<std::string> texts_;  // of strings with escapes
  std::string rest_;
  std::set<std::string, std::less<>> left_out_;
};

}  // namespace garland::ingest
