// The options of UNLOAD, and the files' names.
#include <algorithm>
#include <cstdio>

#include "base/error.h"
#include "embedded/copy_request.h"
#include "embedded/unload.h"

namespace garland::embedded {

namespace {

using sql::CopyOption;
using Format = UnloadRequest::Format;

bool argument_is(const CopyOption& option, std::string_view word) {
  return std::ranges::count(option.arguments, word) > 0;
}

uint64_t size_of(const CopyOption& option) {
  const double unit = argument_is(option, "GB") ? 1024.0 * 1024 * 1024 : 1024.0 * 1024;
  return static_cast<uint64_t>(std::stod(option.arguments.front()) * unit);
}

void apply(const CopyOption& option, UnloadRequest& request) {
  const std::string& name = option.name;
  if (name == "CSV") request.format = Format::kCsv;
  if (name == "JSON") request.format = Format::kJson;
  if (name == "PARQUET") request.format = Format::kParquet;
  if (name == "FIXEDWIDTH") {
    request.format = Format::kFixedWidth;
    request.widths = read_copy_options({option}).load.widths;
  }
  if (name == "NULL") {
    request.null_text = option.arguments.front();
    request.null_given = true;
  }
  if (name == "DELIMITER") request.delimiter = option.arguments.front();
  if (name == "HEADER") request.header = true;
  if (name == "ADDQUOTES") request.add_quotes = true;
  if (name == "ESCAPE") request.escape = true;
  if (name == "GZIP") request.packing = records::Packing::kGzip;
  if (name == "BZIP2") request.packing = records::Packing::kBzip2;
  if (name == "ZSTD") request.packing = records::Packing::kZstd;
  if (name == "EXTENSION") request.extension = option.arguments.front();
  if (name == "MANIFEST") {
    request.manifest = true;
    request.verbose = argument_is(option, "VERBOSE");
  }
  if (name == "PARALLEL") request.parallel = !argument_is(option, "OFF") && !argument_is(option, "FALSE");
  if (name == "ALLOWOVERWRITE") request.overwrite = true;
  if (name == "CLEANPATH") request.clean = true;
  if (name == "MAXFILESIZE") request.max_file_bytes = size_of(option);
  if (name == "ROWGROUPSIZE") request.row_group_bytes = size_of(option);
}

/// A file name's end, without a slash that would lead elsewhere.
std::string extension_of(const UnloadRequest& request) {
  if (!request.extension.empty()) return (request.extension[0] == '.' ? "" : ".") + request.extension;
  if (request.format == Format::kParquet) return ".parquet";
  switch (request.packing) {
    case records::Packing::kGzip:
      return ".gz";
    case records::Packing::kBzip2:
      return ".bz2";
    case records::Packing::kZstd:
      return ".zst";
    case records::Packing::kNone:
      break;
  }
  return "";
}

}  // namespace

UnloadRequest read_unload_options(const std::vector<CopyOption>& options, size_t columns) {
  UnloadRequest request;
  bool delimiter = false;
  for (const CopyOption& option : options) {
    delimiter |= option.name == "DELIMITER";
    apply(option, request);
    if (option.name == "EXTENSION" && request.extension.find_first_of("/\\") != std::string::npos) {
      throw Error(kInvalidParameterValue, "EXTENSION must not hold a slash").at(option.span.begin);
    }
    if (option.name == "FIXEDWIDTH" && request.widths.size() != columns) {
      throw Error(kInvalidParameterValue, "FIXEDWIDTH names " + std::to_string(request.widths.size()) +
                                              " columns, but the query has " + std::to_string(columns))
          .at(option.span.begin);
    }
  }
  if (request.format == Format::kCsv && !delimiter) request.delimiter = ",";
  return request;
}

std::string UnloadTarget::next_place() {
  char name[32];
  std::snprintf(name, sizeof name, request.parallel ? "0000_part_%02zu" : "%03zu", number++);
  return start + name + extension_of(request);
}

}  // namespace garland::embedded
