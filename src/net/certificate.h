// A certificate that signs itself, for a server that was given none.
#pragma once

#include <string>
#include <vector>

namespace garland::net {

/// Texts in PEM form.
struct CertificateAndKey {
  std::string certificate, key;
};

inline constexpr int kSelfMadeDays = 3650;

/// EC P-256, for the host names given (or IP addresses) and for localhost, 127.0.0.1 and ::1; the first name is the
/// subject. Valid from an hour ago, as clocks differ, for `days` from now on.
CertificateAndKey make_certificate(const std::vector<std::string>& host_names, int days = kSelfMadeDays);

}  // namespace garland::net
