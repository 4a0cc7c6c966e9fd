// Builds one model and runs one test, in the session of a run's worker. Statements commit one by one: what they make
// stands under temporary names until it is published.
#pragma once

#include "engine/engine.h"
#include "models/ops.h"
#include "models/project.h"
#include "models/test_sql.h"

namespace garland::models {

/// How many sample rows of a failed test are kept, and how long a value of them may be, in bytes.
inline constexpr size_t kKeptFailures = 20;
inline constexpr size_t kKeptValueBytes = 1000;

/// Builds `x__new` and returns its number of rows. Errors name the model's file.
uint64_t build_table(engine::Session& session, const Model& model, const Standing& standing);
/// Makes the view under its temporary name and sees that it can be read.
void build_view(engine::Session& session, const Model& model, const Standing& standing);
/// Never throws for an error of the test's SQL: the test has failed then, and its message says why.
TestRow run_test(engine::Session& session, const TestSpec& test, const ModelName& model, const Standing& standing);
/// The row of a test whose SQL failed.
TestRow failed_test(const TestSpec& test, const ModelName& model, const Error& error);
/// Whether two tables have the same columns and the same rows; false when that cannot be told.
bool same_rows(engine::Session& session, const ModelName& a, const ModelName& b);

}  // namespace garland::models
