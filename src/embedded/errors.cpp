// DuckDB's run-time error texts, as Garland's errors. Our own checks raise "<SQLSTATE>:<message>"; DuckDB's texts are
// known by a piece of them. No text of DuckDB reaches a user.
#include <algorithm>
#include <array>

#include "embedded/translate.h"

namespace garland::embedded {
namespace {

struct KnownText {
  std::string_view piece;
  SqlState state;
  std::string_view message;
};

// The first piece that the text contains decides.
constexpr KnownText kKnownTexts[] = {
    {"More than one row returned by a subquery", kCardinalityViolation,
     "more than one row returned by a subquery used as an expression"},
    {"Unknown TimeZone", kInvalidParameterValue, "time zone not recognized"},
    {"must not end with escape character", kInvalidEscapeSequence, "LIKE pattern must not end with escape character"},
    {"Invalid escape string", kInvalidEscapeSequence, "invalid escape string: it must be empty or one character"},
    {"cannot take square root", kInvalidParameterValue, "cannot take square root of a negative number"},
    {"cannot take logarithm of zero", kInvalidParameterValue, "cannot take logarithm of zero"},
    {"cannot take logarithm", kInvalidParameterValue, "cannot take logarithm of a negative number"},
    {"is undefined outside [-1,1]", kNumericValueOutOfRange, "input is out of range"},
    {"is out of range for numeric function", kNumericValueOutOfRange, "input is out of range"},
    {"Argument for ntile", kInvalidParameterValue, "argument of ntile must be greater than zero"},
    {"QUANTILE can only take constant", kFeatureNotSupported,
     "a percentile whose fraction is not constant is not supported yet"},
    {"Separator argument to StringAgg", kFeatureNotSupported,
     "a LISTAGG delimiter that is not constant is not supported yet"},
    {"could not convert blob to UTF8", kCharacterNotInRepertoire, "the binary value is not valid UTF-8 text"},
    {"Invalid unicode", kCharacterNotInRepertoire, "the text is not valid UTF-8"},
    {"is not valid UTF8", kCharacterNotInRepertoire, "the text is not valid UTF-8"},
    {"hex digit", kInvalidTextRepresentation, "invalid hexadecimal data"},
    {"Cannot create a string of size", kProgramLimitExceeded, "the resulting string is too long"},
    {"Date out of range", kDatetimeFieldOverflow, "date out of range"},
    {"not in timestamp range", kDatetimeFieldOverflow, "timestamp out of range"},
    {"Timestamp microseconds out of range", kDatetimeFieldOverflow, "timestamp out of range"},
    {"Overflow exception in date/time", kDatetimeFieldOverflow, "timestamp out of range"},
    {"Could not convert date to timestamp", kDatetimeFieldOverflow, "timestamp out of range"},
    {"Could not add timestamp", kDatetimeFieldOverflow, "timestamp out of range"},
    {"interval out of range", kDatetimeFieldOverflow, "interval out of range"},
    {"Interval value", kDatetimeFieldOverflow, "interval out of range"},
    {"date field", kInvalidDatetimeFormat, "invalid input syntax for type date"},
    {"timestamp field", kInvalidDatetimeFormat, "invalid input syntax for type timestamp"},
    {"time field", kInvalidDatetimeFormat, "invalid input syntax for type time"},
    {"Could not convert string", kInvalidTextRepresentation, "invalid input syntax for the type"},
    {"destination type INT16", kNumericValueOutOfRange, "smallint out of range"},
    {"destination type INT32", kNumericValueOutOfRange, "integer out of range"},
    {"destination type INT64", kNumericValueOutOfRange, "bigint out of range"},
    {"to type INT16", kNumericValueOutOfRange, "smallint out of range"},
    {"to type INT32", kNumericValueOutOfRange, "integer out of range"},
    {"to type INT64", kNumericValueOutOfRange, "bigint out of range"},
    {"destination type FLOAT", kNumericValueOutOfRange, "real out of range"},
    {"of INT16", kNumericValueOutOfRange, "smallint out of range"},
    {"of INT32", kNumericValueOutOfRange, "integer out of range"},
    {"of INT64", kNumericValueOutOfRange, "bigint out of range"},
    {"DECIMAL", kNumericValueOutOfRange, "numeric field overflow"},
    {"HUGEINT", kNumericValueOutOfRange, "numeric field overflow"},
    {"NOT NULL constraint failed", kNotNullViolation, "null value in a column violates its not-null constraint"},
    {"Max expression depth limit", kStatementTooComplex, "the statement is nested too deeply"},
    {"No space left on device", kDiskFull, "no space left on the disk"},
    {"failed to offload", kOutOfMemory, "the statement needs more memory than the limit allows"},
};

struct KnownClass {
  std::string_view prefix;
  SqlState state;
  std::string_view message;
};

// What an unknown text says at least by its beginning.
constexpr KnownClass kKnownClasses[] = {
    {"INTERRUPT", kQueryCanceled, "canceling statement on user request"},
    {"TransactionContext Error: Conflict", kSerializationFailure, "Serializable isolation violation on table"},
    {"Transaction conflict", kSerializationFailure, "Serializable isolation violation on table"},
    {"Out of Memory", kOutOfMemory, "the statement needs more memory than the limit allows"},
    {"Out of Range Error", kNumericValueOutOfRange, "value out of range"},
    {"Conversion Error", kInvalidTextRepresentation, "a value cannot be converted to its type"},
    {"IO Error", kIoError, "the warehouse's storage could not be read or written"},
    {"Not implemented Error", kFeatureNotSupported, "the statement uses something that is not supported yet"},
};

bool is_state(std::string_view text) {
  return text.size() > 6 && text[5] == ':' && std::all_of(text.begin(), text.begin() + 5, [](unsigned char c) {
           return std::isdigit(c) || (c >= 'A' && c <= 'Z');
         });
}

constexpr SqlState kRaisedStates[] = {
    kDivisionByZero,        kNumericValueOutOfRange, kStringDataRightTruncation,
    kInvalidDatetimeFormat, kDatetimeFieldOverflow,  kCharacterNotInRepertoire,
    kInvalidParameterValue, kInvalidEscapeSequence,  kInvalidTextRepresentation,
    kFeatureNotSupported,   kCardinalityViolation,   kNotNullViolation,
    kSyntaxError,           kInvalidRecursion,       kProgramLimitExceeded,
    kSerializationFailure,  kUndefinedFunction,      kCannotCoerce,
    kDatatypeMismatch,      kInsufficientPrivilege,  kObjectNotInPrerequisiteState,
    kInternalError,
};

/// An error of our own, inside DuckDB's "Invalid Input Error: ".
std::optional<Error> raised_by_us(std::string_view text) {
  const std::string_view prefix = "Invalid Input Error: ";
  if (text.starts_with(prefix)) text.remove_prefix(prefix.size());
  if (!is_state(text)) return std::nullopt;
  for (const SqlState state : kRaisedStates) {
    if (state.text() == text.substr(0, 5)) return Error(state, std::string(text.substr(6)));
  }
  return std::nullopt;
}

bool is_regex_fault(std::string_view text) {
  constexpr std::string_view kPieces[] = {"missing ",
                                          "invalid perl operator",
                                          "invalid escape sequence",
                                          "invalid character class",
                                          "no argument for repetition operator",
                                          "bad repetition operator",
                                          "invalid repetition size",
                                          "trailing \\",
                                          "unexpected )",
                                          "invalid named capture"};
  return std::any_of(std::begin(kPieces), std::end(kPieces),
                     [text](std::string_view piece) { return text.find(piece) != std::string_view::npos; });
}

}  // namespace

Error translate_error(std::string_view duckdb_message) {
  if (std::optional<Error> ours = raised_by_us(duckdb_message)) return *ours;
  // DuckDB quotes its own SQL behind its message.
  const std::string_view text = duckdb_message.substr(0, duckdb_message.find("\n\nLINE "));
  for (const KnownText& known : kKnownTexts) {
    if (text.find(known.piece) != std::string_view::npos) return Error(known.state, std::string(known.message));
  }
  if (text.starts_with("Invalid Input Error") && is_regex_fault(text)) {
    return Error(kInvalidParameterValue, "invalid regular expression")
        .hint("Look-around and back-references need a REGEXP function with the option p.");
  }
  for (const KnownClass& known : kKnownClasses) {
    if (text.starts_with(known.prefix)) return Error(known.state, std::string(known.message));
  }
  return Error(kInternalError, "an internal error occurred").hint("The log holds its details.");
}

}  // namespace garland::embedded
