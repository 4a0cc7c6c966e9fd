// A project read and resolved whole, without an engine: what `garland check` shows and `garland run` begins with.
#pragma once

#include <map>
#include <vector>

#include "cli/project.h"
#include "cli/project_sources.h"
#include "models/project.h"

namespace garland::cli {

struct CheckedProject {
  ProjectFile file;
  ProjectSources sources;
  ingest::SensitiveSettings sensitive;
  models::Project models;
  std::map<models::ModelName, semantics::Relation> relations;  // what each model's columns are
};

/// Throws models::ProjectErrors with everything that is wrong, or the first Error of garland.toml.
CheckedProject check_whole_project(const std::filesystem::path& folder);

}  // namespace garland::cli
