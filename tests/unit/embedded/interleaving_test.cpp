// All interleavings of small transactions: whatever the order of their steps, the outcome must be that of some serial
// order of the transactions that committed (rows read, errors, and the tables' final rows). A transaction may fail with
// 40001 or 40P01 instead.
//
// Each session has a thread; a step that has to wait for a lock leaves the others their turns. Nothing depends on time.
#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <set>
#include <thread>

#include "embedded/session.h"
#include "warehouse_fixture.h"

namespace garland::embedded {
namespace {

// Under sanitizers, which look for other faults and take ten times as long, some interleavings of each pair are enough.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr size_t kEvery = 7;
#else
constexpr size_t kEvery = 1;
#endif

/// One step: statements that run without a turn of another session between them.
using Step = std::vector<std::string>;
struct Script {
  std::string name;
  std::vector<Step> steps;
};

std::string outcome_of(engine::Session& session, const std::string& sql) {
  try {
    return "[" + rows(session, sql) + "]";
  } catch (const Error& error) {
    return "!" + std::string(error.state().text());
  }
}

/// A session and the thread that runs its steps.
class Actor {
 public:
  explicit Actor(std::unique_ptr<engine::Session> session)
      : session_(std::move(session)),
        owner_(dynamic_cast<SqlSession&>(*session_).context().transaction.owner()),
        thread_([this] { run(); }) {}
  ~Actor() {
    {
      const std::lock_guard lock(mutex_);
      closing_ = true;
      changed_.notify_all();
    }
    thread_.join();
  }

  LockOwner owner() const { return owner_; }
  std::string outcome() const { return outcome_; }
  void start(const Step& step) {
    const std::lock_guard lock(mutex_);
    step_ = &step;
    busy_ = true;
    changed_.notify_all();
  }
  bool busy() const { return busy_; }

 private:
  void run() {
    std::unique_lock lock(mutex_);
    for (;;) {
      changed_.wait(lock, [this] { return closing_ || step_; });
      if (!step_) return;
      const Step& step = *std::exchange(step_, nullptr);
      lock.unlock();
      for (const std::string& sql : step) outcome_ += outcome_of(*session_, sql);
      lock.lock();
      busy_ = false;
    }
  }

  std::unique_ptr<engine::Session> session_;
  LockOwner owner_;
  std::mutex mutex_;
  std::condition_variable changed_;
  const Step* step_ = nullptr;
  std::atomic<bool> busy_{false};
  bool closing_ = false;
  std::string outcome_;
  std::thread thread_;
};

struct Execution {
  std::vector<std::string> outcomes;  // by session; aborted ones are "aborted"
  std::string final_state;
  friend auto operator<=>(const Execution&, const Execution&) = default;
};

class InterleavingTest : public WarehouseTest {
 protected:
  void SetUp() override {
    WarehouseTest::SetUp();
    keeper_ = session();
  }
  void TearDown() override {
    keeper_.reset();
    WarehouseTest::TearDown();
  }

  void fresh_tables() {
    for (const char* sql : {"begin", "drop table if exists t", "drop table if exists u",
                            "create table t (k int, v int)", "insert into t values (1, 10), (2, 20)",
                            "create table u (k int, v int)", "insert into u values (1, 100)", "commit"}) {
      engine::run(*keeper_, sql);
    }
  }
  std::string state() {
    return "t" + outcome_of(*keeper_, "select * from t order by 1, 2") + " u" +
           outcome_of(*keeper_, "select * from u order by 1, 2");
  }

  /// Runs the steps in the order of `turns` (indexes of scripts). A blocked session's later turns come as soon as it
  /// goes on.
  Execution interleave(const std::vector<const Script*>& scripts, const std::vector<size_t>& turns) {
    fresh_tables();
    Execution result;
    {
      std::vector<std::unique_ptr<Actor>> actors;
      for (size_t i = 0; i < scripts.size(); ++i) actors.push_back(std::make_unique<Actor>(session()));
      std::vector<size_t> owed(scripts.size(), 0), next(scripts.size(), 0);
      for (const size_t turn : turns) {
        ++owed[turn];
        take_turns(scripts, actors, owed, next);
      }
      for (const auto& actor : actors) EXPECT_FALSE(actor->busy()) << "a session waits for ever";
      for (const auto& actor : actors) result.outcomes.push_back(judged(actor->outcome()));
    }
    result.final_state = state();
    return result;
  }

  Execution serial(const std::vector<const Script*>& scripts, const std::vector<size_t>& order) {
    std::vector<size_t> turns;
    for (const size_t session : order) turns.insert(turns.end(), scripts[session]->steps.size(), session);
    return interleave(scripts, turns);
  }

  /// What serial orders of these sessions give; the others' outcome is "aborted".
  const std::set<Execution>& serial_executions(const std::vector<const Script*>& scripts,
                                               const std::vector<size_t>& committed) {
    auto [found, fresh] = serial_.try_emplace(committed);
    if (!fresh) return found->second;
    std::vector<size_t> order = committed;
    do {
      Execution run = serial(scripts, order);
      for (size_t i = 0; i < scripts.size(); ++i) {
        if (std::ranges::count(committed, i) == 0) run.outcomes[i] = "aborted";
      }
      found->second.insert(std::move(run));
    } while (std::ranges::next_permutation(order).found);
    return found->second;
  }

  /// Every `kEvery`-th interleaving.
  void check_all(const std::vector<const Script*>& scripts) {
    serial_.clear();
    std::vector<size_t> turns;
    for (size_t i = 0; i < scripts.size(); ++i) turns.insert(turns.end(), scripts[i]->steps.size(), i);
    do {
      if (runs_++ % kEvery != 0) continue;
      const Execution run = interleave(scripts, turns);
      std::vector<size_t> committed;
      for (size_t i = 0; i < scripts.size(); ++i) {
        if (run.outcomes[i] != "aborted") committed.push_back(i);
      }
      EXPECT_FALSE(committed.empty()) << "one of them must succeed: " << describe(scripts, turns, run);
      EXPECT_TRUE(serial_executions(scripts, committed).contains(run)) << describe(scripts, turns, run);
    } while (std::ranges::next_permutation(turns).found);
  }

  size_t runs_ = 0;

 private:
  static std::string judged(const std::string& outcome) {
    const bool aborted = outcome.find("!40001") != std::string::npos || outcome.find("!40P01") != std::string::npos;
    return aborted ? "aborted" : outcome;
  }

  /// Starts owed steps of sessions that are free, until every session is idle or waits for a lock.
  void take_turns(const std::vector<const Script*>& scripts, std::vector<std::unique_ptr<Actor>>& actors,
                  std::vector<size_t>& owed, std::vector<size_t>& next) {
    for (bool moved = true; moved;) {
      moved = false;
      settle(actors);
      for (size_t i = 0; i < actors.size(); ++i) {
        if (owed[i] == 0 || actors[i]->busy()) continue;
        --owed[i];
        actors[i]->start(scripts[i]->steps[next[i]++]);
        settle(actors);
        moved = true;
      }
    }
  }
  void settle(const std::vector<std::unique_ptr<Actor>>& actors) {
    const LockTable& locks = engine_->warehouse().locks();
    const auto at_rest = [&](const auto& actor) { return !actor->busy() || locks.waits(actor->owner()); };
    while (!std::ranges::all_of(actors, at_rest)) std::this_thread::yield();
  }

  static std::string describe(const std::vector<const Script*>& scripts, const std::vector<size_t>& turns,
                              const Execution& run) {
    std::string text;
    for (const Script* script : scripts) text += script->name + " ";
    text += "in the order";
    for (const size_t turn : turns) text += " " + std::to_string(turn);
    for (const std::string& outcome : run.outcomes) text += "\n  " + outcome;
    return text + "\n  " + run.final_state;
  }

  std::unique_ptr<engine::Session> keeper_;
  std::map<std::vector<size_t>, std::set<Execution>> serial_;
};

const std::vector<Script>& scripts() {
  static const std::vector<Script> all = {
      {"read", {{"begin", "select sum(v) from t"}, {"select sum(v) from t", "select sum(v) from u"}, {"commit"}}},
      {"insert", {{"begin", "insert into t values (3, 30)"}, {"insert into u values (3, 300)"}, {"commit"}}},
      {"update", {{"begin", "update t set v = v + 1 where k = 1"}, {"select v from t where k = 1"}, {"commit"}}},
      {"update late", {{"begin", "select count(*) from u"}, {"update t set v = v * 2 where k = 1"}, {"commit"}}},
      {"delete", {{"begin"}, {"delete from t where k = 1"}, {"commit"}}},
      {"delete late", {{"begin", "select count(*) from u"}, {"delete from t where k = 1"}, {"commit"}}},
      {"move", {{"begin", "update t set v = v - 5 where k = 2"}, {"update u set v = v + 5 where k = 1"}, {"commit"}}},
      {"move back",
       {{"begin", "update u set v = v - 7 where k = 1"}, {"update t set v = v + 7 where k = 2"}, {"commit"}}},
      {"swap",
       {{"begin", "create table n as select k, v + 1000 as v from t"},
        {"alter table t rename to o", "alter table n rename to t", "drop table o"},
        {"commit"}}},
      {"add column", {{"begin"}, {"alter table t add column w int default 9"}, {"commit"}}},
      {"roll back ddl", {{"begin", "alter table t add column w int"}, {"drop table u"}, {"rollback"}}},
  };
  return all;
}

TEST_F(InterleavingTest, EveryPairOfTransactions) {
  const size_t count = scripts().size();
  for (size_t a = 0; a < count; ++a) {
    for (size_t b = a; b < count; ++b) check_all({&scripts()[a], &scripts()[b]});
  }
  EXPECT_EQ(runs_, count * (count + 1) / 2 * 20);
}

TEST_F(InterleavingTest, ThreeWritersOfOneRow) {
  const Script update{"update", {{"begin", "update t set v = v + 1 where k = 1"}, {"commit"}}};
  const Script late{"late", {{"begin", "select count(*) from u"}, {"update t set v = v * 3 where k = 1", "commit"}}};
  const Script remove{"delete", {{"begin", "delete from t where k = 1"}, {"commit"}}};
  check_all({&update, &late, &remove});
  check_all({&update, &update, &late});
  EXPECT_EQ(runs_, 180u);
}

TEST_F(InterleavingTest, AReaderAWriterAndADefiner) {
  const Script read{"read", {{"begin", "select sum(v) from t"}, {"select sum(v) from t", "commit"}}};
  const Script insert{"insert", {{"begin", "insert into t values (3, 30)"}, {"commit"}}};
  const Script swap{"swap",
                    {{"begin", "create table n as select k, v + 1000 as v from t"},
                     {"alter table t rename to o", "alter table n rename to t", "drop table o", "commit"}}};
  check_all({&read, &insert, &swap});
  EXPECT_EQ(runs_, 90u);
}

}  // namespace
}  // namespace garland::embedded
