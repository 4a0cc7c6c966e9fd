// The words that Redshift's grammar knows, as one sorted table. Reserved words are those of guide page r_pg_keywords:
// without quotes they cannot name anything. (START and CONNECT are not reserved, says that page; QUALIFY neither,
// r_QUALIFY_clause. OID is on its list, but the guide's own queries of pg_catalog use it bare, so it is a plain word
// here.) Words that only name an option (COPY) or a statement of later work are compared as text where they occur and
// are not here.
#pragma once

#include <cstdint>
#include <string_view>

namespace garland::sql {

/// What a word may do; a set of bits.
enum KeywordFlag : uint8_t {
  kPlain = 0,
  kReserved = 1,
  kFunction = 2,     // reserved, yet a function's name before a parenthesis: left('x', 1)
  kNiladic = 4,      // a call without parentheses: current_date
  kSpecialCall = 8,  // has a grammar of its own before a parenthesis: extract(year from d)
  kTypeWord = 16,    // begins a type that may carry modifiers before a literal: char(3) 'abc'
};

// clang-format off
#define GARLAND_SQL_KEYWORDS(X) \
  X(kAbort, "abort", kPlain) \
  X(kAdd, "add", kPlain) \
  X(kAes128, "aes128", kReserved) \
  X(kAes256, "aes256", kReserved) \
  X(kAll, "all", kReserved) \
  X(kAllowoverwrite, "allowoverwrite", kReserved) \
  X(kAlter, "alter", kPlain) \
  X(kAnalyse, "analyse", kReserved) \
  X(kAnalyze, "analyze", kReserved) \
  X(kAnd, "and", kReserved) \
  X(kAny, "any", kReserved) \
  X(kAppend, "append", kPlain) \
  X(kApproximate, "approximate", kPlain) \
  X(kArray, "array", kReserved | kFunction) \
  X(kAs, "as", kReserved) \
  X(kAsc, "asc", kReserved) \
  X(kAt, "at", kPlain) \
  X(kAuthorization, "authorization", kReserved) \
  X(kAuto, "auto", kPlain) \
  X(kAz64, "az64", kReserved) \
  X(kBackup, "backup", kReserved) \
  X(kBegin, "begin", kPlain) \
  X(kBetween, "between", kReserved) \
  X(kBinary, "binary", kReserved | kTypeWord) \
  X(kBinding, "binding", kPlain) \
  X(kBit, "bit", kTypeWord) \
  X(kBlanksasnull, "blanksasnull", kReserved) \
  X(kBoth, "both", kReserved) \
  X(kBpchar, "bpchar", kTypeWord) \
  X(kBy, "by", kPlain) \
  X(kBytedict, "bytedict", kReserved) \
  X(kBzip2, "bzip2", kReserved) \
  X(kCascade, "cascade", kPlain) \
  X(kCase, "case", kReserved) \
  X(kCaseInsensitive, "case_insensitive", kPlain) \
  X(kCaseSensitive, "case_sensitive", kPlain) \
  X(kCast, "cast", kReserved) \
  X(kChar, "char", kTypeWord) \
  X(kCharacter, "character", kTypeWord) \
  X(kCharacteristics, "characteristics", kPlain) \
  X(kCheck, "check", kReserved) \
  X(kCollate, "collate", kReserved | kFunction) \
  X(kColumn, "column", kReserved) \
  X(kCommit, "commit", kPlain) \
  X(kCommitted, "committed", kPlain) \
  X(kCompound, "compound", kPlain) \
  X(kConflict, "conflict", kPlain) \
  X(kConnect, "connect", kPlain) \
  X(kConstraint, "constraint", kReserved) \
  X(kConvert, "convert", kSpecialCall) \
  X(kCopy, "copy", kPlain) \
  X(kCount, "count", kPlain) \
  X(kCreate, "create", kReserved) \
  X(kCredentials, "credentials", kReserved) \
  X(kCross, "cross", kReserved) \
  X(kCube, "cube", kSpecialCall) \
  X(kCurrent, "current", kPlain) \
  X(kCurrentAwsAccount, "current_aws_account", kNiladic) \
  X(kCurrentDate, "current_date", kReserved | kNiladic) \
  X(kCurrentNamespace, "current_namespace", kNiladic) \
  X(kCurrentTime, "current_time", kReserved | kNiladic) \
  X(kCurrentTimestamp, "current_timestamp", kReserved | kNiladic) \
  X(kCurrentUser, "current_user", kReserved | kNiladic) \
  X(kCurrentUserId, "current_user_id", kReserved | kNiladic) \
  X(kDay, "day", kPlain) \
  X(kDec, "dec", kTypeWord) \
  X(kDecimal, "decimal", kTypeWord) \
  X(kDefault, "default", kReserved) \
  X(kDefaults, "defaults", kPlain) \
  X(kDeferrable, "deferrable", kReserved) \
  X(kDeflate, "deflate", kReserved) \
  X(kDefrag, "defrag", kReserved) \
  X(kDelete, "delete", kPlain) \
  X(kDelta, "delta", kReserved) \
  X(kDelta32k, "delta32k", kReserved) \
  X(kDesc, "desc", kReserved) \
  X(kDisable, "disable", kReserved) \
  X(kDistinct, "distinct", kReserved) \
  X(kDistkey, "distkey", kPlain) \
  X(kDiststyle, "diststyle", kPlain) \
  X(kDo, "do", kReserved) \
  X(kDouble, "double", kTypeWord) \
  X(kDrop, "drop", kPlain) \
  X(kDuplicates, "duplicates", kPlain) \
  X(kElse, "else", kReserved) \
  X(kEmptyasnull, "emptyasnull", kReserved) \
  X(kEnable, "enable", kReserved) \
  X(kEncode, "encode", kReserved) \
  X(kEncrypt, "encrypt", kReserved) \
  X(kEncryption, "encryption", kReserved) \
  X(kEnd, "end", kReserved) \
  X(kEscape, "escape", kPlain) \
  X(kEven, "even", kPlain) \
  X(kExcept, "except", kReserved) \
  X(kExclude, "exclude", kPlain) \
  X(kExcluding, "excluding", kPlain) \
  X(kExists, "exists", kSpecialCall) \
  X(kExplicit, "explicit", kReserved) \
  X(kExternal, "external", kPlain) \
  X(kExtract, "extract", kSpecialCall) \
  X(kFalse, "false", kReserved) \
  X(kFilter, "filter", kPlain) \
  X(kFirst, "first", kPlain) \
  X(kFloat, "float", kTypeWord) \
  X(kFollowing, "following", kPlain) \
  X(kFor, "for", kReserved) \
  X(kForeign, "foreign", kReserved) \
  X(kFreeze, "freeze", kReserved) \
  X(kFrom, "from", kReserved) \
  X(kFull, "full", kReserved) \
  X(kGenerated, "generated", kPlain) \
  X(kGlobaldict256, "globaldict256", kReserved) \
  X(kGlobaldict64k, "globaldict64k", kReserved) \
  X(kGrant, "grant", kReserved) \
  X(kGroup, "group", kReserved) \
  X(kGrouping, "grouping", kPlain) \
  X(kGzip, "gzip", kReserved) \
  X(kHaving, "having", kReserved) \
  X(kHour, "hour", kPlain) \
  X(kIdentity, "identity", kReserved) \
  X(kIf, "if", kPlain) \
  X(kIgnore, "ignore", kReserved) \
  X(kIlike, "ilike", kReserved) \
  X(kIn, "in", kReserved) \
  X(kInclude, "include", kPlain) \
  X(kIncluding, "including", kPlain) \
  X(kInitially, "initially", kReserved) \
  X(kInner, "inner", kReserved) \
  X(kInsert, "insert", kPlain) \
  X(kInt, "int", kTypeWord) \
  X(kInterleaved, "interleaved", kPlain) \
  X(kIntersect, "intersect", kReserved) \
  X(kInterval, "interval", kReserved) \
  X(kInto, "into", kReserved) \
  X(kIs, "is", kReserved) \
  X(kIsnull, "isnull", kReserved | kFunction) \
  X(kIsolation, "isolation", kPlain) \
  X(kJoin, "join", kReserved) \
  X(kKey, "key", kPlain) \
  X(kLast, "last", kPlain) \
  X(kLateral, "lateral", kSpecialCall) \
  X(kLeading, "leading", kReserved) \
  X(kLeft, "left", kReserved | kFunction) \
  X(kLevel, "level", kPlain) \
  X(kLike, "like", kReserved) \
  X(kLimit, "limit", kReserved) \
  X(kLocal, "local", kPlain) \
  X(kLocaltime, "localtime", kReserved | kNiladic) \
  X(kLocaltimestamp, "localtimestamp", kReserved | kNiladic) \
  X(kLun, "lun", kReserved) \
  X(kLuns, "luns", kReserved) \
  X(kLzo, "lzo", kReserved) \
  X(kLzop, "lzop", kReserved) \
  X(kMatched, "matched", kPlain) \
  X(kMax, "max", kPlain) \
  X(kMerge, "merge", kPlain) \
  X(kMinus, "minus", kReserved) \
  X(kMinute, "minute", kPlain) \
  X(kMonth, "month", kPlain) \
  X(kMostly16, "mostly16", kReserved) \
  X(kMostly32, "mostly32", kReserved) \
  X(kMostly8, "mostly8", kReserved) \
  X(kNational, "national", kTypeWord) \
  X(kNatural, "natural", kReserved) \
  X(kNchar, "nchar", kTypeWord) \
  X(kNew, "new", kReserved) \
  X(kNo, "no", kPlain) \
  X(kNot, "not", kReserved) \
  X(kNotnull, "notnull", kReserved) \
  X(kNull, "null", kReserved) \
  X(kNulls, "nulls", kReserved) \
  X(kNumeric, "numeric", kTypeWord) \
  X(kNvarchar, "nvarchar", kTypeWord) \
  X(kOff, "off", kReserved) \
  X(kOffline, "offline", kReserved) \
  X(kOffset, "offset", kReserved) \
  X(kOld, "old", kReserved) \
  X(kOn, "on", kReserved) \
  X(kOnly, "only", kReserved) \
  X(kOpen, "open", kReserved) \
  X(kOr, "or", kReserved) \
  X(kOrder, "order", kReserved) \
  X(kOuter, "outer", kReserved) \
  X(kOver, "over", kPlain) \
  X(kOverlaps, "overlaps", kReserved) \
  X(kParallel, "parallel", kReserved) \
  X(kPartition, "partition", kReserved) \
  X(kPercent, "percent", kReserved) \
  X(kPercentileDisc, "percentile_disc", kPlain) \
  X(kPermissions, "permissions", kReserved) \
  X(kPivot, "pivot", kReserved) \
  X(kPlacing, "placing", kReserved) \
  X(kPosition, "position", kSpecialCall) \
  X(kPreceding, "preceding", kPlain) \
  X(kPrecision, "precision", kPlain) \
  X(kPrimary, "primary", kReserved) \
  X(kQualify, "qualify", kPlain) \
  X(kQuota, "quota", kPlain) \
  X(kRange, "range", kPlain) \
  X(kRaw, "raw", kReserved) \
  X(kRead, "read", kPlain) \
  X(kReadratio, "readratio", kReserved) \
  X(kReal, "real", kTypeWord) \
  X(kRecover, "recover", kReserved) \
  X(kRecursive, "recursive", kPlain) \
  X(kReferences, "references", kReserved) \
  X(kRejectlog, "rejectlog", kReserved) \
  X(kRemove, "remove", kPlain) \
  X(kRename, "rename", kPlain) \
  X(kRepeatable, "repeatable", kPlain) \
  X(kReplace, "replace", kPlain) \
  X(kReset, "reset", kPlain) \
  X(kResort, "resort", kReserved) \
  X(kRespect, "respect", kReserved) \
  X(kRestore, "restore", kReserved) \
  X(kRestrict, "restrict", kPlain) \
  X(kReturning, "returning", kPlain) \
  X(kRight, "right", kReserved | kFunction) \
  X(kRollback, "rollback", kPlain) \
  X(kRollup, "rollup", kSpecialCall) \
  X(kRow, "row", kPlain) \
  X(kRows, "rows", kPlain) \
  X(kSavepoint, "savepoint", kPlain) \
  X(kSchema, "schema", kPlain) \
  X(kSecond, "second", kPlain) \
  X(kSelect, "select", kReserved) \
  X(kSerializable, "serializable", kPlain) \
  X(kSession, "session", kPlain) \
  X(kSessionUser, "session_user", kReserved | kNiladic) \
  X(kSet, "set", kPlain) \
  X(kSets, "sets", kPlain) \
  X(kShow, "show", kPlain) \
  X(kSimilar, "similar", kReserved) \
  X(kSnapshot, "snapshot", kReserved) \
  X(kSome, "some", kReserved) \
  X(kSortkey, "sortkey", kPlain) \
  X(kStart, "start", kPlain) \
  X(kSubstring, "substring", kPlain) \
  X(kSysdate, "sysdate", kReserved | kNiladic) \
  X(kSystem, "system", kReserved) \
  X(kTable, "table", kReserved) \
  X(kTag, "tag", kReserved) \
  X(kTdes, "tdes", kReserved) \
  X(kTemp, "temp", kPlain) \
  X(kTemporary, "temporary", kPlain) \
  X(kText255, "text255", kReserved) \
  X(kText32k, "text32k", kReserved) \
  X(kThen, "then", kReserved) \
  X(kTime, "time", kTypeWord) \
  X(kTimestamp, "timestamp", kReserved | kTypeWord) \
  X(kTimestamptz, "timestamptz", kTypeWord) \
  X(kTimetz, "timetz", kTypeWord) \
  X(kTo, "to", kReserved) \
  X(kTop, "top", kReserved) \
  X(kTrailing, "trailing", kReserved) \
  X(kTransaction, "transaction", kPlain) \
  X(kTrim, "trim", kSpecialCall) \
  X(kTrue, "true", kReserved) \
  X(kTruncate, "truncate", kPlain) \
  X(kTruncatecolumns, "truncatecolumns", kReserved) \
  X(kUnbounded, "unbounded", kPlain) \
  X(kUncommitted, "uncommitted", kPlain) \
  X(kUnion, "union", kReserved) \
  X(kUnique, "unique", kReserved) \
  X(kUnknown, "unknown", kPlain) \
  X(kUnnest, "unnest", kReserved) \
  X(kUnpivot, "unpivot", kReserved) \
  X(kUpdate, "update", kPlain) \
  X(kUser, "user", kReserved | kNiladic) \
  X(kUsing, "using", kReserved) \
  X(kValues, "values", kSpecialCall) \
  X(kVarbyte, "varbyte", kTypeWord) \
  X(kVarchar, "varchar", kTypeWord) \
  X(kVarying, "varying", kPlain) \
  X(kVerbose, "verbose", kReserved) \
  X(kView, "view", kPlain) \
  X(kWallet, "wallet", kReserved) \
  X(kWhen, "when", kReserved) \
  X(kWhere, "where", kReserved) \
  X(kWith, "with", kReserved) \
  X(kWithin, "within", kPlain) \
  X(kWithout, "without", kReserved) \
  X(kWork, "work", kPlain) \
  X(kWrite, "write", kPlain) \
  X(kYear, "year", kPlain) \
  X(kYes, "yes", kPlain) \
  X(kZone, "zone", kPlain)
// clang-format on

enum class Keyword : uint16_t {
  kNone,
#define GARLAND_SQL_KEYWORD_ENUMERATOR(name, text, flags) name,
  GARLAND_SQL_KEYWORDS(GARLAND_SQL_KEYWORD_ENUMERATOR)
#undef GARLAND_SQL_KEYWORD_ENUMERATOR
};

/// The keyword that `word` is in any case of letters, kNone if it is none.
Keyword find_keyword(std::string_view word);

/// The KeywordFlag bits of a keyword; kPlain for kNone.
uint8_t keyword_flags(Keyword keyword);

inline bool is_reserved(Keyword keyword) { return (keyword_flags(keyword) & kReserved) != 0; }

}  // namespace garland::sql
