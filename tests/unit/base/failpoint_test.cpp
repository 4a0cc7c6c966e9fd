#include "base/failpoint.h"

#include <gtest/gtest.h>

#include <csignal>

#include "base/error.h"

namespace garland {
namespace {

/// Each test runs in a process of its own, or would see what another has set.
class FailpointDeathTest : public testing::Test {
 protected:
  FailpointDeathTest() { GTEST_FLAG_SET(death_test_style, "threadsafe"); }
};

bool is_refused(const char* text) {
  try {
    set_failpoints(text);
  } catch (const Error& error) {
    return error.state() == kInvalidParameterValue && error.hint().find("cdc.received") != std::string::npos;
  }
  return false;
}

bool fails(Failpoint point) {
  try {
    failpoint(point);
  } catch (const Error& error) {
    return error.state() == kIoError;
  }
  return false;
}

TEST_F(FailpointDeathTest, KillsAtTheTimeThatWasAskedFor) {
  const auto pass = [](int times) {
    set_failpoints("checkpoint=error,cdc.committed=kill@3");
    for (int i = 0; i < times; ++i) failpoint(Failpoint::kCdcCommitted);
    _exit(0);
  };
  EXPECT_EXIT(pass(3), testing::KilledBySignal(SIGKILL), "");
  EXPECT_EXIT(pass(2), testing::ExitedWithCode(0), "");
}

TEST_F(FailpointDeathTest, KillsWhileTheWorkGoesOn) {
  const auto go_on = [] {
    set_failpoints("checkpoint=kill:20");
    failpoint(Failpoint::kCheckpoint);
    while (true) pause();
  };
  EXPECT_EXIT(go_on(), testing::KilledBySignal(SIGKILL), "");
}

TEST_F(FailpointDeathTest, FailsOnce) {
  const auto pass = [] {
    set_failpoints("publish=error@2,vault.write=sleep:1");
    failpoint(Failpoint::kVaultWrite);
    const bool right = !fails(Failpoint::kPublish) && fails(Failpoint::kPublish) && !fails(Failpoint::kPublish) &&
                       !fails(Failpoint::kCdcDecoded);
    _exit(right ? 0 : 1);
  };
  EXPECT_EXIT(pass(), testing::ExitedWithCode(0), "");
}

TEST(Failpoint, RefusesWhatThereIsNot) {
  for (const char* text : {"cdc.receivd=kill", "publish", "publish=die", "publish=kill@x",
                           "publish=sleep:", "publish=kill:2ms", "publish=error:3", "=kill", ","}) {
    EXPECT_TRUE(is_refused(text)) << text;
  }
}

TEST(Failpoint, NothingIsSetByNothing) {
  set_failpoints(nullptr);
  set_failpoints("");
  EXPECT_NO_THROW(failpoint(Failpoint::kPublish));
}

}  // namespace
}  // namespace garland
