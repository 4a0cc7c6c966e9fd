// Which options of COPY and UNLOAD go together (guide pages copy-parameters-data-format, copy-parameters-data-load,
// copy-usage_notes-copy-from-columnar, copy-parameters-authorization, r_UNLOAD).
#include <algorithm>
#include <charconv>
#include <initializer_list>
#include <set>
#include <string>

#include "base/error.h"
#include "sql/ast/statement.h"
#include "sql/copy_options.h"
#include "sql/literals.h"

namespace garland::sql {
namespace {

using Options = std::vector<CopyOption>;

const CopyOption* find(const Options& options, std::string_view name) {
  const auto found = std::ranges::find(options, name, &CopyOption::name);
  return found == options.end() ? nullptr : &*found;
}

bool argument_is(const CopyOption& option, std::string_view word) {
  return std::ranges::count(option.arguments, word) > 0;
}

[[noreturn]] void conflict(const CopyOption& at, std::string detail) {
  throw Error(kSyntaxError, "conflicting or redundant options").detail(std::move(detail)).at(at.span.begin);
}

void refuse_repeated(const Options& options) {
  std::set<std::string_view> seen;
  for (const CopyOption& option : options) {
    if (!seen.insert(option.name).second) conflict(option, option.name + " is given more than once.");
  }
}

/// At most one of the options.
void refuse_several(const Options& options, std::initializer_list<std::string_view> names) {
  const CopyOption* first = nullptr;
  for (const CopyOption& option : options) {
    if (std::ranges::find(names, option.name) == names.end()) continue;
    if (first) conflict(option, option.name + " cannot be used with " + first->name + ".");
    first = &option;
  }
}

void refuse_beside(const Options& options, std::string_view name, std::initializer_list<std::string_view> others) {
  if (!find(options, name)) return;
  for (const CopyOption& option : options) {
    if (std::ranges::find(others, option.name) == others.end()) continue;
    conflict(option, option.name + " cannot be used with " + std::string(name) + ".");
  }
}

void require_beside(const Options& options, std::string_view name, std::string_view other) {
  const CopyOption* option = find(options, name);
  if (!option || find(options, other)) return;
  throw Error(kSyntaxError, std::string(name) + " requires " + std::string(other)).at(option->span.begin);
}

void refuse_word(const Options& options, std::string_view name, std::string_view word) {
  const CopyOption* option = find(options, name);
  if (!option || !argument_is(*option, word)) return;
  std::string lower(word);
  for (char& c : lower) c = static_cast<char>(c + 32);
  throw Error(kSyntaxError, "syntax error at or near \"" + lower + "\"").at(option->span.begin);
}

void check_number(const Options& options, std::string_view name, int64_t least, int64_t most) {
  const CopyOption* option = find(options, name);
  if (!option) return;
  const std::string& text = option->arguments.front();
  int64_t value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code == std::errc() && end == text.data() + text.size() && value >= least && value <= most) return;
  throw Error(kInvalidParameterValue, std::string(name) + " must be an integer between " + std::to_string(least) +
                                          " and " + std::to_string(most))
      .at(option->span.begin);
}

void check_character(const Options& options, std::string_view name, std::string_view what) {
  const CopyOption* option = find(options, name);
  if (!option || option->arguments.empty()) return;
  const std::string& text = option->arguments.front();
  if (text.size() == 1 && static_cast<unsigned char>(text[0]) < 0x80 && text[0] != 0) return;
  throw Error(kFeatureNotSupported, "COPY " + std::string(what) + " must be a single ASCII character")
      .at(option->span.begin);
}

void check_authorization(const Options& options) {
  refuse_beside(options, "IAM_ROLE", {"ACCESS_KEY_ID", "SECRET_ACCESS_KEY", "SESSION_TOKEN", "CREDENTIALS"});
  refuse_beside(options, "CREDENTIALS",
                {"ACCESS_KEY_ID", "SECRET_ACCESS_KEY", "SESSION_TOKEN", "MASTER_SYMMETRIC_KEY"});
  require_beside(options, "ACCESS_KEY_ID", "SECRET_ACCESS_KEY");
  require_beside(options, "SECRET_ACCESS_KEY", "ACCESS_KEY_ID");
  require_beside(options, "SESSION_TOKEN", "ACCESS_KEY_ID");
  require_beside(options, "MASTER_SYMMETRIC_KEY", "ENCRYPTED");
}

void check_delimiter(const Options& options) {
  const CopyOption* option = find(options, "DELIMITER");
  if (!option) return;
  const std::string& text = option->arguments.front();
  if (text.empty()) throw Error(kInvalidParameterValue, "COPY delimiter must not be empty").at(option->span.begin);
  if (text.find_first_of(std::string_view("\n\r\0", 3)) == std::string::npos && find_invalid_utf8(text) == text.npos) {
    return;
  }
  throw Error(kInvalidParameterValue, "COPY delimiter cannot be newline or carriage return").at(option->span.begin);
}

/// What a columnar file leaves no room for.
void check_columnar(const Options& options, const CopyOption& format) {
  static constexpr std::string_view kAllowed[] = {
      "IAM_ROLE", "CREDENTIALS", "ACCESS_KEY_ID", "SECRET_ACCESS_KEY", "SESSION_TOKEN", "REGION",
      "MANIFEST", "STATUPDATE",  "FILLRECORD",    "ACCEPTINVCHARS",    "EXPLICIT_IDS"};
  for (const CopyOption& option : options) {
    if (&option == &format || std::ranges::count(kAllowed, option.name) > 0) continue;
    throw Error(kFeatureNotSupported, option.name + " argument is not supported for " + format.name + " based COPY")
        .at(option.span.begin);
  }
}

void check_null(const Options& options) {
  const CopyOption* null = find(options, "NULL");
  if (!null || null->arguments.front().find('\n') == std::string::npos) return;
  throw Error(kInvalidParameterValue, "COPY null representation cannot use newline or carriage return")
      .at(null->span.begin);
}

/// A size in bytes: a number with MB (the default) or GB.
double megabytes(const CopyOption& option) {
  const double value = std::stod(option.arguments.front());
  return argument_is(option, "GB") ? value * 1024 : value;
}

void check_sizes(const Options& options) {
  if (const CopyOption* size = find(options, "MAXFILESIZE")) {
    if (megabytes(*size) < 5 || megabytes(*size) > 6.2 * 1024) {
      throw Error(kInvalidParameterValue, "MAXFILESIZE must be between 5 MB and 6.2 GB").at(size->span.begin);
    }
  }
  const CopyOption* rows = find(options, "ROWGROUPSIZE");
  if (!rows) return;
  require_beside(options, "ROWGROUPSIZE", "PARQUET");
  if (megabytes(*rows) < 32 || megabytes(*rows) > 128 || rows->arguments.front().find('.') != std::string::npos) {
    throw Error(kInvalidParameterValue, "ROWGROUPSIZE must be an integer between 32 MB and 128 MB")
        .at(rows->span.begin);
  }
}

}  // namespace

void check_copy_options(const Copy& copy) {
  const Options& options = copy.options;
  refuse_repeated(options);
  check_authorization(options);
  refuse_several(options, {"CSV", "FIXEDWIDTH", "JSON", "AVRO", "PARQUET", "ORC", "SHAPEFILE"});
  refuse_several(options, {"GZIP", "BZIP2", "LZOP", "ZSTD"});
  refuse_several(options, {"MAXERROR", "IGNOREALLERRORS"});
  refuse_beside(options, "CSV", {"REMOVEQUOTES", "ESCAPE"});
  refuse_beside(options, "FIXEDWIDTH", {"DELIMITER", "ESCAPE"});
  for (const std::string_view format : {"JSON", "AVRO"}) {
    refuse_beside(options, format,
                  {"DELIMITER", "ESCAPE", "FILLRECORD", "IGNOREBLANKLINES", "NULL", "READRATIO", "REMOVEQUOTES"});
  }
  if (const CopyOption* quote = find(options, "QUOTE"); quote && !find(options, "CSV")) {
    throw Error(kFeatureNotSupported, "COPY quote available only in CSV mode").at(quote->span.begin);
  }
  if (const CopyOption* format = find(options, "PARQUET")) check_columnar(options, *format);
  if (const CopyOption* format = find(options, "ORC")) check_columnar(options, *format);
  refuse_word(options, "MANIFEST", "VERBOSE");
  refuse_word(options, "ENCRYPTED", "AUTO");
  check_number(options, "MAXERROR", 0, 100'000);
  check_number(options, "COMPROWS", 1000, 2'147'483'647);
  check_number(options, "IGNOREHEADER", 0, 2'147'483'647);
  check_number(options, "READRATIO", 1, 200);
  check_delimiter(options);
  check_character(options, "QUOTE", "quote");
  check_character(options, "ACCEPTINVCHARS", "replacement character");
  check_null(options);
}

void check_unload_options(const Unload& unload) {
  const Options& options = unload.options;
  refuse_repeated(options);
  check_authorization(options);
  refuse_several(options, {"CSV", "FIXEDWIDTH", "JSON", "PARQUET"});
  refuse_several(options, {"GZIP", "BZIP2", "ZSTD"});
  refuse_several(options, {"CLEANPATH", "ALLOWOVERWRITE"});
  refuse_beside(options, "CSV", {"ADDQUOTES", "ESCAPE"});
  refuse_beside(options, "FIXEDWIDTH", {"DELIMITER", "HEADER", "ADDQUOTES", "ESCAPE"});
  refuse_beside(options, "JSON", {"DELIMITER", "HEADER", "ADDQUOTES", "ESCAPE", "NULL"});
  refuse_beside(
      options, "PARQUET",
      {"DELIMITER", "ADDQUOTES", "ESCAPE", "NULL", "HEADER", "GZIP", "BZIP2", "ZSTD", "MASTER_SYMMETRIC_KEY"});
  refuse_beside(options, "KMS_KEY_ID", {"CREDENTIALS", "MASTER_SYMMETRIC_KEY"});
  require_beside(options, "KMS_KEY_ID", "ENCRYPTED");
  if (const CopyOption* encrypted = find(options, "ENCRYPTED"); encrypted && argument_is(*encrypted, "AUTO")) {
    refuse_several(options, {"ENCRYPTED", "KMS_KEY_ID"});
    refuse_several(options, {"ENCRYPTED", "MASTER_SYMMETRIC_KEY"});
  }
  refuse_word(options, "PARQUET", "SERIALIZETOJSON");
  if (const CopyOption* json = find(options, "JSON"); json && !json->arguments.empty()) {
    throw Error(kSyntaxError, "UNLOAD … JSON takes no argument").at(json->span.begin);
  }
  check_sizes(options);
  check_delimiter(options);
  check_null(options);
}

}  // namespace garland::sql
