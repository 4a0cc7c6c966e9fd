#include "ingest/sensitive/settings.h"

#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/stat.h>

#include <cstdlib>
#include <optional>

#include "base/error.h"
#include "ingest/sensitive/aws_keys.h"
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
  if (from == "aws-kms") return KeysFrom::kAwsKms;
  if (from == "aws-secrets-manager") return KeysFrom::kAwsSecretsManager;
  throw reader.error(*table.get("keys"), fmt::format("keys cannot come from \"{}\"", from))
      .hint("known here: file, environment, aws-kms, aws-secrets-manager");
}

/// The text of a key that goes with some values of `keys` only, and is needed there when `needed`.
std::string read_beside(const TomlReader& reader, const toml::table& table, std::string_view key, bool fits,
                        bool needed, std::string_view with) {
  const std::string text = reader.text(table, key).value_or("");
  const toml::node* const node = table.get(key);
  if (node && !fits) throw reader.error(*node, fmt::format("\"{}\" goes with {}", key, with));
  if (node && text.empty()) throw reader.error(*node, fmt::format("\"{}\" is empty", key));
  if (!node && needed) throw reader.error(table, fmt::format("{} needs \"{}\"", with, key));
  return text;
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

/// Made when `may_make`.
fs::path key_folder(const SensitiveSettings& settings, const fs::path& warehouse_folder, bool may_make) {
  const fs::path folder = settings.key_folder.empty() ? warehouse_folder / "keys" : settings.key_folder;
  if (!may_make) return folder;
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
  reader.allow_keys(table, "[sensitive]", {"country", "keys", "key_folder", "kms_key", "secret"});
  settings.keys = read_keys_from(reader, table);
  const bool kms = settings.keys == KeysFrom::kAwsKms, secret = settings.keys == KeysFrom::kAwsSecretsManager;
  settings.kms_key = read_beside(reader, table, "kms_key", kms, kms, "keys = \"aws-kms\"");
  settings.secret = read_beside(reader, table, "secret", secret, secret, "keys = \"aws-secrets-manager\"");
  settings.region = root["s3"]["region"].value_or(std::string());
  if (const auto country = reader.text(table, "country"))
    settings.country = read_country(reader, *table.get("country"), *country);
  const std::string folder = read_beside(reader, table, "key_folder", kms || settings.keys == KeysFrom::kFile, false,
                                         "keys = \"file\" and \"aws-kms\"");
  if (!folder.empty()) settings.key_folder = garland_toml.parent_path() / folder;
  return settings;
}

SensitiveKeys open_keys(const SensitiveSettings& settings, const fs::path& warehouse_folder, bool may_make) {
  ::prctl(PR_SET_DUMPABLE, 0);  // a handler of crashes is not held up by the limit that main() sets
  SensitiveKeys keys;
  if (settings.keys == KeysFrom::kEnvironment) {
    keys.token = key_from_environment("GARLAND_TOKEN_KEY");
    keys.vault = key_from_environment("GARLAND_VAULT_KEY");
  } else if (settings.keys == KeysFrom::kAwsSecretsManager) {
    const net::AwsClient secrets(net::kAwsSecretsManager, net::aws_region(settings.secret, settings.region));
    SecretKeys kept = keys_from_secret(secrets, settings.secret);
    keys.token = std::move(kept.token);
    keys.vault = std::move(kept.vault);
  } else if (settings.keys == KeysFrom::kAwsKms) {
    const fs::path folder = key_folder(settings, warehouse_folder, may_make);
    const net::AwsClient kms(net::kAwsKms, net::aws_region(settings.kms_key, settings.region));
    keys.token = key_from_kms(kms, settings.kms_key, folder / "token.key.kms", "token", may_make);
    keys.vault = key_from_kms(kms, settings.kms_key, folder / "vault.key.kms", "vault", may_make);
  } else {
    const fs::path folder = key_folder(settings, warehouse_folder, may_make);
    keys.token = key_from_file(folder / "token.key", may_make);
    keys.vault = key_from_file(folder / "vault.key", may_make);
  }
  keys.token_id = key_id(keys.token, "token");
  keys.vault_id = key_id(keys.vault, "vault");
  return keys;
}

}  // namespace garland::ingest
