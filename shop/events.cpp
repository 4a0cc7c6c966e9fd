#include "shop/events.h"

#include <fmt/format.h>

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
  const Day day = day_at(event.at);
  const auto [found, is_new] = files_.try_emplace(std::string(event.stream));
  File& file = found->second;
  if (is_new || file.day != day) {
    if (!is_new) close(file.out, event.stream);
    const std::filesystem::path folder = folder_ / event.stream;
    std::filesystem::create_directories(folder);
    file.day = day;
    file.out.open(folder / (text_of(day) + ".ndjson"), std::ios::app);
  }
  file.out << event.body << '\n' << std::flush;  // whole lines, for who reads along
}

void EventFiles::finish() {
  for (auto& [stream, file] : files_) close(file.out, stream);
  files_.clear();
}

}  // namespace garland::shop
