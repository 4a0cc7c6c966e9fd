// The graph of a project: what each model reads, found by parsing.
#pragma once

#include <vector>

#include "models/project.h"

namespace garland::models {

/// An error with its place in a file: the line and column are computed from the error's position in `text`.
Error located(Error error, const std::string& file, std::string_view text);
/// The place of the byte `offset` of `text`.
FilePlace place_at(const std::string& file, std::string_view text, size_t offset);

/// By file, line and column, as people mend them.
void sort_by_place(std::vector<Error>& errors);

/// The relations that a statement names. A name without a schema, or with a database, is an error: models name the
/// schema, so that a search path never decides what they mean.
std::vector<ModelName> references_of(const sql::Statement& statement, const std::string& file, std::string_view text,
                                     std::vector<Error>& errors);

/// What a file of tests/ reads, for the graph's checks.
struct QueryTestFile {
  TestSpec spec;
  sql::Statement statement;
  std::vector<ModelName> reads;
};

/// Checks that every reference is a model, one of `known` or the name of a file in `broken` (which has its own error);
/// reports models with one name and circles; puts models in topological order (ties by name).
void link_models(std::vector<Model>& models, const std::vector<QueryTestFile>& tests,
                 const std::vector<ModelName>& known, const std::vector<ModelName>& broken, std::vector<Error>& errors);

}  // namespace garland::models
