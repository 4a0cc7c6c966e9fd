#include "net/aws.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <vector>

#include "net/digest.h"
#include "net/http_client.h"

namespace garland::net {

namespace {

using Codes = std::initializer_list<std::string_view>;

bool among(std::string_view code, Codes codes) { return std::ranges::find(codes, code) != codes.end(); }

bool is_denied(std::string_view code) { return among(code, {"AccessDenied", "AccessDeniedException"}); }

bool is_unknown(std::string_view code) {
  return among(code, {"UnrecognizedClientException", "InvalidClientTokenId", "InvalidSignatureException",
                      "SignatureDoesNotMatch", "IncompleteSignature", "IncompleteSignatureException",
                      "MissingAuthenticationToken", "MissingAuthenticationTokenException", "ExpiredToken",
                      "ExpiredTokenException", "RequestExpired", "AuthFailure", "NotAuthorized"});
}

bool is_throttled(std::string_view code) {
  return among(code, {"ThrottlingException", "Throttling", "ThrottledException", "TooManyRequestsException",
                      "RequestLimitExceeded", "RequestThrottled", "RequestThrottledException"});
}

AwsFault fault_of(const HttpAnswer& answer) {
  const auto type = answer.headers.find("x-amzn-errortype");
  return read_aws_fault(answer.status, type == answer.headers.end() ? "" : type->second, answer.body);
}

bool says_later(const HttpAnswer& answer) { return is_throttled(fault_of(answer).code); }

/// "com.amazonaws.kms#NotFoundException:https://…" is NotFoundException.
std::string bare_code(std::string_view type) {
  type = type.substr(0, type.find(':'));
  const size_t hash = type.rfind('#');
  return std::string(hash == std::string_view::npos ? type : type.substr(hash + 1));
}

/// arn:partition:service:region:account:resource; "" for another text.
std::string region_of_arn(std::string_view text) {
  if (!text.starts_with("arn:")) return "";
  for (int part = 0; part < 3; ++part) {
    const size_t colon = text.find(':');
    if (colon == std::string_view::npos) return "";
    text.remove_prefix(colon + 1);
  }
  return std::string(text.substr(0, text.find(':')));
}

}  // namespace

std::string aws_region(std::string_view name_or_arn, const std::string& configured) {
  std::string region = region_of_arn(name_or_arn);
  for (const char* name : {"AWS_REGION", "AWS_DEFAULT_REGION"}) {
    const char* const value = std::getenv(name);
    if (region.empty() && value) region = value;
  }
  if (region.empty()) region = configured;
  if (region.empty()) {
    throw Error(kConfigFileError, fmt::format("the AWS region of \"{}\" is not known", name_or_arn))
        .hint("Give its ARN, or set AWS_REGION, or region under [s3].");
  }
  // It becomes part of a host's name.
  if (region.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") != std::string::npos)
    throw Error(kConfigFileError, fmt::format("\"{}\" is no AWS region", region));
  return region;
}

std::string aws_endpoint(const AwsService& service, const std::string& region) {
  for (const char* name : {service.endpoint_variable, "AWS_ENDPOINT_URL"}) {
    const char* const value = std::getenv(name);
    if (!value || !*value) continue;
    const Url url = read_url(value);
    if (!url.is_plain || (url.scheme != "https" && !is_loopback(url.host))) {
      throw Error(kConfigFileError, fmt::format("{} is no address that secrets may come from", name))
          .hint("It wants https://host, or http://localhost for tests.");
    }
    std::string endpoint = value;
    while (endpoint.ends_with('/')) endpoint.pop_back();
    return endpoint;
  }
  return fmt::format("https://{}.{}.amazonaws.com{}", service.name, region, region.starts_with("cn-") ? ".cn" : "");
}

AwsFault read_aws_fault(long status, std::string_view type, std::string_view body) {
  const auto json = nlohmann::json::parse(body, nullptr, /*allow_exceptions=*/false);
  const auto text = [&](std::initializer_list<const char*> names) {
    for (const char* name : names) {
      if (json.is_object() && json.contains(name) && json.at(name).is_string()) return json.at(name).get<std::string>();
    }
    return std::string();
  };
  AwsFault fault{bare_code(type), text({"message", "Message"})};
  if (fault.code.empty()) fault.code = bare_code(text({"__type", "code"}));
  if (fault.code.empty()) fault.code = fmt::format("HTTP {}", status);
  return fault;
}

Error aws_error(const AwsService& service, std::string_view action, long status, const AwsFault& fault) {
  const std::string permission = fmt::format("{}:{}", service.name, action);
  if (is_unknown(fault.code)) {
    return Error(kInvalidAuthorization,
                 fmt::format("{} does not accept the AWS credentials: {}", service.title, fault.code))
        .hint("They are wrong or have expired, or this machine's clock is wrong.");
  }
  if (is_denied(fault.code) || status == 403) {
    return Error(kInsufficientPrivilege, fmt::format("AWS denies {}", permission))
        .detail(fault.message)
        .hint(fmt::format("Allow {} to the identity whose credentials are used.", permission));
  }
  if (status >= 500 || status == 429 || is_throttled(fault.code)) {
    return Error(kCannotConnect, fmt::format("{} is too busy or out of order: {}", service.title, fault.code))
        .detail(fault.message);
  }
  return Error(kConfigFileError, fmt::format("AWS refuses {}: {}", permission, fault.code)).detail(fault.message);
}

AwsClient::AwsClient(const AwsService& service, std::string region)
    : service_(service),
      region_(std::move(region)),
      endpoint_(aws_endpoint(service, region_)),
      credentials_(find_aws_credentials()) {}

AwsAnswer AwsClient::call(std::string_view action, std::string body, Codes expected) const {
  const HttpSigning signing{credentials_.key_id, credentials_.secret, region_, service_.name};
  HttpRequest request{.method = "POST",
                      .url = endpoint_ + "/",
                      .headers = {"Content-Type: application/x-amz-json-1.1",
                                  fmt::format("X-Amz-Target: {}.{}", service_.target, action)},
                      .body = std::move(body),
                      .signing = &signing};
  if (!credentials_.session_token.empty())
    request.headers.push_back("X-Amz-Security-Token: " + credentials_.session_token);
  HttpAnswer answer = send_patiently(request, says_later);
  if (answer.status == 0) {
    throw Error(kCannotConnect, fmt::format("{} cannot be reached at {}", service_.title, endpoint_))
        .detail(answer.failure);
  }
  if (answer.status == 200) return {std::move(answer.body), {}};
  const AwsFault fault = fault_of(answer);
  if (!among(fault.code, expected)) throw aws_error(service_, action, answer.status, fault);
  return {"", fault};
}

}  // namespace garland::net
