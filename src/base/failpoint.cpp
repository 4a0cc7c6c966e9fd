#include "base/failpoint.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <thread>

#include "base/error.h"

namespace garland {
namespace {

/// In the order of Failpoint.
constexpr std::array<std::string_view, 13> kNames = {
    "cdc.received",  "cdc.decoded",     "cdc.spooled",      "cdc.appended", "cdc.range",   "cdc.follow", "cdc.commit",
    "cdc.committed", "cdc.acknowledge", "cdc.acknowledged", "checkpoint",   "vault.write", "publish"};
static_assert(kNames.size() == static_cast<size_t>(Failpoint::kPublish) + 1);

enum class Action { kNone, kKill, kError, kSleep };

struct Setting {
  Action action = Action::kNone;
  std::chrono::milliseconds wait{0};
  uint64_t at = 1;
};

std::array<Setting, kNames.size()> settings;
std::array<std::atomic<uint64_t>, kNames.size()> passed;

Error malformed(std::string_view entry) {
  return Error(kInvalidParameterValue, fmt::format("GARLAND_FAILPOINTS cannot be read at \"{}\"", entry))
      .hint(fmt::format("name=kill, =kill:MS, =error or =sleep:MS, each with @n for the n-th time; the names are {}",
                        fmt::join(kNames, ", ")));
}

uint64_t number(std::string_view text, std::string_view entry) {
  uint64_t value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc() || end != text.data() + text.size()) throw malformed(entry);
  return value;
}

/// The text before the first `mark`, which goes with it; what follows stays in `rest`. All of it where there is none.
std::string_view take_until(std::string_view& rest, char mark) {
  const size_t at = rest.find(mark);
  const std::string_view taken = rest.substr(0, at);
  rest = at == std::string_view::npos ? std::string_view() : rest.substr(at + 1);
  return taken;
}

void set_one(std::string_view entry) {
  std::string_view rest = entry;
  const std::string_view name = take_until(rest, '=');
  std::string_view what = take_until(rest, '@');
  const auto* found = std::find(kNames.begin(), kNames.end(), name);
  if (found == kNames.end()) throw malformed(entry);
  Setting setting;
  if (!rest.empty()) setting.at = number(rest, entry);
  const std::string_view action = take_until(what, ':');
  if (!what.empty()) setting.wait = std::chrono::milliseconds(number(what, entry));
  if (action == "kill") {
    setting.action = Action::kKill;
  } else if (action == "error" && setting.wait.count() == 0) {
    setting.action = Action::kError;
  } else if (action == "sleep" && setting.wait.count() > 0) {
    setting.action = Action::kSleep;
  } else {
    throw malformed(entry);
  }
  settings[static_cast<size_t>(found - kNames.begin())] = setting;
}

void die() { kill(getpid(), SIGKILL); }

}  // namespace

void set_failpoints(const char* text) {
  if (!text || !*text) return;
  std::string_view rest = text;
  while (!rest.empty()) set_one(take_until(rest, ','));
  internal::failpoints_set = true;
}

void internal::pass(Failpoint point) {
  const auto number = static_cast<size_t>(point);
  const Setting& setting = settings[number];
  if (setting.action == Action::kNone || ++passed[number] != setting.at) return;
  switch (setting.action) {
    case Action::kKill:
      if (setting.wait.count() == 0) return die();
      std::thread([wait = setting.wait] {
        std::this_thread::sleep_for(wait);
        die();
      }).detach();
      return;
    case Action::kError:
      throw Error(kIoError, fmt::format("failpoint {}", kNames[number]));
    case Action::kSleep:
      fmt::print(stderr, "failpoint {} waits\n", kNames[number]);
      std::this_thread::sleep_for(setting.wait);
      return;
    case Action::kNone:
      return;
  }
}

}  // namespace garland
