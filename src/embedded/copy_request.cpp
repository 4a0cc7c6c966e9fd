#include "embedded/copy_request.h"

#include <charconv>
#include <functional>
#include <limits>
#include <map>

#include "base/ascii.h"
#include "base/error.h"

namespace garland::embedded {

namespace {

using records::Encoding;
using records::JsonMapping;
using records::LoadFormat;
using records::TimeRule;
using sql::CopyOption;

uint64_t number(const CopyOption& option) {
  const std::string& text = option.arguments.front();
  uint64_t value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code == std::errc() && end == text.data() + text.size()) return value;
  throw Error(kInvalidParameterValue, "COPY " + option.name + " must be a number").at(option.span.begin);
}

std::string argument(const CopyOption& option) { return option.arguments.empty() ? "" : option.arguments.front(); }

/// 'label:width,label:width'
std::vector<uint32_t> widths(const CopyOption& option) {
  const std::string& spec = option.arguments.front();
  std::vector<uint32_t> widths;
  for (size_t at = 0; at <= spec.size();) {
    const size_t end = std::min(spec.find(',', at), spec.size());
    const std::string pair = spec.substr(at, end - at);
    const size_t colon = pair.rfind(':');
    uint32_t width = 0;
    const char* const digits = colon == std::string::npos ? pair.data() + pair.size() : pair.data() + colon + 1;
    const auto [rest, code] = std::from_chars(digits, pair.data() + pair.size(), width);
    if (code != std::errc() || rest != pair.data() + pair.size() || width == 0) {
      throw Error(kInvalidParameterValue, "invalid FIXEDWIDTH specification \"" + pair + "\"")
          .hint("Write 'label:width,label:width'.")
          .at(option.span.begin);
    }
    widths.push_back(width);
    at = end + 1;
  }
  return widths;
}

TimeRule time_rule(const CopyOption& option) {
  const std::string text = argument(option);
  TimeRule rule;
  if (text == "auto") return rule;
  if (text == "epochsecs" || text == "epochmillisecs") {
    if (option.name == "DATEFORMAT") {
      throw Error(kInvalidDatetimeFormat, "DATEFORMAT cannot be '" + text + "'").at(option.span.begin);
    }
    rule.kind = text == "epochsecs" ? TimeRule::Kind::kEpochSeconds : TimeRule::Kind::kEpochMilliseconds;
  } else {
    rule.kind = TimeRule::Kind::kFormat;
    try {
      rule.format = std::make_shared<records::DateTimeFormat>(text);
    } catch (Error& error) {
      error.at(option.span.begin);
      throw;
    }
  }
  rule.name = text;
  return rule;
}

Encoding encoding(const CopyOption& option) {
  static const std::map<std::string, Encoding> kNames = {{"UTF8", Encoding::kUtf8},
                                                         {"UTF16", Encoding::kUtf16},
                                                         {"UTF16LE", Encoding::kUtf16Le},
                                                         {"UTF16BE", Encoding::kUtf16Be},
                                                         {"ISO88591", Encoding::kIso88591}};
  const std::string name = ascii_upper(argument(option));
  const auto found = kNames.find(name);
  if (found == kNames.end()) {
    throw Error(kInvalidParameterValue, "COPY does not know the encoding \"" + name + "\"").at(option.span.begin);
  }
  return found->second;
}

void read_json(const CopyOption& option, CopyRequest& request) {
  const std::string text = argument(option);
  request.load.format = LoadFormat::kJson;
  request.format = "json";
  if (text.empty() || text == "auto") {
    request.load.mapping = JsonMapping::kNames;
  } else if (text == "auto ignorecase") {
    request.load.mapping = JsonMapping::kNamesAnyCase;
  } else if (text == "noshred") {
    request.load.mapping = JsonMapping::kWhole;
  } else {
    request.load.mapping = JsonMapping::kPaths;
    request.json_paths = text;
  }
}

using Reader = std::function<void(const CopyOption&, CopyRequest&)>;

const std::map<std::string, Reader>& readers() {
  using R = CopyRequest;
  using O = CopyOption;
  static const std::map<std::string, Reader> kReaders = {
      {"CSV",
       [](const O&, R& r) {
         r.load.format = LoadFormat::kCsv;
         r.format = "csv";
       }},
      {"FIXEDWIDTH",
       [](const O& o, R& r) {
         r.load.format = LoadFormat::kFixedWidth;
         r.load.widths = widths(o);
       }},
      {"JSON", read_json},
      {"PARQUET",
       [](const O& o, R& r) {
         r.parquet = true;
         r.format = "parquet";
         r.serialize_to_json = !o.arguments.empty();
       }},
      {"DELIMITER", [](const O& o, R& r) { r.load.delimiter = argument(o); }},
      {"QUOTE", [](const O& o, R& r) { r.load.quote = argument(o)[0]; }},
      {"ESCAPE", [](const O&, R& r) { r.load.escape = true; }},
      {"REMOVEQUOTES", [](const O&, R& r) { r.load.remove_quotes = true; }},
      {"FILLRECORD", [](const O&, R& r) { r.load.fill_record = true; }},
      {"IGNOREBLANKLINES", [](const O&, R& r) { r.load.skip_blank_lines = true; }},
      {"IGNOREHEADER", [](const O& o, R& r) { r.load.skip_lines = number(o); }},
      {"NULL", [](const O& o, R& r) { r.load.fields.null_text = argument(o); }},
      {"BLANKSASNULL", [](const O&, R& r) { r.load.fields.blanks_as_null = true; }},
      {"EMPTYASNULL", [](const O&, R& r) { r.load.fields.empty_as_null = true; }},
      {"TRIMBLANKS", [](const O&, R& r) { r.load.fields.trim_blanks = true; }},
      {"TRUNCATECOLUMNS", [](const O&, R& r) { r.load.fields.truncate_columns = true; }},
      {"ROUNDEC", [](const O&, R& r) { r.load.fields.round_decimals = true; }},
      {"ACCEPTANYDATE", [](const O&, R& r) { r.load.fields.accept_any_date = true; }},
      {"ACCEPTINVCHARS",
       [](const O& o, R& r) { r.load.fields.replacement = o.arguments.empty() ? '?' : argument(o)[0]; }},
      {"DATEFORMAT", [](const O& o, R& r) { r.load.fields.date = time_rule(o); }},
      {"TIMEFORMAT", [](const O& o, R& r) { r.load.fields.time = time_rule(o); }},
      {"ENCODING", [](const O& o, R& r) { r.encoding = encoding(o); }},
      {"GZIP", [](const O&, R& r) { r.packing = R::Packing::kGzip; }},
      {"BZIP2", [](const O&, R& r) { r.packing = R::Packing::kBzip2; }},
      {"ZSTD", [](const O&, R& r) { r.packing = R::Packing::kZstd; }},
      {"MANIFEST", [](const O&, R& r) { r.manifest = true; }},
      {"NOLOAD", [](const O&, R& r) { r.no_load = true; }},
      {"MAXERROR", [](const O& o, R& r) { r.max_errors = std::max<uint64_t>(number(o), 1); }},
      {"IGNOREALLERRORS", [](const O&, R& r) { r.max_errors = std::numeric_limits<uint64_t>::max(); }},
  };
  return kReaders;
}

}  // namespace

CopyRequest read_copy_options(const std::vector<CopyOption>& options) {
  CopyRequest request;
  bool delimiter = false;
  for (const CopyOption& option : options) {
    delimiter |= option.name == "DELIMITER";
    const auto reader = readers().find(option.name);
    if (reader != readers().end()) reader->second(option, request);  // the others have no effect on this machine
  }
  if (request.load.format == LoadFormat::kCsv && !delimiter) request.load.delimiter = ",";
  if (request.load.format == LoadFormat::kFixedWidth && request.encoding != Encoding::kUtf8) {
    throw Error(kInvalidParameterValue, "FIXEDWIDTH files must be UTF-8 text");
  }
  // NULL AS '' and EMPTYASNULL are the same (guide page copy-parameters-data-conversion).
  if (request.load.fields.null_text == "") request.load.fields.empty_as_null = true;
  return request;
}

}  // namespace garland::embedded
