#include "ingest/files/contract.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <regex>

#include "base/error.h"
#include "ingest/table.h"

namespace garland::ingest {
namespace {

constexpr size_t kTrailerBytes = 1000;  // longer lines are no trailers; std::regex recurses along them
constexpr size_t kReadBytes = 256u << 10;
constexpr std::string_view kRows = "{rows}", kFile = "{file}";

std::string with_name(std::string text, const std::string& path) {
  const std::string name = std::filesystem::path(path).filename().string();
  for (size_t at = text.find(kFile); at != std::string::npos; at = text.find(kFile, at + name.size()))
    text.replace(at, kFile.size(), name);
  return text;
}

std::regex expression_of(std::string_view pattern) {
  std::string text;
  while (!pattern.empty()) {
    if (pattern.starts_with(kRows)) {
      text += " *0*([0-9]{1,18}) *";
      pattern.remove_prefix(kRows.size());
      continue;
    }
    const char c = pattern.front();
    pattern.remove_prefix(1);
    if (c == '*') {
      text += ".*?";
    } else {
      if (std::strchr("\\^$.|?+()[]{}", c)) text += '\\';
      text += c;
    }
  }
  return std::regex(text);
}

std::string_view without_end(std::string_view line) {
  while (!line.empty() && std::strchr("\r\n\t ", line.back())) line.remove_suffix(1);
  return line;
}

std::optional<uint64_t> rows_in(const std::regex& expression, std::string_view line) {
  line = without_end(line);
  std::cmatch found;
  if (line.size() > kTrailerBytes || !std::regex_match(line.data(), line.data() + line.size(), found, expression))
    return std::nullopt;
  return number_in<uint64_t>(found[1].str());
}

Error broken(std::string message) {
  return Error(kBadCopyFileFormat, std::move(message)).hint("ask for the file again, complete");
}

void check_count(uint64_t said, uint64_t rows, std::string_view where) {
  if (said == rows) return;
  throw broken(fmt::format("{} says {} rows, but the file has {}", where, said, rows));
}

void check_control(const FileContract& contract, const std::string& path, uint64_t rows,
                   const std::optional<std::string>& control) {
  const std::string name = "its control file " + control_path(contract, path);
  if (!control) {
    throw Error(kBadCopyFileFormat, name + " is not there").hint("the file is loaded once its control file is there");
  }
  const std::regex expression = expression_of(with_name(contract.control, path));
  std::optional<uint64_t> said;
  for (std::string_view rest = *control; !rest.empty();) {
    const size_t end = std::min(rest.find('\n'), rest.size());
    if (const auto found = rows_in(expression, rest.substr(0, end))) said = found;
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  if (!said) throw broken(fmt::format("{} has no line that reads {}", name, contract.control));
  check_count(*said, rows, name);
}

std::string read_pattern(const TomlReader& reader, const toml::table& table, std::string_view key) {
  const std::string pattern = reader.text(table, key).value_or("");
  const toml::node* node = table.get(key);
  const size_t at = pattern.find(kRows);
  if (!node || (at != std::string::npos && pattern.find(kRows, at + 1) == std::string::npos)) return pattern;
  throw reader.error(*node, fmt::format("\"{}\" needs {{rows}}, once, where the number of rows stands", key))
      .hint("for instance: TRAILER|{rows}");
}

std::optional<uint64_t> read_count(const TomlReader& reader, const toml::table& table, std::string_view key) {
  const auto count = reader.value<int64_t>(table, key, "a number");
  if (count && *count < 0) throw reader.error(*table.get(key), fmt::format("\"{}\" must not be negative", key));
  return count ? std::optional<uint64_t>(static_cast<uint64_t>(*count)) : std::nullopt;
}

}  // namespace

std::string FileContract::text() const {
  return fmt::format("{}\n{}\n{}\n{}\n{}", trailer, control_file, control, min_rows ? std::to_string(*min_rows) : "",
                     max_rows ? std::to_string(*max_rows) : "");
}

FileContract read_contract(const TomlReader& reader, const toml::table& source) {
  FileContract contract;
  const toml::node* node = source.get("contract");
  if (!node) return contract;
  const toml::table* table = node->as_table();
  if (!table) throw reader.error(*node, "\"contract\" must be a table: { trailer = \"TRAILER|{rows}\" }");
  reader.allow_keys(*table, "a contract", {"trailer", "control_file", "control", "min_rows", "max_rows"});
  contract.trailer = read_pattern(reader, *table, "trailer");
  contract.control_file = reader.text(*table, "control_file").value_or("");
  contract.control = read_pattern(reader, *table, "control");
  const std::filesystem::path path(contract.control_file);
  if (path.is_absolute() || std::ranges::find(path, "..") != path.end()) {
    throw reader.error(*table->get("control_file"), "\"control_file\" must lie in the file's folder or below it");
  }
  if (!contract.control.empty() && contract.control_file.empty())
    throw reader.error(*table->get("control"), "\"control\" needs \"control_file\"");
  if (contract.control.empty()) contract.control = kRows;
  contract.min_rows = read_count(reader, *table, "min_rows");
  contract.max_rows = read_count(reader, *table, "max_rows");
  return contract;
}

std::string control_path(const FileContract& contract, const std::string& path) {
  if (contract.control_file.empty()) return {};
  return (std::filesystem::path(path).parent_path() / with_name(contract.control_file, path)).string();
}

TrailerSource::TrailerSource(std::unique_ptr<records::ByteSource> source, std::shared_ptr<std::string> trailer)
    : source_(std::move(source)), trailer_(std::move(trailer)) {}

size_t TrailerSource::read(char* to, size_t size) {
  // Twice a trailer: the line itself, and blank ones behind it.
  constexpr size_t kHeld = 2 * kTrailerBytes;
  while (!ended_ && buffer_.size() - at_ <= kHeld) refill();
  const size_t count = std::min(size, buffer_.size() - at_ - (ended_ ? 0 : kHeld));
  std::memcpy(to, buffer_.data() + at_, count);
  at_ += count;
  return count;
}

void TrailerSource::refill() {
  buffer_.erase(0, at_);
  at_ = 0;
  const size_t had = buffer_.size();
  buffer_.resize(had + kReadBytes);
  const size_t count = source_->read(buffer_.data() + had, kReadBytes);
  buffer_.resize(had + count);
  if (count > 0) return;
  ended_ = true;
  take_trailer();
}

void TrailerSource::take_trailer() {
  const std::string_view text = without_end(buffer_);
  const size_t line_end = text.rfind('\n');
  const size_t begin = line_end == std::string_view::npos ? 0 : line_end + 1;
  *trailer_ = text.substr(begin);
  buffer_.resize(begin);
}

void check_contract(const FileContract& contract, const std::string& path, uint64_t rows, const std::string& trailer,
                    const std::optional<std::string>& control) {
  if (!contract.trailer.empty()) {
    const auto said = rows_in(expression_of(contract.trailer), trailer);
    if (!said) throw broken(fmt::format("its last line is no trailer {}", contract.trailer));
    check_count(*said, rows, "its trailer");
  }
  if (!contract.control_file.empty()) check_control(contract, path, rows, control);
  if (contract.min_rows && rows < *contract.min_rows)
    throw broken(fmt::format("it has {} rows, at least {} are expected", rows, *contract.min_rows));
  if (contract.max_rows && rows > *contract.max_rows)
    throw broken(fmt::format("it has {} rows, at most {} are expected", rows, *contract.max_rows));
}

}  // namespace garland::ingest
