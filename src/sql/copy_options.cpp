#include "sql/copy_options.h"

#include <algorithm>
#include <string>

namespace garland::sql {
namespace {

constexpr auto kCopy = CopyVerb::kCopy;
constexpr auto kUnload = CopyVerb::kUnload;
constexpr auto kBoth = CopyVerb::kBoth;
constexpr auto kNone = CopyArgument::kNone;
constexpr auto kString = CopyArgument::kString;
constexpr auto kNumber = CopyArgument::kNumber;

constexpr std::string_view kSwitch = " ON OFF TRUE FALSE ";
constexpr std::string_view kEncodings = " UTF8 UTF16 UTF16LE UTF16BE ISO88591 ";
constexpr std::string_view kUnits = " MB GB ";

constexpr CopyOptionRule kRules[] = {
    {"ACCEPTANYDATE", kCopy, kNone, false, ""},
    {"ACCEPTINVCHARS", kCopy, kString, false, ""},
    {"ACCESS_KEY_ID", kBoth, kString, true, ""},
    {"ADDQUOTES", kUnload, kNone, false, ""},
    {"ALLOWOVERWRITE", kUnload, kNone, false, ""},
    {"AVRO", kCopy, kString, false, ""},
    {"BLANKSASNULL", kCopy, kNone, false, ""},
    {"BZIP2", kBoth, kNone, false, ""},
    {"CLEANPATH", kUnload, kNone, false, ""},
    {"COMPROWS", kCopy, kNumber, true, ""},
    {"COMPUPDATE", kCopy, kNone, false, " ON OFF TRUE FALSE PRESET "},
    {"CREDENTIALS", kBoth, kString, true, ""},
    {"CSV", kBoth, kNone, false, ""},
    {"DATEFORMAT", kCopy, kString, true, ""},
    {"DELIMITER", kBoth, kString, true, ""},
    {"EMPTYASNULL", kCopy, kNone, false, ""},
    {"ENCODING", kCopy, kString, true, kEncodings},
    {"ENCRYPTED", kBoth, kNone, false, " AUTO "},
    {"ESCAPE", kBoth, kNone, false, ""},
    {"EXPLICIT_IDS", kCopy, kNone, false, ""},
    {"EXTENSION", kUnload, kString, true, ""},
    {"FILLRECORD", kCopy, kNone, false, ""},
    {"FIXEDWIDTH", kBoth, kString, true, ""},
    {"GZIP", kBoth, kNone, false, ""},
    {"HEADER", kUnload, kNone, false, ""},
    {"IAM_ROLE", kBoth, kString, true, " DEFAULT "},
    {"IGNOREALLERRORS", kCopy, kNone, false, ""},
    {"IGNOREBLANKLINES", kCopy, kNone, false, ""},
    {"IGNOREHEADER", kCopy, kNumber, true, ""},
    {"JSON", kBoth, kString, false, ""},
    {"KMS_KEY_ID", kUnload, kString, true, ""},
    {"LZOP", kCopy, kNone, false, ""},
    {"MANIFEST", kBoth, kNone, false, " VERBOSE "},
    {"MASTER_SYMMETRIC_KEY", kBoth, kString, true, ""},
    {"MAXERROR", kCopy, kNumber, true, ""},
    {"MAXFILESIZE", kUnload, kNumber, true, kUnits, 2},
    {"NOLOAD", kCopy, kNone, false, ""},
    {"NULL", kBoth, kString, true, ""},
    {"ORC", kCopy, kNone, false, " SERIALIZETOJSON "},
    {"PARALLEL", kUnload, kNone, false, kSwitch},
    {"PARQUET", kBoth, kNone, false, " SERIALIZETOJSON "},
    {"QUOTE", kCopy, kString, true, ""},
    {"READRATIO", kCopy, kNumber, true, ""},
    {"REGION", kBoth, kString, true, ""},
    {"REMOVEQUOTES", kCopy, kNone, false, ""},
    {"ROUNDEC", kCopy, kNone, false, ""},
    {"ROWGROUPSIZE", kUnload, kNumber, true, kUnits, 2},
    {"SECRET_ACCESS_KEY", kBoth, kString, true, ""},
    {"SESSION_TOKEN", kBoth, kString, true, ""},
    {"SHAPEFILE", kCopy, kNumber, false, " SIMPLIFY AUTO ", 3},
    {"SSH", kCopy, kNone, false, ""},
    {"STATUPDATE", kCopy, kNone, false, kSwitch},
    {"TIMEFORMAT", kCopy, kString, true, ""},
    {"TOKEN", kBoth, kString, true, ""},
    {"TRIMBLANKS", kCopy, kNone, false, ""},
    {"TRUNCATECOLUMNS", kCopy, kNone, false, ""},
    {"ZSTD", kBoth, kNone, false, ""},
};

constexpr std::string_view kSecrets[] = {"ACCESS_KEY_ID",     "CREDENTIALS",   "MASTER_SYMMETRIC_KEY",
                                         "SECRET_ACCESS_KEY", "SESSION_TOKEN", "TOKEN"};

}  // namespace

const CopyOptionRule* find_copy_option(std::string_view upper_case_name, CopyVerb verb) {
  for (const CopyOptionRule& rule : kRules) {
    if (rule.name != upper_case_name) continue;
    return (static_cast<uint8_t>(rule.verb) & static_cast<uint8_t>(verb)) != 0 ? &rule : nullptr;
  }
  return nullptr;
}

bool takes_word(const CopyOptionRule& rule, std::string_view upper_case_word) {
  if (upper_case_word.empty() || upper_case_word.find(' ') != std::string_view::npos) return false;
  return rule.words.find(' ' + std::string(upper_case_word) + ' ') != std::string_view::npos;
}

bool is_secret_option(std::string_view upper_case_name) {
  return std::ranges::find(kSecrets, upper_case_name) != std::end(kSecrets);
}

}  // namespace garland::sql
