#include "net/aws_credentials.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "net/digest.h"
#include "net/http_client.h"

namespace garland::net {

namespace {

namespace fs = std::filesystem;

constexpr int kMachineTimeoutMs = 1000;  // the service is on the machine's own link, or nowhere

std::string from_environment(const char* name) {
  const char* const value = std::getenv(name);
  return value ? value : "";
}

std::string_view trimmed(std::string_view text) {
  const size_t begin = text.find_first_not_of(" \t\r");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r") + 1 - begin);
}

/// The text of a file; nothing when it cannot be read.
std::optional<std::string> text_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(in), {});
}

std::optional<AwsCredentials> of_environment() {
  AwsCredentials found{from_environment("AWS_ACCESS_KEY_ID"), from_environment("AWS_SECRET_ACCESS_KEY"),
                       from_environment("AWS_SESSION_TOKEN")};
  if (found.key_id.empty() && found.secret.empty()) return std::nullopt;
  if (!found.key_id.empty() && !found.secret.empty()) return found;
  throw Error(kConfigFileError, "the environment has one of AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY only");
}

void refuse_web_identity() {
  if (from_environment("AWS_WEB_IDENTITY_TOKEN_FILE").empty()) return;
  throw Error(kFeatureNotSupported, "AWS credentials by web identity (AWS_WEB_IDENTITY_TOKEN_FILE) are not supported")
      .hint("EKS Pod Identity works, and so do AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.");
}

/// A file of ~/.aws, or where the variable says. Its profile's settings go into `settings`, over those of before;
/// false: it has no such profile.
bool read_settings(const char* variable, const char* name, const std::string& profile,
                   std::map<std::string, std::string>& settings) {
  fs::path file = from_environment(variable);
  if (const std::string home = from_environment("HOME"); file.empty() && !home.empty())
    file = fs::path(home) / ".aws" / name;
  std::optional<std::string> text = text_of(file);
  if (!text) return false;
  const auto found = read_aws_profile(*text, profile);
  wipe(*text);
  if (!found) return false;
  for (const auto& [key, value] : *found) settings[key] = value;
  return true;
}

std::optional<AwsCredentials> of_profile() {
  const std::string named = from_environment("AWS_PROFILE"), profile = named.empty() ? "default" : named;
  std::map<std::string, std::string> at;
  const bool configured =
      read_settings("AWS_CONFIG_FILE", "config", profile == "default" ? profile : "profile " + profile, at);
  const bool there = read_settings("AWS_SHARED_CREDENTIALS_FILE", "credentials", profile, at) || configured;
  const AwsCredentials found{at["aws_access_key_id"], at["aws_secret_access_key"], at["aws_session_token"]};
  const bool has_keys = !found.key_id.empty() && !found.secret.empty();
  const char* const hint = "`aws configure export-credentials --format env` prints the credentials of any profile.";
  for (const char* const way : {"role_arn", "credential_process", "sso_session", "sso_start_url"}) {
    const bool comes_first = std::string_view(way) == "role_arn";  // the keys are another profile's then
    if (at[way].empty() || (has_keys && !comes_first)) continue;
    throw Error(kFeatureNotSupported,
                fmt::format("the AWS profile \"{}\" has {}, which is not supported", profile, way))
        .hint(hint);
  }
  if (has_keys) return found;
  if (named.empty() && found.key_id.empty() && found.secret.empty()) return std::nullopt;
  throw Error(kConfigFileError,
              fmt::format("the AWS profile \"{}\" {}", profile, there ? "has no keys" : "is not there"))
      .hint("~/.aws/credentials wants aws_access_key_id and aws_secret_access_key under its name.");
}

std::optional<AwsCredentials> of_container() {
  const std::string relative = from_environment("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
  const std::string full = from_environment("AWS_CONTAINER_CREDENTIALS_FULL_URI");
  if (relative.empty() && full.empty()) return std::nullopt;
  HttpRequest request{.method = "GET", .url = relative.empty() ? full : "http://169.254.170.2" + relative};
  if (!may_give_aws_credentials(request.url)) {
    throw Error(kConfigFileError,
                "AWS_CONTAINER_CREDENTIALS_FULL_URI names a place that credentials must not come from")
        .hint("https, this machine, 169.254.170.2, 169.254.170.23 or [fd00:ec2::23]");
  }
  std::string token = from_environment("AWS_CONTAINER_AUTHORIZATION_TOKEN");
  if (const std::string file = from_environment("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"); !file.empty()) {
    const auto text = text_of(file);
    if (!text) throw Error(kIoError, fmt::format("cannot read AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE, {}", file));
    token = trimmed(std::string_view(*text).substr(0, text->find('\n')));
  }
  if (!token.empty()) request.headers.push_back("Authorization: " + token);
  HttpAnswer answer = send_patiently(request);
  const auto found = answer.status == 200 ? read_aws_credentials(answer.body) : std::nullopt;
  wipe(answer.body);
  if (found) return found;
  throw Error(kCannotConnect, "the container's AWS credentials did not come")
      .detail(answer.status == 0 ? answer.failure : fmt::format("HTTP {}", answer.status));
}

/// IMDSv2: a token first, then the role's name, then its credentials.
std::optional<AwsCredentials> of_machine() {
  if (from_environment("AWS_EC2_METADATA_DISABLED") == "true") return std::nullopt;
  std::string service = from_environment("AWS_EC2_METADATA_SERVICE_ENDPOINT");
  if (service.empty()) service = "http://169.254.169.254";
  while (service.ends_with('/')) service.pop_back();
  const auto ask = [&](const char* method, const std::string& path, const std::string& header) {
    HttpAnswer answer = send({.method = method,
                              .url = service + path,
                              .headers = {header},
                              .connect_timeout_ms = kMachineTimeoutMs,
                              .timeout_ms = kMachineTimeoutMs});
    return answer.status == 200 ? answer.body : std::string();
  };
  const std::string token = ask("PUT", "/latest/api/token", "X-aws-ec2-metadata-token-ttl-seconds: 60");
  if (token.empty()) return std::nullopt;
  const std::string folder = "/latest/meta-data/iam/security-credentials/";
  const std::string header = "X-aws-ec2-metadata-token: " + token;
  const std::string roles = ask("GET", folder, header);
  const std::string_view role = trimmed(std::string_view(roles).substr(0, roles.find('\n')));
  if (role.empty()) return std::nullopt;
  std::string body = ask("GET", folder + std::string(role), header);
  const auto found = read_aws_credentials(body);
  wipe(body);
  return found;
}

}  // namespace

AwsCredentials find_aws_credentials() {
  if (const auto found = of_environment()) return *found;
  refuse_web_identity();
  for (const auto way : {of_profile, of_container, of_machine}) {
    if (const auto found = way()) return *found;
  }
  throw Error(kInvalidAuthorization, "there are no AWS credentials")
      .hint(
          "They come from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, ~/.aws/credentials, the container or the "
          "machine's role.");
}

std::optional<std::map<std::string, std::string>> read_aws_profile(std::string_view text, std::string_view profile) {
  std::optional<std::map<std::string, std::string>> found;
  for (bool inside = false; !text.empty();) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    const size_t equals = line.find('=');
    if (line.starts_with('[')) {
      inside = trimmed(line.substr(1, line.find(']') - 1)) == profile;
      if (inside && !found) found.emplace();
    } else if (inside && equals != std::string_view::npos &&
               std::string_view("#; \t").find(line[0]) == std::string::npos) {
      (*found)[std::string(trimmed(line.substr(0, equals)))] = trimmed(line.substr(equals + 1));
    }
  }
  return found;
}

std::optional<AwsCredentials> read_aws_credentials(std::string_view json) {
  const auto read = nlohmann::json::parse(json, nullptr, /*allow_exceptions=*/false);  // they would quote it
  const auto text = [&](const char* name) {
    const bool there = read.is_object() && read.contains(name) && read.at(name).is_string();
    return there ? read.at(name).get<std::string>() : std::string();
  };
  AwsCredentials found{text("AccessKeyId"), text("SecretAccessKey"), text("Token")};
  if (found.key_id.empty() || found.secret.empty()) return std::nullopt;
  return found;
}

bool may_give_aws_credentials(const std::string& url) {
  const Url parsed = read_url(url);
  if (parsed.scheme == "https") return true;
  if (parsed.scheme != "http") return false;
  return is_loopback(parsed.host) || parsed.host == "169.254.170.2" || parsed.host == "169.254.170.23" ||
         parsed.host == "[fd00:ec2::23]";
}

}  // namespace garland::net
