// Where a secret of garland.toml lies: never in it.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "ingest/toml_reader.h"

namespace garland::ingest::events {

struct SecretPlace {
  std::string environment;     // the variable's name; empty: it lies in `file`
  std::filesystem::path file;  // the blanks at its end do not count
};

/// The keys `<name>_env` and `<name>_file`; a file's path is relative to garland.toml. Nothing when there is neither.
/// Throws F0000.
std::optional<SecretPlace> read_secret_place(const TomlReader& reader, const toml::table& source, std::string_view name,
                                             const std::filesystem::path& folder);

/// Throws 58030 when it cannot be read, 28000 when there is none. Goes into no log and no error.
std::string read_secret(const SecretPlace& place);

}  // namespace garland::ingest::events
