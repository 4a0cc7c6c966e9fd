// `[sensitive]` of garland.toml, and the keys that sensitive values are exchanged and sealed with.
#pragma once

#include <filesystem>
#include <string>

namespace garland::ingest {

enum class KeysFrom { kFile, kEnvironment, kAwsKms, kAwsSecretsManager };

struct SensitiveSettings {
  std::string country;  // ISO 3166, of columns that say none; empty: none
  KeysFrom keys = KeysFrom::kFile;
  std::filesystem::path key_folder;  // kFile, kAwsKms: empty means <warehouse folder>/keys
  std::string kms_key;               // kAwsKms
  std::string secret;                // kAwsSecretsManager: its name or ARN
  std::string region;                // of [s3], where nothing else says it (net::aws_region)
};

/// Reads it from a project's garland.toml; without the table: the defaults. Throws F0000 with the place.
SensitiveSettings read_sensitive(const std::filesystem::path& garland_toml);

/// 32 random bytes each. Secrets: they go into no log, error or command line.
struct SensitiveKeys {
  std::string token;               // tokens are made with it; another one would make other tokens of the same values
  std::string vault;               // wraps the subjects' keys and seals what is refused
  std::string token_id, vault_id;  // 16 hexadecimal digits that tell keys apart and nothing about them
};

/// kFile: `token.key` and `vault.key` in the folder, readable by their owner only; made at random when `may_make` and
/// there are none. kEnvironment: GARLAND_TOKEN_KEY and GARLAND_VAULT_KEY, 64 hexadecimal digits each. kAwsKms:
/// `token.key.kms` and `vault.key.kms` in the folder, made when `may_make`; kAwsSecretsManager: the secret
/// (aws_keys.h, which says what these throw besides). From then on this process leaves no core dump, which would hold
/// keys and originals. Throws 58030, F0000. May take half a minute where AWS does not answer.
SensitiveKeys open_keys(const SensitiveSettings& settings, const std::filesystem::path& warehouse_folder,
                        bool may_make);

}  // namespace garland::ingest
