#include "models/build.h"

#include <fmt/format.h>

#include "base/utf8.h"
#include "engine/text.h"
#include "models/build_sql.h"

namespace garland::models {
namespace {

/// The statement that failed is not the user's text, so its position means nothing to them.
Error in_file(const Error& error, const Model& model) {
  return Error(error.state(), error.message())
      .hint(error.hint())
      .detail(error.detail())
      .in({model.file.generic_string(), 0, 0});
}

uint64_t single_number(engine::Session& session, const std::string& query) {
  return std::stoull(engine::query_text(session, query).at(0).at(0).value());
}

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  for (char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    } else {
      out += c;
    }
  }
  out += '"';
}

std::string shortened(std::string text) {
  if (text.size() <= kKeptValueBytes) return text;
  return std::string(first_bytes(text, kKeptValueBytes)) + "…";
}

void append_json_value(std::string& out, const engine::Column& column, size_t row) {
  if (column.is_null(row)) {
    out += "null";
    return;
  }
  std::string text;
  engine::append_text(text, column, row);
  if (column.type.id == engine::TypeId::kBoolean) {
    out += text == "t" ? "true" : "false";
  } else if (column.type.is_integer() || column.type.id == engine::TypeId::kDecimal) {
    out += text;
  } else {
    append_json_string(out, shortened(std::move(text)));
  }
}

/// A row as one JSON object that fits a VARCHAR: columns that would pass its limit are left out.
std::string json_row(const std::vector<engine::ResultColumn>& columns, const engine::Batch& batch, size_t row) {
  std::string out = "{";
  for (size_t i = 0; i < columns.size(); ++i) {
    std::string member = i ? ", " : "";
    append_json_string(member, columns[i].name);
    member += ": ";
    append_json_value(member, batch.columns[i], row);
    if (out.size() + member.size() + 1 > kMaxVarcharBytes) break;
    out += member;
  }
  return out + "}";
}

std::vector<std::string> sample_rows(engine::Session& session, const std::string& query) {
  auto statement = session.prepare(fmt::format("select * from ({}) as failing limit {}", query, kKeptFailures));
  auto cursor = statement->execute();
  std::vector<std::string> samples;
  while (const engine::Batch* batch = cursor->fetch()) {
    for (size_t row = 0; row < batch->rows; ++row) samples.push_back(json_row(cursor->columns(), *batch, row));
  }
  return samples;
}

bool same_columns(const std::vector<engine::ResultColumn>& a, const std::vector<engine::ResultColumn>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const auto& x, const auto& y) { return x.name == y.name && x.type == y.type; });
}

}  // namespace

uint64_t build_table(engine::Session& session, const Model& model, const Standing& standing) {
  try {
    if (model.encodings.empty()) {
      engine::run(session, create_table_as(model, standing));
    } else {
      auto query = session.prepare(model_query(model, standing));
      engine::run(session, create_encoded_table(model, query->columns()));
      engine::run(session, fill_encoded_table(model, standing));
    }
    return single_number(session, "select count(*) from " + quoted(new_table(model.name)));
  } catch (const Error& error) {
    throw in_file(error, model);
  }
}

void build_view(engine::Session& session, const Model& model, const Standing& standing) {
  try {
    ModelName name = new_view(model.name);
    engine::run(session, create_view(model, name, standing));
    session.prepare("select * from " + quoted(name));
  } catch (const Error& error) {
    throw in_file(error, model);
  }
}

TestRow run_test(engine::Session& session, const TestSpec& test, const ModelName& model, const Standing& standing) {
  TestRow row;
  row.outcome.name = test.name;
  if (test.kind != TestSpec::Kind::kQuery) row.model = model;
  try {
    row.outcome.failures = single_number(session, count_failing_rows(test, model, standing));
    row.outcome.passed = row.outcome.failures == 0;
    if (row.outcome.passed) return row;
    row.outcome.message = fmt::format("found {} {}", row.outcome.failures, row.outcome.failures == 1 ? "row" : "rows");
    row.samples = sample_rows(session, failing_rows(test, model, standing));
  } catch (const Error& error) {
    return failed_test(test, model, error);
  }
  return row;
}

TestRow failed_test(const TestSpec& test, const ModelName& model, const Error& error) {
  TestRow row;
  row.outcome.name = test.name;
  row.outcome.message = error.message();
  if (test.kind != TestSpec::Kind::kQuery) row.model = model;
  row.error = error;
  return row;
}

bool same_rows(engine::Session& session, const ModelName& a, const ModelName& b) {
  try {
    auto columns = session.prepare("select * from " + quoted(a))->columns();
    if (!same_columns(columns, session.prepare("select * from " + quoted(b))->columns())) return false;
    uint64_t rows = single_number(session, "select count(*) from " + quoted(a));
    if (rows != single_number(session, "select count(*) from " + quoted(b))) return false;
    return single_number(session, count_differences(a, b, columns)) == 0;
  } catch (const Error&) {
    return false;
  }
}

}  // namespace garland::models
