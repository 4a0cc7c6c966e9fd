#include "net/keyed_hash.h"

#include <gtest/gtest.h>

#include "net/digest.h"

namespace garland::net {
namespace {

std::string text_of(const KeyedHash::Digest& digest) {
  return hex({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

// RFC 4231, test case 2.
TEST(KeyedHash, GivesThePublishedValueHoweverTheTextIsCut) {
  KeyedHash hash("Jefe");
  const std::string expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
  EXPECT_EQ(text_of(hash.of({"what do ya want for nothing?"})), expected);
  EXPECT_EQ(text_of(hash.of({"what do ya ", "", "want for nothing?"})), expected);
}

TEST(KeyedHash, NoTextLeavesATraceInTheNext) {
  KeyedHash hash("key");
  for (const char* const text :
       {"a", "", "a longer text than one block of the digest, which is sixty-four bytes", "a"}) {
    EXPECT_EQ(text_of(hash.of({text})), hex(hmac_sha256("key", text)));
  }
}

}  // namespace
}  // namespace garland::net
