#include "shop/events.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"

namespace garland::shop {
namespace {

void close(std::ofstream& out, std::string_view stream) {
  out.close();
  if (out.fail())
    throw Error(kIoError, fmt::format("the file of {} could not be written whole", stream)).hint("is the disk full?");
}

}  // namespace

void EventFiles::send(const Event& event) {
  const Instant begin =
      each_ == Each::kDay ? Instant(day_at(event.at)) : std::chrono::floor<std::chrono::minutes>(event.at);
  const auto [found, is_new] = files_.try_emplace(std::string(event.stream));
  File& file = found->second;
  if (is_new || file.begin != begin) {
    if (!is_new) close(file.out, event.stream);
    const std::filesystem::path folder = folder_ / event.stream;
    std::filesystem::create_directories(folder);
    file.begin = begin;
    std::string name = iso_text_of(begin).substr(0, each_ == Each::kDay ? 10 : 16);
    std::replace(name.begin(), name.end(), ':', '-');
    file.out.open(folder / (name + ".ndjson"), std::ios::app);
  }
  file.out << event.body << '\n' << std::flush;  // whole lines, for who reads along
}

void EventFiles::finish() {
  for (auto& [stream, file] : files_) close(file.out, stream);
  files_.clear();
}

}  // namespace garland::shop
