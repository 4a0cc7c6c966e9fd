// What tests are in SQL: a query whose rows are failures.
#pragma once

#include <functional>
#include <string>

#include "models/project.h"

namespace garland::models {

/// Where a relation stands now: in a run, a table that is built anew is read under its temporary name.
using Standing = std::function<ModelName(const ModelName&)>;

/// The failing rows of a test of `model` (ignored for query tests), without ORDER BY or final semicolon:
///   not_null    rows with NULL in any of the columns
///   unique      values that stand twice or more, with `copies`; as in SQL's UNIQUE, a NULL equals nothing
///   accepted    rows with another value; NULL is accepted
///   references  rows whose value is not in the other table; NULL refers to nothing
///   query       the file's query
std::string failing_rows(const TestSpec& test, const ModelName& model, const Standing& standing);
/// How many rows those are.
std::string count_failing_rows(const TestSpec& test, const ModelName& model, const Standing& standing);

}  // namespace garland::models
