#include "redshift/redshift.h"
#include "redshift/session.h"

namespace garland::redshift {

namespace {

class PgEngine : public engine::Engine {
 public:
  explicit PgEngine(Options options) : options_(std::move(options)) {}

  std::optional<engine::Account> account(std::string_view) override { return std::nullopt; }
  std::unique_ptr<engine::Session> open_session(const engine::Login& login) override {
    return std::make_unique<PgSession>(options_, login);
  }

 private:
  const Options options_;
};

}  // namespace

std::unique_ptr<engine::Engine> open(const Options& options) { return std::make_unique<PgEngine>(options); }

}  // namespace garland::redshift
