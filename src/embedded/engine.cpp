#include "embedded/engine.h"

#include "embedded/failure.h"
#include "embedded/password.h"
#include "embedded/session.h"

namespace garland::embedded {

namespace {

// An end that cannot be read, as earlier versions let one in, is over.
std::optional<int64_t> end_of(const User& user) {
  if (user.valid_until.empty()) return std::nullopt;
  try {
    return password_end_us(user.valid_until);
  } catch (const Error&) {
    return 0;
  }
}

}  // namespace

std::optional<engine::Account> EmbeddedEngine::account(std::string_view name) {
  const CatalogSnapshotPtr catalog = warehouse_.catalog();
  const User* user = catalog->access().find_user(name);
  if (!user || !user->login || user->id == kSystemUser) return std::nullopt;
  Verifiers verifiers = read_verifiers(user->verifier);
  return engine::Account{.name = user->name,
                         .super = user->super,
                         .md5 = std::move(verifiers.md5),
                         .sha256_digest = std::move(verifiers.sha256_digest),
                         .sha256_salt = std::move(verifiers.sha256_salt),
                         .scram = std::move(verifiers.scram),
                         .valid_until_us = end_of(*user),
                         .connection_limit = user->super ? std::nullopt : user->connection_limit,
                         .session_timeout_s = user->session_timeout_s};
}

std::unique_ptr<engine::Session> EmbeddedEngine::open_session(const engine::Login& login) {
  if (login.database != "dev") {
    throw Error(kInvalidCatalogName, "database \"" + login.database + "\" does not exist");
  }
  try {
    return std::make_unique<SqlSession>(warehouse_, login);
  } catch (const duck::DuckError& error) {
    throw to_error(error);
  }
}

void EmbeddedEngine::login_refused(const engine::Login& login, std::string_view reason) {
  warehouse_.history_of_queries().refuse(
      {0, 0, login.user, login.database, login.application_name, warehouse_.options().clock->now_us(), login.client},
      reason);
}

std::unique_ptr<engine::Engine> open(const Options& options) { return std::make_unique<EmbeddedEngine>(options); }

std::optional<std::filesystem::path> owner_socket(const std::filesystem::path& data_folder) {
  const std::optional<LockFile::Owner> owner = LockFile::owner(data_folder / kLockFile);
  if (!owner || owner->socket.empty()) return std::nullopt;
  return owner->socket;
}

}  // namespace garland::embedded
