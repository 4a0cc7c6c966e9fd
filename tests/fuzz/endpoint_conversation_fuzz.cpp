// What a logged-in client may send: any bytes, against a session of a real warehouse. Its statements are the fuzzer's
// too, so that Bind meets parameters of every type.
#include <unistd.h>

#include <cstdint>
#include <cstring>
#include <filesystem>
#include <memory>
#include <string>

#include "embedded/embedded.h"
#include "endpoint/conversation.h"
#include "endpoint/startup.h"
#include "engine/engine.h"

namespace {

constexpr const char* kTables =
    "create table t(a smallint, b int, c bigint, d decimal(12,2), e decimal(38,10), f real, g double precision, h "
    "boolean, "
    "i char(4), j varchar(20), k date, l time, m timetz, n timestamp, o timestamptz, p super, q varbyte(8))";

class Fixture {
 public:
  Fixture() : folder_(std::filesystem::temp_directory_path() / ("fuzz-endpoint-" + std::to_string(getpid()))) {
    garland::embedded::Options options;
    options.data_folder = folder_;
    options.threads = 1;
    engine_ = garland::embedded::open(options);
    const auto session = engine_->open_session({"admin", "dev", "fuzz"});
    garland::engine::run(*session, kTables);
  }
  ~Fixture() {
    engine_.reset();
    std::filesystem::remove_all(folder_);
  }
  garland::engine::Engine& engine() { return *engine_; }

 private:
  std::filesystem::path folder_;
  std::unique_ptr<garland::engine::Engine> engine_;
};

void converse(garland::engine::Engine& engine, const std::string& bytes, int protocol_version) {
  auto session = engine.open_session({"admin", "dev", "fuzz"});
  garland::engine::run(*session, "set statement_timeout to 1000");
  garland::endpoint::Metrics metrics(garland::system_clock());
  garland::endpoint::Conversation conversation(std::move(session), "dev", protocol_version, metrics);
  garland::endpoint::Input in(1 << 20);
  std::memcpy(in.room(bytes.size()), bytes.data(), bytes.size());
  in.commit(bytes.size());
  std::string out;
  for (int rounds = 0; rounds < 100; ++rounds) {
    if (conversation.work(in, out) != garland::endpoint::Conversation::Progress::kSend) break;
    out.clear();
  }
}

/// A statement over the table prepared first, so that what follows may bind to it.
std::string prologue() {
  std::string bytes;
  garland::endpoint::MessageWriter message(bytes);
  message.begin('P');
  message.text("");
  message.text(
      "select * from t where a = $1 or b = $2 or c = $3 or d = $4 or e = $5 or f = $6 or g = $7 or h = $8 or "
      "i = $9 or j = $10 or k = $11 or l = $12 or m = $13 or n = $14 or o = $15 or q = $16");
  message.int16(0);
  message.end();
  return bytes;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static Fixture fixture;
  if (size == 0) return 0;
  const std::string bytes(reinterpret_cast<const char*>(data + 1), size - 1);
  if (data[0] & 1) {
    try {
      garland::endpoint::read_startup(bytes);
    } catch (const garland::Error&) {  // refused, as it should be
    }
    return 0;
  }
  converse(fixture.engine(), prologue() + bytes, data[0] % 3);
  return 0;
}
