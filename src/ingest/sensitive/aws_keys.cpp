#include "ingest/sensitive/aws_keys.h"

#include <fmt/format.h>

#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>

#include "base/error.h"
#include "net/digest.h"
#include "net/private_file.h"
#include "net/seal.h"

namespace garland::ingest {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr size_t kMaxBlobBytes = 6144;  // of Decrypt's CiphertextBlob

/// Takes the text of a member out of an answer, which is wiped with what else it holds; "" where there is none.
class Answer {
 public:
  explicit Answer(std::string& body) : json_(json::parse(body, nullptr, /*allow_exceptions=*/false)) {
    net::wipe(body);  // exceptions would quote it
  }
  ~Answer() {
    if (!json_.is_object()) return;
    for (auto& [name, value] : json_.items()) {
      if (value.is_string()) net::wipe(value.get_ref<std::string&>());
    }
  }
  Answer(const Answer&) = delete;
  Answer& operator=(const Answer&) = delete;

  std::string text(const char* name) const {
    const bool there = json_.is_object() && json_.contains(name) && json_.at(name).is_string();
    return there ? json_.at(name).get<std::string>() : std::string();
  }

 private:
  json json_;
};

json context_of(std::string_view purpose) { return {{"application", "garland"}, {"purpose", purpose}}; }

/// Bytes of an answer in base64.
std::string bytes_of(const Answer& answer, const char* name) {
  std::string text = answer.text(name);
  auto bytes = net::from_base64(text);
  net::wipe(text);
  return std::move(bytes).value_or("");
}

std::string plain_key(const Answer& answer, const fs::path& file) {
  std::string key = bytes_of(answer, "Plaintext");
  if (key.size() == net::kSealKeyBytes) return key;
  net::wipe(key);
  throw Error(kDataCorrupted, fmt::format("AWS KMS gave no key of {} bytes for {}", net::kSealKeyBytes, file.string()));
}

Error no_kms_key(const net::AwsClient& kms, const std::string& kms_key, const net::AwsFault& fault) {
  return Error(kConfigFileError, fmt::format("AWS KMS has no key \"{}\" in {}", kms_key, kms.region()))
      .detail(fault.message)
      .hint("kms_key is a key's id, \"alias/…\", or the ARN of either, which names its region.");
}

std::string made_key(const net::AwsClient& kms, const std::string& kms_key, const fs::path& file,
                     std::string_view purpose) {
  const json request{{"KeyId", kms_key}, {"KeySpec", "AES_256"}, {"EncryptionContext", context_of(purpose)}};
  net::AwsAnswer answered = kms.call("GenerateDataKey", request.dump(), {"NotFoundException"});
  if (!answered.fault.code.empty()) throw no_kms_key(kms, kms_key, answered.fault);
  const Answer answer(answered.body);
  std::string key = plain_key(answer, file);
  const std::string blob = bytes_of(answer, "CiphertextBlob");
  if (blob.empty() || blob.size() > kMaxBlobBytes)
    throw Error(kDataCorrupted, fmt::format("AWS KMS gave no encrypted key for {}", file.string()));
  net::write_private(file, blob);
  return key;
}

std::string opened_key(const net::AwsClient& kms, const std::string& kms_key, const fs::path& file,
                       std::string_view purpose) {
  std::ifstream in(file, std::ios::binary);
  const std::string blob{std::istreambuf_iterator<char>(in), {}};
  if (!in) throw Error(kIoError, fmt::format("cannot read the encrypted key {}", file.string()));
  if (blob.empty() || blob.size() > kMaxBlobBytes)
    throw Error(kDataCorrupted, fmt::format("{} is no key that AWS KMS encrypted", file.string()));
  const json request{
      {"KeyId", kms_key}, {"CiphertextBlob", net::base64(blob)}, {"EncryptionContext", context_of(purpose)}};
  net::AwsAnswer answered =
      kms.call("Decrypt", request.dump(), {"NotFoundException", "IncorrectKeyException", "InvalidCiphertextException"});
  const net::AwsFault& fault = answered.fault;
  if (fault.code == "NotFoundException") throw no_kms_key(kms, kms_key, fault);
  if (fault.code == "IncorrectKeyException") {
    throw Error(kDataCorrupted,
                fmt::format("{} was encrypted under another KMS key than \"{}\"", file.string(), kms_key))
        .detail(fault.message)
        .hint("Set kms_key to the key that it was made with; an alias may have been moved to another one.");
  }
  if (!fault.code.empty()) {
    throw Error(kDataCorrupted, fmt::format("AWS KMS cannot decrypt {} as the {} key", file.string(), purpose))
        .detail(fault.message)
        .hint(
            "The file was changed, or encrypted under another KMS key or for another purpose. Put it back from a "
            "copy.");
  }
  return plain_key(Answer(answered.body), file);
}

Error no_secret(const net::AwsClient& secrets, const std::string& secret, const net::AwsFault& fault) {
  const std::string make = fmt::format(
      "For a new warehouse: aws secretsmanager create-secret --region {} --name {} --secret-string "
      R"("{{\"token_key\":\"$(openssl rand -hex 32)\",\"vault_key\":\"$(openssl rand -hex 32)\"}}")",
      secrets.region(), secret);
  return Error(kConfigFileError,
               fmt::format("AWS Secrets Manager has no secret \"{}\" in {}", secret, secrets.region()))
      .detail(fault.message)
      .hint(secret.starts_with("arn:") ? "Is it the ARN with its last six characters, and the right account?" : make);
}

}  // namespace

std::string key_from_kms(const net::AwsClient& kms, const std::string& kms_key, const fs::path& file,
                         std::string_view purpose, bool may_make) {
  std::error_code fault;
  const bool there = fs::exists(file, fault);
  if (fault) throw Error(kIoError, fmt::format("cannot read the encrypted key {}: {}", file.string(), fault.message()));
  if (there) return opened_key(kms, kms_key, file, purpose);
  if (may_make) return made_key(kms, kms_key, file, purpose);
  throw Error(kIoError, fmt::format("the encrypted key {} is missing", file.string()))
      .hint("Put it back: tokens and sealed originals of this warehouse mean nothing without it.");
}

SecretKeys keys_from_secret(const net::AwsClient& secrets, const std::string& secret) {
  net::AwsAnswer answered =
      secrets.call("GetSecretValue", json{{"SecretId", secret}}.dump(), {"ResourceNotFoundException"});
  if (!answered.fault.code.empty()) throw no_secret(secrets, secret, answered.fault);
  const Answer answer(answered.body);
  std::string text = answer.text("SecretString");
  const Answer keys(text);
  const auto key = [&](const char* name) {
    std::string digits = keys.text(name);
    auto bytes = net::from_hex(digits);
    net::wipe(digits);
    if (bytes && bytes->size() == net::kSealKeyBytes) return *std::move(bytes);
    throw Error(kConfigFileError, fmt::format("the secret \"{}\" has no {} of 64 hexadecimal digits", secret, name))
        .hint(R"(It is JSON: {"token_key": "…", "vault_key": "…"}.)");
  };
  std::string token = key("token_key");
  return {std::move(token), key("vault_key")};
}

}  // namespace garland::ingest
