// Secrets at rest: sealed under a key that lies in a file of its own (AES-256-GCM, NIST SP 800-38D).
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace garland::net {

inline constexpr size_t kSealKeyBytes = 32;

/// The key of the file; made at random (private_file.h) when there is none: by one process at a time, which is the
/// caller's to see to. Throws 58030 when it can be neither read nor made, or holds something else.
std::string key_of_file(const std::filesystem::path& file);

/// `context` is not kept: unseal() needs the same, so that a sealed text means nothing in another place.
std::string seal(std::string_view key, std::string_view text, std::string_view context);
/// Nothing for another key, another context, or bytes that were changed.
std::optional<std::string> unseal(std::string_view key, std::string_view sealed, std::string_view context);

}  // namespace garland::net
