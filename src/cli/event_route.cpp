#include "cli/event_route.h"

#include <algorithm>
#include <optional>

#include "base/clock.h"
#include "cli/project_sources.h"
#include "ingest/events/webhook_receiver.h"

namespace garland::cli {
namespace {

endpoint::HttpReply http_reply(ingest::events::WebhookReply reply) {
  return {reply.status, std::move(reply.body), "application/json", std::move(reply.headers)};
}

}  // namespace

struct EventRoute::State {
  std::optional<ingest::Vault> vault;
  std::optional<ingest::events::WebhookReceiver> receiver;  // none: no such sources
};

EventRoute::EventRoute(engine::Engine& engine, const ProjectFile& project) : state_(std::make_unique<State>()) {
  auto sources = read_project_sources(project.file).webhooks;
  if (sources.empty()) return;
  const engine::Login login = local_login("events");
  const bool sensitive = std::ranges::any_of(
      sources, [](const auto& source) { return ingest::holds_sensitive(column_plans(source.table)); });
  if (sensitive) {
    const auto session = engine.open_session(login);
    state_->vault.emplace(*session, ingest::read_sensitive(project.file), warehouse_folder(project), system_clock());
  }
  state_->receiver.emplace(engine, login, std::move(sources), sensitive ? &*state_->vault : nullptr, system_clock());
}

EventRoute::~EventRoute() = default;

endpoint::HttpRoute EventRoute::route() {
  endpoint::HttpRoute route;
  if (!state_->receiver) return route;
  route.prefix = "/events/";
  route.most_body_bytes = ingest::events::kMostRequestBytes;
  route.serve = [this](endpoint::HttpRequest request, std::function<void(endpoint::HttpReply)> answer) {
    state_->receiver->take(
        {std::move(request.method), std::move(request.path), std::move(request.headers), std::move(request.body)},
        [answer = std::move(answer)](ingest::events::WebhookReply reply) { answer(http_reply(std::move(reply))); });
  };
  route.refusal = [](std::string_view message, std::string_view hint) {
    return ingest::events::refusal(0, message, hint).body;
  };
  return route;
}

}  // namespace garland::cli
