// The commands, each a function of its arguments that returns an exit code. Errors are thrown; main() shows them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "cli/logging.h"

namespace garland::cli {

struct RunArguments {
  std::string project = ".";
  std::optional<std::string> data;  // folder of source files
  std::string select;
  bool full = false;
  std::optional<std::string> as_of;
  bool json = false;
};
int run_command(const RunArguments& arguments);

struct SqlArguments {
  std::string project = ".";
  std::optional<std::string> sql;  // none: a prompt on a terminal, else statements from stdin
  std::optional<std::string> file;
  bool json = false;
};
int sql_command(const SqlArguments& arguments);

struct CheckArguments {
  std::string project = ".";
  bool json = false;
};
int check_command(const CheckArguments& arguments);

struct ServeArguments {
  std::string project = ".";
  std::optional<std::string> host;
  std::optional<uint16_t> port, http_port;
  LogArguments log;
};
int serve_command(const ServeArguments& arguments);

struct UpArguments {
  ServeArguments serve;
  std::optional<std::string> data;  // folder of source files
  std::optional<std::string> as_of;
  int64_t models_every_s = 10;
};
int up_command(const UpArguments& arguments);

enum class SourcesAction { kStatus, kResnapshot };
struct SourcesArguments {
  SourcesAction action = SourcesAction::kStatus;
  std::string project = ".";
  std::string source;  // of kResnapshot
  bool json = false;
};
int sources_command(const SourcesArguments& arguments);

struct KeysArguments {
  std::string project = ".";
  std::optional<std::string> make_for;  // a user
  std::optional<std::string> drop;      // a key
  bool json = false;
};
int keys_command(const KeysArguments& arguments);

enum class RejectsAction { kList, kShow, kReplay, kDrop };
struct RejectsArguments {
  RejectsAction action = RejectsAction::kList;
  std::string project = ".";
  std::optional<std::string> id;    // a reject, or a batch
  std::string source;               // empty: any
  bool all = false;                 // list also what was replayed or dropped
  std::optional<std::string> from;  // the mended text's file; "-": stdin
  bool json = false;
};
int rejects_command(const RejectsArguments& arguments);

struct ForgetArguments {
  std::string project = ".";
  std::string customer;  // the shop's id
  bool yes = false;      // without asking
  bool json = false;
};
int forget_command(const ForgetArguments& arguments);

struct ReconcileArguments {
  std::string project = ".";
  std::string source;  // empty: all databases
  bool json = false;
};
int reconcile_command(const ReconcileArguments& arguments);

}  // namespace garland::cli
