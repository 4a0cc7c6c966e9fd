#include "shop/events.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"

namespace garland::shop {
namespace {

constexpr std::string_view kPart = ".part";

std::filesystem::path part_of(std::filesystem::path path) { return path += kPart; }

}  // namespace

EventFiles::EventFiles(std::filesystem::path folder, Each each) : folder_(std::move(folder)), each_(each) {
  if (!std::filesystem::exists(folder_)) return;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_)) {
    std::filesystem::path whole = entry.path();
    if (whole.extension() == kPart) std::filesystem::rename(entry.path(), whole.replace_extension());
  }
}

void EventFiles::send(const Event& event) {
  const Instant begin =
      each_ == Each::kDay ? Instant(day_at(event.at)) : std::chrono::floor<std::chrono::minutes>(event.at);
  if (begin != begin_) finish();
  begin_ = begin;
  const auto [found, is_new] = files_.try_emplace(std::string(event.stream));
  File& file = found->second;
  if (is_new) {
    std::string name = iso_text_of(begin).substr(0, each_ == Each::kDay ? 10 : 16);
    std::replace(name.begin(), name.end(), ':', '-');
    file.path = folder_ / event.stream / (name + ".ndjson");
    std::filesystem::create_directories(file.path.parent_path());
    if (std::filesystem::exists(file.path)) std::filesystem::rename(file.path, part_of(file.path));
    file.out.open(part_of(file.path), std::ios::app);
  }
  file.out << event.body << '\n' << std::flush;
}

void EventFiles::finish() {
  for (auto& [stream, file] : files_) {
    file.out.close();
    if (file.out.fail())
      throw Error(kIoError, fmt::format("the file of {} could not be written whole", stream)).hint("is the disk full?");
    std::filesystem::rename(part_of(file.path), file.path);
  }
  files_.clear();
}

}  // namespace garland::shop
