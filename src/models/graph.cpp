#include "models/graph.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <queue>
#include <set>

#include "models/near_names.h"
#include "semantics/resolve.h"
#include "sql/printer.h"

namespace garland::models {

FilePlace place_at(const std::string& file, std::string_view text, size_t offset) {
  LineColumn place = line_column(text, offset);
  return {file, place.line, place.column};
}

Error located(Error error, const std::string& file, std::string_view text) {
  if (error.place()) return error;
  return error.position() ? error.in(place_at(file, text, *error.position())) : error.in({file, 0, 0});
}

void sort_by_place(std::vector<Error>& errors) {
  auto key = [](const Error& error) {
    FilePlace place = error.place().value_or(FilePlace{});
    return std::tuple(place.file, place.line, place.column);
  };
  std::stable_sort(errors.begin(), errors.end(), [&](const Error& a, const Error& b) { return key(a) < key(b); });
}

std::vector<ModelName> references_of(const sql::Statement& statement, const std::string& file, std::string_view text,
                                     std::vector<Error>& errors) {
  std::set<ModelName> names;
  for (const sql::QualifiedName& name : semantics::referenced_relations(statement)) {
    if (name.parts.size() == 2) {
      names.insert({name.parts[0].text, name.parts[1].text});
      continue;
    }
    Error error(kInvalidName, fmt::format("\"{}\" must be named as schema.table", sql::print(name)));
    error.hint(name.parts.size() == 1
                   ? "Write the schema too: the same text then means the same table in every session."
                   : "Leave the database out: a project lives in one database.");
    errors.push_back(error.at(name.span.begin).in(place_at(file, text, name.span.begin)));
  }
  return {names.begin(), names.end()};
}

namespace {

using Names = std::set<ModelName>;

uint64_t reference_offset(const sql::Statement& statement, const ModelName& wanted) {
  for (const sql::QualifiedName& name : semantics::referenced_relations(statement)) {
    if (name.parts.size() == 2 && name.parts[0].text == wanted.schema && name.parts[1].text == wanted.name)
      return name.span.begin;
  }
  return 0;
}

/// As it is written in SQL: `raw` for one is a reserved word.
std::string in_sql(const std::string& name) {
  size_t dot = name.find('.');
  return sql::quote_identifier(name.substr(0, dot)) + "." + sql::quote_identifier(name.substr(dot + 1));
}

Error missing(const ModelName& name, FilePlace place, const std::vector<std::string>& candidates) {
  Error error(kUndefinedTable, fmt::format("relation \"{}\" does not exist", name.text()));
  auto near = near_names(name.text(), candidates, 1);
  error.hint(near.empty() ? "It is neither a model of this project nor a table of a source."
                          : fmt::format("did you mean {}?", in_sql(near[0])));
  return error.in(std::move(place));
}

void report_missing(const std::vector<Model>& models, const std::vector<QueryTestFile>& tests,
                    const std::vector<ModelName>& known, const std::vector<ModelName>& broken,
                    std::vector<Error>& errors) {
  Names exists(known.begin(), known.end());
  for (const Model& model : models) exists.insert(model.name);
  std::vector<std::string> candidates;
  for (const ModelName& name : exists) candidates.push_back(name.text());
  exists.insert(broken.begin(), broken.end());
  for (const Model& model : models) {
    for (const ModelName& name : model.references) {
      if (exists.count(name)) continue;
      size_t offset = reference_offset(model.statement, name);
      errors.push_back(missing(name, place_at(model.file.generic_string(), model.text, offset), candidates));
    }
    for (const TestSpec& test : model.tests) {
      if (test.references && !exists.count(*test.references))
        errors.push_back(missing(*test.references, test.place, candidates));
    }
  }
  for (const QueryTestFile& test : tests) {
    for (const ModelName& name : test.reads) {
      if (exists.count(name)) continue;
      size_t offset = reference_offset(test.statement, name);
      errors.push_back(missing(name, place_at(test.spec.place.file, test.spec.query, offset), candidates));
    }
  }
}

void report_duplicates(const std::vector<Model>& models, const std::vector<ModelName>& known,
                       std::vector<Error>& errors) {
  std::map<ModelName, const Model*> first;
  for (const Model& model : models) {
    auto [entry, added] = first.emplace(model.name, &model);
    if (!added) {
      errors.push_back(
          Error(kDuplicateTable, fmt::format("two models are named {}: {} and {}", model.name.text(),
                                             entry->second->file.generic_string(), model.file.generic_string()))
              .in({model.file.generic_string(), 1, 1}));
    }
    if (std::find(known.begin(), known.end(), model.name) != known.end()) {
      errors.push_back(
          Error(kDuplicateTable, fmt::format("{} is a table of a source or of Garland itself", model.name.text()))
              .hint("Give the model and its file another name.")
              .in({model.file.generic_string(), 1, 1}));
    }
  }
}

using Edges = std::vector<std::vector<size_t>>;  // model → the models that it reads

Edges edges_of(const std::vector<Model>& models) {
  std::map<ModelName, size_t> numbers;
  for (size_t i = 0; i < models.size(); ++i) numbers.emplace(models[i].name, i);
  Edges reads(models.size());
  for (size_t i = 0; i < models.size(); ++i) {
    for (const ModelName& name : models[i].references) {
      if (auto found = numbers.find(name); found != numbers.end()) reads[i].push_back(found->second);
    }
  }
  return reads;
}

/// The shortest way from `start` back to itself, without its end; empty when there is none.
std::vector<size_t> circle_through(size_t start, const Edges& reads) {
  std::vector<size_t> from(reads.size(), SIZE_MAX);
  std::queue<size_t> waiting({start});
  while (!waiting.empty()) {
    size_t at = waiting.front();
    waiting.pop();
    for (size_t next : reads[at]) {
      if (next == start) {
        std::vector<size_t> way{at};
        while (way.back() != start) way.push_back(from[way.back()]);
        std::reverse(way.begin(), way.end());
        return way;
      }
      if (from[next] == SIZE_MAX) from[next] = at, waiting.push(next);
    }
  }
  return {};
}

Error circle_error(const std::vector<size_t>& circle, const std::vector<Model>& models) {
  std::string message = circle.size() == 1 ? "a model reads itself: " : "models read each other in a circle: ";
  FilePlace first;
  for (size_t i = 0; i < circle.size(); ++i) {
    const Model& model = models[circle[i]];
    const ModelName& next = models[circle[(i + 1) % circle.size()]].name;
    FilePlace place = place_at(model.file.generic_string(), model.text, reference_offset(model.statement, next));
    message += fmt::format("{}{}:{} reads {}", i ? ", " : "", place.file, place.line, next.text());
    if (i == 0) first = place;
  }
  return Error(kInvalidObjectDefinition, message).in(first);
}

/// One error for each circle; a model stands in one reported circle only.
void report_circles(const std::vector<Model>& models, const Edges& reads, std::vector<Error>& errors) {
  std::set<size_t> told;
  for (size_t i = 0; i < models.size(); ++i) {
    if (told.count(i)) continue;
    std::vector<size_t> circle = circle_through(i, reads);
    if (circle.empty()) continue;
    told.insert(circle.begin(), circle.end());
    errors.push_back(circle_error(circle, models));
  }
}

void sort_models(std::vector<Model>& models, const Edges& reads) {
  std::vector<size_t> open(models.size(), 0);
  Edges readers(models.size());
  for (size_t i = 0; i < models.size(); ++i) {
    open[i] = reads[i].size();
    for (size_t read : reads[i]) readers[read].push_back(i);
  }
  std::set<std::pair<ModelName, size_t>> ready;
  for (size_t i = 0; i < models.size(); ++i) {
    if (open[i] == 0) ready.emplace(models[i].name, i);
  }
  std::vector<Model> sorted;
  while (!ready.empty()) {
    size_t at = ready.begin()->second;
    ready.erase(ready.begin());
    for (size_t reader : readers[at]) {
      if (--open[reader] == 0) ready.emplace(models[reader].name, reader);
    }
    sorted.push_back(std::move(models[at]));
  }
  models = std::move(sorted);
}

}  // namespace

void link_models(std::vector<Model>& models, const std::vector<QueryTestFile>& tests,
                 const std::vector<ModelName>& known, const std::vector<ModelName>& broken,
                 std::vector<Error>& errors) {
  report_duplicates(models, known, errors);
  report_missing(models, tests, known, broken, errors);
  Edges reads = edges_of(models);
  size_t before = errors.size();
  report_circles(models, reads, errors);
  if (errors.size() == before) sort_models(models, reads);
}

}  // namespace garland::models
