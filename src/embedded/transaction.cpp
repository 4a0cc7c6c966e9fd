#include "embedded/transaction.h"

#include "base/box.h"
#include "base/log.h"
#include "embedded/catalog_store.h"
#include "embedded/failure.h"

namespace garland::embedded {

namespace {

/// Tells the observer of a wait, if there is one, and of its end.
class Waiting {
 public:
  explicit Waiting(engine::WaitObserver* observer) : observer_(observer) {}
  Waiting(const Waiting&) = delete;
  Waiting& operator=(const Waiting&) = delete;
  ~Waiting() {
    if (began_) observer_->wait_ends();
  }
  void begin() {
    if (!observer_) return;
    observer_->wait_begins();
    began_ = true;
  }

 private:
  engine::WaitObserver* observer_;
  bool began_ = false;
};

}  // namespace

Transaction::Transaction(Warehouse& warehouse, duck::Connection& connection, std::function<void()> cancelled,
                         engine::WaitObserver* waits)
    : warehouse_(warehouse),
      connection_(connection),
      cancelled_(std::move(cancelled)),
      waits_(waits),
      owner_(warehouse.next_owner()),
      begin_(connection.prepare("BEGIN")),
      touch_(connection.prepare("SELECT 1 FROM w.main.garland_format")),
      commit_(connection.prepare("COMMIT")) {
  CatalogSnapshot empty;
  empty.apply(PutSchema{0, temporary_schema()});
  committed_temporary_ = temporary_ = std::make_shared<const CatalogSnapshot>(std::move(empty));
}

Transaction::~Transaction() { rollback(); }

void Transaction::start() {
  if (started_) return;
  const std::lock_guard gate(warehouse_.gate());
  snapshot_number_ =
      warehouse_.history().current();  // before DuckDB's snapshot: too old a number is safe, too new is not
  begin_.run();
  started_ = true;
  touch_.run();  // DuckDB takes its snapshot of a file when it is first touched
  catalog_ = warehouse_.catalog();
}

void Transaction::lock(const LockKey& key, LockMode mode, const std::string& relation) {
  const auto mine = held_.find(key);
  if (mine != held_.end() && mine->second >= mode) return;
  {
    Waiting waiting(waits_);
    warehouse_.locks().acquire(owner_, key, mode, cancelled_, [&] { waiting.begin(); });
  }
  held_[key] = mode;
  if (started_ && warehouse_.history().last_change(key, mode) > snapshot_number_) throw serialization_failure(relation);
}

CatalogSnapshotPtr Transaction::catalog() const { return started_ ? catalog_ : warehouse_.catalog(); }

bool Transaction::is_temporary(const CatalogChange& change) const {
  return std::visit(overloaded{[](const PutRelation& put) { return put.relation->relation.temporary; },
                               [&](const DropRelation& drop) { return temporary_->find(drop.oid) != nullptr; },
                               [&](const FlagBlanks& flag) { return temporary_->find(flag.relation) != nullptr; },
                               [&](const ObjectChange& object) {
                                 if (const auto* detail = std::get_if<PutDetail>(&object)) {
                                   return temporary_->find(detail->relation) != nullptr;
                                 }
                                 const auto* comment = std::get_if<PutComment>(&object);
                                 return comment && temporary_->find(comment->key.object) != nullptr;
                               },
                               [](const auto&) { return false; }},
                    change);
}

void Transaction::change(const CatalogChange& change) {
  const bool temporary = is_temporary(change);
  CatalogSnapshotPtr& target = temporary ? temporary_ : catalog_;
  if (!temporary) {
    store_change(connection_, change, *catalog_);
    changes_.push_back(change);
  }
  auto changed = std::make_shared<CatalogSnapshot>(*target);
  changed->apply(change);
  target = std::move(changed);
}

void Transaction::publish() {
  if (changes_.empty()) return;
  auto next = std::make_shared<CatalogSnapshot>(*warehouse_.catalog());
  for (const CatalogChange& change : changes_) next->apply(change);
  warehouse_.publish(std::move(next));
}

void Transaction::commit() {
  if (started_) {
    try {
      std::unique_lock gate(warehouse_.gate(), std::defer_lock);
      if (!changes_.empty()) gate.lock();
      commit_.run();
      started_ = false;
      publish();
      warehouse_.history().record(held_);
      warehouse_.names().settle();
    } catch (...) {
      rollback();
      throw;
    }
    committed_temporary_ = temporary_;
    if (!noted_.empty()) warehouse_.history_of_queries().changed(std::move(noted_));
  }
  forget();
}

void Transaction::rollback() noexcept {
  if (started_) {
    try {
      connection_.query("ROLLBACK");
    } catch (const std::exception& error) {
      // An error that ended DuckDB's transaction already leaves nothing to roll back.
      spdlog::debug("rollback: {}", error.what());
    }
    started_ = false;
  }
  temporary_ = committed_temporary_;
  forget();
}

void Transaction::forget() {
  ++number_;
  changes_.clear();
  changed_rows_.clear();
  noted_.clear();
  catalog_.reset();
  if (!held_.empty()) warehouse_.locks().release_all(owner_);
  held_.clear();
}

}  // namespace garland::embedded
