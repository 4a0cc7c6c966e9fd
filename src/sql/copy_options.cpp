#include "sql/copy_options.h"

#include <string>

namespace garland::sql {
namespace {

constexpr std::string_view kSwitch = " ON OFF TRUE FALSE ";
constexpr std::string_view kEncodings = " UTF8 UTF16 UTF16LE UTF16BE ISO88591 ";

constexpr CopyOptionRule kRules[] = {
    {"ACCEPTANYDATE", CopyArgument::kNone, false, ""},
    {"ACCEPTINVCHARS", CopyArgument::kString, false, ""},
    {"ACCESS_KEY_ID", CopyArgument::kString, true, ""},
    {"AVRO", CopyArgument::kString, false, ""},
    {"BLANKSASNULL", CopyArgument::kNone, false, ""},
    {"BZIP2", CopyArgument::kNone, false, ""},
    {"COMPROWS", CopyArgument::kNumber, true, ""},
    {"COMPUPDATE", CopyArgument::kNone, false, " ON OFF TRUE FALSE PRESET "},
    {"CREDENTIALS", CopyArgument::kString, true, ""},
    {"CSV", CopyArgument::kNone, false, ""},
    {"DATEFORMAT", CopyArgument::kString, true, ""},
    {"DELIMITER", CopyArgument::kString, true, ""},
    {"EMPTYASNULL", CopyArgument::kNone, false, ""},
    {"ENCODING", CopyArgument::kString, true, kEncodings},
    {"ENCRYPTED", CopyArgument::kNone, false, ""},
    {"ESCAPE", CopyArgument::kNone, false, ""},
    {"EXPLICIT_IDS", CopyArgument::kNone, false, ""},
    {"FILLRECORD", CopyArgument::kNone, false, ""},
    {"FIXEDWIDTH", CopyArgument::kString, true, ""},
    {"GZIP", CopyArgument::kNone, false, ""},
    {"IAM_ROLE", CopyArgument::kString, true, " DEFAULT "},
    {"IGNOREALLERRORS", CopyArgument::kNone, false, ""},
    {"IGNOREBLANKLINES", CopyArgument::kNone, false, ""},
    {"IGNOREHEADER", CopyArgument::kNumber, true, ""},
    {"JSON", CopyArgument::kString, false, ""},
    {"LZOP", CopyArgument::kNone, false, ""},
    {"MANIFEST", CopyArgument::kNone, false, ""},
    {"MASTER_SYMMETRIC_KEY", CopyArgument::kString, true, ""},
    {"MAXERROR", CopyArgument::kNumber, true, ""},
    {"NOLOAD", CopyArgument::kNone, false, ""},
    {"NULL", CopyArgument::kString, true, ""},
    {"ORC", CopyArgument::kNone, false, " SERIALIZETOJSON "},
    {"PARQUET", CopyArgument::kNone, false, " SERIALIZETOJSON "},
    {"QUOTE", CopyArgument::kString, true, ""},
    {"READRATIO", CopyArgument::kNumber, true, ""},
    {"REGION", CopyArgument::kString, true, ""},
    {"REMOVEQUOTES", CopyArgument::kNone, false, ""},
    {"ROUNDEC", CopyArgument::kNone, false, ""},
    {"SECRET_ACCESS_KEY", CopyArgument::kString, true, ""},
    {"SESSION_TOKEN", CopyArgument::kString, true, ""},
    {"SHAPEFILE", CopyArgument::kNumber, false, " SIMPLIFY AUTO "},
    {"SSH", CopyArgument::kNone, false, ""},
    {"STATUPDATE", CopyArgument::kNone, false, kSwitch},
    {"TIMEFORMAT", CopyArgument::kString, true, ""},
    {"TRIMBLANKS", CopyArgument::kNone, false, ""},
    {"TRUNCATECOLUMNS", CopyArgument::kNone, false, ""},
    {"ZSTD", CopyArgument::kNone, false, ""},
};

}  // namespace

const CopyOptionRule* find_copy_option(std::string_view upper_case_name) {
  for (const CopyOptionRule& rule : kRules)
    if (rule.name == upper_case_name) return &rule;
  return nullptr;
}

bool takes_word(const CopyOptionRule& rule, std::string_view upper_case_word) {
  if (upper_case_word.empty() || upper_case_word.find(' ') != std::string_view::npos) return false;
  return rule.words.find(' ' + std::string(upper_case_word) + ' ') != std::string_view::npos;
}

}  // namespace garland::sql
