// Forgets a person: destroys the keys under which the vault holds the person's originals (vault.h), after which nobody
// can open them, here or in a copy of the warehouse whose vault key is gone.
//
// What stays: tokens and facts in the warehouse's tables, which tell rows of one person apart from others' and no more;
// the sealed originals, which nothing opens, so that the same values, should the source send them again, are not kept
// anew; payloads of rejects, which are sealed under the vault key itself. The shop's own database is not ours.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/clock.h"
#include "engine/engine.h"
#include "ingest/sensitive/vault.h"

namespace garland::ingest {

/// Whose originals are a person's.
struct Person {
  std::string id_hash;                // tells the person to whoever has the token key and the id, and to nobody else
  std::vector<std::string> subjects;  // that keys are held for, in their order
  uint64_t keys = 0, originals = 0;   // that can be opened
  uint64_t sealed_rejects = 0;        // of any person: payloads that may hold this one's values
};

/// By the shop's customer id, as the column that a source names as its subject has it. Beside the subject of the id
/// itself there are those of the values that stand under it: rows without an id are their e-mail's, and so on.
Person find_person(engine::Session& session, const Vault& vault, const std::string& customer);

/// Destroys the keys and notes it in ops.forgotten, in one transaction.
void forget_person(engine::Session& session, const Person& person, const std::string& login, const Clock& clock);

}  // namespace garland::ingest
