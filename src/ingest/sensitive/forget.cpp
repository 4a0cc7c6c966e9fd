#include "ingest/sensitive/forget.h"

#include <fmt/format.h>

#include <set>

#include "ingest/sensitive/tokeniser.h"
#include "ingest/table.h"
#include "net/digest.h"

namespace garland::ingest {
namespace {

using engine::Type;
using engine::TypeId;

constexpr int32_t kHashDigits = 32;

/// One row a person who was forgotten.
const std::vector<TableColumn>& forgotten_columns() {
  static const std::vector<TableColumn> kColumns = {
      {"happened_at", Type::of(TypeId::kTimestamp), true}, {"login", Type::varchar(kMaxIdentifierBytes), true},
      {"id_hash", Type::varchar(kHashDigits), true},       {"subject_count", Type::of(TypeId::kBigint), true},
      {"key_count", Type::of(TypeId::kBigint), true},      {"original_count", Type::of(TypeId::kBigint), true}};
  return kColumns;
}

uint64_t count_of(engine::Session& session, const std::string& table, const std::string& subject) {
  const engine::ParameterValue value = subject;
  return number_in<uint64_t>(
      engine::query_text(session, fmt::format("select count(*) from {} where subject = $1", table), {&value, 1})
          .at(0)
          .at(0));
}

/// The id may be a sensitive column itself.
std::set<std::string> subjects_of_id(const Vault& vault, const std::string& customer) {
  std::set<std::string> subjects = {customer_subject(customer)};
  for (const PiiClass pii : {PiiClass::kIdentifier, PiiClass::kEmail}) {
    subjects.insert(token_subject(pii, token_of(pii, customer, "", vault.keys().token)));
  }
  return subjects;
}

}  // namespace

Person find_person(engine::Session& session, const Vault& vault, const std::string& customer) {
  Person person;
  person.id_hash = net::hex(net::hmac_sha256(vault.keys().token, "forgotten " + customer)).substr(0, kHashDigits);
  const std::set<std::string> own = subjects_of_id(vault, customer);
  std::set<std::string> subjects = own;
  for (const std::string& subject : own) {
    const engine::ParameterValue value = subject;
    for (const engine::TextRow& row :
         engine::query_text(session, "select class, token from vault.originals where subject = $1", {&value, 1})) {
      if (const auto pii = pii_class_of(row[0].value_or(""))) subjects.insert(token_subject(*pii, row[1].value_or("")));
    }
  }
  for (const std::string& subject : subjects) {
    const uint64_t keys = count_of(session, "vault.subject_keys", subject);
    if (keys == 0) continue;
    person.subjects.push_back(subject);
    person.keys += keys;
    person.originals += count_of(session, "vault.originals", subject);
  }
  if (columns_of(session, "ops.rejects")) {
    person.sealed_rejects = number_in<uint64_t>(
        engine::query_text(session,
                           "select count(*) from ops.rejects where payload_key is not null and payload is not null "
                           "and part = 1")
            .at(0)
            .at(0));
  }
  return person;
}

void forget_person(engine::Session& session, const Person& person, const std::string& login, const Clock& clock) {
  engine::run(session, "create schema if not exists ops");
  create_table(session, "ops.forgotten", forgotten_columns());
  engine::Transaction transaction(session);
  for (const std::string& subject : person.subjects) {
    const engine::ParameterValue value = subject;
    engine::run(session, "delete from vault.subject_keys where subject = $1", {&value, 1});
  }
  const engine::ParameterValue values[] = {moment_text(clock.now_us()),
                                           login,
                                           person.id_hash,
                                           std::to_string(person.subjects.size()),
                                           std::to_string(person.keys),
                                           std::to_string(person.originals)};
  insert_row(session, "ops.forgotten", forgotten_columns(), values);
  transaction.commit();
}

}  // namespace garland::ingest
