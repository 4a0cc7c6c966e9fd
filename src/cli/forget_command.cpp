// garland forget: a person's originals, gone for good.
#include <fmt/format.h>

#include <iostream>
#include <nlohmann/json.hpp>

#include "base/clock.h"
#include "cli/checked_project.h"
#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/terminal.h"
#include "ingest/sensitive/forget.h"
#include "ingest/table.h"

namespace garland::cli {
namespace {

std::string counted(uint64_t number, const char* what) {
  return fmt::format("{} {}{}", thousands(static_cast<int64_t>(number)), what, number == 1 ? "" : "s");
}

/// Whether whoever types says yes.
bool asked(const ingest::Person& person) {
  if (!is_terminal_input()) {
    throw Error(kInvalidParameterValue, fmt::format("this would destroy the keys to {}, for good",
                                                    counted(person.originals, "sealed original")))
        .hint("say that it is meant: --yes");
  }
  fmt::print(stderr, "Destroy the keys to {}, for good? Type yes: ", counted(person.originals, "sealed original"));
  std::string answer;
  return std::getline(std::cin, answer) && answer == "yes";
}

void show(const ingest::Person& person, bool json) {
  if (json) {
    const nlohmann::ordered_json shown{{"id_hash", person.id_hash},
                                       {"subjects", person.subjects.size()},
                                       {"keys", person.keys},
                                       {"originals", person.originals},
                                       {"sealed_rejects", person.sealed_rejects}};
    fmt::print("{}\n", shown.dump());
    return;
  }
  fmt::print("forgotten: {} under {}; noted in ops.forgotten as {}\n", counted(person.originals, "original"),
             counted(person.keys, "key"), person.id_hash);
  fmt::print(stderr,
             "What stays: tokens and facts in the tables; backups made before, as long as the vault key opens "
             "them; the shop's own database.\n");
  if (person.sealed_rejects == 0) return;
  fmt::print(stderr, "{} may hold the person's values too: garland rejects show, garland rejects drop\n",
             counted(person.sealed_rejects, "sealed reject"));
}

}  // namespace

int forget_command(const ForgetArguments& arguments) {
  const ProjectFile file = read_project_file(arguments.project);
  const auto engine = reach_warehouse(file, file.source_folder);  // a server in the way can be asked
  const auto session = engine->open_session(local_login("forget"));
  if (!ingest::columns_of(*session, "vault.originals")) {
    throw Error(kUndefinedObject, "the warehouse has no vault: no source has sensitive columns");
  }
  const ingest::Vault vault(*session, ingest::read_sensitive(file.file), warehouse_folder(file), system_clock());
  const ingest::Person person = ingest::find_person(*session, vault, arguments.customer);
  if (person.keys == 0) {
    throw Error(kUndefinedObject, "the vault has no key for this customer")
        .hint("the id must be the one of the column that the sources name as \"subject\"; or it is forgotten already");
  }
  if (!arguments.yes && !asked(person)) return kUsage;
  ingest::forget_person(*session, person, "admin", system_clock());
  show(person, arguments.json);
  return kDone;
}

}  // namespace garland::cli
