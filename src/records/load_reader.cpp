#include "records/load_reader.h"

#include "base/error.h"
#include "records/split_records.h"

namespace garland::records {

struct LoadReader::State {
  State(std::unique_ptr<ByteSource> source, std::vector<LoadColumn> columns, LoadOptions given)
      : options(std::move(given)),
        loader(std::move(columns), options.fields),
        window(std::move(source), options.skip_lines),
        splitter(options.format == LoadFormat::kJson ? split_json(window, options, loader.columns())
                                                     : split_lines(window, options, loader.columns().size())),
        rows(loader.types()) {}

  void take(const SplitRecord& record);
  void refuse(const SplitRecord& record, LoadFault fault, size_t column);

  LoadOptions options;
  FieldLoader loader;
  TextWindow window;
  std::unique_ptr<RecordSplitter> splitter;
  engine::BatchBuilder rows;
  std::vector<LoadError> errors;
  std::vector<std::pair<uint64_t, std::string>> replaced;
  SplitRecord record;
  LoadChunk chunk;
  bool ended = false;
};

void LoadReader::State::refuse(const SplitRecord& from, LoadFault fault, size_t column) {
  constexpr size_t kShownBytes = 1024;
  LoadError& error = errors.emplace_back();
  error.line = from.line;
  error.column = column;
  error.fault = std::move(fault);
  error.raw_line.assign(from.raw.substr(0, kShownBytes));
  if (column < from.fields.size()) error.raw_value.assign(from.fields[column].text.substr(0, kShownBytes));
  for (size_t i = 0; i < from.fields.size() && i <= column; ++i) {
    const LoadField& field = from.fields[i];
    error.fields.emplace_back(std::string(field.text.substr(0, kShownBytes)), field.null || field.missing);
  }
}

void LoadReader::State::take(const SplitRecord& from) {
  if (from.fault) return refuse(from, *from.fault, from.bad_field);
  std::optional<size_t> first_replaced;
  for (size_t i = 0; i < from.fields.size(); ++i) {
    if (auto fault = loader.set(rows, i, from.fields[i])) {
      rows.drop_row();
      return refuse(from, std::move(*fault), i);
    }
    if (loader.replaced() && !first_replaced) first_replaced = i;
  }
  if (first_replaced) replaced.emplace_back(from.line, loader.columns()[*first_replaced].name);
  rows.end_row();
}

LoadReader::LoadReader(std::unique_ptr<ByteSource> source, std::vector<LoadColumn> columns, LoadOptions options) {
  const size_t count = columns.size();
  if (options.format == LoadFormat::kFixedWidth && options.widths.size() != count) {
    throw Error(kInvalidParameterValue, "FIXEDWIDTH names " + std::to_string(options.widths.size()) + " columns, but " +
                                            std::to_string(count) + " are to be loaded");
  }
  const bool json = options.format == LoadFormat::kJson;
  if (json && options.mapping == JsonMapping::kPaths && options.paths.size() != count) {
    throw Error(kInvalidParameterValue, "Number of jsonpaths and the number of columns should match. JSONPath size: " +
                                            std::to_string(options.paths.size()) +
                                            ", Number of columns in table or column list: " + std::to_string(count));
  }
  if (json && options.mapping == JsonMapping::kWhole && (count != 1 || columns[0].type.id != engine::TypeId::kSuper)) {
    throw Error(kInvalidParameterValue, "JSON 'noshred' needs exactly one column to load, of type SUPER");
  }
  if (json) options.fields.null_text.reset();
  state_ = std::make_unique<State>(std::move(source), std::move(columns), std::move(options));
}

LoadReader::~LoadReader() = default;

const LoadChunk* LoadReader::next() {
  constexpr size_t kErrorsAtOnce = 1000;
  State& state = *state_;
  if (state.ended) return nullptr;
  state.rows.clear();
  state.errors.clear();
  state.replaced.clear();
  while (!state.rows.full() && state.errors.size() < kErrorsAtOnce) {
    if (!state.splitter->next(state.record)) {
      state.ended = true;
      if (state.rows.rows() == 0 && state.errors.empty()) return nullptr;
      break;
    }
    state.take(state.record);
  }
  state.chunk = {&state.rows.batch(), &state.errors, &state.replaced};
  return &state.chunk;
}

}  // namespace garland::records
