// Streamed transactions wait in memory and, when they are large, in an encrypted file.
#include "ingest/postgres/transaction_spool.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace garland::ingest::postgres {
namespace {

std::vector<std::string> replayed(TransactionSpool& spool, Xid xid) {
  std::vector<std::string> messages;
  spool.replay(xid, [&](std::string_view message) { messages.emplace_back(message); });
  return messages;
}

TEST(TransactionSpool, GivesEachTransactionsMessagesInOrderOnce) {
  TransactionSpool spool;
  spool.add(1, 1, "a");
  spool.add(2, 2, "x");
  spool.add(1, 1, "");
  spool.add(1, 3, "b");
  EXPECT_EQ(replayed(spool, 1), (std::vector<std::string>{"a", "", "b"}));
  EXPECT_EQ(replayed(spool, 1), std::vector<std::string>{});
  EXPECT_FALSE(spool.empty());
  EXPECT_EQ(replayed(spool, 2), std::vector<std::string>{"x"});
  EXPECT_TRUE(spool.empty());
}

TEST(TransactionSpool, UndoneSubtransactionsAreLeftOut) {
  TransactionSpool spool;
  spool.add(1, 1, "a");
  spool.add(1, 5, "undone");
  spool.add(1, 1, "b");
  spool.abort(1, 5);
  EXPECT_EQ(replayed(spool, 1), (std::vector<std::string>{"a", "b"}));
  spool.add(2, 2, "x");
  spool.abort(2, 2);
  EXPECT_TRUE(spool.empty());
}

TEST(TransactionSpool, LargeOnesComeBackFromTheFile) {
  TransactionSpool spool;
  std::vector<std::string> expected;
  for (int i = 0; i < 3'000; ++i) {
    expected.push_back(std::to_string(i) + std::string(static_cast<size_t>(i * 7 % 20'000), static_cast<char>(i)));
    spool.add(1, i % 10 == 0 ? 9u : 1u, expected.back());
  }
  spool.abort(1, 9);
  std::erase_if(expected, [i = 0](const std::string&) mutable { return i++ % 10 == 0; });
  EXPECT_EQ(replayed(spool, 1), expected);
}

TEST(TransactionSpool, NothingOfThemIsReadableInTheFile) {
  const std::string original = "Wilhelmina Quibbleton, 07811 440000; ";
  TransactionSpool spool;
  std::string message;
  while (message.size() < (1u << 20)) message += original;
  for (int i = 0; i < 10; ++i) spool.add(7, 7, message);
  size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    std::error_code gone;
    const std::string target = std::filesystem::read_symlink(entry, gone).string();
    if (target.find("garland-spool-") == std::string::npos) continue;
    ++files;
    std::ifstream in(entry.path(), std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    EXPECT_GT(bytes.size(), 1u << 20);
    EXPECT_EQ(bytes.find("Quibbleton"), std::string::npos);
  }
  EXPECT_EQ(files, 1u);
}

}  // namespace
}  // namespace garland::ingest::postgres
