// The two keys of sensitive values, kept by AWS. Sources: AWS KMS API reference (GenerateDataKey, Decrypt), "Encryption
// context" of its developer guide; AWS Secrets Manager API reference (GetSecretValue).
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "net/aws.h"

namespace garland::ingest {

/// Envelope encryption: the file holds the key as AWS KMS encrypted it under `kms_key` (a key's id or alias, or their
/// ARNs), for this purpose ("token", "vault") alone, which its encryption context names; the key itself is never
/// written. Where there is no file and `may_make`, AWS KMS makes a key of 32 random bytes, and the file is on the disk
/// before it is given. Throws 58030 for a file that is missing, XX001 for one that this KMS key did not encrypt for
/// this purpose, F0000 for a KMS key that is not there, and what AwsClient::call() throws.
std::string key_from_kms(const net::AwsClient& kms, const std::string& kms_key, const std::filesystem::path& file,
                         std::string_view purpose, bool may_make);

struct SecretKeys {
  std::string token, vault;
};

/// A secret (name or ARN) of AWS Secrets Manager: {"token_key": "…", "vault_key": "…"}, 64 hexadecimal digits each. It
/// is never made here: an absent one is F0000 with the command that makes it, for a name that is misspelt would begin
/// a warehouse with keys that nobody looks after. Throws F0000 for another content, and what AwsClient::call() throws.
SecretKeys keys_from_secret(const net::AwsClient& secrets, const std::string& secret);

}  // namespace garland::ingest
