#include "net/http_client.h"

#include <arpa/inet.h>
#include <curl/curl.h>

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <initializer_list>
#include <memory>
#include <string_view>
#include <thread>

#include "base/ascii.h"
#include "base/clock.h"
#include "base/error.h"
#include "net/digest.h"

namespace garland::net {

namespace {

constexpr size_t kMaxAnswerBytes = 1u << 20;
constexpr int kMaxTries = 5;
constexpr int kFirstPauseMs = 200;  // doubled each time
constexpr int64_t kMaxWaitNs = 20'000'000'000;

struct CurlFree {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
  void operator()(char* text) const { curl_free(text); }
};

void require_curl(bool done, const char* what) {
  if (!done) throw Error(kInternalError, std::string("libcurl could not ") + what);
}

void begin_curl() {
  static const CURLcode begun = curl_global_init(CURL_GLOBAL_DEFAULT);
  require_curl(begun == CURLE_OK, "begin");
}

template <class T>
void set(CURL* handle, CURLoption option, T value) {
  require_curl(curl_easy_setopt(handle, option, value) == CURLE_OK, "prepare a request");
}

size_t take_body(const char* data, size_t, size_t count, void* target) {
  std::string& body = *static_cast<std::string*>(target);
  if (body.size() + count > kMaxAnswerBytes) return 0;
  body.append(data, count);
  return count;
}

/// What another try does not mend.
bool lasts(CURLcode code) {
  for (const CURLcode lasting :
       {CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_WRITE_ERROR, CURLE_URL_MALFORMAT,
        CURLE_UNSUPPORTED_PROTOCOL, CURLE_NOT_BUILT_IN, CURLE_OUT_OF_MEMORY}) {
    if (code == lasting) return true;
  }
  return false;
}

std::map<std::string, std::string> headers_of(CURL* handle) {
  std::map<std::string, std::string> headers;
  for (curl_header* header = nullptr; (header = curl_easy_nextheader(handle, CURLH_HEADER, -1, header));) {
    headers[ascii_lower(header->name)] = header->value;
  }
  return headers;
}

/// From half of it on: many that failed at once do not come back at once.
int random_up_to(int most) {
  const std::string drawn = random_bytes(2);
  const int share = static_cast<unsigned char>(drawn[0]) << 8 | static_cast<unsigned char>(drawn[1]);
  return most / 2 + most / 2 * share / 65535;
}

void set_where(CURL* handle, const HttpRequest& request) {
  set(handle, CURLOPT_URL, request.url.c_str());
  set(handle, CURLOPT_PROTOCOLS_STR, "http,https");
  set(handle, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (request.url.starts_with("http:")) set(handle, CURLOPT_NOPROXY, "*");
  const char* const trusted = std::getenv("AWS_CA_BUNDLE");
  if (trusted && *trusted) set(handle, CURLOPT_CAINFO, trusted);
  set(handle, CURLOPT_NOSIGNAL, 1L);  // other threads run
  set(handle, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(request.connect_timeout_ms));
  set(handle, CURLOPT_TIMEOUT_MS, static_cast<long>(request.timeout_ms));
}

void set_what(CURL* handle, const HttpRequest& request) {
  set(handle, CURLOPT_CUSTOMREQUEST, request.method.c_str());
  if (!request.body.empty()) {
    set(handle, CURLOPT_POSTFIELDSIZE, static_cast<long>(request.body.size()));
    set(handle, CURLOPT_POSTFIELDS, request.body.c_str());
  }
  if (!request.signing) return;
  const HttpSigning& signing = *request.signing;
  set(handle, CURLOPT_AWS_SIGV4, ("aws:amz:" + signing.region + ":" + signing.service).c_str());
  set(handle, CURLOPT_USERNAME, signing.key_id.c_str());
  set(handle, CURLOPT_PASSWORD, signing.secret.c_str());
}

}  // namespace

HttpAnswer send(const HttpRequest& request) {
  begin_curl();
  const std::unique_ptr<CURL, CurlFree> handle(curl_easy_init());
  require_curl(handle != nullptr, "begin a request");
  set_where(handle.get(), request);
  set_what(handle.get(), request);
  std::unique_ptr<curl_slist, CurlFree> headers;
  for (const std::string& header : request.headers) {
    if (header.find_first_of("\r\n") != std::string::npos) {  // it would be two
      throw Error(kConfigFileError, "the HTTP header " + header.substr(0, header.find(':')) + " has a line break");
    }
    curl_slist* const longer = curl_slist_append(headers.get(), header.c_str());
    require_curl(longer != nullptr, "prepare a request");
    static_cast<void>(headers.release());  // the list's head stays the same, or is `longer`
    headers.reset(longer);
  }
  set(handle.get(), CURLOPT_HTTPHEADER, headers.get());
  HttpAnswer answer;
  set(handle.get(), CURLOPT_WRITEFUNCTION, &take_body);
  set(handle.get(), CURLOPT_WRITEDATA, static_cast<void*>(&answer.body));
  const CURLcode code = curl_easy_perform(handle.get());
  if (code != CURLE_OK) {
    answer.failure = code == CURLE_WRITE_ERROR ? "the answer is too long" : curl_easy_strerror(code);
    answer.may_pass = !lasts(code);
    return answer;
  }
  curl_easy_getinfo(handle.get(), CURLINFO_RESPONSE_CODE, &answer.status);
  answer.headers = headers_of(handle.get());
  return answer;
}

HttpAnswer send_patiently(const HttpRequest& request, bool (*says_later)(const HttpAnswer&)) {
  const int64_t begun = system_clock().steady_ns();
  for (int tries = 1;; ++tries) {
    HttpAnswer answer = send(request);
    const bool later = answer.status == 0 ? answer.may_pass
                                          : answer.status == 429 || answer.status >= 500 ||
                                                (answer.status >= 400 && says_later && says_later(answer));
    const int64_t pause_ms = random_up_to(kFirstPauseMs << (tries - 1));
    if (!later || tries == kMaxTries || system_clock().steady_ns() - begun + pause_ms * 1'000'000 > kMaxWaitNs)
      return answer;
    std::this_thread::sleep_for(std::chrono::milliseconds(pause_ms));
  }
}

Url read_url(const std::string& text) {
  begin_curl();
  const std::unique_ptr<CURLU, CurlFree> parsed(curl_url());
  require_curl(parsed != nullptr, "read a URL");
  if (curl_url_set(parsed.get(), CURLUPART_URL, text.c_str(), 0) != CURLUE_OK) return {};
  const auto part = [&](CURLUPart which) {
    char* found = nullptr;
    if (curl_url_get(parsed.get(), which, &found, 0) != CURLUE_OK) return std::string();
    const std::unique_ptr<char, CurlFree> owned(found);
    return std::string(found);
  };
  Url url{part(CURLUPART_SCHEME), part(CURLUPART_HOST), true};
  if (url.scheme != "http" && url.scheme != "https") return {};
  for (const CURLUPart extra : {CURLUPART_USER, CURLUPART_PASSWORD, CURLUPART_QUERY, CURLUPART_FRAGMENT}) {
    if (!part(extra).empty()) url.is_plain = false;
  }
  return url;
}

bool is_loopback(const std::string& host) {
  in_addr address{};
  if (::inet_pton(AF_INET, host.c_str(), &address) == 1) return ntohl(address.s_addr) >> 24 == 127;
  return host == "localhost" || host == "[::1]";
}

}  // namespace garland::net
