// SQLSTATE codes (PostgreSQL documentation, Appendix A "Error Codes"), the only names under which errors are raised.
#pragma once

#include <array>
#include <optional>
#include <string_view>

namespace garland {

/// Five characters; the first two are the class.
struct SqlState {
  std::array<char, 5> code;

  consteval explicit SqlState(const char (&text)[6]) : code{text[0], text[1], text[2], text[3], text[4]} {}
  /// What a server sent; none when it is no code.
  static constexpr std::optional<SqlState> of(std::string_view text) {
    if (text.size() != 5) return std::nullopt;
    SqlState state("00000");
    for (size_t i = 0; i < 5; ++i) state.code[i] = text[i];
    return state;
  }
  constexpr std::string_view text() const { return {code.data(), code.size()}; }
  constexpr std::string_view error_class() const { return text().substr(0, 2); }
  friend constexpr bool operator==(const SqlState&, const SqlState&) = default;
};

// Class 08: connection
inline constexpr SqlState kCannotConnect{"08001"};
inline constexpr SqlState kConnectionFailure{"08006"};
inline constexpr SqlState kProtocolViolation{"08P01"};
// Class 0A
inline constexpr SqlState kFeatureNotSupported{"0A000"};
// Class 0L
inline constexpr SqlState kInvalidGrantOperation{"0LP01"};
// Class 21
inline constexpr SqlState kCardinalityViolation{"21000"};
// Class 22: data
inline constexpr SqlState kStringDataRightTruncation{"22001"};
inline constexpr SqlState kNumericValueOutOfRange{"22003"};
inline constexpr SqlState kInvalidDatetimeFormat{"22007"};
inline constexpr SqlState kDatetimeFieldOverflow{"22008"};
inline constexpr SqlState kDivisionByZero{"22012"};
inline constexpr SqlState kCharacterNotInRepertoire{"22021"};
inline constexpr SqlState kInvalidParameterValue{"22023"};
inline constexpr SqlState kInvalidEscapeSequence{"22025"};
inline constexpr SqlState kInvalidTextRepresentation{"22P02"};
inline constexpr SqlState kInvalidBinaryRepresentation{"22P03"};
inline constexpr SqlState kBadCopyFileFormat{"22P04"};
// Class 23: integrity
inline constexpr SqlState kNotNullViolation{"23502"};
// Class 24, 25: cursors and transactions
inline constexpr SqlState kInvalidCursorState{"24000"};
inline constexpr SqlState kActiveSqlTransaction{"25001"};
inline constexpr SqlState kReadOnlySqlTransaction{"25006"};
inline constexpr SqlState kNoActiveSqlTransaction{"25P01"};
inline constexpr SqlState kInFailedSqlTransaction{"25P02"};
inline constexpr SqlState kIdleInTransactionTimeout{"25P03"};
// Class 26, 34: statements and cursors by name
inline constexpr SqlState kUndefinedPreparedStatement{"26000"};
inline constexpr SqlState kUndefinedCursor{"34000"};
// Class 28, 2B
inline constexpr SqlState kInvalidAuthorization{"28000"};
inline constexpr SqlState kInvalidPassword{"28P01"};
inline constexpr SqlState kDependentObjectsStillExist{"2BP01"};
// Class 3D, 3F
inline constexpr SqlState kInvalidCatalogName{"3D000"};
inline constexpr SqlState kInvalidSchemaName{"3F000"};
// Class 40
inline constexpr SqlState kSerializationFailure{"40001"};
inline constexpr SqlState kDeadlockDetected{"40P01"};
// Class 42: the statement
inline constexpr SqlState kSyntaxError{"42601"};
inline constexpr SqlState kInsufficientPrivilege{"42501"};
inline constexpr SqlState kCannotCoerce{"42846"};
inline constexpr SqlState kGroupingError{"42803"};
inline constexpr SqlState kWindowingError{"42P20"};
inline constexpr SqlState kInvalidRecursion{"42P19"};
inline constexpr SqlState kDatatypeMismatch{"42804"};
inline constexpr SqlState kWrongObjectType{"42809"};
inline constexpr SqlState kUndefinedColumn{"42703"};
inline constexpr SqlState kUndefinedFunction{"42883"};
inline constexpr SqlState kUndefinedTable{"42P01"};
inline constexpr SqlState kUndefinedParameter{"42P02"};
inline constexpr SqlState kUndefinedObject{"42704"};
inline constexpr SqlState kDuplicateColumn{"42701"};
inline constexpr SqlState kDuplicateAlias{"42712"};
inline constexpr SqlState kDuplicateObject{"42710"};
inline constexpr SqlState kDuplicateSchema{"42P06"};
inline constexpr SqlState kDuplicateTable{"42P07"};
inline constexpr SqlState kAmbiguousColumn{"42702"};
inline constexpr SqlState kAmbiguousFunction{"42725"};
inline constexpr SqlState kInvalidColumnReference{"42P10"};
inline constexpr SqlState kInvalidColumnDefinition{"42611"};
inline constexpr SqlState kInvalidTableDefinition{"42P16"};
inline constexpr SqlState kInvalidObjectDefinition{"42P17"};
inline constexpr SqlState kIndeterminateDatatype{"42P18"};
inline constexpr SqlState kInvalidName{"42602"};
inline constexpr SqlState kReservedName{"42939"};
inline constexpr SqlState kInvalidForeignKey{"42830"};
inline constexpr SqlState kDuplicateFunction{"42723"};
inline constexpr SqlState kDuplicateDatabase{"42P04"};
inline constexpr SqlState kDuplicatePreparedStatement{"42P05"};
inline constexpr SqlState kDuplicateCursor{"42P03"};
// Class 53, 54, 55, 57, 58: resources, limits, state, operator, system
inline constexpr SqlState kDiskFull{"53100"};
inline constexpr SqlState kOutOfMemory{"53200"};
inline constexpr SqlState kTooManyConnections{"53300"};
inline constexpr SqlState kProgramLimitExceeded{"54000"};
inline constexpr SqlState kStatementTooComplex{"54001"};
inline constexpr SqlState kTooManyColumns{"54011"};
inline constexpr SqlState kObjectInUse{"55006"};
inline constexpr SqlState kObjectNotInPrerequisiteState{"55000"};
inline constexpr SqlState kQueryCanceled{"57014"};
inline constexpr SqlState kAdminShutdown{"57P01"};
inline constexpr SqlState kCannotConnectNow{"57P03"};
inline constexpr SqlState kIdleSessionTimeout{"57P05"};
inline constexpr SqlState kIoError{"58030"};
inline constexpr SqlState kUndefinedFile{"58P01"};
inline constexpr SqlState kConfigFileError{"F0000"};
// Class XX
inline constexpr SqlState kInternalError{"XX000"};
inline constexpr SqlState kDataCorrupted{"XX001"};

}  // namespace garland
