// Credentials for AWS, from where Amazon's own tools take them. Sources: AWS documentation, "AWS SDKs and Tools
// Reference Guide" (settings of credential providers), "Use the Instance Metadata Service" (IMDSv2).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace garland::net {

/// `secret` and `session_token` go into no log or error.
struct AwsCredentials {
  std::string key_id, secret;
  std::string session_token;  // of temporary credentials; else empty
};

/// The first of: AWS_ACCESS_KEY_ID with AWS_SECRET_ACCESS_KEY (and AWS_SESSION_TOKEN); the profile AWS_PROFILE, or
/// `default`, of the shared files (AWS_SHARED_CREDENTIALS_FILE, ~/.aws/credentials; AWS_CONFIG_FILE, ~/.aws/config);
/// the container's (AWS_CONTAINER_CREDENTIALS_RELATIVE_URI or …_FULL_URI, as on ECS and by EKS Pod Identity); the
/// machine's role by IMDSv2, each of whose answers must come within a second. Throws 28000 where there are none, F0000
/// for those that are not whole, 08001 when the container's do not come, 0A000 for a web identity
/// (AWS_WEB_IDENTITY_TOKEN_FILE) and for profiles without keys of their own, by name.
AwsCredentials find_aws_credentials();

/// The settings of a profile; nothing when the file's text has no such profile.
std::optional<std::map<std::string, std::string>> read_aws_profile(std::string_view text, std::string_view profile);

/// A JSON document of the container's or machine's credentials; nothing when it holds none.
std::optional<AwsCredentials> read_aws_credentials(std::string_view json);

/// Whether credentials may be asked for there: by https, on this machine, or at the fixed addresses of ECS and EKS.
bool may_give_aws_credentials(const std::string& url);

}  // namespace garland::net
