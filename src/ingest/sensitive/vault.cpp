#include "ingest/sensitive/vault.h"

#include <fmt/compile.h>
#include <fmt/format.h>

#include <map>
#include <mutex>

#include "base/error.h"
#include "base/failpoint.h"
#include "ingest/table.h"
#include "net/digest.h"
#include "net/seal.h"

namespace garland::ingest {
namespace {

using engine::Type;
using engine::TypeId;

constexpr size_t kSubjectBytes = 160;
constexpr size_t kSubjectTextBytes = 120;
constexpr size_t kRowBytes = 200;  // of a held row besides what is sealed

const std::vector<TableColumn>& key_columns() {
  static const std::vector<TableColumn> kColumns = {{"purpose", Type::varchar(16), true},
                                                    {"key_id", Type::varchar(16), true},
                                                    {"begun_at", Type::of(TypeId::kTimestamp), true}};
  return kColumns;
}

/// What is as good as random is not worth an attempt to compress it, which takes longer than sealing it.
constexpr std::string_view kRandom = "raw";

const std::vector<TableColumn>& subject_key_columns() {
  static const std::vector<TableColumn> kColumns = {{"key_id", Type::varchar(32), true},
                                                    {"subject", Type::varchar(kSubjectBytes), true, kRandom},
                                                    {"wrapped", Type::varbyte(64), true, kRandom},
                                                    {"vault_key", Type::varchar(16), true},
                                                    {"made_at", Type::of(TypeId::kTimestamp), true}};
  return kColumns;
}

const std::vector<TableColumn>& original_columns() {
  static const std::vector<TableColumn> kColumns = {{"key_id", Type::varchar(32), true},
                                                    {"subject", Type::varchar(kSubjectBytes), true, kRandom},
                                                    {"class", Type::varchar(16), true},
                                                    {"token", Type::varchar(32), true, kRandom},
                                                    {"sealed", Type::varbyte(kMaxVarcharBytes + 64), true, kRandom},
                                                    {"batch_id", Type::of(TypeId::kBigint), true},
                                                    {"stored_at", Type::of(TypeId::kTimestamp), true}};
  return kColumns;
}

std::string key_context(std::string_view subject, std::string_view key_id) {
  return fmt::format(FMT_COMPILE("subject key {} of {}"), key_id, subject);
}
std::string original_context(std::string_view subject, PiiClass pii, std::string_view token) {
  return fmt::format(FMT_COMPILE("{} {} of {}"), pii_class_name(pii), token, subject);
}

std::string new_key_id() { return net::hex(net::random_bytes(16)); }

void make_tables(engine::Session& session) {
  engine::run(session, "create schema if not exists vault");
  create_table(session, "vault.keys", key_columns());
  create_table(session, "vault.subject_keys", subject_key_columns());
  create_table(session, "vault.originals", original_columns());
}

}  // namespace

std::string customer_subject(std::string_view id) {
  std::string subject = "customer:";
  subject += id;
  return subject.size() <= kSubjectTextBytes ? subject : "customer:" + net::hex(net::sha256(subject));
}

std::string token_subject(PiiClass pii, std::string_view token) {
  std::string subject;
  set_token_subject(pii, token, subject);
  return subject;
}

void set_token_subject(PiiClass pii, std::string_view token, std::string& subject) {
  subject = pii_class_name(pii);
  subject += ':';
  subject += token;
}

Vault::Vault(engine::Session& session, const SensitiveSettings& settings, const std::filesystem::path& warehouse_folder,
             const Clock& clock) {
  if (!columns_of(session, "vault.originals")) make_tables(session);
  begin(session, settings, warehouse_folder, clock);
  read_known(session);
}

/// The first keys are written down; later ones must be the same.
void Vault::begin(engine::Session& session, const SensitiveSettings& settings, const std::filesystem::path& folder,
                  const Clock& clock) {
  std::map<std::string, std::string> begun;
  for (const engine::TextRow& row : engine::query_text(session, "select purpose, key_id from vault.keys")) {
    begun[row[0].value_or("")] = row[1].value_or("");
  }
  keys_ = open_keys(settings, folder, begun.empty());
  const std::pair<const char*, const std::string&> mine[] = {{"token", keys_.token_id}, {"vault", keys_.vault_id}};
  for (const auto& [purpose, id] : mine) {
    if (begun.empty() || begun[purpose] == id) continue;
    throw Error(kConfigFileError, fmt::format("the {} key is not the one that this warehouse was begun with", purpose))
        .detail(fmt::format("its id is {}, wanted is {}", id, begun[purpose]))
        .hint("Put the old key back: with another one the same customer would get another token.");
  }
  if (!begun.empty()) return;
  engine::Transaction transaction(session);
  for (const auto& [purpose, id] : mine) {
    const engine::ParameterValue values[] = {purpose, id, moment_text(clock.now_us())};
    engine::run(session, "insert into vault.keys values ($1, $2, $3)", values);
  }
  transaction.commit();
}

void Vault::read_known(engine::Session& session) {
  const auto cursor = session.prepare("select subject, class, token from vault.originals")->execute();
  while (const engine::Batch* batch = cursor->fetch()) {
    for (size_t row = 0; row < batch->rows; ++row) {
      const auto text = [&](size_t column) { return batch->columns[column].values<std::string_view>()[row]; };
      if (const auto pii = pii_class_of(text(1))) known_.add(original_id(text(0), *pii, text(2)));
    }
  }
}

bool Vault::has(OriginalId id) const {
  const std::shared_lock lock(mutex_);
  return known_.contains(id);
}

std::string Vault::seal_payload(std::string_view payload, std::string_view place) const {
  return net::seal(keys_.vault, payload, fmt::format("reject {}", place));
}

std::string Vault::open_payload(std::string_view sealed, std::string_view place) const {
  if (auto payload = net::unseal(keys_.vault, sealed, fmt::format("reject {}", place))) return *payload;
  throw Error(kDataCorrupted, fmt::format("the payload of reject {} cannot be opened with the vault key", place));
}

VaultWriter::VaultWriter(Vault& vault, engine::Session& session, int64_t batch_id, int64_t now_us)
    : vault_(vault), session_(session), batch_id_(batch_id), now_us_(now_us), key_id_(new_key_id()) {}

const std::string& VaultWriter::key_of(std::string_view subject) {
  const auto [entry, is_new] = keys_.try_emplace(std::string(subject));
  std::string& key = entry->second;
  if (!is_new) return key;
  key = net::random_bytes(net::kSealKeyBytes);
  engine::BatchBuilder& row = open_batch(subject_keys_, subject_key_columns());
  row.set_string(0, key_id_);
  row.set_string(1, subject);
  row.set_string(2, net::seal(vault_.keys().vault, key, key_context(subject, key_id_)));
  row.set_string(3, vault_.keys().vault_id);
  row.set<int64_t>(4, now_us_);
  row.end_row();
  held_bytes_ += kRowBytes;
  return key;
}

void VaultWriter::keep(std::string_view subject, PiiClass pii, std::string_view token, std::string_view original) {
  const OriginalId id = original_id(subject, pii, token);
  if (vault_.has(id) || !added_.add(id)) return;
  const std::string& key = key_of(subject);
  engine::BatchBuilder& row = open_batch(originals_, original_columns());
  row.set_string(0, key_id_);
  row.set_string(1, subject);
  row.set_string(2, pii_class_name(pii));
  row.set_string(3, token);
  row.set_string(4, net::seal(key, original, original_context(subject, pii, token)));
  row.set<int64_t>(5, batch_id_);
  row.set<int64_t>(6, now_us_);
  row.end_row();
  held_bytes_ += kRowBytes + original.size();
}

void VaultWriter::flush() {
  if (!originals_.empty()) failpoint(Failpoint::kVaultWrite);
  load_rows(session_, "vault.subject_keys", subject_key_columns(), subject_keys_);
  load_rows(session_, "vault.originals", original_columns(), originals_);
  keys_.clear();
  key_id_ = new_key_id();
  held_bytes_ = 0;
}

void VaultWriter::committed() {
  const std::unique_lock lock(vault_.mutex_);
  vault_.known_.add_all(added_);
}

std::optional<std::string> original_of(const Vault& vault, engine::Session& session, const std::string& subject,
                                       PiiClass pii, const std::string& token) {
  const engine::ParameterValue values[] = {subject, std::string(pii_class_name(pii)), token};
  const auto rows =
      engine::query_text(session,
                         "select o.sealed, k.wrapped, k.key_id from vault.originals o join vault.subject_keys k "
                         "on k.key_id = o.key_id and k.subject = o.subject "
                         "where o.subject = $1 and o.class = $2 and o.token = $3 limit 1",
                         values);
  if (rows.empty()) return std::nullopt;
  const auto bytes = [&](size_t column) { return net::from_hex(rows[0][column].value_or("")).value_or(""); };
  const auto key = net::unseal(vault.keys().vault, bytes(1), key_context(subject, rows[0][2].value_or("")));
  const auto original = key ? net::unseal(*key, bytes(0), original_context(subject, pii, token)) : std::nullopt;
  if (!original)
    throw Error(kDataCorrupted, fmt::format("the original of token {} cannot be opened with its keys", token));
  return original;
}

}  // namespace garland::ingest
