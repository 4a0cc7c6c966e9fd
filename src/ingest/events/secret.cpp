#include "ingest/events/secret.h"

#include <fmt/format.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

#include "base/error.h"

namespace garland::ingest::events {

std::optional<SecretPlace> read_secret_place(const TomlReader& reader, const toml::table& source, std::string_view name,
                                             const std::filesystem::path& folder) {
  const std::string environment_key = fmt::format("{}_env", name), file_key = fmt::format("{}_file", name);
  const auto environment = reader.text(source, environment_key), file = reader.text(source, file_key);
  if (environment && file) {
    throw reader.error(*source.get(file_key),
                       fmt::format("a secret lies in one place: {} or {}", environment_key, file_key));
  }
  if (environment && environment->empty()) {
    throw reader.error(*source.get(environment_key), fmt::format("\"{}\" names no variable", environment_key));
  }
  if (environment) return SecretPlace{*environment, {}};
  if (file) return SecretPlace{"", folder / *file};
  return std::nullopt;
}

std::string read_secret(const SecretPlace& place) {
  std::string secret;
  if (!place.environment.empty()) {
    const char* value = std::getenv(place.environment.c_str());
    secret = value ? value : "";
    if (!secret.empty()) return secret;
    throw Error(kInvalidAuthorization, fmt::format("the environment has no secret {}", place.environment))
        .hint(fmt::format("set {} to the secret before garland starts", place.environment));
  }
  std::ifstream in(place.file, std::ios::binary);
  secret.assign(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
  if (!in) throw Error(kIoError, fmt::format("cannot read the secret in {}", place.file.string()));
  secret.resize(secret.find_last_not_of(" \t\r\n") + 1);
  if (!secret.empty()) return secret;
  throw Error(kInvalidAuthorization, fmt::format("the file of a secret is empty: {}", place.file.string()));
}

}  // namespace garland::ingest::events
