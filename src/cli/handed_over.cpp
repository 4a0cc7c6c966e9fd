#include "cli/handed_over.h"

#include <fmt/format.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "base/log.h"
#include "cli/exit_code.h"
#include "cli/project_run.h"
#include "cli/reconcile_screen.h"
#include "cli/rejects_screen.h"
#include "cli/shown_errors.h"
#include "cli/sources_screen.h"
#include "net/digest.h"
#include "redshift/redshift.h"

namespace garland::cli {
namespace {

using Json = nlohmann::json;

// ---- the request

Json json_of(const Output& output) {
  return {{"is_terminal", output.is_terminal}, {"has_colour", output.has_colour}, {"width", output.width}};
}

Json json_of(const std::optional<std::string>& text) { return text ? Json(*text) : Json(nullptr); }

std::optional<std::string> text_of(const Json& json) {
  return json.is_null() ? std::nullopt : std::optional(json.get<std::string>());
}

/// Paths count from this process's folder, the owner has another.
std::string absolute(const std::string& path) { return std::filesystem::absolute(path).lexically_normal().string(); }

std::string request_of(const RunArguments& arguments, const Terminal& terminal) {
  const Json request = {{"command", "run"},
                        {"project", absolute(arguments.project)},
                        {"data", arguments.data ? Json(absolute(*arguments.data)) : Json(nullptr)},
                        {"select", arguments.select},
                        {"full", arguments.full},
                        {"as_of", json_of(arguments.as_of)},
                        {"json", arguments.json},
                        {"out", json_of(terminal.out)},
                        {"err", json_of(terminal.err)}};
  return request.dump();
}

std::string request_of(const SourcesArguments& arguments, const Terminal& terminal) {
  const Json request = {{"command", "sources"},        {"action", arguments.action},
                        {"source", arguments.source},  {"project", absolute(arguments.project)},
                        {"json", arguments.json},      {"out", json_of(terminal.out)},
                        {"err", json_of(terminal.err)}};
  return request.dump();
}

std::string request_of(const ReconcileArguments& arguments, const Terminal& terminal) {
  const Json request = {
      {"command", "reconcile"}, {"source", arguments.source},   {"project", absolute(arguments.project)},
      {"json", arguments.json}, {"out", json_of(terminal.out)}, {"err", json_of(terminal.err)}};
  return request.dump();
}

/// The mended text is whatever bytes a file has.
std::string request_of(const RejectsArguments& arguments, const std::optional<std::string>& mended,
                       const Terminal& terminal) {
  const Json request = {{"command", "replay"},
                        {"project", absolute(arguments.project)},
                        {"id", json_of(arguments.id)},
                        {"source", arguments.source},
                        {"mended", mended ? Json(net::hex(*mended)) : Json(nullptr)},
                        {"json", arguments.json},
                        {"out", json_of(terminal.out)},
                        {"err", json_of(terminal.err)}};
  return request.dump();
}

RejectsArguments replay_of(const Json& request) {
  return {.action = RejectsAction::kReplay,
          .project = request.at("project"),
          .id = text_of(request.at("id")),
          .source = request.at("source"),
          .json = request.at("json")};
}

RunArguments arguments_of(const Json& request) {
  return {.project = request.at("project"),
          .data = text_of(request.at("data")),
          .select = request.at("select"),
          .full = request.at("full"),
          .as_of = text_of(request.at("as_of")),
          .json = request.at("json")};
}

// ---- the streams

constexpr char kOut = 'o', kErr = 'e';

/// A file whose bytes are printed at the client.
class RemoteFile {
 public:
  RemoteFile(const endpoint::Command& command, char stream, const Json& shown)
      : command_(command), stream_(stream), file_(open(this)) {
    output_ = {file_.get(), shown.at("is_terminal"), shown.at("has_colour"), shown.at("width")};
    const int mode = stream == kErr ? _IONBF : output_.is_terminal ? _IOLBF : _IOFBF;  // as a process has them
    std::setvbuf(file_.get(), nullptr, mode, BUFSIZ);
  }
  RemoteFile(const RemoteFile&) = delete;
  RemoteFile& operator=(const RemoteFile&) = delete;

  const Output& output() const { return output_; }

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  static std::FILE* open(RemoteFile* self) {
    std::FILE* file = fopencookie(self, "w", {.read = nullptr, .write = write, .seek = nullptr, .close = nullptr});
    if (!file) throw std::bad_alloc();
    return file;
  }
  static ssize_t write(void* self, const char* bytes, size_t size) {
    const auto& file = *static_cast<RemoteFile*>(self);
    file.command_.print(file.stream_, {bytes, size});
    return static_cast<ssize_t>(size);
  }

  const endpoint::Command& command_;
  const char stream_;
  std::unique_ptr<std::FILE, Close> file_;
  Output output_;
};

void print_here(char stream, std::string_view bytes) {
  std::FILE* file = stream == kOut ? stdout : stderr;
  std::fwrite(bytes.data(), 1, bytes.size(), file);
  std::fflush(file);
}

void print_notice(const engine::Notice& notice) { fmt::print(stderr, "\n{}\n", notice.message); }

int hand_over(const std::filesystem::path& socket, const engine::Login& login, const std::string& request,
              const std::atomic<bool>& stop) {
  return redshift::hand_over({.host = socket.parent_path().string()}, login, request, {print_here, print_notice}, stop);
}

}  // namespace

int hand_over(const std::filesystem::path& socket, const engine::Login& login, const RunArguments& arguments,
              const std::atomic<bool>& stop) {
  return hand_over(socket, login, request_of(arguments, own_terminal()), stop);
}

int hand_over(const std::filesystem::path& socket, const engine::Login& login, const SourcesArguments& arguments,
              const std::atomic<bool>& stop) {
  return hand_over(socket, login, request_of(arguments, own_terminal()), stop);
}

int hand_over(const std::filesystem::path& socket, const engine::Login& login, const ReconcileArguments& arguments,
              const std::atomic<bool>& stop) {
  return hand_over(socket, login, request_of(arguments, own_terminal()), stop);
}

int hand_over(const std::filesystem::path& socket, const engine::Login& login, const RejectsArguments& arguments,
              const std::optional<std::string>& mended, const std::atomic<bool>& stop) {
  return hand_over(socket, login, request_of(arguments, mended, own_terminal()), stop);
}

/// Beside `garland up` it waits for the models' run that is under way.
std::unique_lock<std::mutex> HandedOver::sole_writer() {
  std::unique_lock writing(writing_, std::defer_lock);
  if (flow_) {
    writing.lock();
  } else if (!writing.try_lock()) {
    throw Error(kObjectInUse, fmt::format("the warehouse is in use by another garland run, in process {}", getpid()))
        .hint("One run at a time writes a warehouse: wait until that one ends, or end it.");
  }
  return writing;
}

/// Beside `garland up` no source is read: they flow in by themselves.
int HandedOver::run_project(const endpoint::Command& command, const RunArguments& arguments, const Terminal& terminal) {
  const auto writing = sole_writer();
  return cli::run_project(plan_run(arguments, flow_ != nullptr), command.engine, command.login, terminal, command.stop);
}

/// Without live sources it captures what they have committed, as a run does.
int HandedOver::reconcile(const endpoint::Command& command, const ReconcileArguments& arguments,
                          const Terminal& terminal) {
  const auto writing = flow_ ? std::unique_lock<std::mutex>() : sole_writer();
  return reconcile_action(arguments, *command.engine.open_session(command.login), flow_, terminal, command.stop);
}

/// Beside live sources it is one more writer.
int HandedOver::replay(const endpoint::Command& command, const RejectsArguments& arguments,
                       const std::optional<std::string>& mended, const Terminal& terminal) {
  const auto writing = flow_ ? std::unique_lock<std::mutex>() : sole_writer();
  return rejects_action(arguments, mended, *command.engine.open_session(command.login), terminal);
}

int HandedOver::run(const endpoint::Command& command) try {
  const Json request = Json::parse(command.text);
  const RemoteFile out(command, kOut, request.at("out")), err(command, kErr, request.at("err"));
  const Terminal terminal{out.output(), err.output()};
  const std::string project = request.at("project");
  const bool json = request.at("json");
  if (request.at("command") == "sources") {
    return with_shown_errors(terminal, project, json, [&] {
      const SourcesArguments arguments{request.at("action"), project, request.at("source"), json};
      return sources_action(arguments, *command.engine.open_session(command.login), flow_, terminal);
    });
  }
  if (request.at("command") == "reconcile") {
    return with_shown_errors(terminal, project, json,
                             [&] { return reconcile(command, {project, request.at("source"), json}, terminal); });
  }
  if (request.at("command") == "replay") {
    const Json& mended = request.at("mended");
    return with_shown_errors(terminal, project, json, [&] {
      return replay(command, replay_of(request),
                    mended.is_null() ? std::nullopt : net::from_hex(mended.get<std::string>()), terminal);
    });
  }
  if (request.at("command") != "run") throw Error(kFeatureNotSupported, "this command cannot be handed over");
  spdlog::info("a run of {} for user \"{}\"", project, command.login.user);
  return with_shown_errors(terminal, project, json,
                           [&] { return run_project(command, arguments_of(request), terminal); });
} catch (const Json::exception& error) {
  throw Error(kProtocolViolation, fmt::format("the command is not understood: {}", error.what()))
      .hint("Is the server another version of garland than the command?");
}

}  // namespace garland::cli
