// The statements that build and publish models, as text.
#pragma once

#include <string>
#include <vector>

#include "engine/engine.h"
#include "models/project.h"
#include "models/test_sql.h"

namespace garland::models {

/// `schema.x__new`: a table while its run builds it. `schema.x__old`: what it replaced, until it is dropped.
/// `schema.x__newview`: a view as this run's models read it.
ModelName new_table(const ModelName& name);
ModelName old_table(const ModelName& name);
ModelName new_view(const ModelName& name);
std::string quoted(const ModelName& name);

/// The model's query with its relations where they stand, e.g. to learn its columns.
std::string model_query(const Model& model, const Standing& standing);
/// The statement of a table without @encode: CREATE TABLE … AS under the temporary name.
std::string create_table_as(const Model& model, const Standing& standing);
/// The two statements of a table with @encode, which CREATE TABLE … AS cannot say: the empty table, then INSERT …
/// SELECT. `columns` are those of the model's query. Throws 42703 when @encode names a column that the model does not
/// have.
std::string create_encoded_table(const Model& model, const std::vector<engine::ResultColumn>& columns);
std::string fill_encoded_table(const Model& model, const Standing& standing);
/// CREATE OR REPLACE VIEW `name` … WITH NO SCHEMA BINDING: a project's views are late-binding.
std::string create_view(const Model& model, const ModelName& name, const Standing& standing);

/// What stands under a model's name before it is published.
enum class Published { kNothing, kTable, kView };

/// One model to publish.
struct Publication {
  const Model* model;
  Published before;
};
/// In one transaction, in this order: tables are renamed, views replaced.
std::vector<std::string> publish_statements(const std::vector<Publication>& publications);
/// After the commit, and at the beginning of each run for what a killed one left. Empty when there is nothing to drop.
std::string drop_tables(const std::vector<ModelName>& names);
std::string drop_views(const std::vector<ModelName>& names);
/// The rows that only one of two tables with these columns has, counted: 0 when both hold the same rows as often.
std::string count_differences(const ModelName& a, const ModelName& b, const std::vector<engine::ResultColumn>& columns);

}  // namespace garland::models
