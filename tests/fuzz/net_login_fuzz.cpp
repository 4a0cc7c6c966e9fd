// libFuzzer: what strangers send before they are known, SCRAM's messages and Redshift's digest, is refused with an
// Error or answered; nothing crashes, and nobody gets in. Built by the fuzz preset.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/error.h"
#include "net/digest.h"
#include "net/redshift_digest.h"
#include "net/scram.h"

namespace {

using namespace garland;

[[noreturn]] void wrong(const char* what) {
  std::fprintf(stderr, "%s\n", what);
  std::abort();
}

void exchange(std::string_view mechanism, std::string_view first, std::string_view final, const std::string& binding) {
  static const net::ScramVerifier verifier = net::make_scram_verifier("abcD1234");
  try {
    net::ScramServer server("ann", verifier, binding, "server");
    server.first(mechanism, first);
    server.final(final);
  } catch (const Error&) {
    return;
  }
  wrong("SCRAM let somebody in");
}

void digest(std::string_view payload) {
  static const net::DigestVerifier verifier = net::make_digest_verifier("abcD1234");
  try {
    if (net::digest_answers(verifier, "nonce", payload)) wrong("the digest let somebody in");
  } catch (const Error&) {
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const size_t line = text.find('\n');
  const std::string_view first = text.substr(0, line);
  const std::string_view final = line == std::string_view::npos ? "" : text.substr(line + 1);
  exchange("SCRAM-SHA-256", first, final, "");
  exchange("SCRAM-SHA-256", first, final, "certificate");
  exchange("SCRAM-SHA-256-PLUS", first, final, "certificate");
  digest(text);
  const auto read = net::read_scram_verifier(text);
  if (read && net::read_scram_verifier(net::to_string(*read)) != read) wrong("a verifier is not read back");
  if (const auto bytes = net::from_base64(text); bytes && net::base64(*bytes) != text) wrong("base64 differs");
  return 0;
}
