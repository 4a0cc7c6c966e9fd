// Every limit of Garland, in one place, each with its reason.
#pragma once

#include <cstddef>
#include <cstdint>

namespace garland {

/// Nesting of expressions, queries and parentheses. Redshift has no documented figure; 500 keeps recursive passes and
/// DuckDB's own depth limit (1,000) safe.
inline constexpr int kMaxNesting = 500;
/// SQL text of one statement: Redshift's limit (guide page "Quotas and limits": 16 MB).
inline constexpr size_t kMaxStatementBytes = 16u << 20;
/// Identifiers (guide page r_names): longer ones are truncated.
inline constexpr size_t kMaxIdentifierBytes = 127;
/// VARCHAR and CHAR (guide page r_Character_types), in bytes.
inline constexpr int32_t kMaxVarcharBytes = 65535;
inline constexpr int32_t kDefaultVarcharBytes = 256;
inline constexpr int32_t kMaxCharBytes = 4096;
/// VARBYTE (guide page r_VARBYTE_type), in bytes.
inline constexpr int32_t kMaxVarbyteBytes = 16777216;
inline constexpr int32_t kDefaultVarbyteBytes = 64000;
/// SUPER (guide page limitations-super), in bytes.
inline constexpr int32_t kMaxSuperBytes = 16u << 20;
/// DECIMAL (guide page r_Numeric_types201).
inline constexpr int kMaxDecimalPrecision = 38;
inline constexpr int kMaxDecimalScale = 37;
inline constexpr int kDefaultDecimalPrecision = 18;
/// Columns of a table (guide page r_CREATE_TABLE_NEW).
inline constexpr size_t kMaxColumns = 1600;
/// Text handed to DuckDB; longer text costs it gigabytes (a 2 MB IN list took 1.6 GB), so it is refused before it gets
/// there.
inline constexpr size_t kMaxEngineTextBytes = 256u << 10;
/// One message of a SCRAM exchange, PostgreSQL's limit too: a user name of kMaxIdentifierBytes, escaped, a nonce and
/// the hash of a certificate take half of it. Strangers send these.
inline constexpr size_t kMaxScramMessageBytes = 1024;
/// The client's nonce in Redshift's digest login: its drivers send the time, 13 digits. Strangers send it.
inline constexpr size_t kMaxDigestNonceBytes = 256;

/// A message of a logged-in client: the longest statement with its parameters has room; a client that claims more would
/// have it all kept in memory.
inline constexpr size_t kMaxMessageBytes = 64u << 20;
/// A message of a client that has not logged in yet: passwords and SASL answers are far below.
inline constexpr size_t kMaxLoginMessageBytes = 16u << 10;

}  // namespace garland
