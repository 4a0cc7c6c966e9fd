// The vault: originals of tokens, each sealed under a key of its subject (the person it is about), each such key sealed
// under the project's vault key. Whoever destroys a subject's keys has destroyed the originals, wherever copies lie.
//
//   vault.keys          which token key and vault key this warehouse was begun with (their ids): others are refused
//   vault.subject_keys  a subject's data keys, wrapped; one for each batch that brought new originals of the subject.
//                       key_id is unique for a subject; keys that were made together have the same
//   vault.originals     what a token stands for; subject and key_id say which data key opens it
//
// AES-256-GCM (net/seal.h). A wrapped key is bound to its subject and id, an original to its subject, class and token,
// so that no row means anything in another's place. Card numbers (class pan) have no original here. The layout is dear
// to change.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "engine/batch.h"
#include "engine/engine.h"
#include "ingest/sensitive/classes.h"
#include "ingest/sensitive/known_originals.h"
#include "ingest/sensitive/settings.h"

namespace garland::ingest {

/// The subject that a customer's id, or a token without an id, stands for in the vault.
std::string customer_subject(std::string_view id);
std::string token_subject(PiiClass pii, std::string_view token);
/// Likewise, in memory that is there already.
void set_token_subject(PiiClass pii, std::string_view token, std::string& subject);

/// A warehouse's vault, open with its keys. One for a process; thread-safe.
class Vault {
 public:
  /// Makes schema and tables where they are missing, and the keys of a warehouse that has none. Throws F0000 when the
  /// keys are others than those it was begun with; what open_keys() throws.
  Vault(engine::Session& session, const SensitiveSettings& settings, const std::filesystem::path& warehouse_folder,
        const Clock& clock);

  const SensitiveKeys& keys() const { return keys_; }

  /// Whether the original is there, committed.
  bool has(OriginalId id) const;

  /// The payload of a refused record: sealed under the vault key. `place`: batch and number of the reject.
  std::string seal_payload(std::string_view payload, std::string_view place) const;
  /// Throws XX001 when it was sealed with another key, or in another place.
  std::string open_payload(std::string_view sealed, std::string_view place) const;

 private:
  friend class VaultWriter;
  void begin(engine::Session& session, const SensitiveSettings& settings, const std::filesystem::path& folder,
             const Clock& clock);
  void read_known(engine::Session& session);

  SensitiveKeys keys_;
  mutable std::shared_mutex mutex_;  // over what follows
  KnownOriginals known_;             // committed ones
};

/// The originals that a transaction brings, on their way into the vault.
class OriginalWriter {
 public:
  virtual ~OriginalWriter() = default;
  /// Seals the original, unless the vault has it already for this subject.
  virtual void keep(std::string_view subject, PiiClass pii, std::string_view token, std::string_view original) = 0;
  /// More is in memory than should be: time for flush().
  virtual bool full() const = 0;
  /// Writes what is in memory; no load of the transaction's session may be open. Needed before the commit.
  virtual void flush() = 0;
  /// After the transaction's commit.
  virtual void committed() = 0;
};

/// Writes them inside the transaction. Used by one thread; lives inside the transaction.
class VaultWriter final : public OriginalWriter {
 public:
  VaultWriter(Vault& vault, engine::Session& session, int64_t batch_id, int64_t now_us);

  void keep(std::string_view subject, PiiClass pii, std::string_view token, std::string_view original) override;
  bool full() const override { return held_bytes_ >= kHeldBytes; }
  void flush() override;
  void committed() override;

 private:
  static constexpr size_t kHeldBytes = 32u << 20;
  const std::string& key_of(std::string_view subject);

  Vault& vault_;
  engine::Session& session_;
  const int64_t batch_id_, now_us_;
  KnownOriginals added_;
  std::string key_id_;                                 // of all keys made since the last flush
  std::unordered_map<std::string, std::string> keys_;  // by subject, likewise
  std::deque<engine::BatchBuilder> originals_, subject_keys_;
  size_t held_bytes_ = 0;
};

/// The original that a token of a subject stands for; nothing when the vault has none, or its key is destroyed.
std::optional<std::string> original_of(const Vault& vault, engine::Session& session, const std::string& subject,
                                       PiiClass pii, const std::string& token);

}  // namespace garland::ingest
