// Calls of AWS services that speak "AWS JSON 1.1" (a POST with the action's name in X-Amz-Target), signed with SigV4.
// Sources: AWS KMS and AWS Secrets Manager API references; "AWS SDKs and Tools Reference Guide", service-specific
// endpoints.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "net/aws_credentials.h"

namespace garland::net {

struct AwsService {
  const char* name;               // in signatures, hosts and the names of permissions: "kms"
  const char* title;              // for people
  const char* target;             // what X-Amz-Target begins with
  const char* endpoint_variable;  // of the environment
};
inline constexpr AwsService kAwsKms{"kms", "AWS KMS", "TrentService", "AWS_ENDPOINT_URL_KMS"};
inline constexpr AwsService kAwsSecretsManager{"secretsmanager", "AWS Secrets Manager", "secretsmanager",
                                               "AWS_ENDPOINT_URL_SECRETS_MANAGER"};

/// Why AWS refuses a call; an empty code: it did not.
struct AwsFault {
  std::string code;     // "AccessDeniedException"; "HTTP 404" where the answer names none
  std::string message;  // AWS's own
};

struct AwsAnswer {
  std::string body;  // JSON; empty with a fault
  AwsFault fault;
};

/// Where to find the resource: the region of its ARN, else AWS_REGION, AWS_DEFAULT_REGION, else `configured`. Throws
/// F0000 where none of them says it, and for what is no region's name.
std::string aws_region(std::string_view name_or_arn, const std::string& configured);

/// Where the service answers: as the environment says (the service's variable, else AWS_ENDPOINT_URL), else AWS's own
/// host in the region. Throws F0000 for one that is neither https nor on this machine: answers hold secrets.
std::string aws_endpoint(const AwsService& service, const std::string& region);

/// What an answer other than 200 says. `type` is its header X-Amzn-ErrorType.
AwsFault read_aws_fault(long status, std::string_view type, std::string_view body);

/// What a fault means whatever the action is: 42501 with the permission that is missing (also for a 403 that names
/// nothing), 28000 for credentials that are not accepted (without AWS's message, which can quote signed headers), 08001
/// for a service that stays out of breath, F0000 for all else.
Error aws_error(const AwsService& service, std::string_view action, long status, const AwsFault& fault);

/// Used by one thread at a time.
class AwsClient {
 public:
  /// Finds endpoint and credentials. Throws what aws_endpoint() and find_aws_credentials() throw.
  AwsClient(const AwsService& service, std::string region);

  /// `body`: the action's JSON. A service that is busy or away is asked again (send_patiently()). Faults whose code is
  /// among `expected` are the caller's to explain; others, and no answer, are thrown (aws_error(), 08001).
  AwsAnswer call(std::string_view action, std::string body, std::initializer_list<std::string_view> expected) const;

  const std::string& region() const { return region_; }

 private:
  const AwsService& service_;
  std::string region_, endpoint_;
  AwsCredentials credentials_;
};

}  // namespace garland::net
