// Statements as they may be shown: in logs, histories and errors.
#pragma once

#include <string>
#include <string_view>

namespace garland::sql {

/// The text with '***' in place of each string behind CREDENTIALS, ACCESS_KEY_ID, SECRET_ACCESS_KEY, SESSION_TOKEN,
/// TOKEN, MASTER_SYMMETRIC_KEY and PASSWORD (AS between them or not). Text that does not tokenise is cut where it stops
/// to, with "…", since a secret may follow. Never throws.
std::string without_secrets(std::string_view text);

/// The same with a star in place of each character of a secret, so that lines and columns stay what they are.
std::string masked_secrets(std::string_view text);

}  // namespace garland::sql
