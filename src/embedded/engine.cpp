#include "embedded/engine.h"

#include "embedded/failure.h"
#include "embedded/session.h"

namespace garland::embedded {

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

std::unique_ptr<engine::Engine> open(const Options& options) { return std::make_unique<EmbeddedEngine>(options); }

}  // namespace garland::embedded
