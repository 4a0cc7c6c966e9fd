#include "ingest/sensitive/settings.h"

#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/stat.h>

#include <cstdlib>
#include <optional>

#include "base/error.h"
#include "ingest/sensitive/columns.h"
#include "ingest/toml_reader.h"
#include "net/digest.h"
#include "net/private_file.h"
#include "net/seal.h"

namespace garland::ingest {
namespace {

namespace fs = std::filesystem;

KeysFrom read_keys_from(const TomlReader& reader, const toml::table& table) {
  const std::string from = reader.text(table, "keys").value_or("file");
  if (from == "file") return KeysFrom::kFile;
  if (from == "environment") return KeysFrom::kEnvironment;
  const toml::node& node = *table.get("keys");
  if (from == "aws-kms" || from == "aws-secrets-manager") {
    throw Error(kFeatureNotSupported, fmt::format("keys = \"{}\" is not supported yet", from))
        .in(reader.place(node.source()))
        .hint("keys = \"environment\" takes them from GARLAND_TOKEN_KEY and GARLAND_VAULT_KEY");
  }
  throw reader.error(node, fmt::format("keys cannot come from \"{}\"", from)).hint("known here: file, environment");
}

std::string key_id(std::string_view key, std::string_view purpose) {
  return net::hex(net::hmac_sha256(key, fmt::format("garland {} key", purpose))).substr(0, 16);
}

std::string key_from_environment(const char* name) {
  const char* text = std::getenv(name);
  const auto key = text ? net::from_hex(text) : std::nullopt;
  if (key && key->size() == net::kSealKeyBytes) return *key;
  throw Error(kConfigFileError, fmt::format("the environment's {} is {}", name, text ? "no key" : "missing"))
      .hint("[sensitive] keys = \"environment\" wants 64 hexadecimal digits there (openssl rand -hex 32)");
}

std::string key_from_file(const fs::path& file, bool may_make) {
  struct stat found{};
  const bool there = ::stat(file.c_str(), &found) == 0;
  if (!there && !may_make) {
    throw Error(kIoError, fmt::format("the key file {} is missing", file.string()))
        .hint("Put it back: tokens and sealed originals of this warehouse mean nothing without it.");
  }
  if (there && (found.st_mode & 077) != 0) {
    throw Error(kIoError, fmt::format("the key file {} is open to others than its owner", file.string()))
        .hint(fmt::format("chmod 600 {}", file.string()));
  }
  return net::key_of_file(file);
}

fs::path made_folder(const fs::path& folder) {
  std::error_code fault;
  const bool is_new = fs::create_directories(folder, fault);
  if (is_new) ::chmod(folder.c_str(), 0700);
  if (fault) throw Error(kIoError, fmt::format("could not make {}: {}", folder.string(), fault.message()));
  if (is_new) net::sync_folder(folder.parent_path());  // before the warehouse says which keys it was begun with
  return folder;
}

}  // namespace

SensitiveSettings read_sensitive(const fs::path& garland_toml) {
  const TomlReader reader(garland_toml);
  const toml::table root = reader.parse();
  SensitiveSettings settings;
  const toml::node* node = root.get("sensitive");
  if (!node) return settings;
  if (!node->is_table()) throw reader.error(*node, "\"sensitive\" must be a table: [sensitive]");
  const toml::table& table = *node->as_table();
  reader.allow_keys(table, "[sensitive]", {"country", "keys", "key_folder"});
  settings.keys = read_keys_from(reader, table);
  if (const auto country = reader.text(table, "country"))
    settings.country = read_country(reader, *table.get("country"), *country);
  if (const auto folder = reader.text(table, "key_folder")) {
    if (settings.keys != KeysFrom::kFile)
      throw reader.error(*table.get("key_folder"), "\"key_folder\" goes with keys = \"file\"");
    settings.key_folder = garland_toml.parent_path() / *folder;
  }
  return settings;
}

SensitiveKeys open_keys(const SensitiveSettings& settings, const fs::path& warehouse_folder, bool may_make) {
  ::prctl(PR_SET_DUMPABLE, 0);  // a handler of crashes is not held up by the limit that main() sets
  SensitiveKeys keys;
  if (settings.keys == KeysFrom::kEnvironment) {
    keys.token = key_from_environment("GARLAND_TOKEN_KEY");
    keys.vault = key_from_environment("GARLAND_VAULT_KEY");
  } else {
    const fs::path folder = settings.key_folder.empty() ? warehouse_folder / "keys" : settings.key_folder;
    if (may_make) made_folder(folder);
    keys.token = key_from_file(folder / "token.key", may_make);
    keys.vault = key_from_file(folder / "vault.key", may_make);
  }
  keys.token_id = key_id(keys.token, "token");
  keys.vault_id = key_id(keys.vault, "vault");
  return keys;
}

}  // namespace garland::ingest
