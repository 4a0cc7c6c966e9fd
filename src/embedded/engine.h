// The engine object behind embedded::open().
#pragma once

#include "embedded/warehouse.h"

namespace garland::embedded {

class EmbeddedEngine : public engine::Engine {
 public:
  explicit EmbeddedEngine(const Options& options) : warehouse_(options) {}
  std::optional<engine::Account> account(std::string_view user) override;
  std::unique_ptr<engine::Session> open_session(const engine::Login& login) override;
  void login_refused(const engine::Login& login, std::string_view reason) override;
  Warehouse& warehouse() { return warehouse_; }

 private:
  Warehouse warehouse_;
};

}  // namespace garland::embedded
