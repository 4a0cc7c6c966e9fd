// The warehouse that every page begins with: the guide's tables, the given ones with their rows.
#pragma once

#include <filesystem>
#include <memory>
#include <set>
#include <string>

#include "engine/engine.h"

namespace garland::conformance {

/// Opens the embedded engine over the folder, or makes it.
std::unique_ptr<engine::Engine> open_warehouse(const std::filesystem::path& folder);
std::unique_ptr<engine::Session> open_session(engine::Engine& engine);

/// Makes the warehouse: runs the statements of `tables` and copies the TICKIT files of `tickit` in. Throws.
void make_template(const std::filesystem::path& folder, const std::filesystem::path& tables,
                   const std::filesystem::path& tickit);

/// A copy of the template that nobody has open.
void copy_template(const std::filesystem::path& from, const std::filesystem::path& to);

/// The tables of the file whose rows are not given.
std::set<std::string> tables_without_rows(const std::filesystem::path& tables);

}  // namespace garland::conformance
